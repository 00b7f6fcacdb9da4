import type { ContainerConfig, Digest, HistoryEntry } from '../../spec/index.ts';
import type { BuildArgs } from '../build-args.ts';

/** A stage as far as it is built. Immutable. */
export interface State {
  /** Cache key of all that led here. */
  key: Digest;
  /** Vertices that a following one stands on. */
  vertex: Digest[];
  layers: readonly Digest[];
  config: ContainerConfig;
  history: readonly HistoryEntry[];
  args: BuildArgs;
  cmdSet: boolean;
  author: string;
}

export const historyComment = 'buildkit.dockerfile.v0';

/** One more line of history; `layer` says whether a layer goes with it. */
export const remember = (state: State, createdBy: string, layer: boolean, created: string): readonly HistoryEntry[] => [
  ...state.history,
  { created, created_by: createdBy, comment: historyComment, ...(!layer && { empty_layer: true }) },
];
