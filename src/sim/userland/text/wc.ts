import type { Command, CommandSpec } from '../core/command.ts';
import { quoteInMessage } from '../core/quote.ts';

interface Counts {
  lines: number;
  words: number;
  chars: number;
  bytes: number;
  longest: number;
}

const zero = (): Counts => ({ lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 });

async function count(c: Command, fd: number): Promise<Counts> {
  const total = zero();
  let inWord = false;
  let column = 0;
  for (;;) {
    const bytes = await c.sys.read(fd, 1 << 18);
    if (bytes.length === 0) break;
    total.bytes += bytes.length;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      const space = byte === 32 || (byte >= 9 && byte <= 13);
      if (space) inWord = false;
      else if (!inWord && byte > 32 && byte !== 127) {
        inWord = true;
        total.words++;
      }
      if (byte === 10) {
        total.lines++;
        column = 0;
      } else if (byte === 9) column = ((column >> 3) << 3) + 8;
      else if (byte === 13 || byte === 12) column = 0;
      else if (byte >= 32 && byte < 127) column++;
      if (column > total.longest) total.longest = column;
    }
    await c.sys.preempt();
  }
  total.chars = total.bytes;
  return total;
}

/** GNU sizes its columns by the total size of the regular files named; 7 when one is not regular. */
function columnWidth(c: Command, names: string[], wanted: number): number {
  if (wanted === 1 && names.length <= 1) return 1;
  let least = 1;
  let sum = 0;
  for (const name of names.length ? names : ['-']) {
    try {
      const stat = name === '-' ? c.sys.fstat(0) : c.sys.stat(name);
      if ((stat.mode & 0o170000) === 0o100000) sum += stat.size;
      else least = 7;
    } catch {
      // Reported when it is read.
    }
  }
  return Math.max(least, String(sum).length);
}

export const wc: CommandSpec = {
  name: 'wc',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'l,lines w,words c,bytes m,chars L,max-line-length files0-from=',
      busybox: 'l/lines w/words c/bytes m/chars L/max-line-length',
    });
    const none = o.list.length === 0;
    const columns: (keyof Counts)[] = [];
    if (none || o.has('lines')) columns.push('lines');
    if (none || o.has('words')) columns.push('words');
    if (o.has('chars')) columns.push('chars');
    if (none || o.has('bytes')) columns.push('bytes');
    if (o.has('max-line-length')) columns.push('longest');
    let names = o.operands;
    const from = o.value('files0-from');
    if (from !== undefined) names = (await c.readFile(from)).split('\0').filter(Boolean);
    const width = c.bb ? (columns.length === 1 && names.length <= 1 ? 0 : 9) : columnWidth(c, names, columns.length);
    const total = zero();
    const print = (counts: Counts, label: string) => {
      const cells = columns.map((key) => String(counts[key]).padStart(width));
      c.out(`${cells.join(' ')}${label ? ` ${label}` : ''}\n`);
    };
    for (const name of names.length ? names : ['-']) {
      const counts = await one(c, name);
      if (!counts) continue;
      for (const key of columns) {
        total[key] = key === 'longest' ? Math.max(total[key], counts[key]) : total[key] + counts[key];
      }
      print(counts, names.length ? name : '');
    }
    if (names.length > 1) print(total, 'total');
    return c.status;
  },
};

async function one(c: Command, name: string): Promise<Counts | undefined> {
  let fd = -1;
  try {
    fd = await c.openInput(name);
    return await count(c, fd);
  } catch (error) {
    c.error(c.bb ? `${name}: ${c.reason(error)}` : `${quoteInMessage(name)}: ${c.reason(error)}`);
    return fd >= 0 ? zero() : undefined;
  } finally {
    if (fd > 0) c.sys.close(fd);
  }
}
