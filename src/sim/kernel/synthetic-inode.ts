/** Base of inodes whose state lives elsewhere in the kernel: proc, sysfs, cgroup2, devpts, nsfs. */
import { BytesContent, type Content, Errno, type Timespec } from '../../spec/index.ts';
import {
  type DirectoryEntry,
  type Filesystem,
  type Inode,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  type SetAttr,
  type Stat,
  type StatFs,
} from '../vfs/inode.ts';

export abstract class SyntheticFilesystem implements Filesystem {
  abstract readonly type: string;
  abstract readonly root: Inode;
  /** As statfs(2) gives it. */
  protected abstract readonly magic: number;
  private lastIno = 1;

  constructor(
    readonly dev: number,
    readonly bootTime: Timespec,
  ) {}

  newIno(): number {
    return this.lastIno++;
  }
  statfs(): StatFs {
    return { type: this.magic, blockSize: 4096, blocks: 0, free: 0, files: 0, filesFree: 0 };
  }
  options(): string {
    return '';
  }
}

export abstract class SyntheticInode implements Inode {
  readonly ino: number;
  uid = 0;
  gid = 0;
  protected nlink = 1;
  /** Whose it is, where that changes: files of a process are its user's. */
  owner: (() => { uid: number; gid: number }) | undefined;

  constructor(
    readonly fs: SyntheticFilesystem,
    protected mode: number,
    ino?: number,
  ) {
    this.ino = ino ?? fs.newIno();
  }

  getattr(): Stat {
    const time = this.fs.bootTime;
    const { dev } = this.fs;
    const { ino, mode, nlink } = this;
    const { uid, gid } = this.owner?.() ?? this;
    const size = this.size();
    return {
      dev,
      ino,
      mode,
      nlink,
      uid,
      gid,
      rdev: 0,
      size,
      blksize: 4096,
      blocks: 0,
      atime: time,
      mtime: time,
      ctime: time,
    };
  }
  protected size(): number {
    return 0;
  }
  setattr(attr: SetAttr): void {
    if (attr.mode !== undefined) this.mode = (this.mode & S_IFMT) | attr.mode;
    if (attr.uid !== undefined) this.uid = attr.uid;
    if (attr.gid !== undefined) this.gid = attr.gid;
  }
  lookup(_name: string): Inode {
    throw new Errno('ENOTDIR');
  }
  create(_name: string): Inode {
    throw this.refusal();
  }
  mkdir(_name: string): Inode {
    throw this.refusal();
  }
  symlink(): Inode {
    throw this.refusal();
  }
  mknod(): Inode {
    throw this.refusal();
  }
  link(): void {
    throw this.refusal();
  }
  unlink(_name: string): void {
    throw this.refusal();
  }
  rmdir(_name: string): void {
    throw this.refusal();
  }
  rename(): void {
    throw this.refusal();
  }
  private refusal(): Errno {
    return new Errno((this.mode & S_IFMT) === S_IFDIR ? 'EPERM' : 'ENOTDIR');
  }
  readdir(): DirectoryEntry[] {
    throw new Errno('ENOTDIR');
  }
  readlink(): string {
    throw new Errno('EINVAL');
  }
  read(offset: number, length: number): Uint8Array {
    return this.content().read(offset, length);
  }
  write(_offset: number, _bytes: Uint8Array): number {
    throw new Errno('EACCES');
  }
  content(): Content {
    return new BytesContent(new Uint8Array(0));
  }
  setContent(): void {
    throw new Errno('EACCES');
  }
  getxattr(): undefined {
    return undefined;
  }
  setxattr(): void {
    throw new Errno('EOPNOTSUPP');
  }
  removexattr(): void {
    throw new Errno('EOPNOTSUPP');
  }
  listxattr(): string[] {
    return [];
  }
  open(_write: boolean): Inode {
    return this;
  }
}

export interface NamedInode {
  name: string;
  inode: Inode;
}

/** A directory whose entries are looked up anew each time. */
export abstract class SyntheticDirectory extends SyntheticInode {
  protected override nlink = 2;

  constructor(fs: SyntheticFilesystem, mode = 0o555, ino?: number) {
    super(fs, S_IFDIR | mode, ino);
  }
  protected abstract find(name: string): Inode | undefined;
  protected abstract list(): NamedInode[];

  override lookup(name: string): Inode {
    const found = this.find(name);
    if (!found) throw new Errno('ENOENT');
    return found;
  }
  override readdir(): DirectoryEntry[] {
    return this.list().map(({ name, inode }) => ({ name, ino: inode.ino, type: inode.getattr().mode & S_IFMT }));
  }
}

/** A directory of fixed entries, each made when first looked at and then the same object. */
export class FixedDirectory extends SyntheticDirectory {
  private readonly made = new Map<string, Inode>();

  constructor(
    fs: SyntheticFilesystem,
    private readonly entries: ReadonlyMap<string, () => Inode>,
    mode = 0o555,
  ) {
    super(fs, mode);
  }
  protected find(name: string): Inode | undefined {
    const known = this.made.get(name);
    if (known) return known;
    const inode = this.entries.get(name)?.();
    if (!inode) return undefined;
    if (inode instanceof SyntheticInode) inode.owner ??= this.owner;
    this.made.set(name, inode);
    return inode;
  }
  protected list(): NamedInode[] {
    return [...this.entries.keys()].map((name) => ({ name, inode: this.find(name)! }));
  }
}

export class SyntheticLink extends SyntheticInode {
  constructor(
    fs: SyntheticFilesystem,
    private readonly target: () => string,
  ) {
    super(fs, S_IFLNK | 0o777);
  }
  override readlink(): string {
    return this.target();
  }
}
