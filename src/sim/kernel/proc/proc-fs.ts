/** proc(5), for one PID namespace: a directory per process, and what there is once per machine. */
import { Errno } from '../../../spec/index.ts';
import { type Inode, S_IFLNK } from '../../vfs/inode.ts';
import type { Location } from '../../vfs/mount-table.ts';
import { MountedFilesystem } from '../../vfs/mount-table.ts';
import { requireCapability } from '../credentials.ts';
import { GeneratedFile, type Produce } from '../generated-file.ts';
import type { KernelCore } from '../kernel-core.ts';
import { namespaceKinds, type PidNamespace } from '../namespaces.ts';
import { DirectoryFile, RegularFile } from '../regular-file.ts';
import {
  FixedDirectory,
  type NamedInode,
  SyntheticDirectory,
  SyntheticFilesystem,
  SyntheticInode,
  SyntheticLink,
} from '../synthetic-inode.ts';
import type { Task } from '../task.ts';
import { mountinfoText, mountsText } from './mounts-text.ts';
import { cgroupText, cmdline, environ, idMapText, limitsText, statLine, statusText } from './proc-text.ts';
import { systemFiles } from './system-text.ts';

export class ProcFs extends SyntheticFilesystem {
  readonly type = 'proc';
  protected readonly magic = 0x9fa0;
  readonly root: Inode;

  constructor(
    readonly kernel: KernelCore,
    readonly namespace: PidNamespace,
  ) {
    super(kernel.newDev(), kernel.bootTime);
    this.root = new ProcRoot(this);
  }
  /** A process that stands for the reader where the reader is not known. */
  get anyReader(): Task {
    return this.namespace.init ?? this.kernel.init;
  }
  /** The process that walks a path now: /proc/self is its own. */
  get current(): Task {
    return this.kernel.current ?? this.anyReader;
  }
}

class ProcRoot extends SyntheticDirectory {
  private readonly fixed: FixedDirectory;
  private readonly processes = new WeakMap<Task, Inode>();

  constructor(private readonly proc: ProcFs) {
    super(proc);
    const file = (produce: Produce) => () => new GeneratedFile(proc, produce, undefined, 0o444, () => proc.anyReader);
    const entries = new Map<string, () => Inode>([
      ['self', () => new SyntheticLink(proc, () => String(proc.current.pids[proc.namespace.level] ?? 1))],
      ['thread-self', () => new SyntheticLink(proc, () => String(proc.current.pids[proc.namespace.level] ?? 1))],
      ['mounts', () => new SyntheticLink(proc, () => 'self/mounts')],
      ['net', () => new SyntheticLink(proc, () => 'self/net')],
      ['sys', () => sysctlTree(proc)],
    ]);
    for (const [name, produce] of systemFiles(proc.kernel)) entries.set(name, file(produce));
    this.fixed = new FixedDirectory(proc, entries);
  }
  protected find(name: string): Inode | undefined {
    if (!/^[0-9]+$/.test(name)) {
      try {
        return this.fixed.lookup(name);
      } catch {
        return undefined;
      }
    }
    const task = this.proc.namespace.tasks.get(Number(name));
    return task && this.directoryOf(task);
  }
  private directoryOf(task: Task): Inode {
    const known = this.processes.get(task) ?? processDirectory(this.proc, task);
    this.processes.set(task, known);
    return known;
  }
  protected list(): NamedInode[] {
    const tasks = [...this.proc.namespace.tasks].map(([pid, task]) => ({
      name: String(pid),
      inode: this.directoryOf(task),
    }));
    const fixed = this.fixed.readdir().map(({ name }) => ({ name, inode: this.fixed.lookup(name) }));
    return [...fixed, ...tasks];
  }
}

