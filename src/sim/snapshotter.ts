/** Port Snapshotter over the simulated host's files. */
import { OverlaySnapshotter, type OverlaySnapshotterOptions } from '../layer/index.ts';
import type { Usage } from '../port/index.ts';
import { paced, type Steps } from '../spec/index.ts';
import { type PathContext, S_IFDIR, S_IFMT, VfsTree } from './vfs/index.ts';

export interface SnapshotterOptions extends Omit<OverlaySnapshotterOptions, 'host'> {
  /** The host's files as root sees them. */
  host: PathContext;
}

export class MemorySnapshotter extends OverlaySnapshotter {
  private readonly files: PathContext;

  constructor(options: SnapshotterOptions) {
    super({ ...options, host: new VfsTree(options.host.root.inode) });
    this.files = options.host;
  }

  /** By inode: the same as by path, without walking each one. */
  override async usage(key: string): Promise<Usage> {
    const top = this.files.resolve(await this.upperDir(key)).inode;
    const seen = new Set<number>();
    let size = 0;
    function* visit(directory: typeof top): Steps<void> {
      for (const { name } of directory.readdir()) {
        yield;
        const inode = directory.lookup(name);
        const stat = inode.getattr();
        if (seen.has(stat.ino)) continue;
        seen.add(stat.ino);
        if ((stat.mode & S_IFMT) === S_IFDIR) yield* visit(inode);
        else size += stat.size;
      }
    }
    await paced(visit(top), this.options.pause);
    return { inodes: seen.size + 1, size };
  }
}
