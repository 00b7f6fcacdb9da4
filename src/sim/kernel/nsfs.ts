/** Files of namespaces (/proc/PID/ns/KIND), as setns, nsenter and bind mounts use them. */
import { Errno } from '../../spec/index.ts';
import { type Inode, S_IFREG, type Stat } from '../vfs/inode.ts';
import type { AnyNamespace } from './namespaces.ts';
import { OpenFile, type StatusFlags } from './open-file.ts';
import { SyntheticFilesystem, SyntheticInode } from './synthetic-inode.ts';
import type { Task } from './task.ts';

export class NsFs extends SyntheticFilesystem {
  readonly type = 'nsfs';
  protected readonly magic = 0x6e736673;
  readonly root: Inode = new SyntheticInodeOfNothing(this);
  private readonly inodes = new WeakMap<AnyNamespace, NamespaceInode>();

  inodeOf(namespace: AnyNamespace): NamespaceInode {
    const known = this.inodes.get(namespace);
    if (known) return known;
    const inode = new NamespaceInode(this, namespace);
    this.inodes.set(namespace, inode);
    return inode;
  }
}

class SyntheticInodeOfNothing extends SyntheticInode {
  constructor(fs: SyntheticFilesystem) {
    super(fs, S_IFREG | 0o444);
  }
}

export class NamespaceInode extends SyntheticInode {
  constructor(
    fs: NsFs,
    readonly namespace: AnyNamespace,
  ) {
    super(fs, S_IFREG | 0o444, namespace.ino);
  }
  openFile(_task: Task, flags: StatusFlags, _opened: unknown, path: string): OpenFile {
    return new NamespaceFile(this, flags, path);
  }
}

export class NamespaceFile extends OpenFile {
  readonly namespace: AnyNamespace;
  constructor(
    private readonly node: NamespaceInode,
    flags: StatusFlags,
    path: string,
  ) {
    super(path, flags);
    this.namespace = node.namespace;
  }
  read(): never {
    throw new Errno('EINVAL');
  }
  write(): never {
    throw new Errno('EINVAL');
  }
  stat(): Stat {
    return this.node.getattr();
  }
  override inode(): Inode {
    return this.node;
  }
}
