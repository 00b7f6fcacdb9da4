/**
 * Mounts: a namespace is a tree of mounts, each showing (a part of) a filesystem at a place of its parent.
 *
 *   root mount (ext4) --/proc--> proc        at most one child per place: mounting on a mounted place
 *                     \--/mnt--> tmpfs       mounts on the root of the mount that is there
 *
 * Propagation (mount_namespaces(7)) is in propagation.ts.
 */
import { Errno } from '../../spec/index.ts';
import type { Filesystem, Inode } from './inode.ts';
import { isBelow } from './lineage.ts';
import { type PeerGroup, propagateMount, propagateUmount } from './propagation.ts';

export type Propagation = 'private' | 'shared' | 'slave' | 'unbindable';

/** Per-mount flags, as mount(8) names them. */
export interface MountFlags {
  readonly: boolean;
  nosuid: boolean;
  nodev: boolean;
  noexec: boolean;
  noatime: boolean;
  relatime: boolean;
}

export const defaultFlags: MountFlags = {
  readonly: false,
  nosuid: false,
  nodev: false,
  noexec: false,
  noatime: false,
  relatime: true,
};

/** A file as a process reaches it (Linux: struct path): the same inode on two mounts is two locations. */
export interface Location {
  mount: MountedFilesystem;
  inode: Inode;
  /** The name it was reached by, for anything but a directory (a directory has one parent; see lineage.ts). */
  parent?: Inode;
  name?: string;
}

let lastMountId = 0;

export class MountedFilesystem {
  readonly id = ++lastMountId;
  readonly fs: Filesystem;
  parent: MountedFilesystem | undefined;
  /** Where in the parent mount. */
  mountpoint: Location | undefined;
  namespace: MountNamespace | undefined;
  /** By the inode they cover. */
  readonly children = new Map<Inode, MountedFilesystem>();
  /** Mounts that share what is mounted below them; set when shared. */
  group: PeerGroup | undefined;
  /** The group whose mounts this one receives; set when slave. */
  master: PeerGroup | undefined;
  unbindable = false;

  /** Came along into a mount namespace of less privilege: neither goes away nor shows more (mount_namespaces(7)). */
  locked = false;
  lockedReadonly = false;

  constructor(
    /** What of the filesystem is visible: its root, or the file or directory that was bound. */
    readonly root: Inode,
    /** As in /proc/mounts. */
    readonly source: string,
    public flags: MountFlags = defaultFlags,
  ) {
    this.fs = root.fs;
  }

  get propagation(): Propagation {
    if (this.group) return 'shared';
    if (this.master) return 'slave';
    return this.unbindable ? 'unbindable' : 'private';
  }

  /** The same view, attached nowhere; `root` narrows it. Peers stay peers. */
  copy(root: Inode = this.root): MountedFilesystem {
    const copy = new MountedFilesystem(root, this.source, this.flags);
    copy.group = this.group;
    copy.master = this.master;
    copy.group?.add(copy);
    copy.master?.slaves.add(copy);
    return copy;
  }

  /** This mount and those below it, parents first. */
  *tree(): Generator<MountedFilesystem> {
    yield this;
    for (const child of this.children.values()) yield* child.tree();
  }
}

/** The mount that covers a location, if any; only the directly covering one. */
export function coveringMount(location: Location): MountedFilesystem | undefined {
  const child = location.mount.children.get(location.inode);
  if (!child) return undefined;
  const at = child.mountpoint!;
  // A hard link of a mounted-over file is another place.
  return at.name === undefined || at.name === location.name ? child : undefined;
}

/** Down into whatever is mounted there. */
export function crossMounts(location: Location): Location {
  let child = location.mount.children.size ? coveringMount(location) : undefined;
  if (!child) return location;
  for (let next = child; next; next = next.children.get(next.root)!) child = next;
  return { mount: child, inode: child.root, parent: location.parent, name: location.name };
}

export class MountNamespace {
  /** In the order of /proc/self/mountinfo. */
  readonly mounts: MountedFilesystem[] = [];

  constructor(public root: MountedFilesystem) {
    this.adopt(root);
  }

  /** Shows `mount` (and what hangs below it) at `at`, which should come from a walk (mounts there already crossed). */
  attach(mount: MountedFilesystem, at: Location): void {
    const place = crossMounts(at);
    if (place.mount.namespace !== this) throw new Errno('EINVAL');
    this.place(mount, place);
    propagateMount(mount, place);
  }

