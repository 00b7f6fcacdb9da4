/**
 * A Compose project as `docker compose config` prints it: the canonical form of the compose specification, everything
 * interpolated, merged and defaulted, short syntax made long, paths absolute. Keys are the specification's own.
 * https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */

/** `build:`. Paths are absolute; a context may be a URL. */
export interface BuildSpec {
  context?: string;
  dockerfile?: string;
  dockerfile_inline?: string;
  /** Null: taken from the environment when it is there. */
  args?: Record<string, string | null>;
  target?: string;
  cache_from?: string[];
  cache_to?: string[];
  labels?: Record<string, string>;
  network?: string;
  no_cache?: boolean;
  pull?: boolean;
  platforms?: string[];
  secrets?: FileReference[];
  ssh?: string[];
  tags?: string[];
  extra_hosts?: string[];
  shm_size?: string;
  additional_contexts?: Record<string, string>;
  privileged?: boolean;
}

export interface HealthCheckSpec {
  test?: string[];
  /** Durations as Go prints them: `1m30s`. */
  interval?: string;
  timeout?: string;
  start_period?: string;
  start_interval?: string;
  retries?: number;
  disable?: boolean;
}

export interface PortSpec {
  name?: string;
  mode: string;
  host_ip?: string;
  target: number;
  /** A port or a range; absent: any. */
  published?: string;
  protocol: string;
  app_protocol?: string;
}

export interface VolumeMountSpec {
  type: 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image';
  source?: string;
  target: string;
  read_only?: boolean;
  consistency?: string;
  bind?: { propagation?: string; create_host_path?: boolean; selinux?: string };
  volume?: { nocopy?: boolean; subpath?: string };
  tmpfs?: { size?: string; mode?: number };
}

/** A service's use of a secret or config. */
export interface FileReference {
  source: string;
  target?: string;
  uid?: string;
  gid?: string;
  mode?: string;
}

export interface DependsOn {
  condition: 'service_started' | 'service_healthy' | 'service_completed_successfully';
  required: boolean;
  restart?: boolean;
}

export interface NetworkUse {
  aliases?: string[];
  ipv4_address?: string;
  ipv6_address?: string;
  link_local_ips?: string[];
  mac_address?: string;
  priority?: number;
  driver_opts?: Record<string, string>;
}

export interface WatchTrigger {
  path: string;
  action: 'sync' | 'rebuild' | 'sync+restart' | 'restart' | 'sync+exec';
  target?: string;
  ignore?: string[];
  include?: string[];
  initial_sync?: boolean;
  exec?: {
    command: string[];
    user?: string;
    privileged?: boolean;
    working_dir?: string;
    environment?: Record<string, string | null>;
  };
}

/** What of a service is read by the commands; other keys of the specification are kept as they are and printed. */
export interface Service {
  annotations?: Record<string, string>;
  build?: BuildSpec;
  cap_add?: string[];
  cap_drop?: string[];
  cgroup?: string;
  cgroup_parent?: string;
  /** Null: the image's own. */
  command: string[] | null;
  configs?: FileReference[];
  container_name?: string;
  cpu_count?: number;
  cpu_percent?: number;
  cpu_period?: string;
  cpu_quota?: string;
  cpu_shares?: number;
  cpus?: number;
  cpuset?: string;
  depends_on?: Record<string, DependsOn>;
  deploy?: DeploySpec;
  develop?: { watch?: WatchTrigger[] };
  devices?: { source: string; target: string; permissions: string }[];
  dns?: string[];
  dns_opt?: string[];
  dns_search?: string[];
  domainname?: string;
  /** Null: the image's own. */
  entrypoint: string[] | null;
  env_file?: { path: string; required?: boolean; format?: string }[];
  /** Null: named without a value and not in the environment. */
  environment?: Record<string, string | null>;
  expose?: string[];
  external_links?: string[];
  extra_hosts?: string[];
  group_add?: string[];
  healthcheck?: HealthCheckSpec;
  hostname?: string;
  image?: string;
  init?: boolean;
  ipc?: string;
  isolation?: string;
  labels?: Record<string, string>;
  links?: string[];
  logging?: { driver?: string; options?: Record<string, string> };
  mac_address?: string;
  mem_limit?: string;
  mem_reservation?: string;
  mem_swappiness?: string;
  memswap_limit?: string;
  network_mode?: string;
  networks?: Record<string, NetworkUse | null>;
  oom_kill_disable?: boolean;
  oom_score_adj?: number;
  pid?: string;
  pids_limit?: number;
  platform?: string;
  ports?: PortSpec[];
  post_start?: Hook[];
  pre_stop?: Hook[];
  privileged?: boolean;
  profiles?: string[];
  pull_policy?: string;
  read_only?: boolean;
  restart?: string;
  runtime?: string;
  scale?: number;
  secrets?: FileReference[];
  security_opt?: string[];
  shm_size?: string;
  stdin_open?: boolean;
  stop_grace_period?: string;
  stop_signal?: string;
  storage_opt?: Record<string, string>;
  sysctls?: Record<string, string>;
  tmpfs?: string[];
  tty?: boolean;
  ulimits?: Record<string, number | { soft: number; hard: number }>;
  user?: string;
  userns_mode?: string;
  uts?: string;
  volumes?: VolumeMountSpec[];
  volumes_from?: string[];
  working_dir?: string;
}

