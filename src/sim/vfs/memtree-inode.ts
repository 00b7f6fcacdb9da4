import { BytesContent, type Content, Errno, emptyContent, type Timespec, utf8 } from '../../spec/index.ts';
import { BLOCK, blocksOfData, CHUNK, ChunkTable, type FileData } from './file-data.ts';
import {
  type DirectoryEntry,
  type Inode,
  type Owner,
  type RenameFlags,
  S_IFCHR,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  type SetAttr,
  type Stat,
} from './inode.ts';
import type { MemTree } from './memtree.ts';
import { renameMemInode } from './memtree-rename.ts';

/** ext4's limit; tmpfs has none. Directories do not count (dir_nlink). */
const EXT4_LINK_MAX = 65000;

/** What of an inode can change. */
export interface InodeState {
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  atime: Timespec;
  mtime: Timespec;
  ctime: Timespec;
  data: FileData;
  entries: Map<string, MemInode> | undefined;
  xattrs: ReadonlyMap<string, Uint8Array> | undefined;
  parent: MemInode | undefined;
  nameBytes: number;
}

export class MemInode implements Inode {
  /** Chunks of memory that writes to this file have taken. */
  private held = 0;
  nlink: number;
  rdev = 0;
  atime: Timespec;
  mtime: Timespec;
  ctime: Timespec;
  /** A regular file's. */
  data: FileData = emptyContent;
  private ownEntries: Map<string, MemInode> | undefined;
  /** Makes the entries when something first asks for them: of a tree that was made from another, or from data. */
  pendingEntries: (() => Map<string, MemInode>) | undefined;
  /** A directory's. */
  parent: MemInode | undefined;
  /** A directory's: what its entries take on ext4. */
  nameBytes = 36;
  /** A symlink's. */
  target = '';
  /** Replaced, never changed. */
  xattrs: ReadonlyMap<string, Uint8Array> | undefined;
  /** Of a directory: another number after each change of its entries. */
  version = 0;
  private age: number;

  constructor(
    readonly fs: MemTree,
    readonly ino: number,
    public mode: number,
    public uid: number,
    public gid: number,
    now: Timespec,
  ) {
    this.age = fs.timeline.age;
    this.atime = this.mtime = this.ctime = now;
    const directory = (mode & S_IFMT) === S_IFDIR;
    this.nlink = directory ? 2 : 1;
    this.entries = directory ? new Map() : undefined;
  }

  get isDirectory(): boolean {
    return (this.mode & S_IFMT) === S_IFDIR;
  }

  /** A directory's. */
  get entries(): Map<string, MemInode> | undefined {
    if (this.pendingEntries) this.entries = this.pendingEntries();
    return this.ownEntries;
  }

  set entries(entries: Map<string, MemInode> | undefined) {
    this.pendingEntries = undefined;
    this.ownEntries = entries;
  }

  // ---- attributes

  getattr(): Stat {
    return {
      dev: this.fs.dev,
      ino: this.ino,
      mode: this.mode,
      nlink: this.nlink,
      uid: this.uid,
      gid: this.gid,
      rdev: this.rdev,
      size: this.size(),
      blksize: BLOCK,
      blocks: this.blocks() * (BLOCK / 512),
      atime: this.atime,
      mtime: this.mtime,
      ctime: this.ctime,
    };
  }

  setattr(attr: SetAttr): void {
    const now = this.fs.clock.now();
    if (attr.size !== undefined) this.resize(attr.size);
    this.touch();
    if (attr.size !== undefined) this.mtime = now;
    if (attr.mode !== undefined) this.mode = (this.mode & S_IFMT) | (attr.mode & 0o7777);
    if (attr.uid !== undefined) this.uid = attr.uid;
    if (attr.gid !== undefined) this.gid = attr.gid;
    if (attr.atime) this.atime = attr.atime;
    if (attr.mtime) this.mtime = attr.mtime;
    this.ctime = now;
  }

  getxattr(name: string): Uint8Array | undefined {
    return this.xattrs?.get(name);
  }

  setxattr(name: string, value: Uint8Array): void {
    this.touch();
    this.xattrs = new Map(this.xattrs).set(name, value.slice());
    this.ctime = this.fs.clock.now();
  }

  removexattr(name: string): void {
    if (!this.xattrs?.has(name)) throw new Errno('ENODATA');
    this.touch();
    const left = new Map(this.xattrs);
    left.delete(name);
    this.xattrs = left.size ? left : undefined;
    this.ctime = this.fs.clock.now();
  }

