/**
 * user_namespaces(7): users and groups have one number in the kernel (the first namespace's) and one in each namespace
 * that maps them. Credentials and inodes hold the kernel's; what a process says and hears is its namespace's.
 */
import { Errno } from '../../spec/index.ts';
import { type IdRange, parseIdMap, type UserNamespace } from './namespaces.ts';
import type { Task } from './task.ts';

/** /proc/sys/kernel/overflowuid and overflowgid: what has no number in a namespace. */
export const overflowId = 65534;

export type IdKind = 'uidMap' | 'gidMap';

const mapped = (ranges: readonly IdRange[], id: number, from: 'inside' | 'outside', to: 'inside' | 'outside') => {
  const range = ranges.find((each) => id >= each[from] && id < each[from] + each.count);
  return range && range[to] + (id - range[from]);
};

/** The kernel's number; undefined when `id` is not mapped. */
export function toKernelId(ns: UserNamespace, kind: IdKind, id: number): number | undefined {
  if (!ns.parent) return id;
  const outside = mapped(ns[kind], id, 'inside', 'outside');
  return outside === undefined ? undefined : toKernelId(ns.parent, kind, outside);
}

export function fromKernelId(ns: UserNamespace, kind: IdKind, id: number): number | undefined {
  if (!ns.parent) return id;
  const outside = fromKernelId(ns.parent, kind, id);
  return outside === undefined ? undefined : mapped(ns[kind], outside, 'outside', 'inside');
}

export const shownId = (ns: UserNamespace, kind: IdKind, id: number): number =>
  fromKernelId(ns, kind, id) ?? overflowId;

/** For calls that take an id; -1 (leave it) stays. EINVAL for one that is not mapped. */
export function givenId(ns: UserNamespace, kind: IdKind, id: number): number {
  if (id < 0) return id;
  const known = toKernelId(ns, kind, id);
  if (known === undefined) throw new Errno('EINVAL');
  return known;
}

/** Whether `outer` is `ns` or one it descends from. */
export function isWithin(ns: UserNamespace, outer: UserNamespace): boolean {
  for (let at: UserNamespace | undefined = ns; at; at = at.parent) if (at === outer) return true;
  return false;
}

/** Writing /proc/PID/uid_map and gid_map: once, and by whom (user_namespaces(7), "Defining user and group ID mappings"). */
export function writeIdMap(writer: Task, ns: UserNamespace, kind: IdKind, text: string): void {
  if (text.split('\n').some((line) => line.trim() !== '' && line.trim().split(/\s+/).length !== 3))
    throw new Errno('EINVAL');
  const ranges = parseIdMap(text);
  const wrong = ranges.length === 0 || ranges.some((range) => Object.values(range).some((n) => !(n >= 0)));
  if (wrong || ranges.some(({ count }) => count === 0) || overlap(ranges)) throw new Errno('EINVAL');
  if (!ns.parent || ns[kind].length > 0) throw new Errno('EPERM');
  if (!mayMap(writer, ns, kind, ranges)) throw new Errno('EPERM');
  ns[kind] = ranges;
}

/** Whether a number is in two ranges, on either side. */
const overlap = (ranges: readonly IdRange[]): boolean =>
  (['inside', 'outside'] as const).some((side) =>
    ranges.some((a, i) => ranges.some((b, j) => i < j && a[side] < b[side] + b.count && b[side] < a[side] + a.count)),
  );

function mayMap(writer: Task, ns: UserNamespace, kind: IdKind, ranges: readonly IdRange[]): boolean {
  const { cred } = writer;
  const capability = kind === 'uidMap' ? 'CAP_SETUID' : 'CAP_SETGID';
  const outside = writer.ns.user === ns.parent && cred.effective.has(capability);
  // Root of the parent namespace that made it keeps its rights over what it maps.
  if (outside || (ns.owner === 0 && !ns.parent?.parent && cred.euid === 0)) return true;
  const own = kind === 'uidMap' ? cred.euid : cred.egid;
  const single = ranges.length === 1 && ranges[0]!.count === 1;
  const isOwn = single && toKernelId(ns.parent!, kind, ranges[0]!.outside) === own;
  return isOwn && (kind === 'uidMap' || ns.setgroups === 'deny');
}

export function writeSetgroups(ns: UserNamespace, text: string): void {
  if (text !== 'allow' && text !== 'deny') throw new Errno('EINVAL');
  if (ns.gidMap.length > 0 || (ns.setgroups === 'deny' && text === 'allow')) throw new Errno('EPERM');
  ns.setgroups = text;
}
