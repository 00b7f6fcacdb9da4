/** Types lines into a terminal as a person would: the next when the one before has ended, or has opened another shell. */
import { utf8 } from '../spec/index.ts';
import type { Machine, Terminal } from './machine.ts';
import type { TypedLine } from './timeline.ts';

export interface ReplayOptions {
  lines: readonly (TypedLine & { afterMs?: number })[];
  /** Before a line is typed. */
  progress?(done: number, line: string): void;
  /** Asked before each line: true ends it. */
  cancelled?(): boolean;
  /** How fast the pauses of a recording pass; absent: none are made. */
  speed?: number;
  sleep(ms: number): Promise<void>;
}

/** A program that asks instead of ending is given up on after so long. */
const patience = 120_000;
/** A shell inside a shell has its prompt when nothing has happened for so long. */
const quiet = 150;

/** False when it was cancelled. */
export async function replay(machine: Machine, terminal: Terminal, options: ReplayOptions): Promise<boolean> {
  const { lines, speed, sleep } = options;
  for (const [index, { line, afterMs = 0 }] of lines.entries()) {
    if (options.cancelled?.()) return false;
    options.progress?.(index, line);
    if (speed) await sleep(Math.min(afterMs, 5000) / speed);
    const next = lines[index + 1];
    const enters = next !== undefined && next.terminal !== lines[index]!.terminal && next.terminal.includes(':');
    const inside = lines[index]!.terminal.includes(':');
    const leaves = inside && !next?.terminal.includes(':');
    const done = enters ? settled(machine, sleep) : ended(machine, sleep, leaves);
    terminal.write(utf8(`${line}\n`));
    await done;
  }
  return true;
}

/** `leaves`: the line ends the container's shell, and it is the host's command that is waited for. */
function ended(machine: Machine, sleep: ReplayOptions['sleep'], leaves: boolean): Promise<void> {
  return new Promise((resolve) => {
    let pid: number | undefined;
    const stop = machine.trace.on((event) => {
      if (event.type === 'command.begin' && event.typed) pid ??= event.pid;
      if (event.type !== 'command.end' || pid === undefined) return;
      if (leaves ? !event.terminal.includes(':') && event.terminal !== '' : event.pid === pid) finish();
    });
    const finish = () => {
      stop();
      resolve();
    };
    void sleep(patience).then(finish);
  });
}

async function settled(machine: Machine, sleep: ReplayOptions['sleep']): Promise<void> {
  let events = 0;
  const stop = machine.trace.on(() => {
    events++;
  });
  for (let last = -1, waited = 0; (events === 0 || events !== last) && waited < patience; waited += quiet) {
    last = events;
    await sleep(quiet);
  }
  stop();
}
