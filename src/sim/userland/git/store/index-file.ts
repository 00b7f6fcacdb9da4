/** The index (staging area): gitformat-index(5), versions 2 and 3; extensions are not kept. */
import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { contentBytes, contentOf, fromUtf8, utf8 } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import type { Stat } from '../../../vfs/inode.ts';
import { readContent, writeContent } from '../../packages/sys-files.ts';
import { Fatal } from '../problem.ts';

/** What is remembered of a file, so that it need not be read again to know that it is unchanged. */
export interface Seen {
  ctimeSec: number;
  ctimeNsec: number;
  mtimeSec: number;
  mtimeNsec: number;
  dev: number;
  ino: number;
  uid: number;
  gid: number;
  size: number;
}

export interface IndexEntry {
  path: string;
  id: string;
  /** 0o100644, 0o100755, 0o120000 or 0o160000. */
  mode: number;
  /** 0; or 1 base, 2 ours, 3 theirs of a conflict. */
  stage: number;
  seen: Seen;
  assumeUnchanged?: boolean;
  /** `add -N`. */
  intent?: boolean;
  skip?: boolean;
}

export const unseen: Seen = {
  ctimeSec: 0,
  ctimeNsec: 0,
  mtimeSec: 0,
  mtimeNsec: 0,
  dev: 0,
  ino: 0,
  uid: 0,
  gid: 0,
  size: 0,
};

export const seenOf = (stat: Stat): Seen => ({
  ctimeSec: stat.ctime.sec,
  ctimeNsec: stat.ctime.nsec,
  mtimeSec: stat.mtime.sec,
  mtimeNsec: stat.mtime.nsec,
  dev: stat.dev >>> 0,
  ino: Number(stat.ino) >>> 0,
  uid: stat.uid,
  gid: stat.gid,
  size: stat.size >>> 0,
});

const fields = ['ctimeSec', 'ctimeNsec', 'mtimeSec', 'mtimeNsec', 'dev', 'ino', 'uid', 'gid', 'size'] as const;

const keyOf = (path: string, stage: number): string => `${path}\0${stage}`;

export const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

export class Index {
  private readonly map = new Map<string, IndexEntry>();
  /** When it was written: what changed in that very moment may have changed after it was looked at. */
  writtenAt: { sec: number; nsec: number } | undefined;

  constructor(entries: Iterable<IndexEntry> = []) {
    for (const entry of entries) this.map.set(keyOf(entry.path, entry.stage), entry);
  }

  get size(): number {
    return this.map.size;
  }

  /** By path, then stage. */
  entries(): IndexEntry[] {
    return [...this.map.values()].sort((a, b) => byPath(a, b) || a.stage - b.stage);
  }
  get(path: string, stage = 0): IndexEntry | undefined {
    return this.map.get(keyOf(path, stage));
  }
  /** In any stage. */
  has(path: string): boolean {
    return [0, 1, 2, 3].some((stage) => this.map.has(keyOf(path, stage)));
  }
  /** Resolves a conflict over the path when the entry is of stage 0. */
  set(entry: IndexEntry): void {
    if (entry.stage === 0) this.remove(entry.path);
    this.map.set(keyOf(entry.path, entry.stage), entry);
  }
  remove(path: string): boolean {
    let had = false;
    for (const stage of [0, 1, 2, 3]) had = this.map.delete(keyOf(path, stage)) || had;
    return had;
  }
  clear(): void {
    this.map.clear();
  }
  /** Paths in conflict, with their stages. */
  conflicts(): Map<string, IndexEntry[]> {
    const out = new Map<string, IndexEntry[]>();
    for (const entry of this.entries())
      if (entry.stage > 0) out.set(entry.path, [...(out.get(entry.path) ?? []), entry]);
    return out;
  }
}

export function readIndex(sys: Sys, path: string): Index {
  const content = readContent(sys, path);
  if (!content) return new Index();
  const bytes = contentBytes(content);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 32 || view.getUint32(0) !== 0x44495243) throw new Fatal('index file corrupt');
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) throw new Fatal(`drydock: an index of version ${version} is not simulated`);
  const index = new Index(parsed(bytes, view));
  index.writtenAt = sys.stat(path).mtime;
  return index;
}

function* parsed(bytes: Uint8Array, view: DataView): Generator<IndexEntry> {
  let at = 12;
  for (let left = view.getUint32(8); left > 0; left--) {
    const word = (i: number) => view.getUint32(at + i * 4);
    const flags = view.getUint16(at + 60);
    const extended = flags & 0x4000 ? view.getUint16(at + 62) : 0;
    const start = at + 62 + (flags & 0x4000 ? 2 : 0);
    const end = bytes.indexOf(0, start);
    yield {
      path: fromUtf8(bytes.subarray(start, end)),
      id: bytesToHex(bytes.subarray(at + 40, at + 60)),
      mode: word(6),
      stage: (flags >> 12) & 3,
      seen: {
        ctimeSec: word(0),
        ctimeNsec: word(1),
        mtimeSec: word(2),
        mtimeNsec: word(3),
        dev: word(4),
        ino: word(5),
        uid: word(7),
        gid: word(8),
        size: word(9),
      },
      ...(flags & 0x8000 && { assumeUnchanged: true }),
      ...(extended & 0x2000 && { intent: true }),
      ...(extended & 0x4000 && { skip: true }),
    };
    at += (end - at + 8) & ~7;
  }
}

export function writeIndex(sys: Sys, path: string, index: Index): void {
  const entries = index.entries();
  const version = entries.some(isExtended) ? 3 : 2;
  const parts = [head(version, entries.length), ...entries.map(encoded)];
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(size + 20);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  whole.set(sha1(whole.subarray(0, size)), size);
  writeContent(sys, `${path}.lock`, contentOf(whole));
  sys.rename(`${path}.lock`, path);
}

const isExtended = (entry: IndexEntry): boolean => !!(entry.intent || entry.skip);

function head(version: number, count: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint32(0, 0x44495243);
  view.setUint32(4, version);
  view.setUint32(8, count);
  return new Uint8Array(view.buffer);
}

function encoded(entry: IndexEntry): Uint8Array {
  const name = utf8(entry.path);
  const start = 62 + (isExtended(entry) ? 2 : 0);
  const bytes = new Uint8Array((start + name.length + 8) & ~7);
  const view = new DataView(bytes.buffer);
  const { seen } = entry;
  const words = [...fields.slice(0, 6).map((f) => seen[f]), entry.mode, ...fields.slice(6).map((f) => seen[f])];
  words.forEach((word, i) => {
    view.setUint32(i * 4, word);
  });
  bytes.set(hexToBytes(entry.id), 40);
  const flags = Math.min(name.length, 0xfff) | (entry.stage << 12);
  view.setUint16(60, flags | (entry.assumeUnchanged ? 0x8000 : 0) | (isExtended(entry) ? 0x4000 : 0));
  if (isExtended(entry)) view.setUint16(62, (entry.intent ? 0x2000 : 0) | (entry.skip ? 0x4000 : 0));
  bytes.set(name, start);
  return bytes;
}
