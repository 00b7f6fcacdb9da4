import type { Tree } from '../port/index.ts';

/** Bytes of the files and links below a directory, hard links counted once. */
export function treeUsage(tree: Tree, path: string, seen = new Set<string>()): number {
  if (!tree.lstat(path)) return 0;
  let total = 0;
  for (const name of tree.readdir(path)) {
    const child = path ? `${path}/${name}` : name;
    const stat = tree.lstat(child)!;
    const inode = `${stat.dev}:${stat.ino}`;
    if (stat.type === 'directory') total += treeUsage(tree, child, seen);
    else if ((stat.type === 'file' || stat.type === 'symlink') && !seen.has(inode)) total += stat.size;
    seen.add(inode);
  }
  return total;
}
