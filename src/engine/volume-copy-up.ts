import type { Tree } from '../port/index.ts';
import { isErrno } from '../spec/index.ts';
import type { MountRecord } from './container.ts';
import type { Daemon } from './daemon.ts';
import { badRequest } from './errors.ts';
import { hostPath } from './host-paths.ts';
import { copyTree } from './tree-copy.ts';

/** An empty volume gets what the image has at its place (moby populateVolumes). */
export function copyUp(daemon: Daemon, rootfs: Tree, mount: MountRecord): void {
  let at: string;
  try {
    at = rootfs.resolve(mount.Destination, true);
  } catch (error) {
    if (isErrno(error)) return;
    throw error;
  }
  const stat = rootfs.lstat(at);
  if (!stat) return;
  if (stat.type !== 'directory') {
    if (mount.anonymous) throw badRequest(`cannot mount volume over existing file, file exists ${mount.Destination}`);
    return;
  }
  if (mount.noCopy || !mount.Source) return;
  const { hostTree } = daemon.ports;
  const target = hostPath(mount.Source);
  if (!hostTree.lstat(target) || hostTree.readdir(target).length > 0) return;
  copyTree(rootfs, at, hostTree, target);
}
