import type { Tree, TreeStat } from '../port/index.ts';

/** Copies a directory's content into another that exists, with owners, modes, times and xattrs; hard links stay links. */
export function copyTree(from: Tree, source: string, to: Tree, target: string): void {
  const linked = new Map<string, string>();
  copyChildren(from, source, to, target, linked);
  copyAttributes(from, source, to, target, from.lstat(source)!);
}

function copyChildren(from: Tree, source: string, to: Tree, target: string, linked: Map<string, string>): void {
  for (const name of from.readdir(source)) {
    const [a, b] = [source ? `${source}/${name}` : name, target ? `${target}/${name}` : name];
    const stat = from.lstat(a)!;
    const inode = `${stat.dev}:${stat.ino}`;
    const first = linked.get(inode);
    if (first !== undefined) {
      to.link(b, first);
      continue;
    }
    if (stat.nlink > 1 && stat.type !== 'directory') linked.set(inode, b);
    copyEntry(from, a, to, b, stat);
    if (stat.type === 'directory') copyChildren(from, a, to, b, linked);
    copyAttributes(from, a, to, b, stat);
  }
}

function copyEntry(from: Tree, a: string, to: Tree, b: string, stat: TreeStat): void {
  if (stat.type === 'file') to.writeFile(b, from.content(a));
  else if (stat.type === 'directory') to.mkdir(b, stat.mode);
  else if (stat.type === 'symlink') to.symlink(b, from.readlink(a));
  else to.mknod(b, stat.type, stat.rdev);
}

function copyAttributes(from: Tree, a: string, to: Tree, b: string, stat: TreeStat): void {
  to.chown(b, stat.uid, stat.gid);
  if (stat.type !== 'symlink') to.chmod(b, stat.mode);
  for (const [name, value] of from.xattrs(a)) if (!name.startsWith('trusted.overlay.')) to.setxattr(b, name, value);
  to.utimes(b, stat.mtime);
}
