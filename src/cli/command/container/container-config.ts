import type {
  ContainerCreateRequest,
  DeviceMapping,
  EndpointSettings,
  HostConfig,
  RestartPolicy,
} from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { type FlagSet, keyValues, parseBytes } from '../../flag/index.ts';
import { gpuRequest } from './gpu-request.ts';
import { joinPath, parseMount } from './mount-option.ts';
import { type NetworkOption, networkOption } from './network-option.ts';
import { cut, parseUlimit } from './option-checks.ts';
import { parseExpose, parsePublish } from './publish.ts';

/** What a create request says, from the command line (container/opts.go parse). Throws plain errors with docker's texts. */
export function containerConfig(cli: DockerCli, flags: FlagSet, args: readonly string[]): ContainerCreateRequest {
  const attach = flags.list('attach');
  const mac = flags.string('mac-address');
  if (mac && !/^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(mac)) throw new Error(`${mac} is not a valid mac address`);
  const swappiness = flags.int('memory-swappiness');
  if (swappiness !== -1 && (swappiness < 0 || swappiness > 100))
    throw new Error(`invalid value: ${swappiness}. Valid memory swappiness range is 0-100`);
  const { binds, volumes } = parseVolumes(flags.list('volume'), cli.host.cwd);
  const published = parsePublish(flags.list('publish'));
  const exposed = [...new Set([...published.exposed, ...parseExpose(flags.list('expose'))])];
  const stdin = flags.bool('interactive');
  const attachStdin = attach.includes('stdin') || stdin;
  checkModes(flags);
  const restart = parseRestart(flags.string('restart'));
  const health = healthcheck(flags);
  if (flags.bool('rm') && restart.Name !== '' && restart.Name !== 'no')
    throw new Error('conflicting options: cannot specify both --restart and --rm');
  const entrypoint = flags.string('entrypoint');
  const env = readEnv(cli, flags.list('env-file'), [...cli.config.proxyEnv, ...flags.list('env')]);
  const request: ContainerCreateRequest = {
    Hostname: flags.string('hostname'),
    Domainname: flags.string('domainname'),
    User: flags.string('user'),
    AttachStdin: attachStdin,
    AttachStdout: attach.length === 0 || attach.includes('stdout'),
    AttachStderr: attach.length === 0 || attach.includes('stderr'),
    ...(exposed.length ? { ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])) } : {}),
    Tty: flags.bool('tty'),
    OpenStdin: stdin,
    StdinOnce: stdin && attachStdin,
    Env: env.length ? env : null,
    Cmd: args.length > 1 ? args.slice(1) : null,
    ...(health ? { Healthcheck: health } : {}),
    Image: args[0]!,
    Volumes: Object.fromEntries(volumes.map((path) => [path, {}])),
    WorkingDir: flags.string('workdir'),
    Entrypoint: entrypoint ? [entrypoint] : flags.changed('entrypoint') ? [''] : null,
    ...(mac ? { MacAddress: mac } : {}),
    OnBuild: null,
    Labels: keyValues([...readEnv(cli, flags.list('label-file'), []), ...flags.list('label')]),
    ...(flags.changed('stop-signal') ? { StopSignal: flags.string('stop-signal') } : {}),
    ...(flags.changed('stop-timeout') ? { StopTimeout: flags.int('stop-timeout') } : {}),
  };
  const HostConfig = hostConfig(cli, flags, binds, published.bindings, restart);
  return { ...request, HostConfig, NetworkingConfig: { EndpointsConfig: endpoints(flags) } };
}

