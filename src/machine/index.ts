/**
 * machine: puts the in-memory host together: kernel, userland, engine, registries and `/usr/bin/docker`.
 *
 * The topmost room without a screen or Node: `app` shows one, `companion` runs one in a terminal.
 */

export type {
  Assets,
  GuestSource,
  Interpreter,
  PythonAnswer,
  PythonCall,
  PythonStart,
  PythonWorld,
} from '../port/index.ts';
export { signalName } from '../sim/index.ts';
export type { Lane, PartIndexer, SurveyedImage, SurveyedLayer } from './archive-tools.ts';
export { Cast } from './cast.ts';
export { differs } from './changes.ts';
export { createMachine } from './create-machine.ts';
export type { FolderChange, FolderEntry, FolderMount } from './folder-mount.ts';
export type { Keeper, SnapshotStore } from './keep/snapshot-store.ts';
export * from './machine.ts';
export type { BuildRequest, RebuildOutcome, RebuiltStep } from './rebuild.ts';
export type { Recorder } from './recording.ts';
export type * from './snapshot.ts';
export { Timeline, type TimelineOptions, type TypedLine } from './timeline.ts';

/** What keeps, hands out and replays work; loaded when asked for. */
export const timeTools = () => import('./time-tools.ts');

/** docker's commands and flags that may follow `words`; its code is loaded when asked for. */
export const dockerWords = async (words: readonly string[]): Promise<string[]> =>
  (await import('../cli/index.ts')).grammarWords(words);

/** Repositories of the simulated Hub's library, and their tags. */
export const hubImages = async (): Promise<Record<string, string[]>> => {
  const { library } = await import('./boot-engine.ts');
  return Object.fromEntries(library().repositories.map(({ name, tags }) => [name, Object.keys(tags)]));
};

/** Builds tried out on a machine of their own; loaded when asked for. */
export const buildTools = () => import('./rebuild.ts');

/** Looks through archives of any size; loaded when asked for. */
export const archiveTools = () => import('./archive-tools.ts');
