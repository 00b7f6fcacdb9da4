/**
 * What a file holds at one moment, though it is written, moved or unmounted later. Small files are read at once; of a
 * large one a descriptor is kept, and its data are copied away just before this process writes over it.
 */
import { closeSync, constants, copyFileSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BytesContent, type Content } from '../spec/index.ts';
import { readAt } from './disk-content.ts';

const smallFile = 256 * 1024;

const closer = new FinalizationRegistry<{ fd: number }>((holder) => closeSync(holder.fd));
const alive = new Map<string, WeakRef<LargeContent>[]>();

class LargeContent implements Content {
  constructor(
    readonly holder: { fd: number },
    readonly size: number,
  ) {
    closer.register(this, holder);
  }
  read(offset: number, length: number): Uint8Array {
    return readAt(this.holder.fd, offset, Math.min(length, this.size - offset));
  }
}

/** Differs from the port: what another process writes into a large file afterwards is seen. */
export function keepContent(path: string): Content {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stat = fstatSync(fd);
  if (stat.size <= smallFile) {
    try {
      return new BytesContent(readAt(fd, 0, stat.size));
    } finally {
      closeSync(fd);
    }
  }
  const content = new LargeContent({ fd }, stat.size);
  const key = `${stat.dev}:${stat.ino}`;
  alive.set(key, [...(alive.get(key) ?? []).filter((ref) => ref.deref()), new WeakRef(content)]);
  return content;
}

/** To be called before a file's data are replaced: whoever holds its present content keeps it. */
export function detachContents(path: string, stat: { dev: number; ino: number }): void {
  const key = `${stat.dev}:${stat.ino}`;
  const contents = (alive.get(key) ?? []).flatMap((ref) => ref.deref() ?? []);
  alive.delete(key);
  if (contents.length === 0) return;
  const fd = openCopy(path);
  for (const [index, { holder }] of contents.entries()) {
    closeSync(holder.fd);
    holder.fd = index === 0 ? fd : openSync(`/proc/self/fd/${fd}`, 'r');
  }
}

/** A copy that has no name: it goes with its descriptor. */
function openCopy(path: string): number {
  const directory = mkdtempSync(join(tmpdir(), 'drydock-content-'));
  try {
    const copy = join(directory, 'copy');
    copyFileSync(path, copy, constants.COPYFILE_FICLONE);
    return openSync(copy, 'r');
  } finally {
    rmSync(directory, { recursive: true });
  }
}
