/**
 * DEFLATE (RFC 1951) bit for bit as Go's compress/flate writes it at its default level, so that a layer pushed from here
 * has the digest that dockerd's push gives it. The format leaves the writer its choices; Go's are: matches of at least
 * four bytes, found lazily through hash chains; blocks of at most 16,384 tokens; the cheapest of stored, fixed and
 * dynamic codes for each; an empty stored block at the end.
 */
import { BitWriter } from './bit-writer.ts';
import { codegen, fixedLiterals, fixedOffsets, type PrefixCode, prefixCode } from './prefix-code.ts';

const windowSize = 32768;
const shortest = 4;
const longest = 258;
const blockTokens = 16384;
/** Level 6: how long a match ends the search, how many candidates are tried, and from what length none is looked for. */
const nice = 128;
const chain = 128;
const lazy = 16;
const hashBits = 17;

/** A match is `2^31 + (length - 3) * 2^16 + (distance - 1)`; below that a token is a literal byte. */
const isMatch = 2 ** 31;
const endOfBlock = 256;

export function deflate(input: Uint8Array): Uint8Array {
  const out = new BitWriter(input.length / 2 + 64);
  new Deflater(input, out).run();
  out.bits(1, 3);
  out.stored(new Uint8Array(0));
  return out.bytes();
}

class Deflater {
  private readonly head = new Int32Array(1 << hashBits).fill(-1);
  private readonly previous = new Int32Array(windowSize);
  private readonly tokens = new Uint32Array(blockTokens);
  private count = 0;
  /** Where Go's buffer of two windows begins: what lies before is out of reach. */
  private base = 0;
  private blockStart = 0;
  private matchLength = 0;
  private matchDistance = 0;

  constructor(
    private readonly input: Uint8Array,
    private readonly out: BitWriter,
  ) {}

  /** One byte late: a match is taken only when the next position has no longer one. */
  run(): void {
    const { input } = this;
    const insertEnd = input.length - (shortest - 1);
    let length = shortest - 1;
    let distance = 0;
    let pending = false;
    let at = 0;
    while (at < input.length) {
      this.slide(at);
      const candidate = at < insertEnd ? this.insert(at) : -1;
      const beforeLength = length;
      const beforeDistance = distance;
      length = shortest - 1;
      distance = 0;
      const look = input.length - at > beforeLength && beforeLength < lazy;
      if (look && candidate >= Math.max(this.base, at - windowSize) && this.longestMatch(at, candidate)) {
        length = this.matchLength;
        distance = this.matchDistance;
      }
      if (beforeLength >= shortest && length <= beforeLength) {
        const end = at + beforeLength - 1;
        this.tokens[this.count++] = isMatch + (beforeLength - 3) * 65536 + (beforeDistance - 1);
        for (at++; at < end; at++) if (at < insertEnd) this.insert(at);
        pending = false;
        length = shortest - 1;
        if (this.count === blockTokens) this.endBlock(at);
      } else {
        if (pending) {
          this.tokens[this.count++] = input[at - 1]!;
          if (this.count === blockTokens) this.endBlock(at);
        }
        pending = true;
        at++;
      }
    }
    if (pending) this.tokens[this.count++] = input[at - 1]!;
    if (this.count > 0) this.endBlock(at);
  }

  /** Go drops the older of its two windows when less than a match is left to read in them. */
  private slide(at: number): void {
    const bufferEnd = this.base + 2 * windowSize;
    if (bufferEnd >= this.input.length || bufferEnd - at >= shortest + longest) return;
    this.base += windowSize;
    if (this.blockStart < this.base) this.blockStart = Number.POSITIVE_INFINITY;
  }

  /** Notes the four bytes here; gives where they (or others of their hash) stood last. */
  private insert(at: number): number {
    const { input } = this;
    const word = (input[at]! << 24) | (input[at + 1]! << 16) | (input[at + 2]! << 8) | input[at + 3]!;
    const hash = Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits);
    const last = this.head[hash]!;
    this.previous[at & (windowSize - 1)] = last;
    this.head[hash] = at;
    return last;
  }

  private longestMatch(at: number, first: number): boolean {
    const { input } = this;
    const most = Math.min(longest, input.length - at);
    const enough = Math.min(most, nice);
    const oldest = at - windowSize;
    let length = shortest - 1;
    let found = false;
    for (let candidate = first, tries = chain; tries > 0; tries--) {
      if (input[candidate + length] === input[at + length]) {
        let same = 0;
        while (same < most && input[candidate + same] === input[at + same]) same++;
        // Four bytes from afar cost as much as they save.
        if (same > length && (same > shortest || at - candidate <= 4096)) {
          length = same;
          this.matchLength = same;
          this.matchDistance = at - candidate;
          found = true;
          if (same >= enough) break;
        }
      }
      if (candidate === oldest) break;
      candidate = this.previous[candidate & (windowSize - 1)]!;
      if (candidate < oldest || candidate < this.base) break;
    }
    return found;
  }

  private endBlock(end: number): void {
    const plain = this.blockStart <= end ? this.input.subarray(this.blockStart, end) : undefined;
    this.blockStart = end;
    writeBlock(this.out, this.tokens.subarray(0, this.count), plain);
    this.count = 0;
  }
}

