import type { TreeStat } from '../port/index.ts';
import type {
  ExecCreateRequest,
  HostConfig,
  NamespaceType,
  OciMount,
  OciProcess,
  OciResources,
  RuntimeSpec,
} from '../spec/index.ts';
import { effectiveCapabilities } from './capabilities.ts';
import type { Container, MountRecord } from './container.ts';
import { nameOf } from './container-config.ts';
import { links } from './container-files.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, conflict, messageOf, serverError } from './errors.ts';
import { containerDir, hostExists } from './host-paths.ts';
import { mergedDir } from './layer-store.ts';
import { clean } from './mount-spec.ts';
import { isUserNetwork } from './network-attachment.ts';
import { type ResolvedUser, resolveUser } from './users.ts';

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The runtime-spec as Docker writes it for runc (moby daemon/oci_linux.go). */
export async function runtimeSpec(
  daemon: Daemon,
  container: Container,
  netns: string | undefined,
): Promise<RuntimeSpec> {
  const { config, hostConfig: host, id } = container.record;
  const rootfs = await daemon.ports.snapshotter.mounts(id);
  const user = await daemon.ports.mounter.withTree(rootfs, (tree) =>
    resolveUser(tree, config.User, host.GroupAdd ?? []),
  );
  const process = processSpec(daemon, container, user);
  statThrottled(daemon, host);
  return {
    ociVersion: '1.0.2-dev',
    process,
    root: { path: mergedDir(await daemon.ports.snapshotter.upperDir(id)), readonly: host.ReadonlyRootfs },
    hostname: config.Hostname,
    ...(config.Domainname ? { domainname: config.Domainname } : {}),
    mounts: mounts(daemon, container),
    linux: {
      sysctl: { ...(host.Privileged ? {} : defaultSysctls(host)), ...(host.Sysctls ?? {}) },
      resources: resources(host),
      cgroupsPath: `${host.CgroupParent || '/docker'}/${id}`,
      namespaces: namespaces(daemon, host, netns),
      devices: devices(daemon, host),
      ...(host.MaskedPaths ? { maskedPaths: host.MaskedPaths } : {}),
      ...(host.ReadonlyPaths ? { readonlyPaths: host.ReadonlyPaths } : {}),
    },
  };
}

const defaultSysctls = (host: HostConfig): Record<string, string> =>
  host.NetworkMode === 'host'
    ? {}
    : { 'net.ipv4.ip_unprivileged_port_start': '0', 'net.ipv4.ping_group_range': '0 2147483647' };

function processSpec(daemon: Daemon, container: Container, { user, home }: ResolvedUser): OciProcess {
  const { config, hostConfig: host, path, args } = container.record;
  const env = environment(daemon, container);
  if (!env.some((entry) => nameOf(entry) === 'HOME')) env.push(`HOME=${home}`);
  const capabilities = effectiveCapabilities(host);
  const initialised = host.Init ? ['/sbin/docker-init', '--', path, ...args] : [path, ...args];
  return {
    ...(config.Tty ? { terminal: true, consoleSize: { height: host.ConsoleSize[0], width: host.ConsoleSize[1] } } : {}),
    user,
    args: initialised,
    env,
    cwd: config.WorkingDir || '/',
    capabilities: capabilitySets(capabilities, user.uid),
    rlimits: (host.Ulimits ?? []).map(rlimitOf),
    noNewPrivileges: (host.SecurityOpt ?? []).some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option)),
    oomScoreAdj: host.OomScoreAdj,
  };
}

export const rlimitOf = ({ Name, Hard, Soft }: { Name: string; Hard: number; Soft: number }) => ({
  type: `RLIMIT_${Name.toUpperCase()}`,
  hard: Hard,
  soft: Soft,
});

// Only root has them in effect; anyone may have them by exec of a file that grants them.
function capabilitySets(names: string[], uid: number): NonNullable<OciProcess['capabilities']> {
  const own = uid === 0 ? names : [];
  return { bounding: names, effective: own, permitted: own, inheritable: [], ambient: [] };
}

/** PATH, HOSTNAME, TERM and links first; the container's own variables over them (moby CreateDaemonEnvironment). */
export function environment(daemon: Daemon, container: Container): string[] {
  const { config } = container.record;
  const base = [
    defaultPath,
    `HOSTNAME=${config.Hostname}`,
    ...(config.Tty ? ['TERM=xterm'] : []),
    ...linkEnvironment(daemon, container),
  ];
  return overlayEnv(base, config.Env ?? []);
}

