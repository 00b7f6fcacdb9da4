/** Work over many small things, told in steps: whoever has it done may give way between them. */
export type Steps<T> = Generator<void, T>;

/** Resolves when others (in the browser: keys, drawing) have had their turn. */
export type Pause = () => Promise<void>;

/** Steps between two pauses: at some 20 us a step a few milliseconds. */
const stretch = 160;

/** Does it all at once. */
export function finish<T>(steps: Steps<T>): T {
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
}

/** Does it with pauses, counted in steps and not in time: the same in every replay. */
export async function paced<T>(steps: Steps<T>, pause?: Pause): Promise<T> {
  if (!pause) return finish(steps);
  let next = steps.next();
  for (let done = 1; !next.done; done++) {
    if (done % stretch === 0) await pause();
    next = steps.next();
  }
  return next.value;
}
