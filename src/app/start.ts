/**
 * The first script. The build writes it into the page itself, so that the engine's worker boots while the code that draws
 * is still on its way: it shares no module with that code.
 */
import type { BootOptions } from './protocol.ts';

/** The engine's worker, and what it was told to boot. */
export interface Started extends BootOptions {
  worker: Worker;
}

const seed = seedOfPage();
const boot: BootOptions = { seed, keep: keptName(seed) };
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: JSON.stringify(boot) });
const started: Started = { worker, ...boot };
Object.assign(window, { started });

/** `?seed=7` makes a class see the same ids; without it everyone has seed 1. */
function seedOfPage(): number {
  const asked = Number(new URLSearchParams(location.search).get('seed') ?? 1);
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
  const query = new URLSearchParams(location.search);
  const named = query.get('keep');
  if (named !== null) return named || undefined;
  if (query.has('embed') || query.has('present') || /^#s=/.test(location.hash)) return undefined;
  return seed === 1 ? 'work' : `work-${seed}`;
}
