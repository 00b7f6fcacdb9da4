import { randomFillSync } from 'node:crypto';
import type { Entropy } from '../port/index.ts';

/** Port Entropy: the kernel's. */
export class LinuxEntropy implements Entropy {
  bytes(length: number): Uint8Array {
    return randomFillSync(new Uint8Array(length));
  }
}
