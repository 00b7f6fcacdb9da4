/** Namespaces as objects with inode numbers (Linux: struct nsproxy and nsfs). */

import type { NetStack } from '../net/stack.ts';
import type { Location, MountNamespace as MountTable } from '../vfs/mount-table.ts';
import type { CgroupNode } from './cgroup.ts';
import type { NamespaceKind } from './sys.ts';
import type { Task } from './task.ts';

interface NamespaceBase {
  /** As readlink /proc/PID/ns/KIND shows it. */
  readonly ino: number;
  /** The user namespace that capabilities over it must be held in; absent: the first. */
  readonly user?: UserNamespace;
}

export class PidNamespace implements NamespaceBase {
  readonly kind = 'pid';
  readonly tasks = new Map<number, Task>();
  /** PID 1 of it; children of the dead go to it. */
  init: Task | undefined;
  /** Its init has come and gone. */
  ended = false;
  private last = 0;
  readonly level: number;

  constructor(
    readonly ino: number,
    readonly parent: PidNamespace | undefined,
    private readonly maximum: number,
    readonly user?: UserNamespace,
  ) {
    this.level = parent ? parent.level + 1 : 0;
  }

  /** Next free pid, going up and wrapping to 300 as Linux does. */
  allocate(): number {
    do {
      this.last = this.last + 1 >= this.maximum ? 300 : this.last + 1;
    } while (this.tasks.has(this.last));
    return this.last;
  }

  /** From the host's inwards to this one. */
  chain(): PidNamespace[] {
    return this.parent ? [...this.parent.chain(), this] : [this];
  }
}

export interface UtsNamespace extends NamespaceBase {
  readonly kind: 'uts';
  nodename: string;
  domainname: string;
}

export interface IdRange {
  inside: number;
  outside: number;
  count: number;
}

export interface UserNamespace extends NamespaceBase {
  readonly kind: 'user';
  readonly parent: UserNamespace | undefined;
  /** uid (in the host) of who made it. */
  readonly owner: number;
  uidMap: IdRange[];
  gidMap: IdRange[];
  /** Whether setgroups(2) is allowed in it: /proc/PID/setgroups. */
  setgroups: 'allow' | 'deny';
}

export interface MountNamespace extends NamespaceBase {
  readonly kind: 'mnt';
  readonly table: MountTable;
  /** Where a location of the namespace it was copied from is in this one. */
  readonly translate?: (location: Location) => Location;
}

export interface NetNamespace extends NamespaceBase {
  readonly kind: 'net';
  readonly stack: NetStack;
}

export interface IpcNamespace extends NamespaceBase {
  readonly kind: 'ipc';
}

export interface CgroupNamespace extends NamespaceBase {
  readonly kind: 'cgroup';
  readonly root: CgroupNode;
}

export interface Namespaces {
  mnt: MountNamespace;
  pid: PidNamespace;
  net: NetNamespace;
  uts: UtsNamespace;
  ipc: IpcNamespace;
  user: UserNamespace;
  cgroup: CgroupNamespace;
}

interface TimeNamespace extends NamespaceBase {
  readonly kind: 'time';
}

/** The one that every process is in (time_namespaces(7)). */
// Differs from Linux: no other time namespace can be made.
export const timeNamespace: TimeNamespace = { kind: 'time', ino: 4026531834 };

export type AnyNamespace = Namespaces[NamespaceKind] | TimeNamespace;

export const namespaceKinds: readonly NamespaceKind[] = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

/** "0 1000 1" lines of /proc/PID/uid_map (user_namespaces(7)). */
export function parseIdMap(text: string): IdRange[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const [inside, outside, count] = line.trim().split(/\s+/).map(Number);
      return { inside: inside!, outside: outside!, count: count! };
    });
}

export const formatIdMap = (map: readonly IdRange[]): string =>
  map
    .map(({ inside, outside, count }) => [inside, outside, count].map((n) => String(n).padStart(10)).join(' '))
    .map((line) => `${line}\n`)
    .join('');