function hostConfig(
  cli: DockerCli,
  flags: FlagSet,
  binds: string[],
  bindings: HostConfig['PortBindings'],
  restart: RestartPolicy,
): HostConfig {
  const devices = flags.list('device').map(parseDevice);
  const { options, masked, readonlyPaths } = securityOptions(cli, flags.list('security-opt'));
  const names = flags.list('network').concat(flags.list('net'));
  return {
    Binds: binds.length ? binds : null,
    ContainerIDFile: flags.string('cidfile'),
    LogConfig: { Type: flags.string('log-driver'), Config: loggingOptions(flags) },
    NetworkMode: names.length ? networkOption(names[0]!).target : 'default',
    PortBindings: bindings,
    RestartPolicy: restart,
    AutoRemove: flags.bool('rm'),
    VolumeDriver: flags.string('volume-driver'),
    VolumesFrom: orNull(flags.list('volumes-from')),
    ConsoleSize: consoleSize(cli),
    CapAdd: orNull(flags.list('cap-add')),
    CapDrop: orNull(flags.list('cap-drop')),
    CgroupnsMode: flags.string('cgroupns'),
    Dns: flags.list('dns'),
    DnsOptions: flags.merged('dns-opt', 'dns-option'),
    DnsSearch: flags.list('dns-search').filter((domain) => domain !== '.'),
    ExtraHosts: orNull(flags.list('add-host')),
    GroupAdd: orNull(flags.list('group-add')),
    IpcMode: flags.string('ipc'),
    Cgroup: '',
    Links: orNull(flags.list('link')),
    OomScoreAdj: flags.int('oom-score-adj'),
    PidMode: flags.string('pid'),
    Privileged: flags.bool('privileged'),
    PublishAllPorts: flags.bool('publish-all'),
    ReadonlyRootfs: flags.bool('read-only'),
    SecurityOpt: options.length ? options : null,
    ...(flags.list('storage-opt').length ? { StorageOpt: storageOptions(flags) } : {}),
    ...(flags.list('tmpfs').length
      ? { Tmpfs: Object.fromEntries(flags.list('tmpfs').map((value) => cut(value, ':'))) }
      : {}),
    UTSMode: flags.string('uts'),
    UsernsMode: flags.string('userns'),
    ShmSize: flags.bytes('shm-size'),
    ...(flags.list('sysctl').length ? { Sysctls: flags.map('sysctl') } : {}),
    Runtime: flags.string('runtime'),
    Isolation: flags.string('isolation'),
    ...resources(flags, devices),
    ...(flags.list('gpus').length ? { DeviceRequests: flags.list('gpus').map(gpuRequest) } : {}),
    ...(flags.list('mount').length
      ? { Mounts: flags.list('mount').map((value) => parseMount(value, cli.host.cwd)) }
      : {}),
    MaskedPaths: masked,
    ReadonlyPaths: readonlyPaths,
    ...(flags.changed('init') ? { Init: flags.bool('init') } : {}),
  };
}

function resources(
  flags: FlagSet,
  devices: DeviceMapping[],
): Pick<
  HostConfig,
  | 'CpuShares'
  | 'Memory'
  | 'NanoCpus'
  | 'CgroupParent'
  | 'BlkioWeight'
  | 'BlkioWeightDevice'
  | 'BlkioDeviceReadBps'
  | 'BlkioDeviceWriteBps'
  | 'BlkioDeviceReadIOps'
  | 'BlkioDeviceWriteIOps'
  | 'CpuPeriod'
  | 'CpuQuota'
  | 'CpuRealtimePeriod'
  | 'CpuRealtimeRuntime'
  | 'CpusetCpus'
  | 'CpusetMems'
  | 'Devices'
  | 'DeviceCgroupRules'
  | 'DeviceRequests'
  | 'KernelMemory'
  | 'KernelMemoryTCP'
  | 'MemoryReservation'
  | 'MemorySwap'
  | 'MemorySwappiness'
  | 'OomKillDisable'
  | 'PidsLimit'
  | 'Ulimits'
  | 'CpuCount'
  | 'CpuPercent'
  | 'IOMaximumIOps'
  | 'IOMaximumBandwidth'
