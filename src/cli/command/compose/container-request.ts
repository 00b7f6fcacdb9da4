import type { HealthCheckSpec } from '../../../compose/index.ts';
import { serviceHash } from '../../../compose/index.ts';
import type {
  ContainerConfig,
  ContainerCreateRequest,
  ContainerSummary,
  EndpointSettings,
  HostConfig,
  PortMap,
  RestartPolicy,
  Ulimit,
} from '../../../spec/index.ts';
import { parseBytes, parseDuration } from '../../flag/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import { label } from './labels.ts';
import { containerMounts } from './mounts.ts';
import { type ActiveProject, type ActiveService, imageOf, networksByPriority } from './project.ts';

export interface ContainerOptions {
  /** 0 or less: of `run`, without a number. */
  number: number;
  labels: Record<string, string>;
  links: string[];
  autoRemove?: boolean;
  attachStdin?: boolean;
  /** Whether other containers find it by the service's name. */
  aliases: boolean;
  /** The container that it replaces, whose anonymous volumes it takes over. */
  inherit?: ContainerSummary;
}

/** The body of POST /containers/create for a container of a service (pkg/compose/create.go). */
export async function containerRequest(
  compose: Compose,
  project: ActiveProject,
  service: ActiveService,
  options: ContainerOptions,
): Promise<ContainerCreateRequest> {
  const { binds, mounts } = await containerMounts(compose, project, service, options.inherit);
  const { mode, endpoints } = await networkSettings(compose, project, service, options);
  const security = securityOptions(compose, project, service.security_opt ?? []);
  return {
    ...(await config(compose, project, service, options)),
    HostConfig: {
      ...resources(service),
      ...hostConfig(service),
      ...security,
      AutoRemove: options.autoRemove ?? false,
      Binds: binds,
      Mounts: mounts,
      NetworkMode: mode,
      Links: options.links.length ? options.links : null,
    } as Partial<HostConfig>,
    ...(endpoints ? { NetworkingConfig: { EndpointsConfig: endpoints } } : {}),
  };
}

async function config(
  compose: Compose,
  project: ActiveProject,
  service: ActiveService,
  { attachStdin = false, labels, number }: ContainerOptions,
): Promise<Partial<ContainerConfig>> {
  const exposed = [
    ...(service.expose ?? []),
    ...(service.ports ?? []).map(({ target, protocol }) => `${target}/${protocol}`),
  ];
  const dependencies = Object.entries(service.depends_on ?? {}).map(
    ([name, { condition, restart = false }]) => `${name}:${condition}:${restart}`,
  );
  return {
    Hostname: service.hostname ?? '',
    Domainname: service.domainname ?? '',
    User: service.user ?? '',
    AttachStdin: attachStdin,
    AttachStdout: true,
    AttachStderr: true,
    ...(exposed.length ? { ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])) } : {}),
    Tty: service.tty ?? false,
    OpenStdin: service.stdin_open ?? false,
    StdinOnce: attachStdin && (service.stdin_open ?? false),
    Env: environmentList({ ...proxies(compose), ...service.environment }),
    Cmd: service.command,
    Healthcheck: service.healthcheck ? await healthcheck(compose, service.healthcheck) : undefined,
    Image: imageOf(service, project, compose.separator),
    WorkingDir: service.working_dir ?? '',
    Entrypoint: service.entrypoint,
    MacAddress: macAddress(service),
    Labels: {
      ...labels,
      [label.configHash]: await serviceHash(service),
      ...(number > 0 ? { [label.number]: String(number) } : {}),
      [label.dependencies]: dependencies.join(','),
    },
    StopSignal: service.stop_signal,
    StopTimeout: service.stop_grace_period && Math.trunc(parseDuration(service.stop_grace_period) / 1e9),
  } as Partial<ContainerConfig>;
}

const proxies = ({ cli }: Compose): Record<string, string> =>
  Object.fromEntries(cli.config.proxyEnv.map((text) => text.split(/=(.*)/s).slice(0, 2) as [string, string]));

export const environmentList = (environment: Record<string, string | null>): string[] =>
  Object.entries(environment).map(([name, value]) => (value === null ? name : `${name}=${value}`));

function macAddress(service: ActiveService): string | undefined {
  const [first] = networksByPriority(service);
  const ofNetwork = first === undefined ? undefined : service.networks?.[first]?.mac_address;
  if (service.mac_address && ofNetwork && ofNetwork !== service.mac_address)
    throw new StatusError(1, `the service-level mac_address should have the same value as network ${first}`);
  return ofNetwork || service.mac_address;
}

