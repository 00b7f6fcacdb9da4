import type { Command, CommandSpec } from '../core/command.ts';
import { readOrFail } from '../core/inputs.ts';
import { parseSize } from '../core/numbers.ts';
import { formatFloat } from '../core/printf.ts';
import { quote } from '../core/quote.ts';

/** One way of showing the bytes of a line: `size` bytes a cell, `width` characters a cell with the blank before it. */
interface OutputType {
  size: number;
  width: number;
  show(bytes: Uint8Array): string;
  /** `z`: the characters at the line's end. */
  trailer: boolean;
}

const named =
  'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp'.split(
    ' ',
  );
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

const character = (byte: number): string =>
  escapes.get(byte) ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));

const name = (byte: number): string => {
  const low = byte & 127;
  return low === 127 ? 'del' : (named[low] ?? String.fromCharCode(low));
};

function whole(bytes: Uint8Array, size: number): bigint {
  let value = 0n;
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}

/** Digits that the largest number of so many bytes has. */
const digitsOf = (size: number, radix: number): number => ((1n << BigInt(size * 8)) - 1n).toString(radix).length;

function integerType(letter: string, size: number): OutputType {
  if (letter === 'd') {
    const width = (1n << BigInt(size * 8 - 1)).toString().length + 2;
    return { size, width, trailer: false, show: (b) => String(BigInt.asIntN(size * 8, whole(b, size))) };
  }
  const radix = { o: 8, x: 16, u: 10 }[letter]!;
  const digits = digitsOf(size, radix);
  const fill = letter === 'u' ? ' ' : '0';
  return {
    size,
    width: digits + 1,
    trailer: false,
    show: (b) => whole(b, size).toString(radix).padStart(digits, fill),
  };
}

function floatType(size: number): OutputType {
  const show = (bytes: Uint8Array) => {
    const full = new Uint8Array(8);
    full.set(bytes.subarray(0, size));
    const view = new DataView(full.buffer);
    const value = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    const round = size === 4 ? Math.fround : Number;
    // As few digits as tell the number from its neighbours.
    const [least, most] = size === 4 ? [6, 9] : [15, 17];
    for (let precision = least; ; precision++) {
      const text = formatFloat(value, { flags: '', letter: 'g', precision });
      if (precision === most || !Number.isFinite(value) || round(Number(text)) === value) return text;
    }
  };
  return { size, width: size === 4 ? 16 : 25, trailer: false, show };
}

/** BusyBox shows a fixed number of digits. */
function busyboxFloatType(size: number): OutputType {
  const precision = size === 4 ? 7 : 15;
  const width = precision + 8;
  const exact = floatType(size);
  const show = (bytes: Uint8Array) => {
    const view = new DataView(Uint8Array.from({ length: 8 }, (_, i) => bytes[i] ?? 0).buffer);
    const value = size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    return formatFloat(value, { flags: '', letter: 'e', precision, width });
  };
  return { ...exact, width: width + 1, show };
}

function parseTypes(c: Command, text: string): OutputType[] {
  const out: OutputType[] = [];
  for (const match of text.matchAll(/([acdfoux])(\d+|[CSILFD])?(z?)|([\s\S])/g)) {
    if (match[4] !== undefined) c.fail(`invalid character '${match[4]}' in type string ${quote(text)}`);
    const [, letter, sizeText = ''] = match as unknown as [string, string, string?];
    const size =
      ({ C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 } as Record<string, number>)[sizeText] ??
      (Number(sizeText) || (letter === 'f' ? 8 : 4));
    if (![1, 2, 4, 8].includes(size))
      c.fail(`invalid type string ${quote(text)};\nthis system doesn't provide a ${size}-byte integral type`);
    const one: OutputType =
      letter === 'a' || letter === 'c'
        ? { size: 1, width: 4, trailer: false, show: (b) => (letter === 'a' ? name(b[0]!) : character(b[0]!)) }
        : letter === 'f'
          ? (c.bb ? busyboxFloatType : floatType)(size)
          : integerType(letter, size);
    out.push({ ...one, trailer: match[3] === 'z' });
  }
  return out;
}