/** Later variables replace earlier ones in place; `NAME` alone removes it (moby ReplaceOrAppendEnvValues). */
export function overlayEnv(base: readonly string[], over: readonly string[]): string[] {
  const out = [...base];
  for (const entry of over) {
    const at = out.findIndex((existing) => nameOf(existing) === nameOf(entry));
    if (!entry.includes('=')) {
      if (at >= 0) out.splice(at, 1);
    } else if (at >= 0) out[at] = entry;
    else out.push(entry);
  }
  return out;
}

// moby daemon/links: NAME, then one group per exposed port, then the target's own variables.
function linkEnvironment(daemon: Daemon, container: Container): string[] {
  if (isUserNetwork(container.record.hostConfig.NetworkMode)) return [];
  return links(daemon, container).flatMap(({ target, alias }) => {
    if (!target.isRunning)
      throw conflict(`Cannot link to a non running container: /${target.name} AS /${container.name}/${alias}`);
    const prefix = alias.toUpperCase().replaceAll('-', '_');
    const address = target.record.networks.bridge?.address ?? '';
    const ports = Object.keys(target.record.config.ExposedPorts ?? {})
      .map((port) => (port.includes('/') ? port : `${port}/tcp`))
      .sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
    const [first] = ports;
    return [
      ...(first ? [`${prefix}_PORT=${first.split('/')[1]}://${address}:${first.split('/')[0]}`] : []),
      ...ports.flatMap((key) => portVariables(prefix, address, key)),
      `${prefix}_NAME=/${container.name}/${alias}`,
      ...(target.record.config.Env ?? [])
        .filter((entry) => entry.includes('=') && !['HOME', 'PATH'].includes(nameOf(entry)))
        .map((entry) => `${prefix}_ENV_${entry}`),
    ];
  });
}

function portVariables(prefix: string, address: string, key: string): string[] {
  const [port, protocol] = key.split('/') as [string, string];
  const name = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
  return [
    `${name}=${protocol}://${address}:${port}`,
    `${name}_ADDR=${address}`,
    `${name}_PORT=${port}`,
    `${name}_PROTO=${protocol}`,
  ];
}

function namespaces(daemon: Daemon, host: HostConfig, netns: string | undefined): RuntimeSpec['linux']['namespaces'] {
  const out: { type: NamespaceType; path?: string }[] = [{ type: 'mount' }];
  if (host.NetworkMode !== 'host') out.push(netns ? { type: 'network', path: netns } : { type: 'network' });
  if (host.UTSMode !== 'host') out.push({ type: 'uts' });
  const pid = shared(daemon, host.PidMode, 'pid');
  if (pid) out.push(pid);
  const ipc = shared(daemon, ['private', 'shareable', 'none'].includes(host.IpcMode) ? '' : host.IpcMode, 'ipc');
  if (ipc) out.push(ipc);
  if (host.CgroupnsMode === 'private') out.push({ type: 'cgroup' });
  return out;
}

function shared(daemon: Daemon, mode: string, type: 'pid' | 'ipc'): { type: NamespaceType; path?: string } | undefined {
  if (mode === 'host') return undefined;
  if (!mode.startsWith('container:')) return { type };
  const target = daemon.containers.find(mode.slice('container:'.length));
  if (!target.isRunning) {
    const reason = `container ${target.id} is not running`;
    throw conflict(type === 'pid' ? reason : `can't join IPC of container ${target.id}: ${reason}`);
  }
  if (type === 'ipc' && target.record.hostConfig.IpcMode !== 'shareable') {
    throw badRequest(
      `can't join IPC of container ${target.id}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)`,
    );
  }
  return { type, path: `/proc/${target.state.pid}/ns/${type}` };
}

function resources(host: HostConfig): OciResources {
  if (host.CpuShares < 0) throw badRequest('shares: invalid argument');
  const quota = host.NanoCpus
    ? { quota: Math.round(host.NanoCpus / 10000), period: 100000 }
    : {
        ...(host.CpuQuota ? { quota: host.CpuQuota } : {}),
        ...(host.CpuPeriod ? { period: host.CpuPeriod } : {}),
      };
  return {
    memory: {
      ...(host.Memory ? { limit: host.Memory } : {}),
      ...(host.MemoryReservation ? { reservation: host.MemoryReservation } : {}),
      ...(host.MemorySwap ? { swap: host.MemorySwap } : {}),
    },
    cpu: {
      ...(host.CpuShares ? { shares: host.CpuShares } : {}),
      ...quota,
      ...(host.CpusetCpus ? { cpus: host.CpusetCpus } : {}),
    },
    ...(host.PidsLimit ? { pids: { limit: host.PidsLimit } } : {}),
    devices: host.Privileged ? [{ allow: true, access: 'rwm' }] : defaultDeviceRules,
  };
}

