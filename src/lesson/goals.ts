import type { NamespaceKind } from '../trace/index.ts';

/** A condition on the state of the host, never on what was typed. All given parts must hold. */
export type Goal =
  | { image: ImageGoal }
  | { container: ContainerGoal }
  | { file: FileGoal }
  | { registry: RegistryGoal }
  | { login: { registry: string } }
  | { network: NetworkGoal }
  | { volume: VolumeGoal }
  | { build: BuildGoal }
  | { process: ProcessGoal }
  | { cgroup: CgroupGoal }
  | { http: HttpGoal }
  | { exec: ExecGoal }
  | { all: Goal[] }
  | { any: Goal[] }
  | { not: Goal };

export interface ImageGoal {
  /** Familiar reference, `name` or `name:tag`. */
  reference?: string;
  absent?: boolean;
  /** Has no name at all. */
  untagged?: boolean;
  /** Image must stand on the layers of this image. */
  from?: string;
  /** At least so many layers above those of `from` (without it: above the first). */
  layersAbove?: number;
  /** Number of all layers. */
  layers?: number;
  layersAtMost?: number;
  /** Bytes, all layers, below this. */
  sizeBelow?: number;
  sizeAbove?: number;
  /** Some layer above the base adds or changes this path. */
  layerContains?: string;
  /** No layer holds this path, hidden ones neither: it was never stored. */
  notInLayers?: string;
  /** One layer holds this path and a later one hides it: deleted, but still stored. */
  buried?: string;
  /** This text stands in no file of the layers above the base, not in the history and not in the configuration. */
  without?: string;
  exposes?: string;
  cmd?: string[];
  entrypoint?: string[];
  /** `NAME=value`, or `NAME` for any value. */
  env?: string[];
  user?: string;
  workdir?: string;
  volume?: string;
  labels?: Record<string, string>;
  /** A health check is configured whose command contains this text; '' for any. */
  healthcheck?: string;
}

export interface ContainerGoal {
  name?: string;
  /** Image reference it was created from, or an image whose ID it uses. */
  image?: string;
  status?: 'running' | 'exited' | 'created' | 'paused';
  /** Its writable layer adds or changes this path. */
  changed?: string;
  deleted?: string;
  /** Port of the container that is published. */
  port?: string;
  hostPort?: string;
  absent?: boolean;
  exitCode?: number;
  oomKilled?: boolean;
  health?: 'starting' | 'healthy' | 'unhealthy';
  /** Restart policy. */
  restart?: 'no' | 'always' | 'unless-stopped' | 'on-failure';
  /** Memory limit in bytes. */
  memory?: number;
  pidsLimit?: number;
  readOnly?: boolean;
  user?: string;
  env?: string[];
  network?: string;
  /** A named volume, or a directory of the host, that is mounted in it. */
  volume?: string;
  bind?: string;
  /** Where in the container something is mounted (with `volume` or `bind`: that one). */
  mountedAt?: string;
  /** Its log contains this text. */
  logs?: string;
}

export interface FileGoal {
  path: string;
  contains?: string;
  absent?: boolean;
}

export interface RegistryGoal {
  /** A registry on a port of this host (`localhost:5000`); without it: the simulated Hub. */
  host?: string;
  repository: string;
  tag?: string;
  absent?: boolean;
  /** The tag leads to the very image that has this name here. */
  sameAs?: string;
  /** Has a layer in common with this repository's `latest` (or `name:tag`). */
  sharesLayersWith?: string;
}

export interface NetworkGoal {
  name: string;
  absent?: boolean;
  driver?: string;
  /** Each of these containers is on it. */
  containers?: string[];
}

export interface VolumeGoal {
  name: string;
  absent?: boolean;
  /** A file in it, from its root. */
  holds?: string;
  /** Text of that file contains this. */
  contains?: string;
  /** A container has it mounted. */
  container?: string;
}

/** The last build. Steps are named by how their instruction begins: `RUN pip install`. */
export interface BuildGoal {
  succeeded?: boolean;
  hit?: string[];
  miss?: string[];
  /** Everything before this step came from the cache; it and all after it did not. */
  missFrom?: string;
  /** Every step came from the cache. */
  allHit?: boolean;
  /** Rules of the build checks that it warns of, and that it does not; `[]`: of none at all. */
  warns?: string[];
  silent?: string[];
}

export interface ProcessGoal {
  /** As `ps -o comm` shows it. */
  name?: string;
  /** Its command line contains this. */
  args?: string;
  /** It runs in this container. */
  container?: string;
  /** Its PID as it sees itself. */
  pid?: number;
  uid?: number;
  /** Namespaces of these kinds are its own, not those of `with`. */
  own?: NamespaceKind[];
  /** Namespaces of these kinds are those of `with`. */
  shared?: NamespaceKind[];
  /** Name of a container; without it: the host. */
  with?: string;
  absent?: boolean;
}

export interface CgroupGoal {
  /** Part of its path: its name, a container's id. */
  path?: string;
  container?: string;
  memoryMax?: number;
  pidsMax?: number;
  cpuMax?: number;
  frozen?: boolean;
  oomKilled?: boolean;
  /** A process is in it whose `comm` is this. */
  holds?: string;
}

/** GET of a port of the host, as a browser outside sends it. */
export interface HttpGoal {
  port: number;
  path?: string;
  /** Default 200. */
  status?: number;
  contains?: string;
  /** Nothing answers there. */
  refused?: boolean;
}

/** A command of the host that exits 0 when the goal is reached. It must change nothing: `drydock lessons check` looks. */
export interface ExecGoal {
  run: string;
}

/** Whether looking at it sets something in motion (a request, a process): not done more often than needed. */
export function isProbe(goal: Goal): boolean {
  if ('all' in goal) return goal.all.some(isProbe);
  if ('any' in goal) return goal.any.some(isProbe);
  if ('not' in goal) return isProbe(goal.not);
  return 'http' in goal || 'exec' in goal || ('registry' in goal && goal.registry.host !== undefined);
}
