/** Bits packed into bytes from the low end, as DEFLATE packs them. */
export class BitWriter {
  private buffer: Uint8Array;
  private length = 0;
  private pending = 0;
  private count = 0;

  constructor(expected: number) {
    this.buffer = new Uint8Array(Math.max(64, Math.ceil(expected)));
  }

  /** At most 16 bits. */
  bits(value: number, width: number): void {
    this.pending |= value << this.count;
    for (this.count += width; this.count >= 8; this.count -= 8) {
      this.byte(this.pending & 0xff);
      this.pending >>>= 8;
    }
  }

  /** What follows the head of a stored block: padding to a byte, the length twice, the bytes. */
  stored(plain: Uint8Array): void {
    if (this.count > 0) this.bits(0, 8 - this.count);
    this.bits(plain.length, 16);
    this.bits(~plain.length & 0xffff, 16);
    this.room(plain.length);
    this.buffer.set(plain, this.length);
    this.length += plain.length;
  }

  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private byte(value: number): void {
    this.room(1);
    this.buffer[this.length++] = value;
  }
  private room(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}
