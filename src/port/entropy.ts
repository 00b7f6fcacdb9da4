/** Randomness: ids, names, MAC addresses, /dev/urandom. Seeded in the simulated host, the kernel's on real Linux. */
export interface Entropy {
  bytes(length: number): Uint8Array;
}

export const randomHex = (entropy: Entropy, digits: number): string =>
  Array.from(entropy.bytes(Math.ceil(digits / 2)), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, digits);

/** Uniform integer in [0, bound). */
export function randomInt(entropy: Entropy, bound: number): number {
  const limit = Math.floor(0x1_0000_0000 / bound) * bound;
  for (;;) {
    const value = new DataView(entropy.bytes(4).slice().buffer).getUint32(0);
    if (value < limit) return value % bound;
  }
}
