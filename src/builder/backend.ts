import type { Clock, Entropy, ExitStatus, Stdio, Tree } from '../port/index.ts';
import type { ContainerConfig, Content, Digest, Fetch, ImageConfig, Pause, Platform, Timespec } from '../spec/index.ts';
import type { Tracer } from '../trace/index.ts';

/** One layer: the tar's digest, the identity of the stack that ends with it, and the bytes of its files. */
export interface Layer {
  readonly diffId: Digest;
  readonly chainId: string;
  readonly size: number;
}

/** An image as the builder reads it. */
export interface BuildImage {
  /** Digest of the config. */
  readonly id: Digest;
  readonly config: ImageConfig;
  /** Digest of the manifest it was pulled by, when known (BuildKit prints `@sha256:…` behind the name). */
  readonly manifestDigest?: Digest;
}

/** What an in-toto statement says of an image; the engine adds which image. */
export interface Predicate {
  /** https://slsa.dev/provenance/v0.2, https://spdx.dev/Document */
  type: string;
  predicate: unknown;
}

/** What was made of an image and its attestations. */
export interface AttestedImage {
  index: Digest;
  manifest: Digest;
  attestation: Digest;
}

/** Username and password (or identity token) by registry host: the decoded X-Registry-Config header. */
export type RegistryAuths = Readonly<
  Record<
    string,
    { username?: string; password?: string; identitytoken?: string; auth?: string; serveraddress?: string }
  >
>;

/** What a build container needs besides its `Config`. Sizes in bytes. */
export interface BuildHostConfig {
  /** `docker build --network`; '' is the default. */
  networkMode: string;
  extraHosts: readonly string[];
  memory?: number;
  memorySwap?: number;
  cpuShares?: number;
  cpuPeriod?: number;
  cpuQuota?: number;
  cpusetCpus?: string;
  cpusetMems?: string;
  cgroupParent?: string;
  shmSize?: number;
  securityOpt?: readonly string[];
  ulimits?: readonly { Name: string; Soft: number; Hard: number }[];
}

/** A mount that BuildKit puts into one RUN. `path` is a directory (or file) of the host, as {@link Workspace.path} gives it. */
export interface RunMount {
  type: 'bind' | 'tmpfs';
  /** Absolute, in the container. */
  target: string;
  /** Host path; absent for tmpfs. */
  source?: string;
  readonly: boolean;
  /** tmpfs: bytes. */
  size?: number;
}

/** A process for {@link Workspace.run}. `user` is as in `USER`: name or uid, with `:group`; '' is root. */
export interface RunRequest {
  args: readonly string[];
  env: readonly string[];
  cwd: string;
  user: string;
  hostname?: string;
  /** 'none', 'host' or '' for the default network. */
  network: string;
  extraHosts: readonly string[];
  /** The only limits that BuildKit takes; those of memory and processors it does not heed. */
  ulimits: NonNullable<BuildHostConfig['ulimits']>;
  /** Of /dev/shm; 0: as large as it will. */
  shmSize: number;
  mounts: readonly RunMount[];
  signal?: AbortSignal;
}

/**
 * A writable snapshot on top of some layers that is no container: what COPY/ADD write to, and where BuildKit runs.
 *
 *   open(layers) -> workspace;  tree()/run() any number of times;  then exactly one of commit() or discard()
 */
export interface Workspace {
  /** The merged view; may be used while no {@link run} is under way. */
  tree<T>(use: (tree: Tree) => T | Promise<T>): Promise<T>;
  /**
   * Runs one process to its end, with /proc, /sys, /dev, resolv.conf and hosts as a container has them.
   * Rejects with RuntimeError (runc's text) when it cannot start.
   */
  run(request: RunRequest, stdio: Stdio): Promise<ExitStatus>;
  /** Where on the host the merged view is or would be mounted: for error texts. */
  readonly root: string;
  /** Host path of the merged view, for a bind mount of it (or of `inside` it) into another run. Valid until the end. */
  path(inside?: string): Promise<string>;
  /** The snapshot becomes a layer on its parents. Null when nothing was changed: then there is no layer. */
  commit(createdBy: string): Promise<Layer | null>;
  /** Idempotent. */
  discard(): Promise<void>;
}