> {
  return {
    CpuShares: flags.int('cpu-shares'),
    Memory: flags.bytes('memory'),
    NanoCpus: nanoCpus(flags.string('cpus')),
    CgroupParent: flags.string('cgroup-parent'),
    BlkioWeight: flags.int('blkio-weight'),
    BlkioWeightDevice: throttles(flags, 'blkio-weight-device', 'Weight', Number),
    BlkioDeviceReadBps: throttles(flags, 'device-read-bps', 'Rate', parseBytes),
    BlkioDeviceWriteBps: throttles(flags, 'device-write-bps', 'Rate', parseBytes),
    BlkioDeviceReadIOps: throttles(flags, 'device-read-iops', 'Rate', Number),
    BlkioDeviceWriteIOps: throttles(flags, 'device-write-iops', 'Rate', Number),
    CpuPeriod: flags.int('cpu-period'),
    CpuQuota: flags.int('cpu-quota'),
    CpuRealtimePeriod: flags.int('cpu-rt-period'),
    CpuRealtimeRuntime: flags.int('cpu-rt-runtime'),
    CpusetCpus: flags.string('cpuset-cpus'),
    CpusetMems: flags.string('cpuset-mems'),
    Devices: devices,
    DeviceCgroupRules: orNull(flags.list('device-cgroup-rule')),
    DeviceRequests: null,
    KernelMemory: flags.bytes('kernel-memory'),
    KernelMemoryTCP: 0,
    MemoryReservation: flags.bytes('memory-reservation'),
    MemorySwap: flags.bytes('memory-swap'),
    MemorySwappiness: flags.int('memory-swappiness'),
    OomKillDisable: flags.bool('oom-kill-disable'),
    PidsLimit: flags.int('pids-limit'),
    Ulimits: flags.list('ulimit').map(parseUlimit),
    CpuCount: 0,
    CpuPercent: 0,
    IOMaximumIOps: 0,
    IOMaximumBandwidth: 0,
  };
}

const orNull = <T>(list: T[]): T[] | null => (list.length ? list : null);
const nanoCpus = (text: string): number => (text ? Math.round(Number(text) * 1e9) : 0);
function consoleSize(cli: DockerCli): [number, number] {
  const size = cli.host.stdout.isTty ? cli.host.windowSize() : undefined;
  return size ? [size.rows, size.columns] : [0, 0];
}

function throttles(flags: FlagSet, name: string, key: string, read: (text: string) => number): unknown[] {
  return flags.list(name).map((value) => {
    const [path, rate] = cut(value, ':');
    return { Path: path, [key]: read(rate) };
  });
}

/** `-v`: with a source it binds, alone it is an anonymous volume. */
function parseVolumes(values: readonly string[], cwd: string): { binds: string[]; volumes: string[] } {
  const binds: string[] = [];
  const volumes: string[] = [];
  for (const value of [...new Set(values)]) {
    const [source, target] = cut(value, ':');
    const sections = volumeSections(value);
    if (value === '') throw new Error('invalid empty volume spec');
    if (sections.length === 1) volumes.push(value);
    else if (sections.includes('')) throw new Error(`invalid spec: ${value}: empty section between colons`);
    else if (sections.length > 3) throw new Error(`invalid spec: ${value}: too many colons`);
    else binds.push(source.startsWith('.') ? `${joinPath(cwd, source)}:${target}` : value);
  }
  return { binds, volumes };
}

/** The parts between colons; the colon after a lone letter belongs to a Windows drive (loader/volume.go). */
const volumeSections = (value: string): string[] => {
  const out: string[] = [''];
  for (const char of value) {
    if (char === ':' && !(value.length > 2 && /^\p{L}$/u.test(out.at(-1)!))) out.push('');
    else out[out.length - 1] += char;
  }
  return out;
};

function checkModes(flags: FlagSet): void {
  const valid: [string, RegExp, string][] = [
    ['pid', /^(host|container:.+)?$/, '--pid: invalid PID mode'],
    ['uts', /^(host)?$/, '--uts: invalid UTS mode'],
    ['userns', /^(host)?$/, '--userns: invalid USER mode'],
    ['cgroupns', /^(host|private)?$/, '--cgroupns: invalid CGROUP mode'],
  ];
  for (const [name, pattern, message] of valid) if (!pattern.test(flags.string(name))) throw new Error(message);
}

/** opts.ParseRestartPolicy */
export function parseRestart(policy: string): RestartPolicy {
  if (policy === '') return { Name: '', MaximumRetryCount: 0 };
  const [name, count] = cut(policy, ':');
  if (policy.startsWith(':')) throw new Error('invalid restart policy format: no policy provided before colon');
  if (policy.includes(':') && !/^[+-]?\d+$/.test(count))
    throw new Error('invalid restart policy format: maximum retry count must be an integer');
  return { Name: name, MaximumRetryCount: Number(count || 0) };
}

