import { SyntheticContent } from '../spec/index.ts';
import { seedOf } from './file-content.ts';
import type { RootfsTree } from './tree.ts';

/**
 * Brings a layer to the bytes that the real one has: a file that the real one holds too takes up what is missing.
 * Nothing when it weighs as much already.
 */
export function weigh(tree: RootfsTree, bytes: number, path: string): RootfsTree {
  const missing = bytes - tree.size;
  return missing > 0 ? tree.file(path, new SyntheticContent(missing, seedOf(path)), 0o755) : tree;
}
