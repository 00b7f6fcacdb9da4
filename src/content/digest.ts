import { sha256 } from '@noble/hashes/sha2.js';
import { type Content, chunks, type Digest, finish, type Steps } from '../spec/index.ts';

const known = new WeakMap<Content, Digest>();

/** The sha256 digest of a content's bytes: streamed, computed once per object. */
export function digestOf(content: Content): Digest {
  return finish(digesting(content));
}

/** {@link digestOf}, 64 KiB a step. */
export function* digesting(content: Content): Steps<Digest> {
  const remembered = known.get(content);
  if (remembered) return remembered;
  const hash = createDigester();
  for (const chunk of chunks(content)) {
    hash.update(chunk);
    // About a millisecond: some fifty of the usual steps.
    for (let i = 0; i < chunk.length; i += 2048) yield;
  }
  const digest = hash.digest();
  known.set(content, digest);
  return digest;
}

/** The digest from the bytes themselves, whatever is remembered: what validation goes by. */
export function computeDigest(content: Content): Digest {
  const hash = createDigester();
  for (const chunk of chunks(content)) hash.update(chunk);
  return hash.digest();
}

/** The digest of bytes in hand. */
export const digestOfBytes = (bytes: Uint8Array): Digest => formatDigest(sha256(bytes));

export interface Digester {
  update(bytes: Uint8Array): void;
  /** Ends it. */
  digest(): Digest;
}

/** For bytes that pass by. */
export function createDigester(): Digester {
  const hash = sha256.create();
  return { update: (bytes) => void hash.update(bytes), digest: () => formatDigest(hash.digest()) };
}

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
