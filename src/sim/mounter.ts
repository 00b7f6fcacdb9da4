/** Port Mounter over the simulated host's files. */
import type { Mounter, Tree } from '../port/index.ts';
import { Errno, type Mount } from '../spec/index.ts';
import type { Tracer } from '../trace/index.ts';
import {
  defaultFlags,
  type Inode,
  MountedFilesystem,
  OverlayFs,
  overlayFromOptions,
  type PathContext,
  VfsTree,
} from './vfs/index.ts';

export interface MounterOptions {
  /** The host's files as root sees them. */
  host: PathContext;
  tracer: Tracer;
  /** st_dev for a filesystem that is mounted for a while. */
  allocateDev(): number;
}

export class MemoryMounter implements Mounter {
  /** By upper directory: whoever opens the same writable mounts again sees the same files. */
  private readonly overlays = new WeakMap<Inode, OverlayFs>();

  constructor(private readonly options: MounterOptions) {}

  async withTree<T>(mounts: Mount[], use: (tree: Tree) => T | Promise<T>): Promise<T> {
    // Like mount(8) one after the other at '/': the last one covers the others.
    const mount = mounts.at(-1);
    if (!mount) throw new Errno('EINVAL');
    return use(new VfsTree(this.rootOf(mount)));
  }

  async mount(mounts: Mount[], path: string): Promise<void> {
    const { host } = this.options;
    for (const mount of mounts) {
      const readonly = mount.options.includes('ro');
      const mounted = new MountedFilesystem(this.rootOf(mount), mount.source, { ...defaultFlags, readonly });
      host.namespace.attach(mounted, host.resolve(path));
    }
  }

  async unmount(path: string): Promise<void> {
    const { host } = this.options;
    const at = host.resolve(path);
    if (at.inode !== at.mount.root) throw new Errno('EINVAL', path);
    host.namespace.umount(at.mount, true);
  }

  directory(path: string): Tree {
    return new VfsTree(this.options.host.resolve(path).inode);
  }

  private rootOf(mount: Mount): Inode {
    if (mount.type === 'bind') return this.options.host.resolve(mount.source).inode;
    if (mount.type !== 'overlay') throw new Errno('ENODEV', mount.type);
    return this.overlayOf(mount).root;
  }

  private overlayOf(mount: Mount): OverlayFs {
    const { host } = this.options;
    const upperPath = mount.options.find((option) => option.startsWith('upperdir='))?.slice('upperdir='.length);
    const upper = upperPath === undefined ? undefined : host.resolve(upperPath).inode;
    const known = upper && (this.mounted(upper) ?? this.overlays.get(upper));
    if (known) return known;
    const made = overlayFromOptions(host, mount.options, {
      dev: this.options.allocateDev(),
      tracer: this.options.tracer,
    });
    if (upper) this.overlays.set(upper, made);
    return made;
  }

  /** A mount of the host's that has this upper directory: a running container's. */
  private mounted(upper: Inode): OverlayFs | undefined {
    for (const { fs } of this.options.host.namespace.mounts) {
      if (fs instanceof OverlayFs && fs.upperRoot === upper) return fs;
    }
    return undefined;
  }
}
