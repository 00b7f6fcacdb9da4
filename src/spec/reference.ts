/** Names of images, as distribution's reference package reads them. */
import type { Digest } from './oci.ts';

/** A normalised reference: always with a domain; tag and digest as given. */
export interface Reference {
  /** docker.io, localhost:5000, ... */
  domain: string;
  /** library/ubuntu, student/app, ... */
  path: string;
  tag?: string;
  digest?: Digest;
}

export class ReferenceError extends Error {
  override readonly name = 'ReferenceError';
}

/** Throws ReferenceError with distribution's text. */
export function parseReference(_text: string): Reference {
  throw new Error('not written yet');
}
