import { isErrno } from '../../../spec/index.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { parseSize } from '../core/numbers.ts';
import { quote } from '../core/quote.ts';

const octal = (byte: number): string => byte.toString(8).padStart(3);

function shown(byte: number): string {
  const high = byte >= 128 ? 'M-' : '';
  const low = byte & 127;
  return `${high}${low === 127 ? '^?' : low < 32 ? `^${String.fromCharCode(low + 64)}` : String.fromCharCode(low)}`;
}

async function read(c: Command, name: string, silent: boolean): Promise<string> {
  try {
    return await c.readFile(name);
  } catch (error) {
    if (silent) return c.exit(2);
    return c.fail(`${name}: ${c.bb && isErrno(error, 'EISDIR') ? 'I/O error' : c.reason(error)}`, 2);
  }
}

export const cmp: CommandSpec = {
  name: 'cmp',
  suite: 'diffutils',
  applet: true,
  usageStatus: 2,
  usageHint: "%: Try '% --help' for more information.\n",
  async run(c) {
    const o = c.options({
      gnu: 'b,print-bytes l,verbose s,quiet silent n,bytes= i,ignore-initial=',
      busybox: 'l/verbose s/quiet n/bytes:',
    });
    const [a, b = '-', ...skips] = o.operands;
    if (a === undefined) c.usage(c.bb ? undefined : `missing operand after ${quote(c.name)}`);
    const ignore = (o.value('ignore-initial') ?? '').split(':');
    const skip = [0, 1].map((i) => parseSize(skips[i] ?? ignore[i] ?? ignore[0] ?? '') ?? 0);
    const limit = o.has('bytes') ? (parseSize(o.value('bytes')!) ?? 0) : undefined;
    const cut = (text: string, from: number) => text.slice(from, limit === undefined ? undefined : from + limit);
    const silent = o.has('quiet', 'silent');
    const [one, two] = [cut(await read(c, a!, silent), skip[0]!), cut(await read(c, b, silent), skip[1]!)];
    return compare(
      c,
      [a!, b],
      one,
      two,
      silent ? 'quiet' : o.has('verbose') ? 'all' : o.has('print-bytes') ? 'bytes' : 'first',
    );
  },
};

function compare(
  c: Command,
  names: [string, string],
  one: string,
  two: string,
  how: 'quiet' | 'all' | 'bytes' | 'first',
): number {
  const shorter = Math.min(one.length, two.length);
  const width = c.bb ? 0 : String(Math.max(one.length, two.length)).length;
  let differ = false;
  let line = 1;
  for (let i = 0; i < shorter; i++) {
    const [x, y] = [one.charCodeAt(i), two.charCodeAt(i)];
    if (x !== y) {
      differ = true;
      if (how === 'quiet') return 1;
      if (how !== 'all') {
        const bytes = how === 'bytes' ? ` is ${octal(x)} ${shown(x)} ${octal(y)} ${shown(y)}` : '';
        c.out(`${names[0]} ${names[1]} differ: ${how === 'bytes' ? 'byte' : 'char'} ${i + 1}, line ${line}${bytes}\n`);
        return 1;
      }
      c.out(`${String(i + 1).padStart(width)} ${octal(x)} ${octal(y)}\n`);
    }
    if (x === 10) line++;
  }
  if (one.length === two.length) return differ ? 1 : 0;
  if (how !== 'quiet')
    reportEnd(c, one.length < two.length ? names[0] : names[1], one.length < two.length ? one : two, how === 'all');
  return 1;
}

function reportEnd(c: Command, name: string, text: string, all: boolean): void {
  const lines = text.split('\n').length - 1;
  const where =
    text === ''
      ? ' which is empty'
      : ` after byte ${text.length}${all ? '' : `, ${text.endsWith('\n') ? '' : 'in '}line ${text.endsWith('\n') ? lines : lines + 1}`}`;
  c.errorText(c.bb ? `cmp: EOF on ${name}\n` : `${c.name}: EOF on ${name}${where}\n`);
}
