/**
 * What there is, at one moment, at all depths: the other half of what views and lessons look at (the trace says what
 * happened). Plain JSON, cheap to make: file lists are asked for separately.
 */
export interface Inspection {
  kernel: { release: string; hostname: string };
  layers: LayerInfo[];
  images: ImageInfo[];
  containers: ContainerInfo[];
  networks: { id: string; name: string; driver: string; subnet: string; gateway: string }[];
  volumes: { name: string; mountpoint: string }[];
  registries: RegistryInfo[];
  /** Accounts in ~/.docker/config.json by registry key. */
  logins: Record<string, string>;
  /** Every process of the kernel, by host PID. */
  processes: ProcessInfo[];
  /** Control groups that hold a process or a limit, from the root down. */
  cgroups: CgroupInfo[];
}

/** The part that an engine knows: what is below it and outside it comes from the machine. */
export type EngineInspection = Omit<Inspection, 'registries' | 'logins' | 'processes' | 'cgroups'>;

export const namespaceKinds = ['mnt', 'pid', 'net', 'uts', 'ipc', 'user', 'cgroup'] as const;
export type NamespaceKind = (typeof namespaceKinds)[number];

export interface ProcessInfo {
  /** In the host's PID namespace. */
  pid: number;
  ppid: number;
  /** PID in each PID namespace, from the host's inwards: the last is what the process itself sees. */
  pids: number[];
  comm: string;
  args: string[];
  state: 'R' | 'S' | 'D' | 'T' | 'Z';
  uid: number;
  /** Inode numbers, as readlink /proc/PID/ns/KIND shows them. */
  namespaces: Record<NamespaceKind, number>;
  /** Path from the root of the cgroup tree. */
  cgroup: string;
}

export interface CgroupInfo {
  path: string;
  /** Bytes. `max` undefined: no limit. */
  memory: { current: number; max?: number };
  pids: { current: number; max?: number };
  /** Microseconds used; `max` in cpus. */
  cpu: { usage: number; max?: number };
  frozen: boolean;
  oomKills: number;
}

export interface LayerInfo {
  chainId: string;
  diffId: string;
  /** chainId of the parent, '' for a base layer. */
  parent: string;
  /** Bytes of its own files. */
  size: number;
  createdBy: string;
  added: number;
  changed: number;
  hidden: number;
  /** The few changes most worth showing on the slab. */
  notable: LayerChange[];
}

export interface ImageInfo {
  id: string;
  parent: string;
  references: string[];
  digests: string[];
  /** Bytes, all layers. */
  size: number;
  created: string;
  /** chainIds from the base up. */
  layers: string[];
  history: { createdBy: string; empty: boolean; size: number; created: string; comment: string }[];
  config: {
    cmd: string[];
    entrypoint: string[];
    env: string[];
    workingDir: string;
    user: string;
    exposedPorts: string[];
    volumes: string[];
    labels: Record<string, string>;
  };
}

export interface ContainerInfo {
  id: string;
  name: string;
  /** Image ID, and the reference it was created from. */
  imageId: string;
  image: string;
  status: 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'dead' | 'removing';
  exitCode: number;
  pid: number;
  command: string[];
  /** chainId of the topmost image layer it stands on. */
  layer: string;
  /** Its writable layer. */
  added: number;
  changed: number;
  hidden: number;
  size: number;
  notable: LayerChange[];
  ports: { host: string; container: string }[];
  networks: { name: string; address: string }[];
  mounts: { type: string; source: string; destination: string }[];
}

export interface RegistryInfo {
  host: string;
  repositories: { name: string; tags: Record<string, string>; layers: string[] }[];
}

/** One change that a layer makes to what is below it. */
export interface LayerChange {
  path: string;
  kind: 'added' | 'changed' | 'deleted';
  type: 'file' | 'directory' | 'symlink' | 'other';
  size: number;
  mode: number;
  /** A directory whose lower content is hidden. */
  opaque?: boolean;
}
