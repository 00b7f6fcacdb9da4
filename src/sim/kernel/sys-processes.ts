/** `Sys`: processes, signals, sleep. */
import { Errno } from '../../spec/index.ts';
import { block, blockUntil } from './block.ts';
import { exitTask } from './exit.ts';
import { execIn, forkRun, spawnTask } from './fork.ts';
import { Killed } from './killed.ts';
import { idSeenBy, setProcessGroup, startSession } from './process-group.ts';
import type { Program } from './program.ts';
import { killFrom, sendSignal } from './signal-deliver.ts';
import { maxSignal, signalNumbers, uncatchable } from './signals.ts';
import type { ForkOptions, SignalAction, SpawnOptions, WaitResult } from './sys.ts';
import { SysTerminals } from './sys-terminals.ts';
import { type WaitOptions, waitForChild } from './wait.ts';

export abstract class SysProcesses extends SysTerminals {
  async spawn(path: string, argv: readonly string[], options?: SpawnOptions): Promise<number> {
    const gate = this.task.checkpoint(4);
    if (gate) await gate;
    return spawnTask(this.task, path, argv, options).pidSeenBy(this.self);
  }
  fork(main: Program, options?: ForkOptions): number {
    return forkRun(this.task, main, options).pidSeenBy(this.self);
  }
  async exec(path: string, argv: readonly string[], env?: Record<string, string>): Promise<never> {
    const gate = this.task.checkpoint(4);
    if (gate) await gate;
    execIn(this.task, path, argv, env ?? this.env);
    throw new Killed(this.self.pid);
  }
  exit(code: number): never {
    exitTask(this.task, { pid: 0, code: code & 255 });
    throw new Killed(this.self.pid);
  }
  async wait(pid = -1, options: WaitOptions = {}): Promise<WaitResult | null> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    return waitForChild(this.task, pid, options);
  }

  kill(pid: number, signal: number): void {
    killFrom(this.task, pid, signal);
  }
  signal(signal: number, action: SignalAction): SignalAction {
    if (signal < 1 || signal > maxSignal || uncatchable(signal)) throw new Errno('EINVAL');
    const { signals } = this.task;
    const old = signals.action(signal);
    if (action === 'default') signals.actions.delete(signal);
    else signals.actions.set(signal, action);
    if (action === 'ignore') signals.pending.delete(signal);
    return old;
  }
  sigprocmask(how: 'block' | 'unblock' | 'set', signals: readonly number[]): number[] {
    const state = this.task.signals;
    const old = [...state.blocked].sort((a, b) => a - b);
    const given = signals.filter((signal) => !uncatchable(signal));
    if (how === 'set') state.blocked = new Set(given);
    else for (const signal of given) how === 'block' ? state.blocked.add(signal) : state.blocked.delete(signal);
    this.task.checkpoint(0);
    return old;
  }
  sigpending(): number[] {
    return [...this.task.signals.pending].sort((a, b) => a - b);
  }
  async pause(): Promise<never> {
    await block(this.task, [], () => undefined);
    throw new Errno('EINTR');
  }
  alarm(seconds: number): number {
    const { task } = this;
    const { clock } = task.kernel;
    const left = task.cancelAlarm ? Math.ceil((task.alarmDueMs - clock.monotonic()) / 1000) : 0;
    task.cancelAlarm?.();
    task.cancelAlarm = undefined;
    if (seconds > 0) {
      task.alarmDueMs = clock.monotonic() + seconds * 1000;
      task.cancelAlarm = clock.timer(seconds * 1000, () => {
        task.cancelAlarm = undefined;
        sendSignal(task, signalNumbers.ALRM);
      });
    }
    return left;
  }

  getpgid(pid?: number): number {
    return idSeenBy(this.task, this.target(pid).group.pids);
  }
  setpgid(pid: number, pgid: number): void {
    setProcessGroup(this.task, pid, pgid);
  }
  getsid(pid?: number): number {
    return idSeenBy(this.task, this.target(pid).group.session.pids);
  }
  setsid(): number {
    return startSession(this.task);
  }

  async sleep(ms: number): Promise<void> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    await blockUntil(this.task, [], () => undefined, Number.isFinite(ms) ? ms : undefined);
    void this.task;
  }
  async preempt(units = 1): Promise<void> {
    const gate = this.task.checkpoint(units);
    if (gate) await gate;
  }
  /** Computing takes time: as long as it says, or longer when cpu.max allows less. */
  async burn(cpuMs: number): Promise<void> {
    const gate = this.task.checkpoint();
    if (gate) await gate;
    this.task.userMs += cpuMs;
    const limit = this.task.rlimits.get('RLIMIT_CPU')?.soft ?? Infinity;
    if (this.task.userMs + this.task.systemMs > limit * 1000) sendSignal(this.task, signalNumbers.XCPU);
    const { quota, period } = this.task.cgroup.cpuMax;
    const share = quota === undefined ? 1 : Math.min(1, quota / period);
    this.task.kernel.clock.advance((cpuMs / share) * 1e6);
  }
  times(): { userMs: number; systemMs: number; childrenUserMs: number; childrenSystemMs: number } {
    const { userMs, systemMs, childrenUserMs, childrenSystemMs } = this.task;
    return { userMs, systemMs, childrenUserMs, childrenSystemMs };
  }
}
