/** -b, --backup and --suffix of cp, mv, ln and install: what is in the way is renamed first. */
import type { Command } from '../core/command.ts';
import type { Options } from '../core/options.ts';

const exists = (c: Command, path: string): boolean => {
  try {
    c.sys.lstat(path);
    return true;
  } catch {
    return false;
  }
};

function numbered(c: Command, path: string): string {
  for (let n = 1; ; n++) if (!exists(c, `${path}.~${n}~`)) return `${path}.~${n}~`;
}

export function backUp(c: Command, o: Options, path: string): void {
  if (!o.has('b', 'backup', 'suffix') || !exists(c, path)) return;
  const control = o.value('backup') || c.sys.env.VERSION_CONTROL || 'existing';
  if (/^(none|off)$/.test(control)) return;
  const counts = /^(numbered|t)$/.test(control) || (/^(existing|nil)$/.test(control) && exists(c, `${path}.~1~`));
  c.sys.rename(path, counts ? numbered(c, path) : path + (o.value('suffix') ?? c.sys.env.SIMPLE_BACKUP_SUFFIX ?? '~'));
}
