/** A pack and its index (version 2): gitformat-pack(5). */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { inflateSync } from 'fflate';
import { Fatal } from '../problem.ts';
import type { GitObject, ObjectType } from './objects.ts';

const types: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const offsetDelta = 6;
const refDelta = 7;

export class Pack {
  private readonly view: DataView;
  private readonly count: number;
  private list: string[] | undefined;

  constructor(
    private readonly index: Uint8Array,
    private readonly pack: Uint8Array,
    /** For a delta whose base is not in this pack. */
    private readonly elsewhere: (id: string) => GitObject | undefined,
  ) {
    this.view = new DataView(index.buffer, index.byteOffset, index.byteLength);
    if (this.view.getUint32(0) !== 0xff744f63 || this.view.getUint32(4) !== 2)
      throw new Fatal('drydock: a pack index of version 1 is not simulated');
    this.count = this.view.getUint32(8 + 255 * 4);
  }

  ids(): readonly string[] {
    this.list ??= Array.from({ length: this.count }, (_, i) => bytesToHex(this.idAt(i)));
    return this.list;
  }

  has(id: string): boolean {
    return this.find(id) >= 0;
  }

  read(id: string): GitObject | undefined {
    const at = this.find(id);
    return at < 0 ? undefined : this.at(this.offset(at));
  }

  private idAt(i: number): Uint8Array {
    const start = 8 + 256 * 4 + i * 20;
    return this.index.subarray(start, start + 20);
  }

  private find(id: string): number {
    const wanted = hexToBytes(id);
    const first = wanted[0]!;
    let low = first === 0 ? 0 : this.view.getUint32(8 + (first - 1) * 4);
    let high = this.view.getUint32(8 + first * 4);
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareBytes(this.idAt(middle), wanted);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  private offset(i: number): number {
    const table = 8 + 256 * 4 + this.count * 24;
    const small = this.view.getUint32(table + i * 4);
    if (small < 0x80000000) return small;
    const large = table + this.count * 4 + (small - 0x80000000) * 8;
    return this.view.getUint32(large) * 2 ** 32 + this.view.getUint32(large + 4);
  }

  private at(offset: number): GitObject {
    let at = offset;
    let byte = this.pack[at++]!;
    const kind = (byte >> 4) & 7;
    let size = byte & 15;
    for (let shift = 4; byte & 0x80; shift += 7) {
      byte = this.pack[at++]!;
      size += (byte & 0x7f) * 2 ** shift;
    }
    if (kind === offsetDelta) {
      byte = this.pack[at++]!;
      let back = byte & 0x7f;
      while (byte & 0x80) {
        byte = this.pack[at++]!;
        back = (back + 1) * 128 + (byte & 0x7f);
      }
      return this.patched(this.at(offset - back), at, size);
    }
    if (kind === refDelta) {
      const id = bytesToHex(this.pack.subarray(at, at + 20));
      const base = this.read(id) ?? this.elsewhere(id);
      if (!base) throw new Fatal(`failed to read delta base object ${id}`);
      return this.patched(base, at + 20, size);
    }
    return { type: types[kind]!, bytes: this.inflate(at, size) };
  }

  private patched(base: GitObject, at: number, size: number): GitObject {
    return { type: base.type, bytes: applyDelta(base.bytes, this.inflate(at, size)) };
  }

  /** The stream's two bytes of zlib header are passed over; its end is found by the deflate stream itself. */
  private inflate(at: number, size: number): Uint8Array {
    return inflateSync(this.pack.subarray(at + 2), { out: new Uint8Array(size) });
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

function applyDelta(base: Uint8Array, delta: Uint8Array): Uint8Array {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = delta[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (!(byte & 0x80)) return value;
    }
  };
  number();
  const out = new Uint8Array(number());
  let end = 0;
  while (at < delta.length) {
    const code = delta[at++]!;
    if (code & 0x80) {
      let [from, size] = [0, 0];
      for (let i = 0; i < 4; i++) if (code & (1 << i)) from += delta[at++]! * 2 ** (8 * i);
      for (let i = 0; i < 3; i++) if (code & (0x10 << i)) size += delta[at++]! << (8 * i);
      size ||= 0x10000;
      out.set(base.subarray(from, from + size), end);
      end += size;
    } else {
      out.set(delta.subarray(at, at + code), end);
      end += code;
      at += code;
    }
  }
  return out;
}
