import type { Content } from '../spec/index.ts';

export class GzipContent implements Content {
  constructor(
    readonly inner: Content,
    options: { size?: number } = {},
  ) {}
  get size(): number {
    throw new Error('not written yet');
  }
  read(_offset: number, _length: number): Uint8Array {
    throw new Error('not written yet');
  }
}
export const gzip = (content: Content): Content => new GzipContent(content);
export function gunzip(content: Content, _limit = 2 ** 31): Content {
  if (content instanceof GzipContent) return content.inner;
  throw new Error('not written yet');
}
