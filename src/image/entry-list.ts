/**
 * The headers of a layer in two buffers: a hundred thousand of them as objects are what most of the memory goes to, and
 * these go from one thread to another without being copied.
 */
import type { TarEntry } from '../archive/index.ts';
import { fromUtf8, utf8 } from '../spec/index.ts';

/** One header of a layer, without what a survey does not tell. */
export interface IndexedEntry {
  /** Without `.` and slashes at its ends; '' is the root. */
  path: string;
  type: TarEntry['type'];
  mode: number;
  uid: number;
  gid: number;
  size: number;
  linkname: string;
  /** Where its bytes begin in the layer's tar. */
  at: number;
}

export interface PackedEntries {
  /** Path and linkname of each. */
  names: Uint8Array<ArrayBuffer>;
  /** Of each: bytes of path and linkname, the place of its type in `types`, and the numbers. */
  facts: Float64Array<ArrayBuffer>;
}

const types = ['file', 'directory', 'symlink', 'link', 'char', 'block', 'fifo'] as const;
const columns = 8;

export const noEntries: PackedEntries = { names: new Uint8Array(0), facts: new Float64Array(0) };

export class EntryPacker {
  private names = new Uint8Array(4096);
  private facts = new Float64Array(64 * columns);
  private named = 0;
  private count = 0;

  add({ path, type, mode, uid, gid, size, linkname, at }: IndexedEntry): void {
    const from = this.count++ * columns;
    if (from === this.facts.length) this.facts = grown(this.facts, new Float64Array(2 * from));
    const lengths = [this.putName(path), this.putName(linkname)];
    this.facts.set([...lengths, types.indexOf(type), mode, uid, gid, size, at], from);
  }

  pack(): PackedEntries {
    return { names: this.names.slice(0, this.named), facts: this.facts.slice(0, this.count * columns) };
  }

  private putName(name: string): number {
    if (name === '') return 0;
    const bytes = utf8(name);
    const to = this.named + bytes.length;
    if (to > this.names.length) this.names = grown(this.names, new Uint8Array(2 * to));
    this.names.set(bytes, this.named);
    this.named = to;
    return bytes.length;
  }
}

function grown<T extends Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

export function unpackEntries({ names, facts }: PackedEntries): IndexedEntry[] {
  const entries: IndexedEntry[] = [];
  let named = 0;
  const name = (length: number): string => (length === 0 ? '' : fromUtf8(names.subarray(named, (named += length))));
  for (let from = 0; from < facts.length; from += columns) {
    const [path, linkname, type, mode, uid, gid, size, at] = facts.subarray(
      from,
      from + columns,
    ) as unknown as number[];
    entries.push({
      path: name(path!),
      linkname: name(linkname!),
      type: types[type!]!,
      mode: mode!,
      uid: uid!,
      gid: gid!,
      size: size!,
      at: at!,
    });
  }
  return entries;
}
