import {
  compareTime,
  type DiskUsage,
  type EventMessage,
  type Filters,
  type SystemInfo,
  type VersionInfo,
} from '../spec/index.ts';
import { containerSummary } from './container-list.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, messageOf } from './errors.ts';
import { eventMatches, eventTime, parseTimestamp } from './event-log.ts';
import { containerdStore } from './features.ts';
import { hostPath } from './host-paths.ts';
import { layerBytes } from './image-delete.ts';
import { imageList } from './image-list.ts';
import { treeUsage } from './tree-usage.ts';
import { volumeJson } from './volume-create.ts';
import { volumeUsers } from './volume-delete.ts';
import { mountpointOf } from './volume-store.ts';

/** GET /_ping. The BuildKit session protocol is not served, so no Builder-Version is announced. */
export async function systemPing(): Promise<{ builderVersion: string }> {
  return { builderVersion: '' };
}

/** GET /version */
export async function systemVersion(daemon: Daemon): Promise<VersionInfo> {
  const { profile, ports } = daemon;
  const arch = goArch(ports.facts.machine);
  return {
    Platform: { Name: '' },
    Components: [
      {
        Name: 'Engine',
        Version: profile.version,
        Details: {
          ApiVersion: profile.apiVersion,
          Arch: arch,
          BuildTime: profile.buildTime,
          Experimental: 'false',
          GitCommit: profile.gitCommit,
          GoVersion: profile.goVersion,
          KernelVersion: ports.facts.kernelRelease,
          MinAPIVersion: profile.minApiVersion,
          Os: 'linux',
        },
      },
      { Name: 'containerd', Version: profile.containerd.version, Details: { GitCommit: profile.containerd.commit } },
      { Name: 'runc', Version: profile.runc.version, Details: { GitCommit: profile.runc.commit } },
      { Name: 'docker-init', Version: profile.init.version, Details: { GitCommit: profile.init.commit } },
    ],
    Version: profile.version,
    ApiVersion: profile.apiVersion,
    MinAPIVersion: profile.minApiVersion,
    GitCommit: profile.gitCommit,
    GoVersion: profile.goVersion,
    Os: 'linux',
    Arch: arch,
    KernelVersion: ports.facts.kernelRelease,
    BuildTime: profile.buildTime,
  };
}

export const goArch = (machine: string): string => ({ x86_64: 'amd64', aarch64: 'arm64' })[machine] ?? machine;

const idBucket = 'engine';
const idAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The daemon's own id, made once: twelve groups of four (libtrust's key id). */
function engineId(daemon: Daemon): string {
  const { records, entropy } = daemon.ports;
  const known = records.get(idBucket, 'id');
  if (typeof known === 'string') return known;
  const letters = [...entropy.bytes(48)].map((byte) => idAlphabet[byte & 31]).join('');
  const id = letters.match(/.{4}/g)!.join(':');
  records.put(idBucket, 'id', id);
  return id;
}

/** GET /info */
export async function systemInfo(daemon: Daemon): Promise<SystemInfo> {
  const { facts } = daemon.ports;
  const containers = daemon.containers.all();
  const paused = containers.filter(({ state }) => state.paused).length;
  const running = containers.filter(({ state }) => state.running && !state.paused).length;
  const runc = { path: 'runc' };
  const { profile } = daemon;
  const indexed = containerdStore(daemon);
  return {
    ID: engineId(daemon),
    Containers: containers.length,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: containers.length - running - paused,
    Images: daemon.images.list().length,
    Driver: indexed ? 'overlayfs' : 'overlay2',
    DriverStatus: indexed
      ? [['driver-type', 'io.containerd.snapshotter.v1']]
      : [
          ['Backing Filesystem', facts.backingFilesystem],
          ['Supports d_type', 'true'],
          ['Native Overlay Diff', 'true'],
          ['userxattr', 'false'],
        ],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
      Authorization: null,
      Log: [
        'awslogs',
        'fluentd',
        'gcplogs',
        'gelf',
        'journald',
        'json-file',
        'local',
        'logentries',
        'splunk',
        'syslog',
      ],
    },
    MemoryLimit: true,
    SwapLimit: true,
    KernelMemory: facts.cgroupVersion === '1',
    KernelMemoryTCP: facts.cgroupVersion === '1',
    CpuCfsPeriod: true,
    CpuCfsQuota: true,
    CPUShares: true,
    CPUSet: true,
    PidsLimit: true,
    IPv4Forwarding: true,
    BridgeNfIptables: true,
    BridgeNfIp6tables: true,
    Debug: false,
    NFd: 26,
    OomKillDisable: facts.cgroupVersion === '1',
    NGoroutines: 41,
    SystemTime: daemon.now(),
    LoggingDriver: 'json-file',
    CgroupDriver: facts.cgroupVersion === '1' ? 'cgroupfs' : 'systemd',
    CgroupVersion: facts.cgroupVersion,
    NEventsListener: daemon.events.listenerCount,
    KernelVersion: facts.kernelRelease,
    OperatingSystem: facts.operatingSystem,
    OSVersion: facts.osVersion,
    OSType: 'linux',
    Architecture: facts.machine,
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: {
      AllowNondistributableArtifactsCIDRs: [],
      AllowNondistributableArtifactsHostnames: [],
      InsecureRegistryCIDRs: ['127.0.0.0/8'],
      IndexConfigs: { 'docker.io': { Name: 'docker.io', Mirrors: [], Secure: true, Official: true } },
      Mirrors: [],
    },
    NCPU: facts.cpus,
    MemTotal: facts.memory,
    GenericResources: null,
    DockerRootDir: '/var/lib/docker',
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: facts.hostname,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: profile.version,
    Runtimes: { 'io.containerd.runc.v2': runc, 'io.containerd.runtime.v1.linux': runc, runc },
    DefaultRuntime: 'runc',
    Swarm: {
      NodeID: '',
      NodeAddr: '',
      LocalNodeState: 'inactive',
      ControlAvailable: false,
      Error: '',
      RemoteManagers: null,
    },
    LiveRestoreEnabled: false,
    Isolation: '',
    InitBinary: 'docker-init',
    ContainerdCommit: { ID: profile.containerd.commit, Expected: profile.containerd.commit },
    RuncCommit: { ID: profile.runc.commit, Expected: profile.runc.commit },
    InitCommit: { ID: profile.init.commit, Expected: profile.init.commit },
    SecurityOptions: ['name=seccomp,profile=default', ...(facts.cgroupVersion === '2' ? ['name=cgroupns'] : [])],
    Warnings: null,
  };
}