/** One record of BuildKit's cache: the result of a step under its content key. Durable; `docker builder prune` removes it. */
export interface CacheRecord {
  /** Digest over the step, its inputs' keys and the digests of what it copies. */
  key: Digest;
  /** What the step added; null when it changed nothing. The engine keeps this layer alive as long as the record. */
  layer: Layer | null;
  /** All layers up to and including it. */
  layers: readonly Digest[];
  /** As `docker builder du` shows it: "[2/3] RUN …" without the numbers, "mount / from exec /bin/sh -c …". */
  description: string;
  created: Timespec;
  lastUsed: Timespec;
  usageCount: number;
  /** "regular", "source.local", "exec.cachemount", "frontend", "internal". */
  type: string;
  /** Keys of the records it stands on. */
  parents: readonly Digest[];
  /** Parts of the key by name, kept so that a later miss can say what changed. */
  inputs: Readonly<Record<string, string>>;
}

export interface BuildCache {
  get(key: Digest): Promise<CacheRecord | undefined>;
  put(record: CacheRecord): Promise<void>;
  list(): Promise<CacheRecord[]>;
  /** Host directory of a `RUN --mount=type=cache`, made on first use with this owner and mode. Survives builds. */
  directory(id: string, owner: { uid: number; gid: number; mode: number }): Promise<string>;
}

/**
 * What the builder needs of the engine. The engine implements it over its own stores; tests with a small fake.
 *
 * Classic steps are containers: createContainer, startContainer, commitContainer, removeContainer; a container that is
 * not removed is seen by `docker ps -a`. COPY, ADD and all of BuildKit use {@link Workspace}. Errors that carry the real
 * daemon's text are thrown as they are; their message reaches the user verbatim.
 */
export interface Backend {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly tracer: Tracer;
  readonly platform: Platform;
  /** `docker_version` of images built by the classic builder. */
  readonly dockerVersion: string;
  /** For ADD of a URL. */
  readonly fetch: Fetch;
  readonly cache: BuildCache;
  /** Gives way in long work. */
  readonly pause?: Pause;

  /**
   * The image that a FROM or --from names: an id, a local reference, or (absent, or `pull`) pulled with `auths`.
   * `progress` gets the pull's JSON messages. Rejects with the daemon's text ("pull access denied for …", …).
   */
  resolveImage(
    reference: string,
    options: { pull: boolean; auths: RegistryAuths; platform?: string; progress?: (message: BuildMessage) => void },
  ): Promise<BuildImage>;
  /** Undefined when there is none locally; never pulls. */
  localImage(reference: string): Promise<BuildImage | undefined>;
  /** Images whose parent is `parent` ('' : images built from scratch), newest first: the classic cache's candidates. */
  children(parent: Digest | ''): Promise<BuildImage[]>;
  /**
   * Stores a config; its rootfs names layers that exist. `parent` is what `docker inspect` shows as Parent ('' none).
   * The id is the sha256 of the config's JSON as Go writes it; the same config again is the same image.
   */
  putImage(config: ImageConfig, parent: Digest | ''): Promise<Digest>;
  /** `reference` is normalised ("docker.io/library/app:latest"); moves the tag if another image has it. */
  tag(id: Digest, reference: string): Promise<void>;
  /** Absent: this engine's store holds no attestations. */
  readonly attestations?: {
    /** Bytes of a layer that is there. */
    layer(diffId: Digest): Content;
    /** Puts them beside an image: an index of its manifest and theirs. `names` are package URLs of what it is called. */
    attest(id: Digest, names: readonly string[], predicates: readonly Predicate[]): Promise<AttestedImage>;
  };

