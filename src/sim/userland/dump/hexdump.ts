import type { Command, CommandSpec } from '../core/command.ts';
import { parseSize } from '../core/numbers.ts';
import { formatted } from './hexdump-format.ts';

/** One line of output from up to 16 bytes. */
type Row = (bytes: Uint8Array, offset: number) => string;

const address = (offset: number, digits: number): string => offset.toString(16).padStart(digits, '0');

const words =
  (radix: number, digits: number, gap: number): Row =>
  (bytes, offset) => {
    let out = address(offset, 7);
    for (let i = 0; i < 16; i += 2) {
      if (i >= bytes.length) out += ' '.repeat(gap + digits);
      else out += ' '.repeat(gap) + (bytes[i]! + (bytes[i + 1] ?? 0) * 256).toString(radix).padStart(digits, '0');
    }
    return out;
  };

const single =
  (cell: (byte: number) => string): Row =>
  (bytes, offset) => {
    let out = address(offset, 7);
    for (let i = 0; i < 16; i++) out += i < bytes.length ? ` ${cell(bytes[i]!)}` : '    ';
    return out;
  };

const canonical: Row = (bytes, offset) => {
  let out = `${address(offset, 8)} `;
  for (let i = 0; i < 16; i++) {
    if (i === 8) out += ' ';
    out += i < bytes.length ? ` ${bytes[i]!.toString(16).padStart(2, '0')}` : '   ';
  }
  const text = [...bytes].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
  return `${out}  |${text}|`;
};

const escapes = new Map([
  [0, '\\0'],
  [7, '\\a'],
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
]);

const rows: Record<string, Row> = {
  plain: words(16, 4, 1),
  b: single((byte) => byte.toString(8).padStart(3, '0')),
  c: single((byte) =>
    (
      escapes.get(byte) ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'))
    ).padStart(3),
  ),
  C: canonical,
  d: words(10, 5, 3),
  o: words(8, 6, 2),
  x: words(16, 4, 4),
};

const rowOf: Record<string, string> = {
  'one-byte-octal': 'b',
  'one-byte-char': 'c',
  canonical: 'C',
  'two-bytes-decimal': 'd',
  'two-bytes-octal': 'o',
  'two-bytes-hex': 'x',
};

function dump(c: Command, bytes: Uint8Array, start: number, row: Row, all: boolean, digits: number): void {
  let before = '';
  let starred = false;
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.subarray(at, at + 16);
    const key = line.length === 16 ? line.join() : '';
    if (!all && key !== '' && key === before) {
      if (!starred) c.out('*\n');
      starred = true;
      continue;
    }
    before = key;
    starred = false;
    c.out(`${row(line, at + start)}\n`);
  }
  if (bytes.length > 0) c.out(`${address(start + bytes.length, digits)}\n`);
}

async function input(c: Command, names: readonly string[]): Promise<string> {
  let text = '';
  for (const name of names.length ? names : ['-']) {
    try {
      text += await c.readFile(name);
    } catch (error) {
      c.error(`${name}: ${c.reason(error)}`);
    }
  }
  if (text === '' && c.status && !c.bb) c.error('all input file arguments failed');
  return text;
}

function hexdumpAs(name: string, suite: string | undefined, applet: boolean): CommandSpec {
  return {
    name,
    suite,
    applet,
    async run(c) {
      const o = c.options({
        gnu: 'b,one-byte-octal c,one-byte-char C,canonical d,two-bytes-decimal o,two-bytes-octal x,two-bytes-hex e,format= f,format-file= n,length= s,skip= v,no-squeezing L,color=?',
        busybox:
          'b/one-byte-octal c/one-byte-char C/canonical d/two-bytes-decimal o/two-bytes-octal x/two-bytes-hex e/format: f/format-file: n/length: s/skip: v/no-squeezing',
      });
      if (o.has('format-file')) c.fail('drydock: hexdump -f is not simulated');
      const chosen = name === 'hd' ? 'C' : (rowOf[o.last(...Object.keys(rowOf)) ?? ''] ?? 'plain');
      const skip = parseSize(o.value('skip') ?? '0') ?? 0;
      const length = o.has('length') ? (parseSize(o.value('length')!) ?? 0) : Infinity;
      const text = (await input(c, o.operands)).slice(skip, skip + length);
      const bytes = Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
      if (o.has('format')) {
        c.raw(formatted(c, bytes, skip, o.values('format'), o.has('no-squeezing')));
        return c.status;
      }
      dump(c, bytes, skip, rows[chosen]!, o.has('no-squeezing'), chosen === 'C' ? 8 : 7);
      return c.status;
    },
  };
}

export const hexdump = hexdumpAs('hexdump', 'bsdextrautils', true);
export const hd = hexdumpAs('hd', 'bsdextrautils', false);