const lengthBase: number[] = [];
const lengthExtra: number[] = [];
const lengthCodes = new Uint8Array(256);
const offsetBase: number[] = [];
const offsetExtra: number[] = [];

/** RFC 1951 3.2.5: the codes for lengths and distances, each standing for a run of values. */
function buildTables(): void {
  for (let code = 0, base = 0; code < 28; code++) {
    const extra = code < 8 ? 0 : (code >> 2) - 1;
    lengthBase.push(base);
    lengthExtra.push(extra);
    lengthCodes.fill(code, base, base + (1 << extra));
    base += 1 << extra;
  }
  lengthBase.push(255);
  lengthExtra.push(0);
  lengthCodes[255] = 28;
  for (let code = 0, base = 0; code < 30; code++) {
    const extra = code < 4 ? 0 : (code >> 1) - 1;
    offsetBase.push(base);
    offsetExtra.push(extra);
    base += 1 << extra;
  }
}
buildTables();

function offsetCode(offset: number): number {
  if (offset < 4) return offset;
  const top = 31 - Math.clz32(offset);
  return 2 * top + ((offset >> (top - 1)) & 1);
}

function writeBlock(out: BitWriter, tokens: Uint32Array, plain: Uint8Array | undefined): void {
  const literalCounts = new Uint32Array(286);
  const offsetCounts = new Uint32Array(30);
  for (const token of tokens) {
    if (token < isMatch) literalCounts[token]!++;
    else {
      literalCounts[257 + lengthCodes[(token - isMatch) >>> 16]!]!++;
      offsetCounts[offsetCode(token & 0xffff)]!++;
    }
  }
  literalCounts[endOfBlock]!++;
  // A table of no distances cannot be told.
  if (offsetCounts.every((count) => count === 0)) offsetCounts[0] = 1;
  const literals = prefixCode(literalCounts, 15);
  const offsets = prefixCode(offsetCounts, 15);
  const header = codegen(literals, offsets, used(literalCounts), used(offsetCounts));
  const storable = plain !== undefined && plain.length <= 65535;
  const extra = storable ? extraBits(literalCounts, offsetCounts) : 0;
  const fixedSize = 3 + fixedLiterals.cost(literalCounts) + fixedOffsets.cost(offsetCounts) + extra;
  const dynamicSize = header.size + literals.cost(literalCounts) + offsets.cost(offsetCounts) + extra;
  if (storable && (plain.length + 5) * 8 < Math.min(fixedSize, dynamicSize)) {
    out.bits(0, 3);
    out.stored(plain);
  } else if (dynamicSize < fixedSize) {
    out.bits(4, 3);
    header.write(out);
    writeTokens(out, tokens, literals, offsets);
  } else {
    out.bits(2, 3);
    writeTokens(out, tokens, fixedLiterals, fixedOffsets);
  }
}

const used = (counts: Uint32Array): number => counts.findLastIndex((count) => count > 0) + 1;

const extraBits = (literals: Uint32Array, offsets: Uint32Array): number =>
  lengthExtra.reduce((sum, bits, code) => sum + bits * literals[257 + code]!, 0) +
  offsetExtra.reduce((sum, bits, code) => sum + bits * offsets[code]!, 0);

function writeTokens(out: BitWriter, tokens: Uint32Array, literals: PrefixCode, offsets: PrefixCode): void {
  for (const token of tokens) {
    if (token < isMatch) {
      literals.write(out, token);
      continue;
    }
    const length = (token - isMatch) >>> 16;
    const code = lengthCodes[length]!;
    literals.write(out, 257 + code);
    out.bits(length - lengthBase[code]!, lengthExtra[code]!);
    const offset = token & 0xffff;
    const far = offsetCode(offset);
    offsets.write(out, far);
    out.bits(offset - offsetBase[far]!, offsetExtra[far]!);
  }
  literals.write(out, endOfBlock);
}
