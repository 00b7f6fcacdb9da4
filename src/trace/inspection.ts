/**
 * What there is, at one moment, at all depths: the other half of what views and lessons look at (the trace says what
 * happened). Plain JSON, cheap to make: file lists are asked for separately.
 */
export interface Inspection {
  kernel: { release: string; hostname: string };
  layers: LayerInfo[];
  images: ImageInfo[];
  containers: ContainerInfo[];
  networks: NetworkInfo[];
  volumes: { name: string; mountpoint: string }[];
  registries: RegistryInfo[];
  /** Accounts in ~/.docker/config.json by registry key. */
  logins: Record<string, string>;
  /** Every process of the kernel, by host PID. */
  processes: ProcessInfo[];
  /** Control groups that hold a process or a limit, from the root down. */
  cgroups: CgroupInfo[];
  /** Every network namespace that a process is in, the host's first. */
  netNamespaces: NetNamespaceInfo[];
}

/** The part that an engine knows: what is below it and outside it comes from the machine. */
export type EngineInspection = Omit<Inspection, 'registries' | 'logins' | 'processes' | 'cgroups' | 'netNamespaces'>;

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

export interface NetworkInfo {
  id: string;
  name: string;
  driver: string;
  subnet: string;
  gateway: string;
  /** Name of its interface on the host; '' for host and none. */
  bridge: string;
  /** No way out of it. */
  internal: boolean;
}

export interface NetNamespaceInfo {
  /** As in {@link ProcessInfo.namespaces}. */
  inode: number;
  links: NetLinkInfo[];
  routes: { destination: string; gateway?: string; link: string }[];
  /** Sockets that wait for connections or datagrams. */
  listening: ListenInfo[];
  /** What port publishing rewrites, `address:port`. */
  nat: { protocol: string; host: string; to: string }[];
  /** 127.0.0.11 answers here. */
  resolver: boolean;
}

export interface NetLinkInfo {
  name: string;
  kind: 'loopback' | 'veth' | 'bridge' | 'dummy' | 'ethernet';
  mac: string;
  up: boolean;
  /** CIDR. */
  addresses: string[];
  /** The bridge that it is a port of. */
  master?: string;
  /** The other end of a veth pair. */
  peer?: { namespace: number; link: string };
}

export interface ListenInfo {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
  /** Host PID and name of the process that opened it; 0 for the kernel's own. */
  pid: number;
  comm: string;
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
  /** As `docker run --network` said it: `default`, `none`, `host`, `container:ID` or a name. */
  networkMode: string;
  /** `names`: what 127.0.0.11 answers for it on that network. */
  networks: { name: string; address: string; names: string[] }[];
  mounts: { type: string; source: string; destination: string }[];
}

export interface RegistryInfo {
  /** As a reference names it: `docker.io`, `localhost:5000`. */
  host: string;
  /** Name of the container that it runs in. */
  container?: string;
  repositories: RepositoryInfo[];
  /** Repositories that nobody here has pushed to or pulled from. */
  others: number;
}

export interface RepositoryInfo {
  name: string;
  /** Someone else's: of the Hub's library. */
  official: boolean;
  /** Tag -> manifest digest. */
  tags: Record<string, string>;
  manifests: ManifestInfo[];
  /** Every blob that it links, those that no manifest names too. */
  blobs: BlobInfo[];
}

export interface ManifestInfo {
  digest: string;
  mediaType: string;
  size: number;
  /** Absent: an index. */
  config?: BlobInfo;
  layers: (BlobInfo & { diffId?: string })[];
  /** Of an index: digests of its manifests. */
  manifests: string[];
  /** Of attestations: the types of what its statements say (`https://spdx.dev/Document`). */
  attests?: string[];
}

export interface BlobInfo {
  digest: string;
  /** Bytes. */
  size: number;
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
