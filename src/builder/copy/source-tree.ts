import type { TarEntry } from '../../archive/index.ts';
import type { Tree } from '../../port/index.ts';

/** What COPY reads from: the context, or a look at a stage or image. Paths as {@link Tree}'s: relative, '' the root. */
export type SourceTree = Pick<Tree, 'lstat' | 'readdir' | 'readlink' | 'content' | 'resolve'> & {
  /** The tar entry behind a path, where there is one. */
  tarEntry?(path: string): TarEntry | undefined;
};

/** `directory` itself (when it is given as '' only its content) and all below it, parents first, sorted bytewise. */
export function* walk(tree: Pick<Tree, 'lstat' | 'readdir'>, directory: string): Generator<string> {
  for (const name of tree.readdir(directory)) {
    const path = directory ? `${directory}/${name}` : name;
    yield path;
    if (tree.lstat(path)?.type === 'directory') yield* walk(tree, path);
  }
}
