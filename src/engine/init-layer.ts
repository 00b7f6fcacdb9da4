import { directoryLabel } from '../layer/index.ts';
import type { Tree } from '../port/index.ts';
import { emptyContent, isErrno } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { makeDirs } from './host-paths.ts';

/** moby daemon/initlayer: mount points that every container has, so that they never show in `docker diff`. */
const entries: readonly (readonly [string, 'directory' | 'file' | string])[] = [
  ['dev/pts', 'directory'],
  ['dev/shm', 'directory'],
  ['proc', 'directory'],
  ['sys', 'directory'],
  ['.dockerenv', 'file'],
  ['etc/resolv.conf', 'file'],
  ['etc/hosts', 'file'],
  ['etc/hostname', 'file'],
  ['dev/console', 'file'],
  ['etc/mtab', '/proc/mounts'],
];

/** The `-init` layer on top of the image, and the container's own writable layer on top of that. */
export async function prepareRootfs(daemon: Daemon, id: string, chainId: string): Promise<void> {
  const { snapshotter, mounter } = daemon.ports;
  const init = `${id}-init`;
  const directory = daemon.newId();
  const mounts = await snapshotter.prepare(`${init}-key`, chainId, { [directoryLabel]: `${directory}-init` });
  await mounter.withTree(mounts, (tree) => {
    for (const [path, kind] of entries) makeEntry(tree, path, kind);
  });
  await snapshotter.commit(init, `${init}-key`);
  await snapshotter.prepare(id, init, { [directoryLabel]: directory });
}

function makeEntry(tree: Tree, path: string, kind: string): void {
  try {
    const at = tree.resolve(path, false);
    const stat = tree.lstat(at);
    // What the image has as a file where Docker needs one stays; an image's /etc/mtab link is replaced.
    if (stat && (kind === 'directory' || kind === 'file')) return;
    if (stat) tree.remove(at);
    const parent = at.slice(0, Math.max(0, at.lastIndexOf('/')));
    makeDirs(tree, parent);
    if (kind === 'directory') makeDirs(tree, at);
    else if (kind === 'file') writeEmpty(tree, at);
    else tree.symlink(at, kind);
  } catch (error) {
    // A file of the image in the way (/etc as a file): Docker leaves it at that.
    if (!isErrno(error)) throw error;
  }
}

function writeEmpty(tree: Tree, path: string): void {
  tree.writeFile(path, emptyContent);
  tree.chmod(path, 0o755);
}
