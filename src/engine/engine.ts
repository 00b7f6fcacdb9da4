import type { EnginePorts } from './ports.ts';

// biome-ignore lint/suspicious/noEmptyInterface: operations are added as they come.
export interface Engine {}

/** Restores what `records` hold, then serves. */
export async function createEngine(_ports: EnginePorts): Promise<Engine> {
  throw new Error('not yet');
}
