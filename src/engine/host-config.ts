import type { HostConfig } from '../spec/index.ts';
import { badRequest, conflict } from './errors.ts';
import { verifyLogDriver } from './log-driver.ts';
import type { HostFacts } from './ports.ts';

const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** The host config in Docker's field order, with the daemon's defaults where nothing was asked. */
export function completeHostConfig(given: Partial<HostConfig>, facts: HostFacts): HostConfig {
  const cgroupns = given.CgroupnsMode || (facts.cgroupVersion === '2' && !given.Privileged ? 'private' : 'host');
  const memory = given.Memory ?? 0;
  const optional = <K extends keyof HostConfig>(key: K): Partial<Pick<HostConfig, K>> =>
    given[key] === undefined || given[key] === null || emptyObject(given[key])
      ? {}
      : ({ [key]: given[key] } as unknown as Pick<HostConfig, K>);
  return {
    Binds: given.Binds ?? null,
    ContainerIDFile: given.ContainerIDFile ?? '',
    LogConfig: { Type: given.LogConfig?.Type || 'json-file', Config: given.LogConfig?.Config ?? {} },
    NetworkMode: given.NetworkMode || 'default',
    PortBindings: given.PortBindings ?? {},
    RestartPolicy: {
      Name: given.RestartPolicy?.Name ?? '',
      MaximumRetryCount: given.RestartPolicy?.MaximumRetryCount ?? 0,
    },
    AutoRemove: given.AutoRemove ?? false,
    VolumeDriver: given.VolumeDriver ?? '',
    VolumesFrom: given.VolumesFrom ?? null,
    CapAdd: given.CapAdd ?? null,
    CapDrop: given.CapDrop ?? null,
    CgroupnsMode: cgroupns,
    Dns: given.Dns ?? [],
    DnsOptions: given.DnsOptions ?? [],
    DnsSearch: given.DnsSearch ?? [],
    ExtraHosts: given.ExtraHosts ?? null,
    GroupAdd: given.GroupAdd ?? null,
    IpcMode: given.IpcMode || 'private',
    Cgroup: given.Cgroup ?? '',
    Links: given.Links ?? null,
    OomScoreAdj: given.OomScoreAdj ?? 0,
    PidMode: given.PidMode ?? '',
    Privileged: given.Privileged ?? false,
    PublishAllPorts: given.PublishAllPorts ?? false,
    ReadonlyRootfs: given.ReadonlyRootfs ?? false,
    SecurityOpt: given.Privileged ? ['label=disable'] : (given.SecurityOpt ?? null),
    ...optional('StorageOpt'),
    ...optional('Tmpfs'),
    UTSMode: given.UTSMode ?? '',
    UsernsMode: given.UsernsMode ?? '',
    ShmSize: given.ShmSize || 67108864,
    ...optional('Sysctls'),
    Runtime: given.Runtime || 'runc',
    ConsoleSize: given.ConsoleSize ?? [0, 0],
    Isolation: given.Isolation ?? '',
    CpuShares: given.CpuShares ?? 0,
    Memory: memory,
    NanoCpus: given.NanoCpus ?? 0,
    CgroupParent: given.CgroupParent ?? '',
    BlkioWeight: given.BlkioWeight ?? 0,
    BlkioWeightDevice: given.BlkioWeightDevice ?? [],
    BlkioDeviceReadBps: given.BlkioDeviceReadBps ?? [],
    BlkioDeviceWriteBps: given.BlkioDeviceWriteBps ?? [],
    BlkioDeviceReadIOps: given.BlkioDeviceReadIOps ?? [],
    BlkioDeviceWriteIOps: given.BlkioDeviceWriteIOps ?? [],
    CpuPeriod: given.CpuPeriod ?? 0,
    CpuQuota: given.CpuQuota ?? 0,
    CpuRealtimePeriod: given.CpuRealtimePeriod ?? 0,
    CpuRealtimeRuntime: given.CpuRealtimeRuntime ?? 0,
    CpusetCpus: given.CpusetCpus ?? '',
    CpusetMems: given.CpusetMems ?? '',
    Devices: given.Devices ?? [],
    DeviceCgroupRules: given.DeviceCgroupRules ?? null,
    DeviceRequests: given.DeviceRequests ?? null,
    KernelMemory: given.KernelMemory ?? 0,
    KernelMemoryTCP: given.KernelMemoryTCP ?? 0,
    MemoryReservation: given.MemoryReservation ?? 0,
    // A memory limit alone allows as much swap again (moby adaptContainerSettings).
    MemorySwap: memory > 0 && !given.MemorySwap ? memory * 2 : (given.MemorySwap ?? 0),
    MemorySwappiness: given.MemorySwappiness === -1 ? null : (given.MemorySwappiness ?? null),
    OomKillDisable: given.OomKillDisable ?? false,
    PidsLimit: given.PidsLimit || null,
    Ulimits: given.Ulimits ?? [],
    CpuCount: given.CpuCount ?? 0,
    CpuPercent: given.CpuPercent ?? 0,
    IOMaximumIOps: given.IOMaximumIOps ?? 0,
    IOMaximumBandwidth: given.IOMaximumBandwidth ?? 0,
    ...optional('Mounts'),
    MaskedPaths: given.Privileged ? null : (given.MaskedPaths ?? maskedPaths),
    ReadonlyPaths: given.Privileged ? null : (given.ReadonlyPaths ?? readonlyPaths),
    ...optional('Init'),
  };
}

const emptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** moby daemon/container.go verifyContainerSettings and daemon_unix.go verifyPlatformContainerSettings. */
export function verifyHostConfig(host: Partial<HostConfig>, facts: HostFacts): void {
  verifyRestart(host);
  verifyResources(host, facts);
  verifyNetwork(host);
  if (host.Runtime && !['runc', 'io.containerd.runc.v2'].includes(host.Runtime))
    throw badRequest(`Unknown runtime specified ${host.Runtime}`);
  verifyLogDriver(host.LogConfig?.Type || 'json-file', host.LogConfig?.Config ?? {});
  verifyStorageOptions(host.StorageOpt ?? {});
  verifyDeviceRequests(host);
  if (host.Isolation && host.Isolation !== 'default') {
    throw badRequest(`Invalid isolation: ${JSON.stringify(host.Isolation)} - linux only supports 'default'`);
  }
  if (host.UsernsMode && host.UsernsMode !== 'host') throw badRequest('invalid USER mode');
  verifyIpc(host.IpcMode ?? '');
  verifyScore(host.OomScoreAdj ?? 0);
  verifySecurityOptions(host.SecurityOpt ?? []);
  for (const destination of Object.keys(host.Tmpfs ?? {})) verifyTmpfs(destination, host.Tmpfs![destination]!);
}