function healthcheck(flags: FlagSet): ContainerCreateRequest['Healthcheck'] {
  const durations = ['interval', 'timeout', 'start-period', 'start-interval'].map(
    (name) => [name, flags.duration(`health-${name}`)] as const,
  );
  const retries = flags.int('health-retries');
  const command = flags.string('health-cmd');
  const given = command !== '' || retries !== 0 || durations.some(([, value]) => value !== 0);
  if (flags.bool('no-healthcheck')) {
    if (given) throw new Error('--no-healthcheck conflicts with --health-* options');
    return { Test: ['NONE'] };
  }
  if (!given) return undefined;
  for (const [name, value] of [...durations, ['retries', retries] as const])
    if (value < 0) throw new Error(`--health-${name} cannot be negative`);
  const [interval, timeout, startPeriod] = durations.map(([, value]) => value) as [number, number, number];
  return {
    ...(command ? { Test: ['CMD-SHELL', command] } : {}),
    ...(interval ? { Interval: interval } : {}),
    ...(timeout ? { Timeout: timeout } : {}),
    ...(startPeriod ? { StartPeriod: startPeriod } : {}),
    ...(retries ? { Retries: retries } : {}),
  };
}

function parseDevice(value: string): DeviceMapping {
  const parts = value.split(':');
  const isMode = (text: string): boolean => /^[rwm]+$/.test(text);
  if (parts.length > 3 || parts[0] === '') throw new Error(`bad format for path: ${value}`);
  const [host, second, third] = parts as [string, string?, string?];
  if (!host.startsWith('/')) throw new Error(`${host} is not an absolute path`);
  if (parts.length === 3 && !isMode(third!)) throw new Error(`bad mode specified: ${third}`);
  if (second && isMode(second)) return { PathOnHost: host, PathInContainer: host, CgroupPermissions: second };
  if (second && !second.startsWith('/')) throw new Error(`${second} is not an absolute path`);
  return { PathOnHost: host, PathInContainer: second || host, CgroupPermissions: third ?? 'rwm' };
}

function loggingOptions(flags: FlagSet): Record<string, string> {
  const options = flags.map('log-opt');
  if (flags.string('log-driver') === 'none' && Object.keys(options).length)
    throw new Error('invalid logging opts for driver none');
  return options;
}
function storageOptions(flags: FlagSet): Record<string, string> {
  for (const option of flags.list('storage-opt')) if (!option.includes('=')) throw new Error('invalid storage option');
  return flags.map('storage-opt');
}

function securityOptions(
  cli: DockerCli,
  values: readonly string[],
): { options: string[]; masked: string[] | null; readonlyPaths: string[] | null } {
  let open = false;
  const options = values.flatMap((value) => {
    if (value === 'systempaths=unconfined') {
      open = true;
      return [];
    }
    const at = value.search(/[=:]/);
    if (at < 0 && value !== 'no-new-privileges') throw new Error(`Invalid --security-opt: ${JSON.stringify(value)}`);
    const [key, text] = at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)];
    if (key !== 'seccomp' || text === 'unconfined' || text === 'builtin') return [value];
    if (!cli.host.files.stat(text)) {
      throw new Error(`opening seccomp profile (${text}) failed: open ${text}: no such file or directory`);
    }
    try {
      return [`seccomp=${JSON.stringify(JSON.parse(cli.readText(text)))}`];
    } catch (error) {
      throw new Error(`opening seccomp profile (${text}) failed: ${(error as Error).message}`);
    }
  });
  return { options, masked: open ? [] : null, readonlyPaths: open ? [] : null };
}

