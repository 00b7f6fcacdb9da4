/** Huffman codes of limited length, and how DEFLATE tells them. */
import type { BitWriter } from './bit-writer.ts';

export class PrefixCode {
  constructor(
    readonly lengths: Uint8Array,
    private readonly codes: Uint16Array,
  ) {}

  /** Bits that so many of each symbol take. */
  cost(counts: ArrayLike<number>): number {
    return this.lengths.reduce((sum, length, symbol) => sum + length * (counts[symbol] ?? 0), 0);
  }
  write(out: BitWriter, symbol: number): void {
    out.bits(this.codes[symbol]!, this.lengths[symbol]!);
  }
}

/** The best code for these counts with no word longer than `limit`. */
export function prefixCode(counts: ArrayLike<number>, limit: number): PrefixCode {
  const symbols = Array.from({ length: counts.length }, (_unused, symbol) => symbol).filter((s) => counts[s]! > 0);
  const lengths = new Uint8Array(counts.length);
  if (symbols.length <= 2) for (const symbol of symbols) lengths[symbol] = 1;
  else {
    symbols.sort((a, b) => counts[a]! - counts[b]! || a - b);
    const perLevel = leavesPerLevel(
      symbols.map((symbol) => counts[symbol]!),
      Math.min(limit, symbols.length - 1),
    );
    // The k rarest symbols of a level are one bit longer than those that only the levels above it hold.
    for (const leaves of perLevel) for (const symbol of symbols.slice(0, leaves)) lengths[symbol]!++;
  }
  return canonical(lengths);
}

/**
 * Package-merge (Larmore and Hirschberg 1990): how many symbols, rarest first, stand at each level. Of equal weights a
 * package comes before a symbol, which decides among codes of equal cost.
 */
function leavesPerLevel(weights: readonly number[], limit: number): number[] {
  const levels: boolean[][] = [];
  let packages: number[] = [];
  for (let level = 0; level < limit; level++) {
    const merged: number[] = [];
    const isLeaf: boolean[] = [];
    for (let leaf = 0, pack = 0; leaf < weights.length || pack < packages.length; ) {
      const takeLeaf = leaf < weights.length && !(pack < packages.length && packages[pack]! <= weights[leaf]!);
      isLeaf.push(takeLeaf);
      merged.push(takeLeaf ? weights[leaf++]! : packages[pack++]!);
    }
    levels.push(isLeaf);
    packages = [];
    for (let i = 0; i + 1 < merged.length; i += 2) packages.push(merged[i]! + merged[i + 1]!);
  }
  const out: number[] = [];
  let take = 2 * weights.length - 2;
  for (const isLeaf of levels.reverse()) {
    const leaves = isLeaf.slice(0, take).filter(Boolean).length;
    out.push(leaves);
    take = 2 * (take - leaves);
  }
  return out;
}

/** RFC 1951 3.2.2: the words from their lengths; written from the high bit, so turned round here. */
function canonical(lengths: Uint8Array): PrefixCode {
  const codes = new Uint16Array(lengths.length);
  for (let width = 1, code = 0; width < 16; width++, code <<= 1) {
    lengths.forEach((length, symbol) => {
      if (length === width) codes[symbol] = reversed(code++, width);
    });
  }
  return new PrefixCode(lengths, codes);
}

function reversed(code: number, width: number): number {
  let out = 0;
  for (let bit = 0; bit < width; bit++) out |= ((code >> bit) & 1) << (width - 1 - bit);
  return out;
}

/** RFC 1951 3.2.6 */
export const fixedLiterals = canonical(
  Uint8Array.from({ length: 288 }, (_unused, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
);
export const fixedOffsets = canonical(new Uint8Array(30).fill(5));

/** The order in which the lengths of the code of code lengths are told. */
export const codegenOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const repeatBits: Readonly<Record<number, number>> = { 16: 2, 17: 3, 18: 7 };

export interface Codegen {
  /** With the three bits of the block's kind. */
  size: number;
  write(out: BitWriter): void;
}

/** RFC 1951 3.2.7: both codes' lengths, run-length coded in a third code. */
export function codegen(literals: PrefixCode, offsets: PrefixCode, literalCount: number, offsetCount: number): Codegen {
  const all = [...literals.lengths.subarray(0, literalCount), ...offsets.lengths.subarray(0, offsetCount)];
  const words = runs(all);
  const counts = new Uint32Array(19);
  for (const [word] of words) counts[word]!++;
  const code = prefixCode(counts, 7);
  let told = codegenOrder.length;
  while (told > 4 && counts[codegenOrder[told - 1]!] === 0) told--;
  const repeats = words.reduce((sum, [word]) => sum + (repeatBits[word] ?? 0), 0);
  return {
    size: 3 + 5 + 5 + 4 + 3 * told + code.cost(counts) + repeats,
    write(out) {
      out.bits(literalCount - 257, 5);
      out.bits(offsetCount - 1, 5);
      out.bits(told - 4, 4);
      for (const word of codegenOrder.slice(0, told)) out.bits(code.lengths[word]!, 3);
      for (const [word, repeat] of words) {
        code.write(out, word);
        out.bits(repeat, repeatBits[word] ?? 0);
      }
    },
  };
}

/** 16 repeats the last length 3 to 6 times, 17 and 18 are zeros. */
function runs(lengths: readonly number[]): [word: number, repeat: number][] {
  const out: [number, number][] = [];
  for (let at = 0; at < lengths.length; ) {
    const length = lengths[at]!;
    let left = 1;
    while (lengths[at + left] === length) left++;
    at += left;
    if (length !== 0) {
      out.push([length, 0]);
      for (left--; left >= 3; ) {
        const taken = Math.min(6, left);
        out.push([16, taken - 3]);
        left -= taken;
      }
    } else {
      for (; left >= 11; ) {
        const taken = Math.min(138, left);
        out.push([18, taken - 11]);
        left -= taken;
      }
      if (left >= 3) {
        out.push([17, left - 3]);
        left = 0;
      }
    }
    for (; left > 0; left--) out.push([length, 0]);
  }
  return out;
}
