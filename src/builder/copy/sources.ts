import type { Steps } from '../../spec/index.ts';
import { matchPath } from '../../spec/index.ts';
import { BuildError } from '../backend.ts';
import { relative } from '../paths.ts';
import { hashing } from './copy-hash.ts';
import { type SourceTree, walk } from './source-tree.ts';

/** One thing to copy. */
export interface CopySource {
  tree: SourceTree;
  /** As the instruction names it, relative to the tree. */
  path: string;
  /** `file:…` or `dir:…` */
  hash: string;
  /** Never unpacked (came from a URL). */
  plain?: boolean;
}

export const hasWildcards = (path: string): boolean => /[*?[]/.test(path.replace(/\\./g, ''));

/**
 * What the words of a COPY name. `fromContext`: the errors speak of the context. Throws {@link BuildError} without
 * the "COPY failed: " in front.
 */
export function* findSources(tree: SourceTree, words: readonly string[], fromContext: boolean): Steps<CopySource[]> {
  const found: CopySource[] = [];
  for (const word of words) {
    if (escapes(word)) throw new BuildError(`forbidden path outside the build context: ${word} ()`);
    const path = relative(word);
    const names = hasWildcards(word) ? [...walk(tree, '')].filter((name) => matches(path, name)) : [path];
    for (const name of names) found.push(yield* sourceAt(tree, name, fromContext));
  }
  return found;
}

/** A pattern that is none names nothing. */
function matches(pattern: string, name: string): boolean {
  try {
    return matchPath(pattern, name);
  } catch {
    return false;
  }
}

/** Whether `..` leads out at the start of the path. */
const escapes = (word: string): boolean => {
  let depth = 0;
  for (const part of word.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return !word.startsWith('/');
  }
  return false;
};

function* sourceAt(tree: SourceTree, path: string, fromContext: boolean): Steps<CopySource> {
  if (!tree.lstat(tree.resolve(path, true))) {
    const where = fromContext ? 'file not found in build context or excluded by .dockerignore: ' : '';
    throw new BuildError(`${where}stat ${path}: file does not exist`);
  }
  return { tree, path, hash: yield* hashing(tree, path) };
}
