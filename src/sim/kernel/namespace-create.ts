/** Making namespaces: at clone, at unshare, and the first ones at boot. */
import { Errno } from '../../spec/index.ts';
import type { MountNamespace } from '../vfs/mount-table.ts';
import { setPropagation } from '../vfs/propagation.ts';
import { capable, credentialsInside } from './credentials.ts';
import type { KernelCore } from './kernel-core.ts';
import type { Namespaces } from './namespaces.ts';
import { PidNamespace } from './namespaces.ts';
import type { NamespaceKind } from './sys.ts';
import type { Task } from './task.ts';

/** What a child has: the parent's, but new ones of `kinds`. CAP_SYS_ADMIN, unless a user namespace comes with them. */
export function createNamespaces(parent: Task, kinds: readonly NamespaceKind[]): Namespaces {
  const ns = { ...parent.ns, pid: parent.childPidNamespace };
  if (kinds.length === 0) return ns;
  if (!kinds.includes('user') && !capable(parent.cred, 'CAP_SYS_ADMIN', parent.ns.user)) throw new Errno('EPERM');
  // The user namespace first: the others are its own.
  const ordered = [...kinds].sort((a, b) => Number(b === 'user') - Number(a === 'user'));
  for (const kind of ordered) Object.assign(ns, { [kind]: newNamespace(parent, ns, kind) });
  return ns;
}

export function newNamespace<K extends NamespaceKind>(task: Task, ns: Namespaces, kind: K): Namespaces[K] {
  const { kernel } = task;
  const user = ns.user.parent && ns.user;
  const make: { [Kind in NamespaceKind]: () => Namespaces[Kind] } = {
    mnt: () => {
      const made = kernel.cloneMounts(ns.mnt);
      if (user !== ns.mnt.user) lockMounts(made.table);
      return { ...made, user };
    },
    pid: () => new PidNamespace(kernel.newNamespaceInode(), ns.pid, kernel.pidMaximum, user),
    net: () => ({ ...kernel.newNetNamespace(), user }),
    uts: () => ({ ...ns.uts, ino: kernel.newNamespaceInode(), user }),
    ipc: () => ({ kind: 'ipc', ino: kernel.newNamespaceInode(), user }),
    user: () => ({
      kind: 'user',
      ino: kernel.newNamespaceInode(),
      parent: ns.user,
      owner: task.cred.euid,
      uidMap: [],
      gidMap: [],
      setgroups: 'allow',
    }),
    cgroup: () => ({ kind: 'cgroup', ino: kernel.newNamespaceInode(), root: task.cgroup, user }),
  };
  return make[kind]();
}

/** What a namespace of less privilege shows, it neither takes away nor changes back; and nothing goes out of it. */
function lockMounts(table: MountNamespace): void {
  for (const mount of table.mounts) {
    mount.locked = mount !== table.root;
    mount.lockedReadonly = mount.flags.readonly;
    setPropagation(mount, 'slave');
  }
}

/** unshare(2): the caller itself moves; of a pid namespace only its future children. */
export function unshare(task: Task, kinds: readonly NamespaceKind[]): void {
  const ns = createNamespaces(task, kinds);
  moveInto(task, { ...ns, pid: task.ns.pid });
  if (kinds.includes('pid')) task.childPidNamespace = ns.pid;
}

/** Changes what the task is in; a new mount namespace takes root and cwd along. */
export function moveInto(task: Task, ns: Namespaces): void {
  const mountsChange = ns.mnt !== task.ns.mnt;
  if (ns.user !== task.ns.user) task.cred = credentialsInside(task.cred, ns.user);
  task.ns = ns;
  if (mountsChange) task.paths = task.kernel.copyPaths(task, task);
}

export function firstNamespaces(kernel: KernelCore, hostname: string, table: Namespaces['mnt']['table']): Namespaces {
  const ino = (): number => kernel.newNamespaceInode();
  const wholeRange = [{ inside: 0, outside: 0, count: 4294967295 }];
  return {
    ipc: { kind: 'ipc', ino: ino() },
    uts: { kind: 'uts', ino: ino(), nodename: hostname, domainname: '(none)' },
    user: {
      kind: 'user',
      ino: ino(),
      parent: undefined,
      owner: 0,
      uidMap: wholeRange,
      gidMap: [...wholeRange],
      setgroups: 'allow',
    },
    pid: new PidNamespace(ino(), undefined, kernel.pidMaximum),
    cgroup: { kind: 'cgroup', ino: ino(), root: kernel.cgroupRoot },
    mnt: { kind: 'mnt', ino: ino(), table },
    net: kernel.newNetNamespace(),
  };
}
