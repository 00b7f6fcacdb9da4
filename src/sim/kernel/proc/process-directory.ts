/** /proc/PID: what proc(5) says of one process. */
import { Errno } from '../../../spec/index.ts';
import { type Inode, S_IFLNK } from '../../vfs/inode.ts';
import { type Location, MountedFilesystem } from '../../vfs/mount-table.ts';
import { capable } from '../credentials.ts';
import type { Accept } from '../generated-file.ts';
import { GeneratedFile, type Produce } from '../generated-file.ts';
import { type AnyNamespace, namespaceKinds, timeNamespace } from '../namespaces.ts';
import { DirectoryFile, RegularFile } from '../regular-file.ts';
import {
  FixedDirectory,
  type NamedInode,
  SyntheticDirectory,
  type SyntheticFilesystem,
  SyntheticInode,
} from '../synthetic-inode.ts';
import type { Task } from '../task.ts';
import { writeIdMap, writeSetgroups } from '../user-ids.ts';
import { mapsText, statmText } from './memory-text.ts';
import { mountinfoText, mountsText } from './mounts-text.ts';
import { networkDirectory } from './network-directory.ts';
import type { ProcFs } from './proc-fs.ts';
import { cgroupText, cmdline, environ, idMapText, limitsText, statLine, statusText } from './proc-text.ts';

type Entry = [name: string, make: () => Inode];

export function processDirectory(proc: ProcFs, task: Task): Inode {
  const directory = new FixedDirectory(
    proc,
    new Map<string, () => Inode>([...entriesOf(proc, task), ['task', () => new TaskDirectory(proc, task)]]),
  );
  directory.owner = () => ({ uid: task.cred.euid, gid: task.cred.egid });
  return directory;
}

function entriesOf(proc: ProcFs, task: Task): Entry[] {
  return [...texts(proc, task), ...settings(proc, task), ...links(proc, task)];
}

function texts(proc: ProcFs, task: Task): Entry[] {
  const file = (name: string, produce: Produce, mode?: number): Entry => [
    name,
    () => new GeneratedFile(proc, produce, undefined, mode, () => proc.anyReader),
  ];
  return [
    file('stat', (reader) => statLine(task, reader)),
    file('statm', () => statmText(task)),
    file('status', (reader) => statusText(task, reader, proc.namespace.level)),
    file('maps', () => {
      requireInsight(proc, task);
      return mapsText(task);
    }),
    file('cmdline', () => cmdline(task)),
    file('environ', () => environ(task), 0o400),
    file('cgroup', (reader) => cgroupText(task, reader)),
    file('mounts', () => mountsText(task)),
    file('mountinfo', () => mountinfoText(task)),
    file('limits', () => limitsText(task)),
    file('oom_score', () => `${Math.max(0, 666 + task.oomScoreAdj)}\n`),
    file('wchan', () => '0'),
    file('loginuid', () => '4294967295'),
    file('sessionid', () => '4294967295'),
  ];
}

/** Files that are written to as well. */
function settings(proc: ProcFs, task: Task): Entry[] {
  const file = (name: string, produce: Produce, accept: Accept): Entry => [
    name,
    () => new GeneratedFile(proc, produce, accept, 0o644, () => proc.anyReader),
  ];
  return [
    file(
      'comm',
      () => `${task.comm}\n`,
      (_, writer, raw) => rename(task, writer, raw),
    ),
    file(
      'oom_score_adj',
      () => `${task.oomScoreAdj}\n`,
      (text, writer) => adjustOomScore(task, writer, text),
    ),
    file(
      'uid_map',
      () => idMapText(task, 'uidMap'),
      (text, by) => writeIdMap(by, task.ns.user, 'uidMap', text),
    ),
    file(
      'gid_map',
      () => idMapText(task, 'gidMap'),
      (text, by) => writeIdMap(by, task.ns.user, 'gidMap', text),
    ),
    file(
      'setgroups',
      () => `${task.ns.user.setgroups}\n`,
      (text) => writeSetgroups(task.ns.user, text),
    ),
  ];
}

