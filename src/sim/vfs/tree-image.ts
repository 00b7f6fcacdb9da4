/** A tree as plain data, for keeping it (IndexedDB, a file) and for making one from data. */
import type { Content, Timespec } from '../../spec/index.ts';
import { type Inode, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from './inode.ts';

export interface TreeImageNode {
  mode: number;
  uid: number;
  gid: number;
  atime: Timespec;
  mtime: Timespec;
  rdev?: number;
  target?: string;
  /** By reference: writing it out, or naming it by digest, is whoever keeps the image. */
  content?: Content;
  xattrs?: [string, Uint8Array][];
  /** Name and index into `nodes`. */
  entries?: [string, number][];
}

/** Node 0 is the root. A file with several names is one node. */
export interface TreeImage {
  nodes: TreeImageNode[];
}

export function saveTree(root: Inode): TreeImage {
  const nodes: TreeImageNode[] = [];
  const indices = new Map<Inode, number>();
  const add = (inode: Inode): number => {
    const known = indices.get(inode);
    if (known !== undefined) return known;
    const index = nodes.length;
    indices.set(inode, index);
    const node = describe(inode);
    nodes.push(node);
    if ((node.mode & S_IFMT) === S_IFDIR) {
      node.entries = inode.readdir().map(({ name }) => [name, add(inode.lookup(name))]);
    }
    return index;
  };
  add(root);
  return { nodes };
}

function describe(inode: Inode): TreeImageNode {
  const { mode, uid, gid, atime, mtime, rdev } = inode.getattr();
  const node: TreeImageNode = { mode, uid, gid, atime, mtime };
  if (rdev) node.rdev = rdev;
  const xattrs = inode.listxattr().map((name): [string, Uint8Array] => [name, inode.getxattr(name)!]);
  if (xattrs.length) node.xattrs = xattrs;
  if ((mode & S_IFMT) === S_IFLNK) node.target = inode.readlink();
  if ((mode & S_IFMT) === S_IFREG) node.content = inode.content();
  return node;
}

/** Fills an empty directory with what the image's root holds; the root's own attributes too. */
export function loadTree(into: Inode, image: TreeImage): void {
  const made = new Map<number, Inode>();
  const fill = (directory: Inode, node: TreeImageNode): void => {
    for (const [name, index] of node.entries ?? []) {
      const known = made.get(index);
      if (known) {
        directory.link(name, known);
        continue;
      }
      const child = image.nodes[index]!;
      const inode = make(directory, name, child);
      made.set(index, inode);
      if (child.entries) fill(inode, child);
      inode.setattr({ atime: child.atime, mtime: child.mtime });
    }
  };
  const root = image.nodes[0]!;
  fill(into, root);
  into.setattr({ mode: root.mode & 0o7777, uid: root.uid, gid: root.gid, atime: root.atime, mtime: root.mtime });
}

function make(directory: Inode, name: string, node: TreeImageNode): Inode {
  const type = node.mode & S_IFMT;
  const bits = node.mode & 0o7777;
  let inode: Inode;
  if (type === S_IFDIR) inode = directory.mkdir(name, bits, node);
  else if (type === S_IFLNK) inode = directory.symlink(name, node.target ?? '', node);
  else if (type === S_IFREG) inode = directory.create(name, bits, node);
  else inode = directory.mknod(name, node.mode, node.rdev ?? 0, node);
  if (node.content) inode.setContent(node.content);
  for (const [key, value] of node.xattrs ?? []) inode.setxattr(key, value);
  return inode;
}
