import { Gunzip } from 'fflate';
import { BytesContent, ConcatContent, type Content, chunks } from '../spec/index.ts';
import { crc32 } from './crc32.ts';
import { TarError } from './entry.ts';
import { GzipContent } from './gzip.ts';

/**
 * The content inside a gzip stream of one or more members. Checked whole (lengths, CRCs) before anything is given out.
 * What {@link GzipContent} made is not inflated: its input is returned. At most `limit` bytes (2 GiB by default).
 *
 * Throws TarError with compress/gzip's text.
 */
export function gunzip(content: Content, limit = 2 ** 31): Content {
  if (content instanceof GzipContent) return content.inner;
  checkHeader(content);
  const output = new MemberOutput(content, limit);
  const inflate = new Gunzip((data) => output.data(data));
  inflate.onmember = (offset) => output.memberEnd(offset);
  try {
    for (const chunk of chunks(content)) inflate.push(chunk.slice());
    inflate.push(new Uint8Array(0), true);
  } catch (error) {
    throw error instanceof TarError ? error : inflateError(error as { code?: number });
  }
  output.memberEnd(content.size);
  return new ConcatContent(output.parts);
}

function checkHeader(content: Content): void {
  const head = content.read(0, 10);
  if (head.length < 10) throw new TarError('unexpected EOF');
  if (head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 8) throw new TarError('gzip: invalid header');
}

/** Collects what comes out and holds each member against its trailer: CRC-32 and length, little endian. */
class MemberOutput {
  readonly parts: Content[] = [];
  private crc = 0;
  private memberSize = 0;
  private total = 0;

  constructor(
    private readonly source: Content,
    private readonly limit: number,
  ) {}

  data(data: Uint8Array): void {
    if (data.length === 0) return;
    if ((this.total += data.length) > this.limit) {
      throw new TarError(`decompressed archive is over the limit of ${this.limit} bytes`);
    }
    this.crc = crc32(data, this.crc);
    this.memberSize += data.length;
    this.parts.push(new BytesContent(data));
  }

  /** `offset` is where the member's trailer ended. */
  memberEnd(offset: number): void {
    const trailer = this.source.read(offset - 8, 8);
    if (trailer.length < 8) throw new TarError('unexpected EOF');
    const view = new DataView(trailer.buffer, trailer.byteOffset, 8);
    if (view.getUint32(0, true) !== this.crc || view.getUint32(4, true) !== this.memberSize % 2 ** 32) {
      throw new TarError('gzip: invalid checksum');
    }
    this.crc = 0;
    this.memberSize = 0;
  }
}

// fflate's error codes: 0 is an unexpected end, 6 bad header data.
function inflateError(error: { code?: number }): TarError {
  if (error.code === 0) return new TarError('unexpected EOF');
  return new TarError(error.code === 6 ? 'gzip: invalid header' : 'flate: corrupt input');
}
