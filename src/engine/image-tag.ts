import {
  familiarReference,
  formatReference,
  parseReference,
  type Reference,
  ReferenceFormatError,
  withDefaultTag,
} from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { badRequest } from './errors.ts';
import { tagImage } from './image-list.ts';
import { findImage } from './image-lookup.ts';

/** A reference from `repo` and `tag` as the API gives them; 400 with distribution's text. */
export function referenceFrom(repo: string, tag: string): Reference {
  try {
    // Sixty-four hexadecimal digits are a name when a tag follows.
    const parsed = parseReference(tag && !/[:@]/.test(repo) ? `${repo}:${tag}` : repo);
    if (!parsed.digest && familiarReference(parsed).startsWith('sha256:'))
      throw badRequest('refusing to create an ambiguous tag using digest algorithm as name');
    if (parsed.digest) throw badRequest('refusing to create a tag with a digest reference');
    return withDefaultTag(tag ? { ...parsed, tag: parseReference(`x:${tag}`).tag } : parsed);
  } catch (error) {
    if (error instanceof ReferenceFormatError) throw badRequest(error.message);
    throw error;
  }
}

/** POST /images/{name}/tag */
export async function imageTag(daemon: Daemon, name: string, repo: string, tag: string): Promise<void> {
  const image = findImage(daemon, name);
  const reference = referenceFrom(repo, tag);
  tagImage(daemon, image.id, formatReference(reference));
  daemon.imageEvent('tag', image.id, familiarReference(reference));
}
