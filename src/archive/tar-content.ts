import type { Content } from '../spec/index.ts';
import type { TarEntry } from './entry.ts';

export class TarContent implements Content {
  readonly size = 0;
  constructor(readonly entries: readonly TarEntry[]) {}
  read(_offset: number, _length: number): Uint8Array {
    throw new Error('not written yet');
  }
}
