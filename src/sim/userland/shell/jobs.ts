import { signalDescription } from './signal-names.ts';

export type JobState = 'Running' | 'Stopped' | 'Done';

export interface Job {
  id: number;
  /** The process group; without job control the first process. */
  pgid: number;
  pids: number[];
  command: string;
  state: JobState;
  /** Exit status once done: of the last process. */
  status: number;
  signal?: number;
  /** pids that have not ended. */
  alive: Set<number>;
  notified: boolean;
  background: boolean;
}

/** The job table of one shell. Finished background processes keep their status until somebody waits for it. */
export class Jobs {
  readonly list: Job[] = [];
  /** Most recent last. */
  private order: Job[] = [];
  readonly finished = new Map<number, number>();
  /** The user knows of the stopped jobs: 2 just told, 1 a command later. */
  warned = 0;

  /** A subshell can list its parent's jobs in bash, but not wait for them: it starts with none. */
  forked(): Jobs {
    return new Jobs();
  }

  add(pids: number[], pgid: number, command: string, background: boolean): Job {
    const id = (this.list.at(-1)?.id ?? 0) + 1;
    const alive = new Set(pids);
    const job: Job = { id, pgid, pids, command, state: 'Running', status: 0, alive, notified: false, background };
    this.list.push(job);
    this.touch(job);
    return job;
  }

  touch(job: Job): void {
    this.order = this.order.filter((j) => j !== job);
    this.order.push(job);
  }

  remove(job: Job): void {
    const at = this.list.indexOf(job);
    if (at >= 0) this.list.splice(at, 1);
    this.order = this.order.filter((j) => j !== job);
  }

  /** An exit now would leave stopped jobs that the user was not told of. */
  get holdExit(): boolean {
    return this.warned === 0 && this.list.some((job) => job.state === 'Stopped');
  }

  get current(): Job | undefined {
    return this.order.filter((j) => j.state === 'Stopped').at(-1) ?? this.order.at(-1);
  }
  get previous(): Job | undefined {
    return this.order.filter((j) => j !== this.current).at(-1);
  }
  mark(job: Job): string {
    return job === this.current ? '+' : job === this.previous ? '-' : ' ';
  }

  ofPid(pid: number): Job | undefined {
    return this.list.find((j) => j.pids.includes(pid));
  }

  /** %1 %+ %% %- %name %?text, or a bare number where the builtin allows it. */
  find(spec: string): Job | undefined {
    const text = spec.replace(/^%/, '');
    if (text === '' || text === '%' || text === '+') return this.current;
    if (text === '-') return this.previous;
    if (/^\d+$/.test(text)) return this.list.find((j) => j.id === Number(text));
    if (text[0] === '?') return this.list.find((j) => j.command.includes(text.slice(1)));
    return this.list.find((j) => j.command.startsWith(text));
  }

  /** Notes what wait(2) said about a child. */
  note(pid: number, result: { code?: number; signal?: number; stopped?: number; continued?: boolean }): void {
    const job = this.ofPid(pid);
    const status = result.code ?? (result.signal ? 128 + result.signal : 0);
    const ended = result.code !== undefined || result.signal !== undefined;
    if (ended) this.finished.set(pid, status);
    if (!job) return;
    if (result.stopped !== undefined) {
      job.state = 'Stopped';
      job.status = 128 + result.stopped;
      job.notified = false;
      this.touch(job);
    } else if (result.continued) job.state = 'Running';
    if (!ended) return;
    job.alive.delete(pid);
    if (pid === job.pids.at(-1)) {
      job.status = status;
      job.signal = result.signal;
    }
    if (job.alive.size === 0) {
      job.state = 'Done';
      job.notified = false;
    }
  }
}

/** "Running", "Done", "Exit 3", "Stopped", "Terminated" ... as bash's `jobs` says it. */
export const describeState = (job: Job, dash: boolean): string => {
  if (job.state !== 'Done') return job.state;
  if (job.signal) return signalDescription(job.signal);
  if (job.status === 0) return 'Done';
  return dash ? `Done(${job.status})` : `Exit ${job.status}`;
};