  /** Resolves to the container's id. `config.Image` is the parent image's id, '' for scratch. Not started. */
  createContainer(config: ContainerConfig, host: BuildHostConfig): Promise<{ id: string; warnings: string[] }>;
  /**
   * Makes `config.WorkingDir` in the container's filesystem if it is not there (root, 0755, no layer change if it is).
   * Nothing to do when createContainer already did (a daemon's does). "Cannot mkdir: /x is not a directory".
   */
  createWorkingDir(container: string): Promise<void>;
  /** Starts it, streams its output in order of arrival, resolves when it has ended. */
  startContainer(container: string, stdio: Stdio, signal?: AbortSignal): Promise<ExitStatus>;
  /** The container's changes as a layer on its image's layers; null when there are none. The container stays. */
  commitContainer(container: string, createdBy: string): Promise<Layer | null>;
  /** Also kills it. */
  removeContainer(container: string): Promise<void>;

  /** A writable snapshot on top of these layers (diffIDs from the base up; [] is scratch). */
  open(layers: readonly Digest[]): Promise<Workspace>;
  /** Read-only look at the tree of these layers. */
  view<T>(layers: readonly Digest[], use: (tree: Tree) => T | Promise<T>): Promise<T>;
}

/** One JSON line of the answer to POST /build. */
export type BuildMessage =
  | { stream: string }
  | { status: string; id?: string; progress?: string; progressDetail?: { current?: number; total?: number } }
  | { id?: string; aux: unknown }
  | { errorDetail: { code?: number; message: string }; error: string };

/** Options of POST /build, decoded from its query (names as in the Engine API). */
export interface BuildOptions {
  /** '1' (or absent) is the classic builder, '2' BuildKit. */
  version?: '1' | '2';
  /** Tags as typed; ':latest' is added. */
  t?: readonly string[];
  /** Path in the context; 'Dockerfile' when absent. */
  dockerfile?: string;
  remote?: string;
  q?: boolean;
  nocache?: boolean;
  pull?: boolean;
  /** Default true. */
  rm?: boolean;
  forcerm?: boolean;
  /** A null value is `--build-arg NAME` with NAME unset. */
  buildargs?: Readonly<Record<string, string | null>>;
  labels?: Readonly<Record<string, string>>;
  target?: string;
  platform?: string;
  squash?: boolean;
  cachefrom?: readonly string[];
  host?: Partial<BuildHostConfig>;
  auths?: RegistryAuths;
  /** BuildKit `--secret id=…`: content by id. */
  secrets?: Readonly<Record<string, Uint8Array>>;
  /** BuildKit `--build-context name=…`: 'docker-image://ref' or another reference, by name. */
  contexts?: Readonly<Record<string, string>>;
  /** BuildKit `--no-cache-filter` stage names. */
  nocachefilter?: readonly string[];
  /** BuildKit `--check`: lint only. */
  check?: boolean;
  /** BuildKit `--output`: the result's files go to the client; no image is made. */
  output?: 'local' | 'tar';
  /** BuildKit `--attest`, `--sbom`, `--provenance`: attributes by kind (`sbom`, `provenance`). */
  attests?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** The uploaded context: a tar (plain or compressed), or, with `-` and a bare Dockerfile on stdin, a tar of just that. */
export type ContextUpload = Content;

/**
 * What failed. When nothing was emitted yet, `build` rejects with this and the API answers `status`; afterwards the
 * message is emitted as the last JSON line and `build` resolves without an image.
 */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  constructor(
    message: string,
    /** Exit status of a RUN that failed, for errorDetail.code (the CLI exits with it). */
    readonly code?: number,
    readonly status: 400 | 404 | 500 = 400,
  ) {
    super(message);
  }
}

export interface BuildResult {
  /** Absent when the build failed (its error was emitted). */
  imageId?: Digest;
}
