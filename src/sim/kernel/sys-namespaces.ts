/** `Sys`: namespaces (namespaces(7)). */
import { Errno } from '../../spec/index.ts';
import { requireCapability } from './credentials.ts';
import { kernelVersion } from './kernel-version.ts';
import { moveInto, unshare } from './namespace-create.ts';
import { NamespaceFile } from './nsfs.ts';
import type { NamespaceKind, Uname } from './sys.ts';
import { SysProcesses } from './sys-processes.ts';

export abstract class SysNamespaces extends SysProcesses {
  unshare(kinds: readonly NamespaceKind[]): void {
    unshare(this.task, kinds);
  }
  setns(fd: number, kind?: NamespaceKind): void {
    const file = this.file(fd);
    if (!(file instanceof NamespaceFile)) throw new Errno('EINVAL');
    const { namespace } = file;
    if (kind && kind !== namespace.kind) throw new Errno('EINVAL');
    const { task } = this;
    const over = namespace.kind === 'user' ? namespace : namespace.user;
    requireCapability(task.cred, 'CAP_SYS_ADMIN', over);
    if (namespace.kind === 'time') return;
    if (namespace.kind === 'pid') {
      task.childPidNamespace = namespace;
      return;
    }
    moveInto(task, { ...task.ns, [namespace.kind]: namespace });
    if (namespace.kind === 'mnt') {
      const { root } = namespace.table;
      task.paths.root = task.paths.cwd = { mount: root, inode: root.root };
    }
  }
  sethostname(name: string): void {
    requireCapability(this.task.cred, 'CAP_SYS_ADMIN', this.task.ns.uts.user);
    if (name.length > 64) throw new Errno('EINVAL');
    this.task.ns.uts.nodename = name;
  }
  setdomainname(name: string): void {
    requireCapability(this.task.cred, 'CAP_SYS_ADMIN', this.task.ns.uts.user);
    if (name.length > 64) throw new Errno('EINVAL');
    this.task.ns.uts.domainname = name;
  }
  uname(): Uname {
    const { kernel, ns } = this.task;
    return {
      sysname: 'Linux',
      nodename: ns.uts.nodename,
      release: kernel.release,
      version: kernelVersion,
      machine: 'x86_64',
    };
  }
}
