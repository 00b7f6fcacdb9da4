/**
 * The headers of a layer in two buffers: a hundred thousand of them as objects are what most of the memory goes to, and
 * these go from one thread to another without being copied.
 */
import type { TarEntry } from '../archive/index.ts';
import { fromUtf8 } from '../spec/index.ts';

/** One header of a layer, without what a survey does not tell. */
export interface IndexedEntry {
  /** From `/` on, without `.` in it and without a slash at its end; '' is the root. */
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
  /** Of each: lengths of path and linkname, the place of its type in `types`, and the numbers. */
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
    const { facts } = this;
    this.putName(path);
    this.putName(linkname);
    facts[from] = path.length;
    facts[from + 1] = linkname.length;
    facts[from + 2] = types.indexOf(type);
    facts[from + 3] = mode;
    facts[from + 4] = uid;
    facts[from + 5] = gid;
    facts[from + 6] = size;
    facts[from + 7] = at;
  }

  pack(): PackedEntries {
    return { names: this.names.slice(0, this.named), facts: this.facts.slice(0, this.count * columns) };
  }

  private putName(name: string): void {
    const most = this.named + 3 * name.length;
    if (most > this.names.length) this.names = grown(this.names, new Uint8Array(2 * most));
    this.named += encoder.encodeInto(name, this.names.subarray(this.named)).written;
  }
}

const encoder = new TextEncoder();

function grown<T extends Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

export const countOf = ({ facts }: PackedEntries): number => facts.length / columns;

/** One by one. All names are read as one text, of which each is a part: not a copy. */
export function* unpackEntries({ names, facts }: PackedEntries): Generator<IndexedEntry, void> {
  const text = fromUtf8(names);
  let named = 0;
  for (let from = 0; from < facts.length; from += columns) {
    const pathEnd = named + facts[from]!;
    const linkEnd = pathEnd + facts[from + 1]!;
    yield {
      path: text.slice(named, pathEnd),
      linkname: text.slice(pathEnd, linkEnd),
      type: types[facts[from + 2]!]!,
      mode: facts[from + 3]!,
      uid: facts[from + 4]!,
      gid: facts[from + 5]!,
      size: facts[from + 6]!,
      at: facts[from + 7]!,
    };
    named = linkEnd;
  }
}
