/**
 * Chunks as few records: a host has thousands, and a browser's store takes as long for a record of ten bytes as for one of
 * a thousand. What is written at once is one pack; one of which less than half is still needed is written anew.
 */

/** A record of the store. */
export interface Pack {
  keys: string[];
  /** Where each ends in `bytes`. */
  ends: number[];
  bytes: Uint8Array;
}

/** A number; a chunk that stands alone has its own key. */
export type PackName = number | string;

/** Chromium puts values from 64 KiB on into files of their own, one by one. */
const mostBytes = 56 << 10;
/** Of a key and a place. */
const besides = 48;

export function packsOf(chunks: Iterable<readonly [string, Uint8Array]>): Pack[] {
  const packs: Pack[] = [];
  let parts: [string, Uint8Array][] = [];
  let size = 0;
  const close = () => {
    if (parts.length > 0) packs.push(packOf(parts, size));
    parts = [];
    size = 0;
  };
  for (const [key, bytes] of chunks) {
    if (size + bytes.length + besides * (parts.length + 1) > mostBytes) close();
    parts.push([key, bytes]);
    size += bytes.length;
  }
  close();
  return packs;
}

function packOf(parts: [string, Uint8Array][], size: number): Pack {
  const pack: Pack = { keys: [], ends: [], bytes: new Uint8Array(size) };
  let at = 0;
  for (const [key, bytes] of parts) {
    pack.bytes.set(bytes, at);
    pack.keys.push(key);
    pack.ends.push((at += bytes.length));
  }
  return pack;
}

export function* unpacked({ keys, ends, bytes }: Pack): Generator<[string, Uint8Array], void> {
  let from = 0;
  for (const [index, key] of keys.entries()) yield [key, bytes.subarray(from, (from = ends[index]!))];
}

/** Which packs there are, and what is in them. */
export class PackIndex {
  private readonly packs = new Map<PackName, { sizes: Map<string, number>; size: number }>();

  add(name: PackName, { keys, ends, bytes }: Pack): void {
    const sizes = new Map(keys.map((key, index) => [key, ends[index]! - (ends[index - 1] ?? 0)]));
    this.packs.set(name, { sizes, size: bytes.length });
  }

  remove(name: PackName): void {
    this.packs.delete(name);
  }

  /** Whether these are all there are: another page may have written since. */
  isOf(names: readonly PackName[]): boolean {
    return names.length === this.packs.size && names.every((name) => this.packs.has(name));
  }

  /** For the next pack. */
  get nextName(): number {
    return 1 + Math.max(0, ...[...this.packs.keys()].filter((name) => typeof name === 'number'));
  }

  /** Packs that may go; and of those that go with some of it still needed, what that is. */
  spent(needs: (key: string) => boolean): { name: PackName; needed: string[] }[] {
    return [...this.packs].flatMap(([name, { sizes, size }]) => {
      const needed = [...sizes.keys()].filter(needs);
      const left = needed.reduce((sum, key) => sum + sizes.get(key)!, 0);
      return left * 2 < size || needed.length === 0 ? [{ name, needed }] : [];
    });
  }
}