  /** A bind mount of `from` (a directory or a file) at `at`; `recursive`: with the mounts below it. */
  bind(from: Location, at: Location, recursive: boolean): MountedFilesystem {
    if (from.mount.unbindable) throw new Errno('EINVAL');
    if (!recursive && [...from.mount.children].some(([place, child]) => child.locked && isBelow(place, from.inode))) {
      throw new Errno('EINVAL');
    }
    const copy = copyTree(from.mount, from.inode, recursive);
    this.attach(copy, at);
    return copy;
  }

  /** EBUSY when something is mounted below, unless `lazy`. Whether files are open on it is the kernel's to say. */
  umount(mount: MountedFilesystem, lazy = false): void {
    if (mount.namespace !== this || mount === this.root || mount.locked) throw new Errno('EINVAL');
    if (mount.children.size && !lazy) throw new Errno('EBUSY');
    const place = mount.mountpoint!;
    this.detach(mount);
    propagateUmount(place);
  }

  /** MS_MOVE. EINVAL when its parent is shared, ELOOP into itself. */
  move(mount: MountedFilesystem, to: Location): void {
    if (!mount.parent || mount.parent.group || mount.locked) throw new Errno('EINVAL');
    for (let at: MountedFilesystem | undefined = to.mount; at; at = at.parent) {
      if (at === mount) throw new Errno('ELOOP');
    }
    const place = crossMounts(to);
    if (place.mount.group && [...mount.tree()].some(({ unbindable }) => unbindable)) throw new Errno('EINVAL');
    mount.parent.children.delete(mount.mountpoint!.inode);
    this.hang(mount, place);
    propagateMount(mount, place);
  }

  /** pivot_root(2): `mount` becomes the root, the old root hangs at `putOld` (inside `mount`). */
  pivot(mount: MountedFilesystem, putOld: Location): void {
    const old = this.root;
    if (mount === old || mount.namespace !== this) throw new Errno('EBUSY');
    mount.parent!.children.delete(mount.mountpoint!.inode);
    mount.parent = mount.mountpoint = undefined;
    this.root = mount;
    this.hang(old, putOld);
  }

  /** CLONE_NEWNS. `translate` finds a location of the old namespace in the new one. */
  clone(): { namespace: MountNamespace; translate: (location: Location) => Location } {
    const twins = new Map<MountedFilesystem, MountedFilesystem>();
    for (const mount of this.root.tree()) twins.set(mount, mount.copy());
    const namespace = new MountNamespace(twins.get(this.root)!);
    for (const [mount, twin] of twins) {
      if (mount !== this.root) namespace.place(twin, { ...mount.mountpoint!, mount: twins.get(mount.parent!)! });
    }
    const translate = (location: Location): Location => ({
      ...location,
      mount: twins.get(location.mount) ?? location.mount,
    });
    return { namespace, translate };
  }

  /** Hangs a new tree in, without propagation. */
  place(mount: MountedFilesystem, at: Location): void {
    this.hang(mount, at);
    this.adopt(mount);
  }

  /** Takes a tree out, without propagation. */
  detach(mount: MountedFilesystem): void {
    mount.parent?.children.delete(mount.mountpoint!.inode);
    for (const gone of [...mount.tree()]) {
      const index = this.mounts.indexOf(gone);
      if (index >= 0) this.mounts.splice(index, 1);
      gone.namespace = undefined;
      gone.group?.members.delete(gone);
      gone.master?.slaves.delete(gone);
    }
    mount.parent = undefined;
  }

  private hang(mount: MountedFilesystem, at: Location): void {
    mount.parent = at.mount;
    mount.mountpoint = at;
    at.mount.children.set(at.inode, mount);
  }

  private adopt(mount: MountedFilesystem): void {
    for (const each of mount.tree()) {
      each.namespace = this;
      this.mounts.push(each);
    }
  }
}

/** Copies of a mount, narrowed to `root`, and, if wanted, of those below it. */
export function copyTree(mount: MountedFilesystem, root: Inode, recursive: boolean): MountedFilesystem {
  const copy = mount.copy(root);
  if (!recursive) return copy;
  for (const [place, child] of mount.children) {
    if (child.unbindable || !isBelow(place, root)) continue;
    const below = copyTree(child, child.root, true);
    below.parent = copy;
    below.mountpoint = { ...child.mountpoint!, mount: copy };
    copy.children.set(place, below);
  }
  return copy;
}
