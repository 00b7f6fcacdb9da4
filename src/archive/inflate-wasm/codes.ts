/**
 * Tables that decode a Huffman code (RFC 1951 3.2.2) by as many bits as they have an index for; longer codes go on in a
 * second table. An entry:
 *
 *   bits 0-5    how many bits it takes, with those that add to its value
 *   bits 8-11   how many of these are the code
 *   bits 12-13  how many literals it stands for: 0, 1 or 2
 *   bit 14      it is none of literal, length and distance
 *   bit 15      (with 14) it leads to a second table, whose index has as many bits as bits 8-11 say
 *   bits 16-31  the literals, the least value, where the second table begins, or one of `endOfBlock` and `noCode`
 */
import { codeLengths, distanceTable, lengthTable, literalTable, sortedSymbols } from './memory.ts';

export const literalBits: i32 = 11;
export const distanceBits: i32 = 8;
export const lengthBits: i32 = 7;

export const literals: u32 = 0x3000;
export const special: u32 = 0x4000;
export const second: u32 = 0x8000;
export const endOfBlock: u32 = 1;
const noCode: u32 = 2;

const forLiterals: i32 = 0;
const forDistances: i32 = 1;
const forLengths: i32 = 2;

// RFC 1951 3.2.5.
const leastLength = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]);
const extraOfLength = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const leastDistance = memory.data<u16>([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]);
const extraOfDistance = memory.data<u8>([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);

/** By length: how many codes there are, and where the next symbol goes. */
const counts = memory.data(16 << 2);
const places = memory.data(16 << 2);

function entryOf(what: i32, symbol: i32, length: i32): u32 {
  if (what === forLengths) return (length | (length << 8) | (symbol << 16)) as u32;
  if (what === forDistances) {
    if (symbol > 29) return (length as u32) | special | (noCode << 16);
    const extra = load<u8>(extraOfDistance + symbol) as i32;
    return ((length + extra) | (length << 8) | ((load<u16>(leastDistance + (symbol << 1)) as i32) << 16)) as u32;
  }
  if (symbol < 256) return (length | (length << 8) | 0x1000 | (symbol << 16)) as u32;
  if (symbol === 256) return (length as u32) | special | (endOfBlock << 16);
  if (symbol > 285) return (length as u32) | special | (noCode << 16);
  const extra = load<u8>(extraOfLength + symbol - 257) as i32;
  return ((length + extra) | (length << 8) | ((load<u16>(leastLength + ((symbol - 257) << 1)) as i32) << 16)) as u32;
}

/** A code of too many symbols, or of too few (one alone may be, as zlib and Go have it), is none: -1; else its longest. */
function countLengths(lengths: usize, count: i32, oneIsEnough: bool): i32 {
  memory.fill(counts, 0, 16 << 2);
  for (let i = 0; i < count; i++) {
    const at = counts + ((load<u8>(lengths + i) as usize) << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
  let longest = 0;
  let used = 0;
  let left = 1;
  for (let length = 1; length < 16; length++) {
    const some = load<i32>(counts + (length << 2));
    store<i32>(places + (length << 2), used);
    left = (left << 1) - some;
    if (left < 0) return -1;
    used += some;
    if (some > 0) longest = length;
  }
  return left === 0 || (oneIsEnough && longest < 2) ? longest : -1;
}

function sortSymbols(lengths: usize, count: i32): void {
  for (let symbol = 0; symbol < count; symbol++) {
    const length = load<u8>(lengths + symbol) as usize;
    if (length === 0) continue;
    const at = load<i32>(places + (length << 2));
    store<u16>(sortedSymbols + (at << 1), symbol as u16);
    store<i32>(places + (length << 2), at + 1);
  }
}

/** As few bits as fill it with what codes of this length and longer ones are left. */
function bitsOfSecond(length: i32, left: i32, longest: i32, bits: i32): i32 {
  let size = length - bits;
  let free = (1 << size) - left;
  while (free > 0 && size + bits < longest) {
    size++;
    free = (free << 1) - load<i32>(counts + ((bits + size) << 2));
  }
  return size;
}

/** The next code, from its first bit in the lowest place up. */
function codeAfter(code: i32, length: i32): i32 {
  let bit = 1 << (length - 1);
  while (code & bit) bit >>= 1;
  return bit ? (code & (bit - 1)) | bit : 0;
}

function build(what: i32, lengths: usize, count: i32, table: usize, bits: i32): bool {
  const longest = countLengths(lengths, count, what !== forLengths);
  if (longest < 0) return false;
  sortSymbols(lengths, count);
  const size = 1 << bits;
  if (longest < 2) for (let i = 0; i < size; i++) store<u32>(table + (i << 2), 1 | special | (noCode << 16));
  let code = 0;
  let nth = 0;
  let next = size;
  let from = -1;
  let secondAt = 0;
  let secondBits = 0;
  for (let length = 1; length <= longest; length++) {
    for (let left = load<i32>(counts + (length << 2)); left > 0; left--) {
      const symbol = load<u16>(sortedSymbols + (nth++ << 1)) as i32;
      if (length <= bits) {
        const entry = entryOf(what, symbol, length);
        for (let i = code; i < size; i += 1 << length) store<u32>(table + (i << 2), entry);
      } else {
        if ((code & (size - 1)) !== from) {
          from = code & (size - 1);
          secondBits = bitsOfSecond(length, left, longest, bits);
          secondAt = next;
          next += 1 << secondBits;
          store<u32>(
            table + (from << 2),
            (bits as u32) | ((secondBits as u32) << 8) | special | second | ((secondAt as u32) << 16),
          );
        }
        const entry = entryOf(what, symbol, length - bits);
        for (let i = code >> bits; i < 1 << secondBits; i += 1 << (length - bits)) {
          store<u32>(table + ((secondAt + i) << 2), entry);
        }
      }
      code = codeAfter(code, length);
    }
  }
  return true;
}

/** Makes one entry of two literals where the index has room for both codes. */
function pairLiterals(): void {
  // From the end: the entry that follows a code lies lower, and is still of one literal.
  for (let i = (1 << literalBits) - 1; i >= 0; i--) {
    const first = load<u32>(literalTable + (i << 2));
    if (!(first & literals)) continue;
    const length = first & 63;
    const then = load<u32>(literalTable + ((i >> length) << 2));
    const both = length + (then & 63);
    if ((then & literals) !== 0x1000 || both > (literalBits as u32)) continue;
    store<u32>(literalTable + (i << 2), both | (both << 8) | 0x2000 | (first & 0xff0000) | ((then & 0xff0000) << 8));
  }
}

/** Of the lengths of codes for the lengths of codes. */
export function buildLengths(): bool {
  return build(forLengths, codeLengths, 19, lengthTable, lengthBits);
}

/** Of as many lengths for literals and lengths, and after them those for distances. */
export function buildCodes(forLiteral: i32, forDistance: i32): bool {
  if (!build(forDistances, codeLengths + forLiteral, forDistance, distanceTable, distanceBits)) return false;
  if (!build(forLiterals, codeLengths, forLiteral, literalTable, literalBits)) return false;
  pairLiterals();
  return true;
}