/** Lines of an env or label file: comments and empty ones left out. */
export function fileLines(cli: DockerCli, path: string): string[] {
  const stat = cli.host.files.stat(path);
  if (!stat) throw new Error(`open ${path}: no such file or directory`);
  if (stat.type === 'directory') throw new Error(`invalid env file (${path}): read ${path}: is a directory`);
  return cli
    .readText(path)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const name = line.split('=')[0]!;
      if (/\s/.test(name)) throw new Error(`invalid env file (${path}): variable '${name}' contains whitespaces`);
      if (name === '') throw new Error(`invalid env file (${path}): no variable name on line '${line}'`);
      return line;
    });
}

/** `NAME=value`, and `NAME` alone taken from the environment; a name that is not set there is left out. */
export function readEnv(cli: DockerCli, files: readonly string[], values: readonly string[]): string[] {
  const fromFiles = files
    .flatMap((path) => fileLines(cli, path))
    .flatMap((line) => (line.includes('=') ? [line] : fromEnvironment(cli, line)));
  return [
    ...fromFiles,
    ...values.flatMap((value) => (value.includes('=') ? [value] : fromEnvironment(cli, value, true))),
  ];
}
function fromEnvironment(cli: DockerCli, name: string, keep = false): string[] {
  const value = cli.host.env[name];
  return value === undefined ? (keep ? [name] : []) : [`${name}=${value}`];
}

const isUserDefined = (name: string): boolean =>
  !['default', 'bridge', 'host', 'none'].includes(name) && !name.startsWith('container:');

function endpoints(flags: FlagSet): Record<string, Partial<EndpointSettings>> {
  const given = flags.list('network').concat(flags.list('net')).map(networkOption);
  if (given.some(({ target }) => target === '')) throw new Error('no name set for network');
  const options = given.length ? given : [networkOption('default')];
  const out: Record<string, Partial<EndpointSettings>> = {};
  options.forEach((option, index) => {
    if (index === 0) applyFlags(option, flags);
    const endpoint = endpointOf(option, index === 0 && isUserDefined(option.target) ? flags.list('link') : []);
    if (option.target in out) throw new Error(`network ${JSON.stringify(option.target)} is specified multiple times`);
    if (given.length === 1 && Object.keys(endpoint).length === 0) return;
    out[option.target] = endpoint;
  });
  if (given.some(({ target }) => isUserDefined(target)) && given.some(({ target }) => !isUserDefined(target))) {
    throw new Error('conflicting options: cannot attach both user-defined and non-user-defined network-modes');
  }
  return out;
}

function applyFlags(option: NetworkOption, flags: FlagSet): void {
  const aliases = [...flags.list('network-alias'), ...flags.list('net-alias')];
  if (option.aliases.length && aliases.length)
    throw new Error('conflicting options: cannot specify both --network-alias and per-network alias');
  if (option.ip && flags.string('ip'))
    throw new Error('conflicting options: cannot specify both --ip and per-network IPv4 address');
  if (option.ip6 && flags.string('ip6'))
    throw new Error('conflicting options: cannot specify both --ip6 and per-network IPv6 address');
  if (aliases.length) option.aliases = aliases;
  if (option.aliases.length && !isUserDefined(option.target))
    throw new Error('network-scoped aliases are only supported for user-defined networks');
  option.ip = flags.string('ip') || option.ip;
  option.ip6 = flags.string('ip6') || option.ip6;
  option.mac = flags.string('mac-address') || option.mac;
  if (flags.list('link-local-ip').length) option.linkLocal = flags.list('link-local-ip');
}

function endpointOf(option: NetworkOption, links: string[]): Partial<EndpointSettings> {
  const { ip, ip6, linkLocal } = option;
  return {
    ...(option.aliases.length ? { Aliases: option.aliases } : {}),
    ...(links.length ? { Links: links } : {}),
    ...(ip || ip6 || linkLocal.length
      ? {
          IPAMConfig: {
            ...(ip ? { IPv4Address: ip } : {}),
            ...(ip6 ? { IPv6Address: ip6 } : {}),
            ...(linkLocal.length ? { LinkLocalIPs: linkLocal } : {}),
          },
        }
      : {}),
    ...(option.mac ? { MacAddress: option.mac } : {}),
    ...(Object.keys(option.driverOptions).length ? { DriverOpts: option.driverOptions } : {}),
  };
}