async function healthcheck(compose: Compose, check: HealthCheckSpec): Promise<ContainerConfig['Healthcheck']> {
  const time = (text: string | undefined): number => (text === undefined ? 0 : parseDuration(text));
  if (check.start_interval !== undefined) {
    if (!(await compose.apiAtLeast('1.44')))
      throw new StatusError(1, "can't set healthcheck.start_interval as feature require Docker Engine v25 or later");
    if (check.start_period === undefined)
      throw new StatusError(1, 'healthcheck.start_interval requires healthcheck.start_period to be set');
  }
  return {
    Test: check.disable ? ['NONE'] : check.test,
    Interval: time(check.interval),
    Timeout: time(check.timeout),
    StartPeriod: time(check.start_period),
    ...(check.start_interval === undefined ? {} : { StartInterval: time(check.start_interval) }),
    Retries: check.retries ?? 0,
  } as ContainerConfig['Healthcheck'];
}

function hostConfig(service: ActiveService): Partial<HostConfig> {
  const ports: PortMap = {};
  for (const { target, protocol, host_ip = '', published = '' } of service.ports ?? [])
    (ports[`${target}/${protocol}`] ??= []).push({ HostIp: host_ip, HostPort: published });
  const { logging } = service;
  return {
    CapAdd: service.cap_add ?? null,
    CapDrop: service.cap_drop ?? null,
    ...(service.init === undefined ? {} : { Init: service.init }),
    IpcMode: service.ipc ?? '',
    CgroupnsMode: service.cgroup ?? '',
    ReadonlyRootfs: service.read_only ?? false,
    RestartPolicy: restartPolicy(service),
    ShmSize: service.shm_size ? parseBytes(String(service.shm_size)) : 0,
    ...(service.sysctls ? { Sysctls: service.sysctls } : {}),
    PortBindings: ports,
    VolumesFrom: service.volumes_from ?? null,
    Dns: service.dns ?? null,
    DnsSearch: service.dns_search ?? null,
    DnsOptions: service.dns_opt ?? null,
    ExtraHosts: service.extra_hosts?.map((text) => text.replace('=', ':')) ?? null,
    ...(service.storage_opt ? { StorageOpt: service.storage_opt } : {}),
    UsernsMode: service.userns_mode ?? '',
    UTSMode: service.uts ?? '',
    Privileged: service.privileged ?? false,
    PidMode: service.pid ?? '',
    Tmpfs: Object.fromEntries(
      (service.tmpfs ?? []).map((text) => [text.split(':')[0]!, text.split(/:(.*)/s)[1] ?? '']),
    ),
    Isolation: service.isolation ?? '',
    Runtime: service.runtime ?? '',
    ...(logging ? { LogConfig: { Type: logging.driver ?? '', Config: logging.options ?? {} } } : {}),
    GroupAdd: service.group_add ?? null,
    OomScoreAdj: service.oom_score_adj ?? 0,
  };
}

function restartPolicy({ restart = '', deploy }: ActiveService): RestartPolicy {
  if (deploy?.restart_policy) {
    const { condition = '', max_attempts = 0 } = deploy.restart_policy;
    return { Name: policyName(condition), MaximumRetryCount: max_attempts };
  }
  const [name = '', attempts = '0'] = restart.split(':');
  return { Name: policyName(name), MaximumRetryCount: Number(attempts) || 0 };
}

const policyName = (condition: string): string =>
  ({ none: 'no', no: 'no', any: 'always', always: 'always' })[condition] ?? condition;

function resources(service: ActiveService): Partial<HostConfig> {
  const size = (text: string | number | undefined): number => (text ? parseBytes(String(text)) : 0);
  const { limits, reservations } = service.deploy?.resources ?? {};
  const pids = limits?.pids || service.pids_limit;
  const raw = service as unknown as Record<string, unknown>;
  return {
    CgroupParent: service.cgroup_parent ?? '',
    Memory: size(limits?.memory) || size(service.mem_limit),
    MemorySwap: size(service.memswap_limit),
    MemorySwappiness: service.mem_swappiness ? size(service.mem_swappiness) : null,
    MemoryReservation: size(reservations?.memory) || size(service.mem_reservation),
    OomKillDisable: service.oom_kill_disable ?? false,
    CpuCount: service.cpu_count ?? 0,
    CpuPercent: Math.trunc((service.cpu_percent ?? 0) * 100),
    CpuPeriod: Number(service.cpu_period ?? 0),
    CpuQuota: Number(service.cpu_quota ?? 0),
    CpuShares: Number(service.cpu_shares ?? 0),
    NanoCpus: Math.round(Number(limits?.cpus || service.cpus || 0) * 1e9),
    CpusetCpus: service.cpuset ?? '',
    DeviceCgroupRules: (raw.device_cgroup_rules as string[] | undefined) ?? null,
    ...(pids ? { PidsLimit: pids } : {}),
    Devices:
      service.devices?.map(({ source, target, permissions }) => ({
        PathOnHost: source,
        PathInContainer: target,
        CgroupPermissions: permissions,
      })) ?? null,
    DeviceRequests: deviceRequests(service),
    Ulimits: ulimits(service.ulimits),
  };
}

