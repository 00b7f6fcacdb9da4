/** One process of a container: dressed by the spec's `process`, its streams, and its end. */
import { type ExitStatus, type RunningProcess, RuntimeError, type Stdio } from '../../port/index.ts';
import { Errno, isErrno, type OciProcess } from '../../spec/index.ts';
import { giveStdio, whenEnded } from '../kernel/boot.ts';
import { changeDirectory } from '../kernel/change-directory.ts';
import { execIn } from '../kernel/fork.ts';
import { joinGroup, newSession } from '../kernel/process-group.ts';
import { PtyHandle } from '../kernel/pty-handle.ts';
import { maxOpenFiles } from '../kernel/rlimits.ts';
import { sendSignal } from '../kernel/signal-deliver.ts';
import { SignalState } from '../kernel/signal-state.ts';
import type { Rlimit } from '../kernel/sys.ts';
import type { Task } from '../kernel/task.ts';
import { findCommand } from './find-command.ts';
import { exists, makeTarget } from './rootfs.ts';

export class ContainerProcess implements RunningProcess {
  readonly pid: number;
  oomKilled = false;
  private readonly path: string;
  private readonly env: Record<string, string>;
  private pty: PtyHandle | undefined;
  private output: Promise<void> = Promise.resolve();
  private readonly ended: Promise<ExitStatus>;

  /** Sets it up without running it. Throws {@link RuntimeError}; `prefix` names the operation in runc's texts. */
  constructor(
    readonly task: Task,
    private readonly process: OciProcess,
    stdio: Stdio,
    prefix: string,
  ) {
    this.pid = task.hostPid;
    this.env = environment(process.env);
    dress(task, process, prefix);
    this.path = findCommand(task, process.args[0] ?? '', this.env, prefix);
    this.connect(stdio);
    this.ended = this.end();
  }

  private connect(stdio: Stdio): void {
    const { task } = this;
    if (!this.process.terminal) {
      giveStdio(task, stdio);
      return;
    }
    const { width = 0, height = 0 } = this.process.consoleSize ?? {};
    const size = { columns: width, rows: height };
    this.pty = new PtyHandle(task.kernel, size, task.kernel.devptsOf(task));
    giveStdio(task, { pty: this.pty });
    this.output = pumpOutput(this.pty, stdio);
    if (stdio.stdin) void pumpInput(stdio.stdin, this.pty);
  }

  run(prefix: string): void {
    const { task, process } = this;
    try {
      execIn(task, this.path, process.args, this.env);
    } catch (error) {
      if (!isErrno(error)) throw error;
      const text = `${prefix}: unable to start container process: exec ${this.path}: ${error.message.toLowerCase()}`;
      throw new RuntimeError(text, error.code === 'ENOENT' ? 127 : 126);
    }
  }

  private async end(): Promise<ExitStatus> {
    const result = await whenEnded(this.task);
    await this.output;
    this.pty?.close();
    const code = result.signal === undefined ? (result.code ?? 0) : 128 + result.signal;
    return { code, signal: result.signal, oomKilled: this.task.oomKilled };
  }

  wait(): Promise<ExitStatus> {
    return this.ended;
  }
  async kill(signal: number): Promise<void> {
    if (this.task.zombie) throw new Errno('ESRCH');
    sendSignal(this.task, signal, this.task.kernel.init);
  }
  async resize(columns: number, rows: number): Promise<void> {
    this.pty?.resize(columns, rows);
  }
}

async function pumpOutput(pty: PtyHandle, stdio: Stdio): Promise<void> {
  for (let bytes = await pty.read(); bytes; bytes = await pty.read()) await stdio.stdout(bytes);
}

async function pumpInput(stdin: NonNullable<Stdio['stdin']>, pty: PtyHandle): Promise<void> {
  try {
    for (let bytes = await stdin.read(); bytes; bytes = await stdin.read()) await pty.write(bytes);
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
}

export const environment = (list: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    list
      .filter((entry) => entry.includes('='))
      .map((entry) => {
        const at = entry.indexOf('=');
        return [entry.slice(0, at), entry.slice(at + 1)];
      }),
  );

/** Session, limits, user, capabilities, working directory: in runc's order. */
function dress(task: Task, process: OciProcess, prefix: string): void {
  joinGroup(task, newSession(task));
  task.signals = new SignalState();
  for (const { type, ...limit } of process.rlimits ?? []) limitResource(task, type, limit, prefix);
  task.oomScoreAdj = process.oomScoreAdj ?? 0;
  task.noNewPrivileges = process.noNewPrivileges ?? false;
  task.paths.umask = process.user.umask ?? 0o022;
  enterDirectory(task, process.cwd || '/', prefix);
  const { uid, gid, additionalGids = [] } = process.user;
  const given = process.capabilities;
  const bounding = new Set(given?.bounding ?? []);
  const permitted = uid === 0 ? new Set(given?.permitted ?? []) : new Set<string>();
  const effective = uid === 0 ? new Set(given?.effective ?? []) : new Set<string>();
  const groups = additionalGids;
  task.cred = { uid, euid: uid, suid: uid, gid, egid: gid, sgid: gid, groups, effective, permitted, bounding };
}

/** setrlimit(2) as runc calls it: -1 is infinity, which is too many open files. */
function limitResource(task: Task, type: string, limit: Rlimit, prefix: string): void {
  const soft = limit.soft < 0 ? Number.POSITIVE_INFINITY : limit.soft;
  const hard = limit.hard < 0 ? Number.POSITIVE_INFINITY : limit.hard;
  if (type === 'RLIMIT_NOFILE' && hard > maxOpenFiles) {
    const problem =
      'error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted';
    throw new RuntimeError(`${prefix}: unable to start container process: ${problem}`, 128);
  }
  task.rlimits.set(type, { soft, hard });
}

/** The working directory of a container is made if it is missing; that of an exec is not. */
function enterDirectory(task: Task, cwd: string, prefix: string): void {
  if (!cwd.startsWith('/')) throw new RuntimeError(`${prefix}: Cwd must be an absolute path`, 126);
  try {
    if (prefix.startsWith('runc create') && !exists(task.paths, cwd)) makeTarget(task.paths, cwd, true);
    changeDirectory(task, cwd);
  } catch (error) {
    if (!isErrno(error)) throw error;
    const problem = `chdir to cwd ("${cwd}") set in config.json failed: ${error.message.toLowerCase()}`;
    throw new RuntimeError(`${prefix}: unable to start container process: ${problem}`, 126);
  }
}
