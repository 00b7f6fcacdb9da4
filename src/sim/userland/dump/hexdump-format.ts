/** hexdump -e: format strings of `[iterations/][bytes] "format"` units, each applied to the same block of input. */
import type { Command } from '../core/command.ts';
import { expandEscapes } from '../core/escapes.ts';
import { formatFloat, formatInteger, formatString } from '../core/printf.ts';

interface Piece {
  /** What stands as it is; with `conversion` what stands before it. */
  text: string;
  conversion?: { flags: string; width?: number; precision?: number; letter: string };
  bytes: number;
}

interface Unit {
  times: number;
  pieces: Piece[];
  /** Bytes that one iteration takes. */
  bytes: number;
}

const integers = 'dioxXu';
const wholeNumber = /^[1248]$/;

function badFormat(c: Command, text: string): never {
  return c.fail(c.bb ? `bad format {${text}}` : `bad format {${text}}`);
}

/** The conversions of one quoted format, with how many bytes each takes. */
function piecesOf(c: Command, source: string, count: number | undefined): Piece[] {
  const pieces: Piece[] = [];
  const pattern = /%([-+ #0]*)(\d*)(?:\.(\d+))?(_[acpuA][dox]?|[a-zA-Z%])/g;
  let from = 0;
  for (const match of source.matchAll(pattern)) {
    const [all, flags, width, precision, letter] = match;
    const text = source.slice(from, match.index);
    from = match.index + all.length;
    if (letter === '%') {
      pieces.push({ text: `${text}%`, bytes: 0 });
      continue;
    }
    if (!/^(_[acpuA]|[cdiouxXeEfgGs]$)/.test(letter!)) badFormat(c, source);
    const taken = letter!.startsWith('_a') || letter === '_A' ? 0 : bytesOf(letter!, count, precision);
    if (integers.includes(letter!) && !wholeNumber.test(String(taken)))
      c.fail(`bad byte count for conversion character ${letter}`);
    const conversion = {
      flags: flags!,
      width: width ? Number(width) : undefined,
      precision: precision ? Number(precision) : undefined,
      letter: letter!,
    };
    pieces.push({ text, conversion, bytes: taken });
  }
  if (from < source.length) pieces.push({ text: source.slice(from), bytes: 0 });
  return pieces;
}

function bytesOf(letter: string, count: number | undefined, precision: string | undefined): number {
  if (letter === 'c' || letter.startsWith('_')) return 1;
  if (letter === 's') return count ?? Number(precision ?? 1);
  return count ?? (integers.includes(letter) ? 4 : 8);
}

function unitsOf(c: Command, text: string): Unit[] {
  const units: Unit[] = [];
  const pattern = /\s*(?:(\d+)\/)?(\d+)?\s*"((?:[^"\\]|\\.)*)"\s*/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) return badFormat(c, text.slice(at));
    const count = match[1] !== undefined || match[2] === undefined ? match[2] : undefined;
    const times = Number(match[1] ?? (count === undefined ? (match[2] ?? 1) : 1));
    const pieces = piecesOf(c, expandEscapes(match[3]!, false).text, count === undefined ? undefined : Number(count));
    units.push({ times, pieces, bytes: pieces.reduce((sum, piece) => sum + piece.bytes, 0) });
  }
  return units;
}

const names =
  'nul soh stx etx eot enq ack bel bs ht lf vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us'.split(
    ' ',
  );
const controls = new Map([0, 7, 8, 9, 10, 11, 12, 13].map((code, i) => [code, `\\${'0abtnvfr'[i]}`]));
const printable = (byte: number): boolean => byte >= 32 && byte < 127;
const octal = (byte: number): string => byte.toString(8).padStart(3, '0');

function integerOf(bytes: Uint8Array, signed: boolean): bigint {
  let value = 0n;
  for (const byte of [...bytes].reverse()) value = (value << 8n) | BigInt(byte);
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}

function shown(spec: NonNullable<Piece['conversion']>, bytes: Uint8Array, address: number): string {
  const { letter } = spec;
  const text = (value: string) => formatString(value, { ...spec, precision: undefined });
  const [first = 0] = bytes;
  if (letter.startsWith('_a') || letter.startsWith('_A'))
    return formatInteger(BigInt(address), { ...spec, letter: letter[2] ?? 'x' });
  if (letter === '_c')
    return text(controls.get(first) ?? (printable(first) ? String.fromCharCode(first) : octal(first)));
  if (letter === '_p') return text(printable(first) ? String.fromCharCode(first) : '.');
  if (letter === '_u')
    return text(
      names[first] ?? (first === 127 ? 'del' : printable(first) ? String.fromCharCode(first) : first.toString(16)),
    );
  if (letter === 'c' || letter === 's') return formatString(String.fromCharCode(...bytes), spec);
  if (integers.includes(letter)) return formatInteger(integerOf(bytes, letter === 'd' || letter === 'i'), spec);
  const view = new DataView(bytes.slice().buffer);
  return formatFloat(bytes.length === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true), spec);
}

/** One format string over one block. Past the input's end conversions are blank, and the output stops after them. */
function block(units: readonly Unit[], bytes: Uint8Array, address: number): string {
  let out = '';
  let at = 0;
  for (const unit of units) {
    for (let i = 0; i < unit.times; i++) {
      if (unit.bytes > 0 && at >= bytes.length) return out;
      const last = i === unit.times - 1 && unit.times > 1;
      unit.pieces.forEach((piece, k) => {
        // The last repetition leaves out the blanks at its end.
        const closing = last && k === unit.pieces.length - 1;
        out += closing && !piece.conversion ? piece.text.replace(/\s+$/, '') : piece.text;
        if (!piece.conversion) return;
        const part = bytes.subarray(at, at + piece.bytes);
        out +=
          piece.bytes > 0 && part.length === 0
            ? ' '.repeat(piece.conversion.width ?? 0)
            : shown(piece.conversion, part, address + at);
        at += piece.bytes;
      });
    }
  }
  return out;
}

/** Blocks of the longest format; equal ones in a row are a star. */
export function formatted(
  c: Command,
  bytes: Uint8Array,
  start: number,
  texts: readonly string[],
  all: boolean,
): string {
  const formats = texts.map((text) => unitsOf(c, text));
  const size = Math.max(1, ...formats.map((units) => units.reduce((sum, unit) => sum + unit.bytes * unit.times, 0)));
  let out = '';
  let before = '';
  let starred = false;
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    const key = part.length === size ? part.join() : '';
    if (!all && key !== '' && key === before) {
      if (!starred) out += '*\n';
      starred = true;
      continue;
    }
    before = key;
    starred = false;
    for (const units of formats) out += block(units, part, start + at);
  }
  return out;
}
