import { toBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { parseDuration, parseSize } from '../core/numbers.ts';
import type { Options } from '../core/options.ts';
import { quote, quoteShell } from '../core/quote.ts';

interface Wish {
  count: number;
  bytes: boolean;
  /** From the count-th on, instead of the last ones. */
  fromStart: boolean;
  separator: string;
}

/** Where the wanted part of `text` begins. */
function startOf(text: string, wish: Wish): number {
  if (wish.fromStart) {
    if (wish.bytes) return Math.max(0, wish.count - 1);
    let at = 0;
    for (let left = wish.count - 1; left > 0; left--) {
      const next = text.indexOf(wish.separator, at);
      if (next < 0) return text.length;
      at = next + 1;
    }
    return at;
  }
  if (wish.bytes) return Math.max(0, text.length - wish.count);
  let at = text.length;
  if (wish.count > 0 && text.endsWith(wish.separator)) at--;
  for (let left = wish.count; left > 0; left--) {
    const before = at > 0 ? text.lastIndexOf(wish.separator, at - 1) : -1;
    if (before < 0) return 0;
    at = before;
  }
  return Math.min(text.length, at + 1);
}

/** A regular file's end is read from the back, block by block. */
function endOfFile(c: Command, fd: number, size: number, wish: Wish): string {
  let text = '';
  for (let from = size; from > 0; ) {
    const block = Math.min(from, 65536);
    from -= block;
    text = toBinary(c.sys.pread(fd, from, block)) + text;
    const start = startOf(text, wish);
    if (start > 0) return text.slice(start);
  }
  return text.slice(startOf(text, wish));
}

async function printEnd(c: Command, fd: number, wish: Wish): Promise<void> {
  const stat = c.sys.fstat(fd);
  if ((stat.mode & 0o170000) === 0o100000 && stat.size > 0 && !wish.fromStart && wish.count < 1e6 && fd !== 0) {
    c.raw(endOfFile(c, fd, stat.size, wish));
    c.sys.lseek(fd, stat.size, 'set');
    return;
  }
  const text = await c.readAllText(fd);
  c.raw(text.slice(startOf(text, wish)));
}

interface Followed {
  name: string;
  fd: number;
  ino: number;
  size: number;
}

/** -f: what is appended, looked for once per interval; -F also reopens a replaced file. */
async function follow(c: Command, files: Followed[], o: Options, headers: boolean, last: string): Promise<never> {
  const byName = o.has('F') || o.value('follow') === 'name';
  const interval = parseDuration(o.value('sleep-interval') ?? '1') ?? 1000;
  for (;;) {
    await c.flush();
    await c.sys.sleep(interval);
    for (const file of files) {
      if (byName) reopen(c, file);
      if (file.fd < 0) continue;
      const size = c.sys.fstat(file.fd).size;
      if (size < file.size) {
        c.error(`${file.name}: file truncated`, 0);
        c.sys.lseek(file.fd, 0, 'set');
        file.size = 0;
      }
      if (size === file.size) continue;
      if (headers && last !== file.name) c.out(`\n==> ${file.name} <==\n`);
      last = file.name;
      c.raw(toBinary(c.sys.pread(file.fd, file.size, size - file.size)));
      file.size = size;
    }
  }
}

function reopen(c: Command, file: Followed): void {
  try {
    const stat = c.sys.stat(file.name);
    if (stat.ino === file.ino && file.fd >= 0) return;
    const appeared = file.fd < 0;
    if (file.fd > 0) c.sys.close(file.fd);
    file.fd = c.sys.openSync(file.name);
    file.ino = stat.ino;
    file.size = 0;
    c.error(`${quoteShell(file.name)} has ${appeared ? 'appeared' : 'been replaced'};  following new file`, 0);
  } catch (error) {
    if (file.fd < 0) return;
    c.error(`${quoteShell(file.name)} has become inaccessible: ${c.reason(error)}`, 0);
    c.sys.close(file.fd);
    file.fd = -1;
  }
}

function parseWish(c: Command, o: Options): Wish {
  const separator = o.has('zero-terminated') ? '\0' : '\n';
  const unit = o.last('bytes', 'lines');
  if (!unit) return { count: 10, bytes: false, fromStart: false, separator };
  const text = o.value(unit)!;
  const count = parseSize(text.replace(/^[-+]/, ''), 'bkKMGTPEZY');
  if (count === undefined) {
    c.fail(c.bb ? `invalid number '${text}'` : `invalid number of ${unit}: ${quote(text)}`);
  }
  return { count: count!, bytes: unit === 'bytes', fromStart: text.startsWith('+'), separator };
}

/** Pipes, sockets and terminals end; a regular file, and a device such as /dev/null, is watched for ever. */
const streams = (c: Command, fd: number, mode: number): boolean =>
  ((mode & 0o170000) !== 0o100000 && (mode & 0o170000) !== 0o020000) || c.sys.isatty(fd);

/** A file that cannot be waited for by size: read until it ends. */
async function followStream(c: Command, fd: number): Promise<void> {
  for (;;) {
    await c.flush();
    const bytes = await c.sys.read(fd);
    if (bytes.length === 0) return;
    c.raw(toBinary(bytes));
  }
}

export const tail: CommandSpec = {
  name: 'tail',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const old = /^([-+])(\d+)([cl]?)(f?)$/.exec(c.args[0] ?? '');
    if (old) {
      const count = (old[1] === '+' ? '+' : '') + old[2]!;
      c.args.splice(0, 1, old[3] === 'c' ? '-c' : '-n', count, ...(old[4] ? ['-f'] : []));
    }
    const o = c.options({
      gnu: 'c,bytes= n,lines= f follow=? F q,quiet silent v,verbose s,sleep-interval= z,zero-terminated pid= retry',
      busybox: 'c/bytes: n/lines: f F q/quiet v/verbose s/sleep-interval:',
    });
    const wish = parseWish(c, o);
    const names = o.operands.length ? o.operands : ['-'];
    // BusyBox counts only what can be opened.
    const shown = c.bb ? names.filter((name) => name === '-' || exists(c, name)).length : names.length;
    const headers = o.has('verbose') || (shown > 1 && !o.has('quiet', 'silent'));
    const following = o.has('f', 'F', 'follow');
    const files: Followed[] = [];
    let last = '';
    for (const name of names) {
      try {
        const fd = await c.openInput(name);
        if (headers) c.out(`${last ? '\n' : ''}==> ${name === '-' ? 'standard input' : name} <==\n`);
        last = name;
        await printEnd(c, fd, wish);
        const stat = c.sys.fstat(fd);
        if (!following) c.closeInput(fd);
        else if (streams(c, fd, stat.mode)) await followStream(c, fd);
        else files.push({ name, fd, ino: stat.ino, size: c.sys.lseek(fd, 0, 'cur') });
      } catch (error) {
        openError(c, name, c.reason(error));
        if (o.has('F')) files.push({ name, fd: -1, ino: 0, size: 0 });
      }
    }
    if (following && files.length) return follow(c, files, o, headers, last);
    if (following && c.status) c.fail('no files remaining');
    if (c.bb && shown === 0) c.error('no files');
    return c.status;
  },
};

function exists(c: Command, path: string): boolean {
  try {
    return !!c.sys.stat(path);
  } catch {
    return false;
  }
}

function openError(c: Command, name: string, reason: string): void {
  if (c.bb) c.error(reason === 'Is a directory' ? `read error: ${reason}` : `can't open '${name}': ${reason}`);
  else if (reason === 'Is a directory') c.error(`error reading ${quoteShell(name)}: ${reason}`);
  else c.error(`cannot open ${quoteShell(name)} for reading: ${reason}`);
}