/** Only a process itself may; 15 bytes count (TASK_COMM_LEN). */
function rename(task: Task, writer: Task, name: string): void {
  if (writer !== task) throw new Errno('EINVAL');
  task.comm = name.slice(0, 15);
}

function adjustOomScore(task: Task, writer: Task, text: string): void {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || Math.abs(value) > 1000) throw new Errno('EINVAL');
  if (value < task.oomScoreAdj && !capable(writer.cred, 'CAP_SYS_RESOURCE')) throw new Errno('EACCES');
  task.oomScoreAdj = value;
}

function links(proc: ProcFs, task: Task): Entry[] {
  const link = (name: string, target: () => Location, text: () => string): Entry => [
    name,
    () => new MagicLink(proc, task, target, text),
  ];
  return [
    ['ns', () => namespaceDirectory(proc, task)],
    ['fd', () => new FdDirectory(proc, task)],
    ['fdinfo', () => new FdInfoDirectory(proc, task)],
    ['net', () => networkDirectory(proc, task, () => proc.anyReader)],
    link(
      'root',
      () => task.paths.root,
      () => proc.current.paths.pathOf(task.paths.root),
    ),
    link(
      'cwd',
      () => task.paths.cwd,
      () => proc.current.paths.pathOf(task.paths.cwd),
    ),
    link(
      'exe',
      () => exeOf(task),
      () => proc.current.paths.pathOf(exeOf(task)),
    ),
  ];
}

/** The file that runs, wherever it is by now. A process of the kernel has none. */
function exeOf({ exe }: Task): Location {
  if (!exe) throw new Errno('ENOENT');
  return exe;
}

/** ptrace_may_access, PTRACE_MODE_READ: the same user, or one with at least the other's capabilities. EACCES. */
function requireInsight(proc: ProcFs, task: Task): void {
  const { current } = proc;
  if (current === task || capable(current.cred, 'CAP_SYS_PTRACE', task.cred.user)) return;
  const [own, other] = [current.cred, task.cred];
  const sameUser = [other.uid, other.euid, other.suid].every((uid) => uid === own.euid);
  const sameGroup = [other.gid, other.egid, other.sgid].every((gid) => gid === own.egid);
  const covers = [...other.permitted].every((capability) => own.effective.has(capability));
  if (!sameUser || !sameGroup || !covers) throw new Errno('EACCES');
}

/** A link that leads to the file itself, whatever its text says. */
class MagicLink extends SyntheticInode {
  constructor(
    private readonly proc: ProcFs,
    private readonly task: Task,
    private readonly target: () => Location,
    private readonly text: () => string,
    permissions = 0o777,
  ) {
    super(proc, S_IFLNK | permissions);
  }
  override readlink(): string {
    requireInsight(this.proc, this.task);
    return this.text();
  }
  followLink(): Location {
    requireInsight(this.proc, this.task);
    return this.target();
  }
}

function namespaceDirectory(proc: ProcFs, task: Task): Inode {
  const at = (inode: Inode): Location => ({ mount: new MountedFilesystem(inode, 'nsfs'), inode });
  const link = (name: string, namespace: () => AnyNamespace): Entry => [
    name,
    () =>
      new MagicLink(
        proc,
        task,
        () => at(proc.kernel.nsfs.inodeOf(namespace())),
        () => `${namespace().kind}:[${namespace().ino}]`,
      ),
  ];
  const entries = namespaceKinds.map((kind) => link(kind, () => task.ns[kind]));
  entries.push(link('pid_for_children', () => task.childPidNamespace));
  for (const name of ['time', 'time_for_children']) entries.push(link(name, () => timeNamespace));
  return new FixedDirectory(proc, new Map(entries), 0o511);
}

