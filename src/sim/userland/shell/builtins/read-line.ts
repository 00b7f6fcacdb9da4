import type { Sys } from '../../../kernel/sys.ts';
import { decodeBytes } from '../../core/escaped-bytes.ts';

export interface Line {
  text: string;
  /** The delimiter was there; false at end of file. */
  complete: boolean;
  /** The file ended. */
  ended?: boolean;
}

/**
 * Reads up to the delimiter and not a byte more, as whatever reads the descriptor next is to find the rest: a block
 * and a seek back on files, a byte at a time elsewhere.
 */
export const readLine = async (
  sys: Sys,
  fd: number,
  delimiter = 10,
  limit = Number.POSITIVE_INFINITY,
): Promise<Line> => {
  const bytes: number[] = [];
  let complete = false;
  let ended = false;
  const block = seekable(sys, fd) ? 4096 : 1;
  outer: while (bytes.length < limit) {
    const chunk = await sys.read(fd, Math.min(block, limit - bytes.length));
    if (chunk.length === 0) {
      ended = true;
      break;
    }
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === delimiter) {
        complete = true;
        if (i + 1 < chunk.length) sys.lseek(fd, i + 1 - chunk.length, 'cur');
        break outer;
      }
      bytes.push(chunk[i]!);
    }
  }
  return { text: decodeBytes(Uint8Array.from(bytes)), complete, ended };
};

const seekable = (sys: Sys, fd: number): boolean => {
  try {
    sys.lseek(fd, 0, 'cur');
    return (sys.fstat(fd).mode & 0o170000) === 0o100000;
  } catch {
    return false;
  }
};
