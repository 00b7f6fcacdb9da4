/** proc(5), for one PID namespace: a directory per process, and what there is once per machine. */
import type { Inode } from '../../vfs/inode.ts';
import { GeneratedFile, type Produce } from '../generated-file.ts';
import type { KernelCore } from '../kernel-core.ts';
import type { PidNamespace } from '../namespaces.ts';
import {
  FixedDirectory,
  type NamedInode,
  SyntheticDirectory,
  SyntheticFilesystem,
  SyntheticLink,
} from '../synthetic-inode.ts';
import type { Task } from '../task.ts';
import { processDirectory } from './process-directory.ts';
import { sysctlTree } from './sysctl.ts';
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
      // Of devices and file systems that this machine lacks; container runtimes cover them up.
      ...['acpi', 'bus', 'fs', 'irq'].map((name): [string, () => Inode] => [
        name,
        () => new FixedDirectory(proc, new Map()),
      ]),
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
