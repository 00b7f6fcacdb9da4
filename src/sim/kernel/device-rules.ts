/** What devices the processes of a cgroup may open (Linux: an eBPF program on the cgroup that runc puts there). */
import { Errno } from '../../spec/index.ts';
import { S_IFBLK, S_IFMT } from '../vfs/inode.ts';
import type { CgroupNode } from './cgroup.ts';

export interface DeviceRule {
  allow: boolean;
  /** c, b or a (both, the default). */
  type?: string;
  /** Absent or -1: any. */
  major?: number;
  minor?: number;
  /** Of r, w and m (mknod); all when absent. */
  access?: string;
}

/** libcontainer/specconv AllowedDevices: open in every container, whatever its own rules say. */
export const alwaysAllowed: readonly DeviceRule[] = [
  { allow: true, type: 'c', access: 'm' },
  { allow: true, type: 'b', access: 'm' },
  ...[3, 5, 7, 8, 9].map((minor) => ({ allow: true, type: 'c', major: 1, minor })),
  ...[0, 1, 2].map((minor) => ({ allow: true, type: 'c', major: 5, minor })),
  { allow: true, type: 'c', major: 136 },
];

const isAny = (given: number | undefined, actual: number): boolean =>
  given === undefined || given === -1 || given === actual;

function permits(rules: readonly DeviceRule[], type: string, rdev: number, access: string): boolean {
  const [major, minor] = [rdev >> 8, rdev & 255];
  const rule = rules.findLast(
    (each) =>
      ['a', type].includes(each.type ?? 'a') &&
      isAny(each.major, major) &&
      isAny(each.minor, minor) &&
      (each.access ?? 'rwm').includes(access),
  );
  return rule?.allow ?? true;
}

/** EPERM when the group or one above it does not let the device be used that way (`rwm`, one or more). */
export function requireDevice(group: CgroupNode, mode: number, rdev: number, access: string): void {
  const type = (mode & S_IFMT) === S_IFBLK ? 'b' : 'c';
  for (const { deviceRules } of group.ancestors()) {
    if (!deviceRules) continue;
    for (const way of access) if (!permits(deviceRules, type, rdev, way)) throw new Errno('EPERM');
  }
}
