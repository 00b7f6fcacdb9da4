import type {
  BlobBacking,
  Clock,
  Entropy,
  Mounter,
  Network,
  RecordStore,
  Runtime,
  Snapshotter,
  Tree,
} from '../port/index.ts';
import type { Fetch, Pause, Timespec } from '../spec/index.ts';
import type { Tracer } from '../trace/index.ts';
import type { Profile } from './texts.ts';

/** What the engine says about the host in `docker info` and `docker version`. */
export interface HostFacts {
  hostname: string;
  /** uname -r */
  kernelRelease: string;
  /** uname -m */
  machine: string;
  cpus: number;
  /** Bytes. */
  memory: number;
  /** PRETTY_NAME of /etc/os-release. */
  operatingSystem: string;
  osVersion: string;
  cgroupVersion: '1' | '2';
  backingFilesystem: string;
}

/** Everything the engine needs of a world. The engine does nothing else with the outside. */
export interface EnginePorts {
  snapshotter: Snapshotter;
  /** The same, for whoever only looks: calls of it are not told. Absent: as the other. */
  unwatched?: Snapshotter;
  mounter: Mounter;
  runtime: Runtime;
  network: Network;
  clock: Clock;
  entropy: Entropy;
  blobs: BlobBacking;
  records: RecordStore;
  tracer: Tracer;
  /** To registries, by absolute URL. */
  fetch: Fetch;
  /** The host's '/': bind sources, /var/lib/docker/{containers,volumes}. */
  hostTree: Tree;
  facts: HostFacts;
  /** Gives way in long work; absent: it is done in one go. */
  pause?: Pause;
  /** Which engine's texts and version it speaks with; 20.10 when absent. */
  profile?: Profile;
  /** SOURCE_DATE_EPOCH of the daemon's environment: no layer that is committed here carries a later time. */
  sourceDateEpoch?: Timespec;
}
