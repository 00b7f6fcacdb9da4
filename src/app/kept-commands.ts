/**
 * The last commands, beside the work that is kept: after a reload the views that tell of one open where they were. What is
 * too much is left out, the oldest first.
 */
import type { Inspection } from '../trace/index.ts';
import type { CommandRecord } from './history.svelte.ts';
import { program } from './version.ts';

/** Characters of JSON, far below what browsers give a page. */
const most = 600_000;

/** The state after a command is most often that before the next one: each is written once, and named by its place. */
interface Kept {
  /** Who wrote it: events of another version may say other things. */
  program: string;
  states: Inspection[];
  commands: (Omit<CommandRecord, 'before' | 'after'> & { before?: number; after?: number })[];
}

export function keepCommands(key: string, commands: readonly CommandRecord[]): void {
  const states = new Map<Inspection, string>();
  const placeOf = (one: Inspection | undefined) => one && [...states.keys()].indexOf(one);
  const told: string[] = [];
  let room = most;
  for (const { before, after, ...record } of [...commands].reverse()) {
    if (record.status === undefined) continue;
    const fresh = [before, after].filter((one): one is Inspection => one !== undefined && !states.has(one));
    for (const one of fresh) states.set(one, JSON.stringify(one));
    const text = JSON.stringify({ ...record, before: placeOf(before), after: placeOf(after) });
    room -= [...new Set(fresh)].reduce((sum, one) => sum + states.get(one)!.length, text.length);
    if (room < 0) {
      for (const one of fresh) states.delete(one);
      break;
    }
    told.unshift(text);
  }
  const whole = `{"program":${JSON.stringify(program())},"states":[${[...states.values()]}],"commands":[${told}]}`;
  try {
    localStorage.setItem(key, whole);
  } catch {
    // Storage is off or full: the views begin anew after a reload.
  }
}

export function keptCommands(key: string): CommandRecord[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
    if (kept?.program !== program()) return [];
    const state = (at: number | undefined) => (at === undefined ? undefined : kept.states[at]);
    return kept.commands.map(
      (one) => ({ ...one, before: state(one.before), after: state(one.after) }) as CommandRecord,
    );
  } catch {
    return []; // storage is off, or holds something else
  }
}
