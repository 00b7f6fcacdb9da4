/**
 * The framing of attach, logs and exec output without a terminal (moby pkg/stdcopy):
 *
 *   | stream (0 stdin, 1 stdout, 2 stderr, 3 system error) | 0 0 0 | length, 32-bit big-endian | payload ... |
 */
export type StdStream = 0 | 1 | 2 | 3;

export interface StdFrame {
  stream: StdStream;
  bytes: Uint8Array;
}

const headerSize = 8;

export function encodeFrame(stream: StdStream, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(headerSize + bytes.length);
  out[0] = stream;
  new DataView(out.buffer).setUint32(4, bytes.length);
  out.set(bytes, headerSize);
  return out;
}

/** Cuts a stream of bytes, however it is chunked, into frames. */
export class FrameDecoder {
  private rest = new Uint8Array(0);

  /** Frames completed by these bytes. Throws on a stream number over 3: `unrecognized input header: N`. */
  push(bytes: Uint8Array): StdFrame[] {
    let data = this.rest.length === 0 ? bytes : concat(this.rest, bytes);
    const frames: StdFrame[] = [];
    while (data.length >= headerSize) {
      const size = new DataView(data.buffer, data.byteOffset).getUint32(4);
      if (data[0]! > 3) throw new Error(`unrecognized input header: ${data[0]}`);
      if (data.length < headerSize + size) break;
      frames.push({ stream: data[0] as StdStream, bytes: data.slice(headerSize, headerSize + size) });
      data = data.subarray(headerSize + size);
    }
    this.rest = data.slice();
    return frames;
  }

  /** Whether a frame was begun and not completed. */
  get pending(): boolean {
    return this.rest.length > 0;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
