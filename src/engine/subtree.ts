import type { Tree } from '../port/index.ts';

/** A directory of a tree as a tree of its own, for reading; `only` narrows the top to one name. */
export function subtree(tree: Tree, root: string, only?: string): Tree {
  const at = (path: string): string => (path === '' ? root : root === '' ? path : `${root}/${path}`);
  return Object.assign(Object.create(tree) as Tree, {
    lstat: (path: string) => tree.lstat(at(path)),
    readdir: (path: string) => (path === '' && only !== undefined ? [only] : tree.readdir(at(path))),
    readlink: (path: string) => tree.readlink(at(path)),
    content: (path: string) => tree.content(at(path)),
    xattrs: (path: string) => tree.xattrs(at(path)),
  });
}
