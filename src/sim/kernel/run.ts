/** Runs a program's code in a process, and turns how the code ends into how the process ends. */
import { utf8 } from '../../spec/index.ts';
import { exitTask } from './exit.ts';
import { Killed } from './killed.ts';
import type { LazyProgram, Program } from './program.ts';
import type { Task } from './task.ts';
import type { TaskSys } from './task-sys.ts';

type Entry = Program | LazyProgram;

/** Loaded programs by their loader. */
const loaded = new WeakMap<LazyProgram, Program>();

/** Starts `entry` in a later microtask, under `sys`. */
export function runProgram(task: Task, sys: TaskSys, entry: Entry): void {
  void runToEnd(task, sys, entry);
}

async function runToEnd(task: Task, sys: TaskSys, entry: Entry): Promise<void> {
  try {
    await undefined;
    const gate = task.checkpoint();
    if (gate) await gate;
    const code = await start(sys, task, entry);
    // A process that became another program, or was killed meanwhile, does not end by the old code's end.
    if (sys.alive) exitTask(task, { pid: 0, code: code & 255 });
  } catch (error) {
    if (error instanceof Killed || !sys.alive) return;
    reportCrash(task, error);
    exitTask(task, { pid: 0, code: 134 });
  } finally {
    sys.leave();
  }
}

async function start(sys: TaskSys, task: Task, entry: Entry): Promise<number> {
  if (typeof entry === 'function') return entry(sys);
  const program = loaded.get(entry) ?? (await load(task, entry));
  return program(sys);
}

async function load(task: Task, entry: LazyProgram): Promise<Program> {
  const release = task.kernel.clock.hold();
  task.loading = true;
  try {
    const program = await entry.load();
    loaded.set(entry, program);
    return program;
  } finally {
    task.loading = false;
    release();
  }
}

/** A defect of a simulated program: said plainly on its stderr, as a crash would be seen. */
function reportCrash(task: Task, error: unknown): void {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  try {
    const written = task.files.get(2).write(task, utf8(`drydock: ${task.comm}: ${text}\n`));
    // Nobody waits for it: the process ends at once.
    written?.catch(() => {});
    task.kernel.crashed?.(task.comm, error);
  } catch {
    // Nowhere to say it.
  }
}