const oldLetters: Record<string, string> = {
  a: 'a',
  b: 'o1',
  B: 'o2',
  c: 'c',
  d: 'u2',
  D: 'u4',
  e: 'fD',
  f: 'fF',
  F: 'fD',
  h: 'x2',
  H: 'x4',
  i: 'dI',
  I: 'dL',
  l: 'dL',
  L: 'dL',
  o: 'o2',
  O: 'o4',
  s: 'd2',
  x: 'x2',
  X: 'x4',
};

function printLine(types: readonly OutputType[], bytes: Uint8Array, width: number, address: string): string {
  let out = '';
  // Cells of several types line up: a byte takes as much room as the widest type gives it.
  const perByte = Math.max(...types.map((type) => type.width / type.size));
  types.forEach((type, i) => {
    let line = '';
    for (let at = 0; at < bytes.length; at += type.size) {
      const cell = new Uint8Array(type.size);
      cell.set(bytes.subarray(at, at + type.size));
      const end = Math.floor(((at + type.size) / type.size) * perByte * type.size);
      line += type.show(cell).padStart(end - line.length);
    }
    if (type.trailer) {
      const text = [...bytes].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
      line = `${line.padEnd(Math.floor(width * perByte))}  >${text}<`;
    }
    out += `${i === 0 ? address : ' '.repeat(address.length)}${line}\n`;
  });
  return out;
}

export const od: CommandSpec = {
  name: 'od',
  suite: 'coreutils',
  applet: true,
  async run(c) {
    const o = c.options({
      gnu: 'A,address-radix= j,skip-bytes= N,read-bytes= S,strings=? t,format= v,output-duplicates w:? width=? endian= traditional a b B c d D e f F h H i I l L o O s x X',
      busybox:
        'A,address-radix: j,skip-bytes: N,read-bytes: t,format: v,output-duplicates w,width:? traditional a b B c d D e f F h H i I l L o O s x X',
    });
    if (o.has('strings', 'endian')) c.fail('drydock: od --strings and --endian are not simulated');
    const types = o.list.flatMap((option) =>
      option.name === 'format'
        ? parseTypes(c, option.value!)
        : oldLetters[option.name]
          ? parseTypes(c, oldLetters[option.name]!)
          : [],
    );
    if (types.length === 0) types.push(...parseTypes(c, 'o2'));
    const size = (option: string) => {
      const text = o.value(option);
      if (text === undefined) return undefined;
      const value = /^0x[\da-f]+$/i.test(text) ? Number(text) : parseSize(text);
      return (
        value ??
        c.fail(c.bb ? `invalid number '${text}'` : `invalid -${option[0] === 's' ? 'j' : 'N'} argument ${quote(text)}`)
      );
    };
    let text = '';
    for (const path of o.operands.length ? o.operands : ['-']) text += await readOrFail(c, path);
    const skip = size('skip-bytes') ?? 0;
    if (skip > text.length) c.fail('cannot skip past end of combined input');
    const end = Math.min(text.length, skip + (size('read-bytes') ?? Infinity));
    const bytes = Uint8Array.from({ length: end - skip }, (_, i) => text.charCodeAt(skip + i));
    const width = o.has('w', 'width') ? Number(o.value('w') || o.value('width') || 32) : 16;
    dump(c, bytes, { types, width, skip, all: o.has('output-duplicates'), radix: o.value('address-radix') ?? 'o' });
    return c.status;
  },
};

interface Dump {
  types: readonly OutputType[];
  width: number;
  skip: number;
  all: boolean;
  radix: string;
}

function dump(c: Command, bytes: Uint8Array, d: Dump): void {
  const address = (offset: number): string => {
    if (d.radix === 'n') return '';
    const base = { o: 8, d: 10, x: 16 }[d.radix];
    if (!base) return c.fail(`invalid output address radix '${d.radix}'; it must be one character from [doxn]`);
    return offset.toString(base).padStart(base === 16 ? 6 : 7, '0');
  };
  let before = '';
  let starred = false;
  for (let at = 0; at < bytes.length; at += d.width) {
    const line = bytes.subarray(at, at + d.width);
    const key = line.length === d.width ? line.join() : '';
    if (!d.all && key !== '' && key === before && at + d.width < bytes.length) {
      if (!starred) c.out('*\n');
      starred = true;
      continue;
    }
    before = key;
    starred = false;
    c.raw(printLine(d.types, line, d.width, address(at + d.skip)));
  }
  if (d.radix !== 'n') c.out(`${address(bytes.length + d.skip)}\n`);
}
