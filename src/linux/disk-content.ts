import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Content } from '../spec/index.ts';
import { calling } from './errno.ts';

/** A file that never changes (a blob), opened at each read: a thousand of them hold no descriptor. */
export class DiskContent implements Content {
  readonly size: number;

  constructor(readonly path: string) {
    this.size = calling(path, () => statSync(path).size);
  }

  read(offset: number, length: number): Uint8Array {
    return calling(this.path, () => {
      const fd = openSync(this.path, 'r');
      try {
        return readAt(fd, offset, Math.min(length, this.size - offset));
      } finally {
        closeSync(fd);
      }
    });
  }
}

/** pread(2) until `length` bytes or the end. */
export function readAt(fd: number, offset: number, length: number): Uint8Array {
  const out = new Uint8Array(Math.max(0, length));
  let at = 0;
  while (at < out.length) {
    const got = readSync(fd, out, at, out.length - at, offset + at);
    if (got === 0) break;
    at += got;
  }
  return out.subarray(0, at);
}
