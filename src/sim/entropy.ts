/** Seeded randomness: the same seed gives the same ids, names and MAC addresses. Not for secrets. */
import type { Entropy } from '../port/index.ts';
import { utf8 } from '../spec/index.ts';

/** JSON. */
export interface EntropyState {
  words: number[];
  spare: number[];
}

/** xoshiro128** (Blackman and Vigna), its state filled from the seed by splitmix32. */
export class SeededEntropy implements Entropy {
  private readonly registers: Uint32Array;
  private spare: number[] = [];

  constructor(seed: string | number) {
    let mixed = typeof seed === 'number' ? seed >>> 0 : fnv1a(seed);
    this.registers = Uint32Array.from({ length: 4 }, () => splitmix32((mixed = (mixed + 0x9e3779b9) >>> 0)));
  }

  state(): EntropyState {
    return { words: [...this.registers], spare: [...this.spare] };
  }

  restore({ words, spare }: EntropyState): void {
    this.registers.set(words);
    this.spare = [...spare];
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) out[i] = this.byte();
    return out;
  }

  private byte(): number {
    if (this.spare.length === 0) {
      const word = this.word();
      this.spare = [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24];
    }
    return this.spare.pop()!;
  }

  private word(): number {
    const s = this.registers;
    const result = Math.imul(rotate(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const shifted = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= shifted;
    s[3] = rotate(s[3]!, 11);
    return result;
  }
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

function splitmix32(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