// moby overlay2 parseStorageOpt: a quota needs xfs below
function verifyStorageOptions(options: Record<string, string>): void {
  for (const key of Object.keys(options)) {
    if (key.toLowerCase() !== 'size') throw badRequest(`Unknown option ${key}`);
    throw badRequest("--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
  }
}

function verifyIpc(mode: string): void {
  if (!/^(|none|private|shareable|host|container:.+)$/.test(mode)) throw badRequest(`Invalid IPC mode: ${mode}`);
}

function verifyScore(score: number): void {
  if (score < -1000 || score > 1000) {
    throw badRequest(`Invalid value ${score}, range for oom score adj is [-1000, 1000]`);
  }
}

// moby daemon_unix.go parseSecurityOpt
function verifySecurityOptions(options: readonly string[]): void {
  for (const option of options) {
    if (option === 'no-new-privileges') continue;
    const [, key = '', value = ''] = /^([^=:]*)[=:](.*)$/s.exec(option) ?? [];
    const known =
      ['label', 'apparmor', 'seccomp'].includes(key) ||
      (key === 'no-new-privileges' && /^([tTfF01]|true|false|TRUE|FALSE|True|False)$/.test(value));
    if (!known) throw badRequest(`invalid --security-opt 2: ${JSON.stringify(option)}`);
  }
}

const tmpfsWords =
  'async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime nodev nodiratime noexec noiversion nolazytime nomand norelatime nostrictatime nosuid private rbind relatime remount ro rprivate rshared rslave runbindable rw shared silent slave strictatime suid sync unbindable'.split(
    ' ',
  );

// moby volume/mounts ValidateTmpfsMountDestination and pkg/mount MergeTmpfsOptions
function verifyTmpfs(destination: string, options: string): void {
  if (!destination.startsWith('/')) {
    throw badRequest(`invalid mount path: '${destination}' mount path must be absolute`);
  }
  if (/^\/[./]*$/.test(destination)) throw badRequest("invalid specification: destination can't be '/'");
  for (const option of options.split(',').filter(Boolean)) {
    if (tmpfsWords.includes(option) || /^(size|mode|uid|gid|nr_inodes|nr_blocks|mpol)=/.test(option)) continue;
    throw badRequest(`invalid tmpfs option [${JSON.stringify(option)}]`);
  }
}

function verifyRestart({ AutoRemove, RestartPolicy }: Partial<HostConfig>): void {
  const name = RestartPolicy?.Name ?? '';
  const count = RestartPolicy?.MaximumRetryCount ?? 0;
  if (AutoRemove && name !== '' && name !== 'no')
    throw conflict("can't create 'AutoRemove' container with restart policy");
  if (!['', 'no', 'always', 'unless-stopped', 'on-failure'].includes(name)) {
    throw badRequest(`invalid restart policy '${name}'`);
  }
  if (name !== 'on-failure' && name !== '' && count !== 0) {
    throw badRequest(`maximum retry count cannot be used with restart policy '${name}'`);
  }
  if (count < 0) throw badRequest('maximum retry count cannot be negative');
}

const minimumMemory = 6 * 1024 * 1024;

export function verifyResources(host: Partial<HostConfig>, facts: HostFacts): void {
  const memory = host.Memory ?? 0;
  const swap = host.MemorySwap ?? 0;
  if (memory !== 0 && memory < minimumMemory) throw badRequest('Minimum memory limit allowed is 6MB');
  if (memory > 0 && swap > 0 && swap < memory) {
    throw badRequest('Minimum memoryswap limit should be larger than memory limit, see usage');
  }
  if (memory === 0 && swap > 0) {
    throw badRequest('You should always set the Memory limit when using Memoryswap limit, see usage');
  }
  const reservation = host.MemoryReservation ?? 0;
  if (reservation > 0 && reservation < minimumMemory) {
    throw badRequest('Minimum memory reservation allowed is 6MB');
  }
  if (memory > 0 && reservation > memory) {
    throw badRequest('Minimum memory limit can not be less than memory reservation limit, see usage');
  }
  const nano = host.NanoCpus ?? 0;
  if (nano > 0 && (host.CpuPeriod ?? 0) > 0) {
    throw badRequest('Conflicting options: Nano CPUs and CPU Period cannot both be set');
  }
  if (nano > 0 && (host.CpuQuota ?? 0) > 0) {
    throw badRequest('Conflicting options: Nano CPUs and CPU Quota cannot both be set');
  }
  if (nano < 0 || nano > facts.cpus * 1e9) {
    throw badRequest(`Range of CPUs is from 0.01 to ${facts.cpus}.00, as there are only ${facts.cpus} CPUs available`);
  }
  verifyCpuBandwidth(host);
  verifyCpuset('cpus', host.CpusetCpus ?? '', facts);
  verifyCpuset('mems', host.CpusetMems ?? '', facts);
  const kernel = host.KernelMemory ?? 0;
  if (kernel > 0 && kernel < minimumMemory) throw badRequest('Minimum kernel memory limit allowed is 6MB');
}

function verifyCpuBandwidth({ CpuPeriod: period = 0, CpuQuota: quota = 0 }: Partial<HostConfig>): void {
  if (period !== 0 && (period < 1000 || period > 1000000)) {
    throw badRequest('CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)');
  }
  if (quota > 0 && quota < 1000) throw badRequest('CPU cfs quota can not be less than 1ms (i.e. 1000)');
}

function verifyCpuset(kind: 'cpus' | 'mems', text: string, facts: HostFacts): void {
  if (text === '') return;
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) {
    const word = text.split(',').find((part) => !/^\d+(-\d+)?$/.test(part)) ?? text;
    throw badRequest(`Invalid value ${text} for cpuset ${kind}: invalid format: ${word}`);
  }
  const count = kind === 'cpus' ? facts.cpus : 1;
  if (Math.max(...text.split(/[,-]/).map(Number)) < count) return;
  const what = kind === 'cpus' ? 'CPUs' : 'memory nodes';
  const available = count === 1 ? '0' : `0-${count - 1}`;
  throw badRequest(`Requested ${what} are not available - requested ${text}, available: ${available}`);
}

// moby runconfig/hostconfig.go validateNetMode
function verifyNetwork(host: Partial<HostConfig>): void {
  const mode = host.NetworkMode ?? '';
  const published = host.PublishAllPorts || Object.keys(host.PortBindings ?? {}).length > 0;
  if (mode.startsWith('container:')) {
    if (mode === 'container:') throw badRequest('Invalid network mode: invalid container format container:<name|id>');
    if (host.Links?.length)
      throw badRequest(
        "conflicting options: container type network can't be used with links. This would result in undefined behavior",
      );
    if (host.Dns?.length) throw badRequest('conflicting options: dns and the network mode');
    if (host.ExtraHosts?.length) {
      throw badRequest('conflicting options: custom host-to-IP mapping and the network mode');
    }
    if (published) throw badRequest('conflicting options: port publishing and the container type network mode');
  }
  if (mode === 'host' && host.Links?.length) {
    throw badRequest(
      "conflicting options: host type networking can't be used with links. This would result in undefined behavior",
    );
  }
  for (const entry of host.ExtraHosts ?? []) {
    const at = entry.indexOf(':');
    if (at < 1) throw badRequest(`bad format for add-host: "${entry}"`);
  }
}

function verifyDeviceRequests(host: Partial<HostConfig>): void {
  const [first] = (host.DeviceRequests ?? []) as { Driver?: string; Capabilities?: string[][] }[];
  if (!first) return;
  const capabilities = (first.Capabilities ?? []).map((set) => `[${set.join(' ')}]`).join(' ');
  throw badRequest(`could not select device driver "${first.Driver ?? ''}" with capabilities: [${capabilities}]`);
}