function processDirectory(proc: ProcFs, task: Task): Inode {
  const file = (produce: Produce, mode?: number) => () =>
    new GeneratedFile(proc, produce, undefined, mode, () => proc.anyReader);
  return new FixedDirectory(
    proc,
    new Map<string, () => Inode>([
      ['stat', file((reader) => statLine(task, reader))],
      ['status', file((reader) => statusText(task, reader))],
      ['cmdline', file(() => cmdline(task))],
      ['environ', file(() => environ(task), 0o400)],
      ['comm', file(() => `${task.comm}\n`)],
      ['cgroup', file((reader) => cgroupText(task, reader))],
      ['mounts', file(() => mountsText(task))],
      ['mountinfo', file(() => mountinfoText(task))],
      ['limits', file(() => limitsText(task))],
      ['uid_map', file(() => idMapText(task, 'uidMap'))],
      ['gid_map', file(() => idMapText(task, 'gidMap'))],
      [
        'oom_score_adj',
        () =>
          new GeneratedFile(
            proc,
            () => `${task.oomScoreAdj}\n`,
            (text) => void (task.oomScoreAdj = Number(text)),
          ),
      ],
      ['maps', file(() => '')],
      ['ns', () => namespaceDirectory(proc, task)],
      ['fd', () => new FdDirectory(proc, task)],
      ['net', () => networkDirectory(proc, task)],
      [
        'root',
        () =>
          new MagicLink(
            proc,
            () => task.paths.root,
            () => proc.current.paths.pathOf(task.paths.root),
          ),
      ],
      [
        'cwd',
        () =>
          new MagicLink(
            proc,
            () => task.paths.cwd,
            () => proc.current.paths.pathOf(task.paths.cwd),
          ),
      ],
      [
        'exe',
        () =>
          new MagicLink(
            proc,
            () => task.paths.resolve(task.exePath),
            () => task.exePath,
          ),
      ],
    ]),
  );
}

/** A link that leads to the file itself, whatever its text says. */
class MagicLink extends SyntheticInode {
  constructor(
    fs: SyntheticFilesystem,
    private readonly target: () => Location,
    private readonly text: () => string,
  ) {
    super(fs, S_IFLNK | 0o777);
  }
  override readlink(): string {
    return this.text();
  }
  followLink(): Location {
    return this.target();
  }
}

function namespaceDirectory(proc: ProcFs, task: Task): Inode {
  const at = (inode: Inode): Location => ({ mount: new MountedFilesystem(inode, 'nsfs'), inode });
  return new FixedDirectory(
    proc,
    new Map(
      namespaceKinds.map((kind) => [
        kind,
        () =>
          new MagicLink(
            proc,
            () => at(proc.kernel.nsfs.inodeOf(task.ns[kind])),
            () => `${kind}:[${task.ns[kind].ino}]`,
          ),
      ]),
    ),
  );
}

class FdDirectory extends SyntheticDirectory {
  constructor(
    fs: ProcFs,
    private readonly task: Task,
  ) {
    super(fs, 0o500);
  }
  protected find(name: string): Inode | undefined {
    const fd = Number(name);
    if (!/^\d+$/.test(name) || !this.task.files.has(fd)) return undefined;
    const { task } = this;
    return new MagicLink(
      this.fs,
      () => locationOfFd(this.fs, task, fd),
      () => task.sys.fdPath(fd),
    );
  }
  protected list(): NamedInode[] {
    return this.task.files.numbers().map((fd) => ({ name: String(fd), inode: this.find(String(fd))! }));
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

function networkDirectory(proc: ProcFs, task: Task): Inode {
  const dev = (): string => {
    const head =
      'Inter-|   Receive                                                |  Transmit\n' +
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n';
    const rows = task.ns.net.stack.links.map(({ name, rxBytes, rxPackets, txBytes, txPackets }) => {
      const received = `${String(rxBytes).padStart(8)} ${String(rxPackets).padStart(7)}    0    0    0     0          0         0`;
      return `${name.padStart(6)}: ${received} ${String(txBytes).padStart(8)} ${String(txPackets).padStart(7)}    0    0    0     0       0          0\n`;
    });
    return head + rows.join('');
  };
  return new FixedDirectory(proc, new Map<string, () => Inode>([['dev', () => new GeneratedFile(proc, dev)]]));
}

function sysctlTree(proc: ProcFs): Inode {
  const { kernel } = proc;
  const value = (produce: Produce) => () => new GeneratedFile(proc, produce, undefined, 0o444, () => proc.anyReader);
  const hostname = (): Inode =>
    new GeneratedFile(
      proc,
      (reader) => `${reader.ns.uts.nodename}\n`,
      (text, writer) => {
        requireCapability(writer.cred, 'CAP_SYS_ADMIN');
        if (text.length > 64) throw new Errno('EINVAL');
        writer.ns.uts.nodename = text;
      },
    );
  const directory = (entries: [string, () => Inode][]) => (): Inode => new FixedDirectory(proc, new Map(entries));
  return directory([
    [
      'kernel',
      directory([
        ['hostname', hostname],
        ['domainname', value((reader) => `${reader.ns.uts.domainname}\n`)],
        ['ostype', value(() => 'Linux\n')],
        ['osrelease', value(() => `${kernel.release}\n`)],
        ['pid_max', value(() => `${kernel.pidMaximum}\n`)],
      ]),
    ],
    ['net', directory([['ipv4', directory([['ip_forward', value(() => '1\n')]])]])],
    ['vm', directory([['overcommit_memory', value(() => '0\n')]])],
  ])();
}
