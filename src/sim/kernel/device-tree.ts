/** What stands in /dev at boot, and what runc puts into a container's /dev. */
import type { Clock } from '../../port/index.ts';
import { type Inode, S_IFCHR } from '../vfs/inode.ts';
import { MemTree } from '../vfs/memtree.ts';
import { deviceNumber } from './character-devices.ts';

export interface DeviceNode {
  name: string;
  major: number;
  minor: number;
  mode: number;
}

/** runtime-spec config-linux.md#default-devices, without ptmx, which is a symlink there. */
export const defaultDevices: readonly DeviceNode[] = [
  { name: 'null', major: 1, minor: 3, mode: 0o666 },
  { name: 'random', major: 1, minor: 8, mode: 0o666 },
  { name: 'full', major: 1, minor: 7, mode: 0o666 },
  { name: 'tty', major: 5, minor: 0, mode: 0o666 },
  { name: 'zero', major: 1, minor: 5, mode: 0o666 },
  { name: 'urandom', major: 1, minor: 9, mode: 0o666 },
];

/** The links every /dev has (runtime-spec runtime-linux.md#dev-symbolic-links). */
export const standardLinks: readonly (readonly [name: string, target: string])[] = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
];

const owner = { uid: 0, gid: 0 };

export function addDevice(directory: Inode, { name, major, minor, mode }: DeviceNode): void {
  directory.mknod(name, S_IFCHR | mode, deviceNumber(major, minor), owner);
}

export function deviceTree(dev: number, clock: Pick<Clock, 'now'>): MemTree {
  const tree = new MemTree({ type: 'devtmpfs', dev, clock, mode: 0o755 });
  for (const device of defaultDevices) addDevice(tree.root, device);
  addDevice(tree.root, { name: 'ptmx', major: 5, minor: 2, mode: 0o666 });
  addDevice(tree.root, { name: 'console', major: 5, minor: 1, mode: 0o600 });
  addDevice(tree.root, { name: 'kmsg', major: 1, minor: 11, mode: 0o644 });
  for (const [name, target] of standardLinks) tree.root.symlink(name, target, owner);
  for (const name of ['pts', 'shm', 'mqueue']) tree.root.mkdir(name, 0o755, owner);
  return tree;
}