/** GET /events */
export async function systemEvents(
  daemon: Daemon,
  options: { since: string; until: string; filters: Filters },
): Promise<{ events: AsyncIterable<EventMessage>; cancel(): void }> {
  const [since, until] = [options.since, options.until].map((text) => {
    try {
      return parseTimestamp(text);
    } catch (error) {
      throw badRequest(messageOf(error));
    }
  });
  if (since && until && compareTime(since, until) > 0)
    throw badRequest(`\`since\` time (${options.since}) cannot be after \`until\` time (${options.until})`);
  const queue: EventMessage[] = since ? daemon.events.since(since, until) : [];
  let over = false;
  let wake = (): void => {};
  const push = (event: EventMessage): void => {
    if (until && compareTime(eventTime(event), until) > 0) return;
    queue.push(event);
    wake();
  };
  const stop = daemon.events.listen(push);
  const cancelTimer = until ? timerAt(daemon, until, () => cancel()) : undefined;
  const cancel = (): void => {
    over = true;
    cancelTimer?.();
    stop();
    wake();
  };
  const events = (async function* () {
    try {
      for (;;) {
        const event = queue.shift();
        if (event && eventMatches(event, options.filters)) yield event;
        if (event) continue;
        if (over) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      cancel();
    }
  })();
  return { events, cancel };
}

function timerAt(daemon: Daemon, time: { sec: number; nsec: number }, fire: () => void): () => void {
  const now = daemon.ports.clock.now();
  const ms = (time.sec - now.sec) * 1000 + (time.nsec - now.nsec) / 1e6;
  return daemon.ports.clock.timer(Math.max(0, ms), fire);
}

/** GET /system/df */
export async function systemDataUsage(daemon: Daemon): Promise<DiskUsage> {
  const containers = await Promise.all(
    daemon.containers
      .all()
      .reverse()
      .map((container) => containerSummary(daemon, container, true)),
  );
  const images = await imageList(daemon, { all: false, digests: false, filters: {} });
  const chainUsers = new Map<string, number>();
  for (const id of daemon.images.list()) {
    for (const chainId of daemon.layers.chain(daemon.images.get(id)!))
      chainUsers.set(chainId, (chainUsers.get(chainId) ?? 0) + 1);
  }
  for (const image of images) {
    image.Containers = containers.filter(({ ImageID }) => ImageID === image.Id).length;
    image.SharedSize = 0;
    for (const chainId of daemon.layers.chain(daemon.images.get(image.Id as `sha256:${string}`)!)) {
      if ((chainUsers.get(chainId) ?? 0) > 1) image.SharedSize += await daemon.layers.size(chainId);
    }
  }
  return {
    LayersSize: await layerBytes(daemon),
    Images: images,
    Containers: containers,
    // A volume with options is a device of somebody's, whose size is not Docker's to tell.
    Volumes: daemon.volumes
      .all()
      .filter(({ options }) => Object.keys(options ?? {}).length === 0)
      .map((volume) => ({
        ...volumeJson(volume),
        UsageData: {
          RefCount: volumeUsers(daemon, volume.name).length,
          Size: treeUsage(daemon.ports.hostTree, hostPath(mountpointOf(volume.name))),
        },
      })),
    BuildCache: [],
    BuilderSize: 0,
  };
}