export const resourcesOf = resources;

// moby oci/defaults.go
const defaultDeviceRules: NonNullable<OciResources['devices']> = [
  { allow: false, access: 'rwm' },
  ...(
    [
      [1, 5],
      [1, 3],
      [1, 9],
      [1, 8],
      [5, 0],
      [5, 1],
    ] as const
  ).map(([major, minor]) => ({ allow: true, type: 'c', major, minor, access: 'rwm' })),
];

function devices(daemon: Daemon, host: HostConfig): NonNullable<RuntimeSpec['linux']['devices']> {
  return (host.Devices ?? []).map(({ PathOnHost, PathInContainer }) => {
    try {
      const stat = deviceStat(daemon, PathOnHost);
      if (!stat) throw new Error('no such file or directory');
      if (stat.type !== 'char' && stat.type !== 'block') throw new Error('not a device node');
      const type = stat.type === 'char' ? 'c' : 'b';
      return { path: PathInContainer, type, ...stat.rdev, fileMode: stat.mode, uid: stat.uid, gid: stat.gid };
    } catch (error) {
      throw badRequest(
        `error gathering device information while adding custom device "${PathOnHost}": ${messageOf(error).toLowerCase()}`,
      );
    }
  });
}

/** The devices whose traffic is limited or weighed must be there. */
function statThrottled(daemon: Daemon, host: HostConfig): void {
  const lists = [host.BlkioWeightDevice, host.BlkioDeviceReadBps, host.BlkioDeviceWriteBps];
  for (const device of [...lists, host.BlkioDeviceReadIOps, host.BlkioDeviceWriteIOps].flatMap((list) => list ?? [])) {
    const { Path } = device as { Path: string };
    if (!deviceStat(daemon, Path)) throw serverError(`stat ${Path}: no such file or directory`);
  }
}

/** By its directory, which may be on another mount than '/': /dev is. */
function deviceStat(daemon: Daemon, path: string): TreeStat | undefined {
  const slash = path.lastIndexOf('/');
  const directory = daemon.ports.mounter.directory(path.slice(0, slash) || '/');
  return directory.lstat(directory.resolve(path.slice(slash + 1), true));
}

