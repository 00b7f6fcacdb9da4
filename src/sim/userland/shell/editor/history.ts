import { decodeBytes } from '../bytes.ts';
import type { Shell } from '../shell.ts';

const historyFile = (shell: Shell): string | undefined => {
  const set = shell.vars.get('HISTFILE');
  if (set !== undefined) return set || undefined;
  const home = shell.vars.get('HOME');
  if (!home) return undefined;
  return `${home}/${shell.dialect.bash ? '.bash_history' : '.ash_history'}`;
};

export const loadHistory = (shell: Shell): void => {
  if (shell.dialect.name === 'dash') return;
  const path = historyFile(shell);
  if (!path) return;
  try {
    const fd = shell.sys.openSync(path);
    const text = decodeBytes(shell.sys.pread(fd, 0, 1 << 20));
    shell.sys.close(fd);
    shell.history = text.split('\n').filter((l) => l !== '');
  } catch {
    shell.history = [];
  }
};

export const saveHistory = (shell: Shell): void => {
  if (shell.dialect.name === 'dash' || shell.terminal === undefined) return;
  const path = historyFile(shell);
  if (!path || shell.history.length === 0) return;
  try {
    const fd = shell.sys.openSync(path, { access: 'write', create: true, truncate: true }, 0o600);
    shell.sys.pwrite(fd, 0, new TextEncoder().encode(`${shell.history.slice(-500).join('\n')}\n`));
    shell.sys.close(fd);
  } catch {
    // A history that cannot be kept is no reason to fail.
  }
};

const find = (shell: Shell, event: string): string | undefined => {
  const { history } = shell;
  if (event === '!') return history.at(-1);
  if (/^-\d+$/.test(event)) return history.at(Number(event));
  if (/^\d+$/.test(event)) return history[Number(event) - 1];
  if (event[0] === '?') return history.findLast((l) => l.includes(event.slice(1).replace(/\?$/, '')));
  return history.findLast((l) => l.startsWith(event));
};

/** `!!`, `!n`, `!-n`, `!text`, `!?text?`, `!$`, `!^`, `!*`; undefined (message out) when there is no such event. */
export const expandHistory = async (shell: Shell, line: string): Promise<string | undefined> => {
  let missing: string | undefined;
  const pattern = /'[^']*'|\\!|!(!|\$|\^|\*|-?\d+|\?[^?]+\??|[A-Za-z_./][\w./-]*)/g;
  const expanded = line.replace(pattern, (whole, event?: string) => {
    if (event === undefined) return whole;
    const words = (shell.history.at(-1) ?? '').split(/\s+/);
    if (event === '$') return words.at(-1) ?? '';
    if (event === '^') return words[1] ?? '';
    if (event === '*') return words.slice(1).join(' ');
    const found = find(shell, event);
    if (found === undefined) missing ??= whole;
    return found ?? whole;
  });
  if (missing !== undefined) {
    await shell.write(2, `${shell.name}: ${missing}: event not found\n`);
    return undefined;
  }
  if (expanded !== line) await shell.write(2, `${expanded}\n`);
  return expanded;
};
