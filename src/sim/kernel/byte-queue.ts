/** A part of this size is handed on as it is, though more is there: joining it would copy it. */
const large = 32768;

/** A first-in first-out buffer of bytes with a limit: the store of pipes, ttys and stream sockets. */
export class ByteQueue {
  private parts: Uint8Array[] = [];
  private used = 0;

  constructor(readonly limit: number) {}

  get length(): number {
    return this.used;
  }
  get room(): number {
    return Math.max(0, this.limit - this.used);
  }

  /** Takes what there is room for; gives the number of bytes taken. The bytes must not be changed afterwards. */
  push(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.room);
    if (taken > 0) this.parts.push(taken === bytes.length ? bytes : bytes.subarray(0, taken));
    this.used += taken;
    return taken;
  }

  /** At most `max` bytes. */
  take(max: number): Uint8Array {
    const first = this.parts[0];
    if (!first) return new Uint8Array(0);
    if (first.length > max) {
      this.parts[0] = first.subarray(max);
      this.used -= max;
      return first.subarray(0, max);
    }
    if (this.parts.length === 1 || first.length === max || first.length >= large) {
      this.parts.shift();
      this.used -= first.length;
      return first;
    }
    return this.gather(Math.min(max, this.used));
  }

  clear(): void {
    this.parts = [];
    this.used = 0;
  }

  private gather(size: number): Uint8Array {
    const out = new Uint8Array(size);
    for (let at = 0; at < size; ) {
      const piece = this.parts[0]!.subarray(0, size - at);
      out.set(piece, at);
      at += piece.length;
      if (piece.length === this.parts[0]!.length) this.parts.shift();
      else this.parts[0] = this.parts[0]!.subarray(piece.length);
    }
    this.used -= size;
    return out;
  }
}
