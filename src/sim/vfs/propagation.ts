/**
 * Mount propagation (mount_namespaces(7)): what is mounted on a shared mount appears on its peers and slaves, in
 * whatever namespace they are; what is mounted on a slave stays there.
 */
import type { Inode } from './inode.ts';
import { isBelow } from './lineage.ts';
import { copyTree, type Location, type MountedFilesystem, type Propagation } from './mount-table.ts';

let lastGroup = 0;

export class PeerGroup {
  /** As `shared:N` in mountinfo. */
  readonly id = ++lastGroup;
  readonly members = new Set<MountedFilesystem>();
  readonly slaves = new Set<MountedFilesystem>();

  add(mount: MountedFilesystem): void {
    this.members.add(mount);
    mount.group = this;
  }
}

/** mount --make-{private,shared,slave,unbindable}. */
export function setPropagation(mount: MountedFilesystem, kind: Propagation, recursive = false): void {
  for (const each of recursive ? [...mount.tree()] : [mount]) change(each, kind);
}

function change(mount: MountedFilesystem, kind: Propagation): void {
  if (kind === 'shared') {
    if (!mount.group) new PeerGroup().add(mount);
    mount.unbindable = false;
    return;
  }
  const left = mount.group;
  left?.members.delete(mount);
  mount.group = undefined;
  if (kind === 'slave') {
    // The last peer of a group has nobody to be the slave of.
    if (left?.members.size) enslave(mount, left);
    return;
  }
  mount.master?.slaves.delete(mount);
  mount.master = undefined;
  mount.unbindable = kind === 'unbindable';
}

function enslave(mount: MountedFilesystem, master: PeerGroup): void {
  mount.master?.slaves.delete(mount);
  mount.master = master;
  master.slaves.add(mount);
}

/** Peers and slaves (and the slaves' peers and slaves) that show `inode`. */
function* receivers(source: MountedFilesystem, inode: Inode): Generator<{ mount: MountedFilesystem; slave: boolean }> {
  const seen = new Set<MountedFilesystem>([source]);
  const groups: [PeerGroup, boolean][] = source.group ? [[source.group, false]] : [];
  for (const [group, slave] of groups) {
    for (const mount of group.members) if (visit(mount)) yield { mount, slave };
    for (const mount of group.slaves) {
      if (!visit(mount)) continue;
      yield { mount, slave: true };
      if (mount.group) groups.push([mount.group, true]);
    }
  }
  function visit(mount: MountedFilesystem): boolean {
    if (seen.has(mount)) return false;
    seen.add(mount);
    return mount.namespace !== undefined && isBelow(inode, mount.root);
  }
}

/** `mount` was just placed at `place`. */
export function propagateMount(mount: MountedFilesystem, place: Location): void {
  const source = place.mount;
  if (!source.group) return;
  for (const each of mount.tree()) if (!each.group) new PeerGroup().add(each);
  for (const { mount: receiver, slave } of receivers(source, place.inode)) {
    if (receiver.children.has(place.inode)) continue;
    const copy = copyTree(mount, mount.root, true);
    if (slave) setPropagation(copy, 'slave', true);
    if (slave && receiver.group) setPropagation(copy, 'shared', true);
    receiver.namespace!.place(copy, { ...place, mount: receiver });
  }
}

/** What was at `place` was just unmounted. */
export function propagateUmount(place: Location): void {
  for (const { mount: receiver } of receivers(place.mount, place.inode)) {
    const child = receiver.children.get(place.inode);
    if (child && child.children.size === 0) receiver.namespace!.detach(child);
  }
}