  listxattr(): string[] {
    return this.xattrs ? [...this.xattrs.keys()] : [];
  }

  // ---- directories

  lookup(name: string): MemInode {
    const entries = this.entries;
    if (!entries) throw new Errno('ENOTDIR');
    const found = entries.get(name);
    if (!found) throw new Errno('ENOENT');
    return found;
  }

  /** The entry or undefined: what a union asks of its layers, where most names are absent. */
  peek(name: string): MemInode | undefined {
    return this.entries?.get(name);
  }

  readdir(): DirectoryEntry[] {
    const out: DirectoryEntry[] = [];
    for (const [name, inode] of this.directory()) out.push({ name, ino: inode.ino, type: inode.mode & S_IFMT });
    return out;
  }

  create(name: string, mode: number, owner: Owner): MemInode {
    return this.add(name, S_IFREG | (mode & 0o7777), owner);
  }

  mkdir(name: string, mode: number, owner: Owner): MemInode {
    const made = this.add(name, S_IFDIR | (mode & 0o7777), owner);
    made.parent = this;
    this.nlink++;
    return made;
  }

  symlink(name: string, target: string, owner: Owner): MemInode {
    const made = this.add(name, S_IFLNK | 0o777, owner);
    made.target = target;
    return made;
  }

  mknod(name: string, mode: number, rdev: number, owner: Owner): MemInode {
    const made = this.add(name, mode & S_IFMT ? mode : mode | S_IFREG, owner);
    made.rdev = rdev;
    return made;
  }

  link(name: string, target: Inode): void {
    if (!(target instanceof MemInode) || target.fs !== this.fs) throw new Errno('EXDEV');
    if (target.isDirectory) throw new Errno('EPERM');
    if (target.nlink === 0) throw new Errno('ENOENT');
    if (this.fs.type === 'ext4' && target.nlink >= EXT4_LINK_MAX) throw new Errno('EMLINK');
    this.refuseExisting(name);
    this.insert(name, target);
    target.touch();
    target.nlink++;
    target.ctime = this.ctime;
  }

  unlink(name: string): void {
    const victim = this.lookup(name);
    if (victim.isDirectory) throw new Errno('EISDIR');
    this.withdraw(name);
    victim.dropLink(this.ctime);
  }

  rmdir(name: string): void {
    const victim = this.lookup(name);
    if (!victim.entries) throw new Errno('ENOTDIR');
    if (victim.entries.size) throw new Errno('ENOTEMPTY');
    this.withdraw(name);
    victim.dropDirectory(this.ctime);
    this.nlink--;
  }

  rename(name: string, toDirectory: Inode, toName: string, flags: RenameFlags = {}): void {
    if (!(toDirectory instanceof MemInode) || toDirectory.fs !== this.fs) throw new Errno('EXDEV');
    renameMemInode(this, name, toDirectory, toName, flags);
  }

  // ---- steps of directory operations (also rename's)

  /** Enters `inode` under `name`, over whatever was there; times of the directory. */
  insert(name: string, inode: MemInode): void {
    this.touch();
    const entries = this.directory();
    if (!entries.has(name)) this.nameBytes += entryBytes(name);
    entries.set(name, inode);
    this.changed();
  }

  withdraw(name: string): void {
    this.touch();
    if (this.directory().delete(name)) this.nameBytes -= entryBytes(name);
    this.changed();
  }

  dropLink(now: Timespec): void {
    this.touch();
    this.ctime = now;
    if (--this.nlink > 0) return;
    // Differs from Linux: the space of a file that is still open is free at once.
    this.fs.charge(-this.blocks());
    this.letGo();
    this.fs.usedInodes--;
  }

  dropDirectory(now: Timespec): void {
    this.touch();
    this.nlink = 0;
    this.parent = undefined;
    this.ctime = now;
    this.fs.usedInodes--;
  }

  /** A whiteout as RENAME_WHITEOUT leaves it: a new inode of its own. */
  leaveWhiteout(name: string): void {
    this.insert(name, this.fs.allocate(S_IFCHR, { uid: 0, gid: 0 }));
  }

  private add(name: string, mode: number, owner: Owner): MemInode {
    this.refuseExisting(name);
    const made = this.fs.allocate(mode, owner);
    this.insert(name, made);
    return made;
  }

  private refuseExisting(name: string): void {
    if (this.nlink === 0) throw new Errno('ENOENT');
    if (this.directory().has(name)) throw new Errno('EEXIST');
  }

  private directory(): Map<string, MemInode> {
    if (!this.entries) throw new Errno('ENOTDIR');
    return this.entries;
  }

