/**
 * The durable state of a machine at one moment, by reference: taking one copies nothing, and what is written later does
 * not reach it. Processes are not in it; a machine that goes on from it starts again the containers that ran.
 */
import type { BlobSnapshot, ClockState, EntropyState, RecordSnapshot, TreeSnapshot } from '../sim/index.ts';
import type { Inspection } from '../trace/index.ts';

export interface Snapshot {
  readonly clock: ClockState;
  readonly entropy: EntropyState;
  /** What ran, for whoever looks at this moment later. */
  readonly processes: Pick<Inspection, 'processes' | 'cgroups' | 'netNamespaces'>;
  /** The host's disk: containers' layers, volumes and logs too. */
  readonly disk: TreeSnapshot;
  /** Undefined while nothing has asked for the engine. */
  readonly engine: EngineSnapshot | undefined;
}

export interface EngineSnapshot {
  readonly entropy: EntropyState;
  readonly blobs: BlobSnapshot;
  readonly records: RecordSnapshot;
  /** What was pushed to the simulated Hub, and its accounts. */
  readonly hub: { readonly blobs: BlobSnapshot; readonly records: RecordSnapshot };
}
