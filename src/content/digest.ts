import { sha256 } from '@noble/hashes/sha2.js';
import { type Content, chunks, type Digest } from '../spec/index.ts';

const known = new WeakMap<Content, Digest>();

/** The sha256 digest of a content's bytes: streamed, computed once per object. */
export function digestOf(content: Content): Digest {
  const remembered = known.get(content);
  if (remembered) return remembered;
  const hash = sha256.create();
  for (const chunk of chunks(content)) hash.update(chunk);
  const digest = formatDigest(hash.digest());
  known.set(content, digest);
  return digest;
}

/** The digest of bytes in hand. */
export const digestOfBytes = (bytes: Uint8Array): Digest => formatDigest(sha256(bytes));

/**
 * States a digest that was computed elsewhere of these very bytes (catalogue content, at build time; a blob that was
 * verified when it came in), so that it need not be computed again. Never for what a peer merely claims.
 */
export function attest<T extends Content>(content: T, digest: Digest): T {
  known.set(content, digest);
  return content;
}

export const isDigest = (text: string): text is Digest => /^sha256:[0-9a-f]{64}$/.test(text);

function formatDigest(bytes: Uint8Array): Digest {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return `sha256:${hex}`;
}