abstract class DescriptorDirectory extends SyntheticDirectory {
  constructor(
    protected readonly proc: ProcFs,
    protected readonly task: Task,
    mode: number,
  ) {
    super(proc, mode);
  }
  protected abstract entry(fd: number): Inode;

  protected find(name: string): Inode | undefined {
    const fd = Number(name);
    return /^\d+$/.test(name) && this.task.files.has(fd) ? this.entry(fd) : undefined;
  }
  protected list(): NamedInode[] {
    return this.task.files.numbers().map((fd) => ({ name: String(fd), inode: this.entry(fd) }));
  }
}

class FdDirectory extends DescriptorDirectory {
  constructor(proc: ProcFs, task: Task) {
    super(proc, task, 0o500);
  }
  protected entry(fd: number): Inode {
    const { proc, task } = this;
    const { readable, writable } = task.files.get(fd).flags;
    return new MagicLink(
      proc,
      task,
      () => locationOfFd(proc, task, fd),
      () => task.sys.fdPath(fd),
      (readable ? 0o500 : 0) | (writable ? 0o300 : 0),
    );
  }
}

class FdInfoDirectory extends DescriptorDirectory {
  constructor(proc: ProcFs, task: Task) {
    super(proc, task, 0o555);
  }
  protected entry(fd: number): Inode {
    return new GeneratedFile(
      this.proc,
      () => this.text(fd),
      undefined,
      0o444,
      () => this.proc.anyReader,
    );
  }
  private text(fd: number): string {
    const file = this.task.files.get(fd);
    const { readable, writable, append, nonblock } = file.flags;
    const access = readable ? (writable ? 2 : 0) : 1;
    const flags = access | (append ? 0o2000 : 0) | (nonblock ? 0o4000 : 0) | 0o100000;
    const position = file instanceof RegularFile ? file.position : 0;
    const mount = file instanceof RegularFile || file instanceof DirectoryFile ? file.location.mount.id : 15;
    const shown = `0${flags.toString(8)}`;
    return `pos:\t${position}\nflags:\t${shown}\nmnt_id:\t${mount}\nino:\t${file.stat().ino}\n`;
  }
}

/** Opening /proc/self/fd/N: the file again, or for what has no inode the very same open file. */
function locationOfFd(fs: SyntheticFilesystem, task: Task, fd: number): Location {
  const file = task.files.get(fd);
  if (file instanceof RegularFile || file instanceof DirectoryFile) return file.location;
  const inode = new DuplicateInode(fs, task, fd);
  return { mount: new MountedFilesystem(inode, 'none'), inode };
}

/** Differs from Linux: the open file is shared instead of opened anew, so its flags are shared too. */
class DuplicateInode extends SyntheticInode {
  constructor(
    fs: SyntheticFilesystem,
    private readonly task: Task,
    private readonly fd: number,
  ) {
    super(fs, task.files.get(fd).stat().mode | 0o600);
  }
  override getattr() {
    return this.task.files.get(this.fd).stat();
  }
  openFile() {
    return this.task.files.get(this.fd).retain();
  }
}

/** /proc/PID/task: one thread each here. */
class TaskDirectory extends SyntheticDirectory {
  private readonly thread: FixedDirectory;
  constructor(
    private readonly proc: ProcFs,
    private readonly task: Task,
  ) {
    super(proc);
    const children = (): Inode =>
      new GeneratedFile(proc, (reader) => [...task.children].map((child) => `${child.pidSeenBy(reader)} `).join(''));
    this.thread = new FixedDirectory(
      proc,
      new Map<string, () => Inode>([...entriesOf(proc, task), ['children', children]]),
    );
    this.thread.owner = () => ({ uid: task.cred.euid, gid: task.cred.egid });
  }
  private get name(): string {
    return String(this.task.pids[this.proc.namespace.level]);
  }
  protected find(name: string): Inode | undefined {
    return name === this.name ? this.thread : undefined;
  }
  protected list(): NamedInode[] {
    return [{ name: this.name, inode: this.thread }];
  }
}