const standardMounts = (host: HostConfig): OciMount[] => [
  { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
  {
    destination: '/dev',
    type: 'tmpfs',
    source: 'tmpfs',
    options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
  },
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
  },
  {
    destination: '/sys',
    type: 'sysfs',
    source: 'sysfs',
    options: ['nosuid', 'noexec', 'nodev', host.Privileged ? 'rw' : 'ro'],
  },
  {
    destination: '/sys/fs/cgroup',
    type: 'cgroup',
    source: 'cgroup',
    options: [host.Privileged ? 'rw' : 'ro', 'nosuid', 'noexec', 'nodev'],
  },
  { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
  ...(host.IpcMode === 'none'
    ? []
    : [
        {
          destination: '/dev/shm',
          type: 'tmpfs',
          source: 'shm',
          options: ['nosuid', 'noexec', 'nodev', 'mode=1777', `size=${host.ShmSize}`],
        },
      ]),
];

/** The three files that the daemon writes for a container; one that joins another's network has that one's. */
export function networkFiles(
  daemon: Daemon,
  { record }: Container,
): { Type: 'file'; Source: string; Destination: string }[] {
  const joined = /^container:(.*)$/.exec(record.hostConfig.NetworkMode)?.[1];
  const dir = containerDir(joined ? (daemon.containers.lookup(joined)?.id ?? record.id) : record.id);
  return ['resolv.conf', 'hostname', 'hosts'].map((name) => ({
    Type: 'file',
    Source: `${dir}/${name}`,
    Destination: `/etc/${name}`,
  }));
}

/** The kernel's, the three files of the container, then what the user asked for, parents before children. */
function mounts(daemon: Daemon, container: Container): OciMount[] {
  const { record } = container;
  const wanted = record.mounts.map((mount) => mountOf(daemon, mount));
  const taken = new Set(wanted.map((mount) => mount.destination));
  const files = networkFiles(daemon, container)
    .map(
      ({ Destination, Source }): OciMount => ({
        destination: Destination,
        type: 'bind',
        source: Source,
        options: ['rbind', ...(record.hostConfig.ReadonlyRootfs ? ['ro'] : []), 'rprivate'],
      }),
    )
    .filter((mount) => !taken.has(mount.destination));
  const standard = standardMounts(record.hostConfig).filter((mount) => !taken.has(mount.destination));
  const own = [...wanted, ...files].sort((a, b) => depth(a) - depth(b) || (a.destination < b.destination ? -1 : 1));
  const init: OciMount[] = record.hostConfig.Init
    ? [{ destination: '/sbin/docker-init', type: 'bind', source: '/usr/bin/docker-init', options: ['bind', 'ro'] }]
    : [];
  return [...standard, ...own, ...init];
}

const depth = (mount: OciMount): number => clean(mount.destination).split('/').length;

function mountOf(daemon: Daemon, mount: MountRecord): OciMount {
  const readWrite = mount.RW ? 'rw' : 'ro';
  if (mount.Type === 'tmpfs') {
    const options = ['noexec', 'nosuid', 'nodev', ...(mount.RW ? [] : ['ro']), ...(mount.tmpfsOptions ?? [])];
    return { destination: mount.Destination, type: 'tmpfs', source: 'tmpfs', options: overrideFlags(options) };
  }
  const volume = mount.Name ? daemon.volumes.get(mount.Name) : undefined;
  if (volume?.options?.type && volume.options.type !== 'none') {
    const options = (volume.options.o ?? '').split(',').filter(Boolean);
    return {
      destination: mount.Destination,
      type: volume.options.type,
      source: volume.options.device ?? '',
      options: [...options, readWrite],
    };
  }
  const bound = /\b(r?bind)\b/.exec(volume?.options?.o ?? '')?.[1];
  const source = volume?.options?.device && bound ? volume.options.device : mount.Source;
  if (bound && !hostExists(daemon, source)) {
    const flags = bound === 'rbind' ? '0x5000' : '0x1000';
    throw serverError(
      `error while mounting volume '${mount.Source}': failed to mount local volume: mount ${source}:${mount.Source}, flags: ${flags}: no such file or directory`,
    );
  }
  return {
    destination: mount.Destination,
    type: 'bind',
    source,
    options: ['rbind', readWrite, mount.Propagation || 'rprivate'],
  };
}

// `exec` among the user's options undoes the default `noexec`, and so on (moby mergeTmpfsOptions).
function overrideFlags(options: string[]): string[] {
  const opposite = (flag: string): string => (flag.startsWith('no') ? flag.slice(2) : `no${flag}`);
  return options.filter(
    (flag, index) => !options.slice(index + 1).includes(opposite(flag)) && options.indexOf(flag) === index,
  );
}

/** A process that `docker exec` adds. */
export async function execProcess(
  daemon: Daemon,
  container: Container,
  request: ExecCreateRequest,
): Promise<OciProcess> {
  const { config, hostConfig: host, id } = container.record;
  const rootfs = await daemon.ports.snapshotter.mounts(id);
  const { user, home } = await daemon.ports.mounter.withTree(rootfs, (tree) =>
    resolveUser(tree, request.User || config.User, host.GroupAdd ?? []),
  );
  const term = request.Tty ? ['TERM=xterm'] : [];
  const env = overlayEnv(
    overlayEnv(
      [defaultPath, `HOSTNAME=${config.Hostname}`, ...term, ...linkEnvironment(daemon, container)],
      config.Env ?? [],
    ),
    request.Env ?? [],
  );
  if (!env.some((entry) => nameOf(entry) === 'HOME')) env.push(`HOME=${home}`);
  const privileged = request.Privileged ?? false;
  return {
    ...(request.Tty ? { terminal: true } : {}),
    user,
    args: request.Cmd ?? [],
    env,
    cwd: request.WorkingDir || config.WorkingDir || '/',
    capabilities: capabilitySets(
      effectiveCapabilities({ ...host, Privileged: host.Privileged || privileged }),
      user.uid,
    ),
    oomScoreAdj: host.OomScoreAdj,
  };
}
