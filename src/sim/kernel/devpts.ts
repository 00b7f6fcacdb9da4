/** devpts: one instance of terminals; every mount of a container has its own. */
import type { Timespec } from '../../spec/index.ts';
import { type Inode, S_IFCHR, type SetAttr, type Stat } from '../vfs/inode.ts';
import { type NamedInode, SyntheticDirectory, SyntheticFilesystem, SyntheticInode } from './synthetic-inode.ts';
import { Tty } from './tty.ts';

export class DevPts extends SyntheticFilesystem {
  readonly type = 'devpts';
  protected readonly magic = 0x1cd1;
  readonly root: Inode;
  private readonly terminals = new Map<number, { tty: Tty; inode: PtsInode }>();

  constructor(
    dev: number,
    private readonly now: () => Timespec,
    private readonly mountOptions = 'gid=5,mode=620,ptmxmode=666',
  ) {
    super(dev, now());
    const ptmx = new PtmxInode(this);
    this.root = new PtsDirectory(this, this.terminals, ptmx);
  }

  allocate(): Tty {
    let index = 0;
    while (this.terminals.has(index)) index++;
    const tty = new Tty(index);
    const time = this.now();
    tty.stat = { ...tty.stat, dev: this.dev, atime: time, mtime: time, ctime: time };
    this.terminals.set(index, { tty, inode: new PtsInode(this, tty) });
    return tty;
  }

  free(tty: Tty): void {
    this.terminals.delete(tty.index);
  }

  terminal(index: number): Tty | undefined {
    return this.terminals.get(index)?.tty;
  }

  override options(): string {
    return this.mountOptions;
  }
}

class PtsDirectory extends SyntheticDirectory {
  constructor(
    fs: DevPts,
    private readonly terminals: ReadonlyMap<number, { inode: PtsInode }>,
    private readonly ptmx: PtmxInode,
  ) {
    super(fs, 0o755);
  }
  protected find(name: string): Inode | undefined {
    return name === 'ptmx' ? this.ptmx : this.terminals.get(Number(name))?.inode;
  }
  protected list(): NamedInode[] {
    const terminals = [...this.terminals].map(([index, { inode }]) => ({ name: String(index), inode }));
    return [...terminals, { name: 'ptmx', inode: this.ptmx }];
  }
}

class PtsInode extends SyntheticInode {
  constructor(
    fs: DevPts,
    private readonly tty: Tty,
  ) {
    super(fs, S_IFCHR | 0o620, tty.index + 3);
  }
  override getattr(): Stat {
    return { ...this.tty.stat, ino: this.ino };
  }
  override setattr({ mode, uid, gid }: SetAttr): void {
    const { stat } = this.tty;
    this.tty.stat = {
      ...stat,
      mode: mode === undefined ? stat.mode : S_IFCHR | mode,
      uid: uid ?? stat.uid,
      gid: gid ?? stat.gid,
    };
  }
}

class PtmxInode extends SyntheticInode {
  constructor(fs: DevPts) {
    super(fs, S_IFCHR | 0o666, 2);
  }
  override getattr(): Stat {
    return { ...super.getattr(), rdev: 5 * 256 + 2 };
  }
}