export interface Hook {
  command: string[];
  user?: string;
  privileged?: boolean;
  working_dir?: string;
  environment?: Record<string, string | null>;
}

export interface DeploySpec {
  mode?: string;
  replicas?: number;
  labels?: Record<string, string>;
  resources?: {
    limits?: { cpus?: number; memory?: string; pids?: number };
    reservations?: { cpus?: number; memory?: string };
  };
  restart_policy?: { condition?: string; delay?: string; max_attempts?: number; window?: string };
}

export interface NetworkSpec {
  /** What the engine knows it by: `PROJECT_KEY` unless the file names it. */
  name: string;
  driver?: string;
  driver_opts?: Record<string, string>;
  ipam: {
    driver?: string;
    config?: { subnet?: string; gateway?: string; ip_range?: string; aux_addresses?: Record<string, string> }[];
  };
  external?: boolean;
  internal?: boolean;
  attachable?: boolean;
  enable_ipv6?: boolean;
  labels?: Record<string, string>;
}

export interface VolumeSpec {
  name: string;
  driver?: string;
  driver_opts?: Record<string, string>;
  external?: boolean;
  labels?: Record<string, string>;
}

/** A secret or config. */
export interface FileSpec {
  name: string;
  file?: string;
  content?: string;
  environment?: string;
  external?: boolean;
  labels?: Record<string, string>;
}

/** The tree that `config` prints. */
export interface Project {
  name: string;
  services: Record<string, Service>;
  networks?: Record<string, NetworkSpec>;
  volumes?: Record<string, VolumeSpec>;
  secrets?: Record<string, FileSpec>;
  configs?: Record<string, FileSpec>;
  [extension: `x-${string}`]: unknown;
}

/** A project with where it came from. */
export interface LoadedProject {
  /** Active services only; services by name in order of the alphabet, as compose-go keeps them. */
  project: Project;
  /** Services that no active profile enables, for commands that name them (`run`, `up NAME`). */
  disabled: Record<string, Service>;
  /** Absolute. The label `com.docker.compose.project.working_dir`. */
  workingDir: string;
  /** Absolute, in the order given. The label `com.docker.compose.project.config_files`. */
  files: string[];
  /** What interpolation saw: env files under the process's environment. */
  environment: Record<string, string>;
  /** Lines for stderr, without the logger's dress: `the attribute \`version\` is obsolete, …`. */
  warnings: string[];
}

/** The files a project is read from. Paths are absolute. */
export interface ProjectFiles {
  /** Undefined when there is no such file; follows symlinks. */
  type(path: string): 'file' | 'directory' | undefined;
  /** Throws an Error with an errno name as `code`. */
  read(path: string): Promise<string>;
}

export interface LoadOptions {
  /** `-f`, as given; relative to {@link cwd}. `-` is standard input. Empty: looked for in cwd and its parents. */
  files: string[];
  /** `--project-name`. */
  name?: string;
  /** `--project-directory`. */
  directory?: string;
  /** `--profile`. */
  profiles: string[];
  /** `--env-file`. */
  envFiles: string[];
  cwd: string;
  /** The process's. COMPOSE_FILE, COMPOSE_PROJECT_NAME, COMPOSE_PROFILES, COMPOSE_ENV_FILES, ... are read here. */
  env: Readonly<Record<string, string | undefined>>;
  stdin(): Promise<string>;
  /** Services that are named: these and what they depend on, whatever their profiles. None: all that are active. */
  services?: string[];
  /** `--all-resources`: networks, volumes, secrets and configs that no service uses stay too. */
  allResources?: boolean;
  /** Of `config`: what is switched off. */
  noInterpolate?: boolean;
  noNormalize?: boolean;
  noConsistency?: boolean;
  noPathResolution?: boolean;
  /** Files of `env_file` are not read. */
  noEnvResolution?: boolean;
}

/** What compose says of a file it cannot use; the message is compose's own (`yaml: line 3: ...`, `service "web" ...`). */
export class ProjectError extends Error {
  /** What was warned of before, for stderr as {@link LoadedProject.warnings}. */
  warnings: string[] = [];

  constructor(
    message: string,
    /** What compose exits with. Always 1: releases before 2.33 told kinds of errors apart by 14 and 15. */
    readonly status = 1,
  ) {
    super(message);
  }
}
