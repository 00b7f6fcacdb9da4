/**
 * The first script. The build writes it into the page itself, so that the engine's worker boots while the code that draws
 * is still on its way: it shares no module with that code.
 */
import type { BootOptions } from './protocol.ts';

/** The engine's worker, and what it was told to boot. */
export interface Started extends BootOptions {
  worker: Worker;
  /** Where the page notes that something is kept. */
  keptKey: string;
  /** Something is kept: the machine goes on from it. Where this was not noted it is brought back after the prompt. */
  restore: boolean;
}

const query = new URLSearchParams(location.search);
const seed = seedOfPage();
const keep = keptName(seed);
const keptKey = `drydock.kept.${keep}`;
const terminal = !query.has('embed') || query.has('terminal');
const boot: BootOptions = { seed, keep, terminal };
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: JSON.stringify(boot) });
// The worker's code is on its way while the browser looks: the first look at its storage takes long.
const restore = keep !== undefined && noted(keptKey);
worker.postMessage(restore);
const started: Started = { worker, keptKey, restore, ...boot };
Object.assign(window, { started });

/** Asked of what answers soonest: the store itself takes longer to open than all else that a prompt waits for. */
function noted(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false; // storage is off
  }
}

/** `?seed=7` makes a class see the same ids; without it everyone has seed 1. */
function seedOfPage(): number {
  const asked = Number(query.get('seed') ?? 1);
  return Number.isSafeInteger(asked) ? asked : 1;
}

/**
 * What work is kept under.
 *
 *   (nothing)     kept as `work`; with `?seed=7` as `work-7`: a class sees the ids it was promised
 *   ?keep=NAME    kept as NAME
 *   ?keep=        not kept
 *   ?embed, ?present, #s=   not kept, unless a name is given: somebody else's work does not take the place of one's own
 */
function keptName(seed: number): string | undefined {
  const named = query.get('keep');
  if (named !== null) return named || undefined;
  if (query.has('embed') || query.has('present') || /^#s=/.test(location.hash)) return undefined;
  return seed === 1 ? 'work' : `work-${seed}`;
}