interface DeviceRequestSpec {
  capabilities?: string[];
  driver?: string;
  count?: number;
  device_ids?: string[];
  options?: Record<string, string>;
}

function deviceRequests(service: ActiveService): unknown[] | null {
  const { gpus = [] } = service as { gpus?: DeviceRequestSpec[] };
  const { reservations } = service.deploy?.resources ?? {};
  const { devices = [] } = (reservations ?? {}) as { devices?: DeviceRequestSpec[] };
  const all = [...gpus.map((one) => ({ ...one, capabilities: [...(one.capabilities ?? []), 'gpu'] })), ...devices];
  if (all.length === 0) return null;
  return all.map(({ capabilities = [], driver = '', count = 0, device_ids, options }) => ({
    Driver: driver,
    Count: count,
    DeviceIDs: device_ids ?? null,
    Capabilities: [capabilities],
    Options: options ?? null,
  }));
}

const ulimits = (given: ActiveService['ulimits']): Ulimit[] | null =>
  given
    ? Object.entries(given).map(([Name, limit]) =>
        typeof limit === 'number'
          ? { Name, Hard: limit, Soft: limit }
          : { Name, Hard: limit.hard ?? 0, Soft: limit.soft ?? 0 },
      )
    : null;

function securityOptions(compose: Compose, project: ActiveProject, options: readonly string[]): Partial<HostConfig> {
  const unconfined = options.includes('systempaths=unconfined');
  const parsed = options
    .filter((option) => option !== 'systempaths=unconfined')
    .map((option) => {
      const [kind, value] = option.split(option.includes('=') ? '=' : ':', 2) as [string, string?];
      if (value === undefined && kind !== 'no-new-privileges')
        throw new StatusError(1, `invalid security-opt: ${JSON.stringify(option)}`);
      if (kind !== 'seccomp' || value === 'unconfined' || value === 'builtin') return option;
      const path = value!.startsWith('/') ? value! : `${project.workingDir}/${value}`;
      if (!compose.cli.host.files.stat(path))
        throw new StatusError(1, `opening seccomp profile (${value}) failed: open ${path}: no such file or directory`);
      return `seccomp=${JSON.stringify(JSON.parse(compose.cli.readText(path)))}`;
    });
  return {
    SecurityOpt: parsed.length ? parsed : null,
    ...(unconfined ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
  };
}

async function networkSettings(
  compose: Compose,
  project: ActiveProject,
  service: ActiveService,
  options: ContainerOptions,
): Promise<{ mode: string; endpoints?: Record<string, Partial<EndpointSettings>> }> {
  if (service.network_mode) return { mode: service.network_mode };
  if (Object.keys(project.networks).length === 0) return { mode: 'none' };
  const [first = 'default', ...others] = networksByPriority(service);
  const mode = project.networks[first]!.name;
  const endpoints: Record<string, Partial<EndpointSettings>> = {};
  if (await compose.apiAtLeast('1.44'))
    for (const key of others)
      endpoints[project.networks[key]!.name] = endpointSettings(compose, project, service, key, options);
  endpoints[mode] = endpointSettings(compose, project, service, first, options);
  return { mode, endpoints };
}

/** How a container is known on one network. */
export function endpointSettings(
  compose: Compose,
  project: ActiveProject,
  service: ActiveService,
  key: string,
  { number, links, aliases }: Pick<ContainerOptions, 'number' | 'links' | 'aliases'>,
): Partial<EndpointSettings> {
  const use = service.networks?.[key] ?? undefined;
  return {
    Aliases: [
      containerName(compose, project, service, number),
      ...(aliases ? [service.name, ...(use?.aliases ?? [])] : []),
    ],
    Links: links.length ? links : null,
    IPAMConfig: use
      ? { IPv4Address: use.ipv4_address, IPv6Address: use.ipv6_address, LinkLocalIPs: use.link_local_ips }
      : null,
    ...(use?.mac_address ? { MacAddress: use.mac_address } : {}),
    DriverOpts: use?.driver_opts ?? null,
  };
}

export const containerName = (
  { separator }: Compose,
  project: { name: string },
  service: ActiveService,
  number: number,
): string => service.container_name || [project.name, service.name, number].join(separator);