  private changed(): void {
    this.version = this.fs.newVersion();
    this.mtime = this.ctime = this.fs.clock.now();
  }

  // ---- files and symlinks

  readlink(): string {
    if ((this.mode & S_IFMT) !== S_IFLNK) throw new Errno('EINVAL');
    return this.target;
  }

  read(offset: number, length: number): Uint8Array {
    this.regular();
    return this.data.read(offset, length);
  }

  write(offset: number, bytes: Uint8Array): number {
    this.regular();
    if (bytes.length === 0) return 0;
    this.touch();
    if (offset === 0 && bytes.length >= this.data.size && bytes.length <= CHUNK) {
      this.replaceData(new BytesContent(bytes.slice()));
    } else {
      const table = this.data instanceof ChunkTable ? this.data : new ChunkTable(this.data);
      this.fs.checkHeld(table.heldByWrite(offset, bytes.length));
      this.charge(table.blocksAfterWrite(offset, bytes.length) - blocksOfData(this.data));
      this.hold(table.write(offset, bytes));
      this.data = table;
    }
    this.mtime = this.ctime = this.fs.clock.now();
    return bytes.length;
  }

  content(): Content {
    this.regular();
    if (this.data instanceof ChunkTable) this.data = this.data.freeze();
    return this.data;
  }

  setContent(content: Content): void {
    this.regular();
    this.touch();
    this.replaceData(content);
    this.mtime = this.ctime = this.fs.clock.now();
  }

  open(_write: boolean): Inode {
    return this;
  }

  private resize(size: number): void {
    if (this.isDirectory) throw new Errno('EISDIR');
    this.regular();
    this.touch();
    if (size === this.data.size) return;
    if (size === 0) {
      this.replaceData(emptyContent);
      return;
    }
    const before = blocksOfData(this.data);
    const table = this.data instanceof ChunkTable ? this.data : new ChunkTable(this.data);
    table.truncate(size);
    this.data = table;
    this.charge(table.blocks - before);
  }

  private replaceData(content: Content): void {
    this.charge(blocksOfData(content) - blocksOfData(this.data));
    this.letGo();
    this.data = content;
  }

  private letGo(): void {
    this.hold(-this.held);
  }

  private hold(chunks: number): void {
    this.held += chunks;
    this.fs.held += chunks;
  }

  private charge(blocks: number): void {
    if (this.nlink > 0 && blocks !== 0) this.fs.charge(blocks);
  }

  private regular(): void {
    if (this.isDirectory) throw new Errno('EISDIR');
    if ((this.mode & S_IFMT) !== S_IFREG) throw new Errno('EINVAL');
  }

  // ---- snapshots

  /** Must come before every change. */
  touch(): void {
    if (this.age === this.fs.timeline.age) return;
    this.age = this.fs.timeline.age;
    this.fs.timeline.save(this);
  }

  /** The state, safe from later changes of the live inode. */
  capture(): InodeState {
    if (this.data instanceof ChunkTable) this.data = this.data.freeze();
    return { ...this.release(), entries: this.entries && new Map(this.entries) };
  }

  /** The state, taken from a live inode that is about to be assigned another. */
  release(): InodeState {
    const { mode, nlink, uid, gid, atime, mtime, ctime, data, entries, xattrs, parent, nameBytes } = this;
    return { mode, nlink, uid, gid, atime, mtime, ctime, data, entries, xattrs, parent, nameBytes };
  }

  /** It stands for what was before the newest snapshot: its first change is saved there. */
  markOld(): void {
    this.age = -1;
  }

  assign(state: InodeState): void {
    Object.assign(this, state);
    this.version = this.fs.newVersion();
  }

  private size(): number {
    if (this.isDirectory) return this.directorySize();
    if ((this.mode & S_IFMT) === S_IFLNK) return utf8(this.target).length;
    return this.data.size;
  }

  private blocks(): number {
    if (this.isDirectory) return this.fs.type === 'ext4' ? this.directorySize() / BLOCK : 0;
    return blocksOfData(this.data);
  }

  /** tmpfs counts 20 bytes an entry, . and .. included; ext4 whole blocks of (8 + name, rounded to 4). */
  private directorySize(): number {
    if (this.fs.type !== 'ext4') return ((this.entries?.size ?? 0) + 2) * 20;
    return Math.ceil(this.nameBytes / BLOCK) * BLOCK;
  }
}

/** ext4's directory entry: 8 bytes and the name, rounded up to 4. */
const entryBytes = (name: string): number => 8 + ((name.length + 3) & ~3);
