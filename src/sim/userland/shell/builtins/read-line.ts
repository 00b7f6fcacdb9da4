import type { Sys } from '../../../kernel/sys.ts';
import { decodeBytes } from '../../core/escaped-bytes.ts';

export interface Line {
  text: string;
  /** The delimiter was there; false at end of file. */
  complete: boolean;
  /** The file ended. */
  ended?: boolean;
  /** Time was up before the delimiter came. */
  late?: boolean;
}

/**
 * Reads up to the delimiter and not a byte more, as whatever reads the descriptor next is to find the rest: a block
 * and a seek back on files, a byte at a time elsewhere. `until`: no longer than to that moment.
 */
export const readLine = async (
  sys: Sys,
  fd: number,
  delimiter = 10,
  limit = Number.POSITIVE_INFINITY,
  until?: number,
): Promise<Line> => {
  const bytes: number[] = [];
  let complete = false;
  let ended = false;
  const block = seekable(sys, fd) ? 4096 : 1;
  outer: while (bytes.length < limit) {
    if (until !== undefined && !(await ready(sys, fd, until))) {
      return { text: decodeBytes(Uint8Array.from(bytes)), complete: false, late: true };
    }
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

/** Something can be read before the moment `until` (milliseconds). */
const ready = async (sys: Sys, fd: number, until: number): Promise<boolean> =>
  (await sys.poll([{ fd, read: true }], Math.max(0, until - milliseconds(sys)))).length > 0;

export const milliseconds = (sys: Sys): number => {
  const { sec, nsec } = sys.now();
  return sec * 1000 + nsec / 1e6;
};

const seekable = (sys: Sys, fd: number): boolean => {
  try {
    sys.lseek(fd, 0, 'cur');
    return (sys.fstat(fd).mode & 0o170000) === 0o100000;
  } catch {
    return false;
  }
};
