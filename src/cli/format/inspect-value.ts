import { fromPlain, StringMap, Struct, Time, type Value } from '../template/index.ts';
import { timeText } from './units.ts';

/** Keys whose objects are maps in the client's types; all other objects are structs. */
const mapKeys = new Set(
  'Labels Networks Ports Options PortBindings Volumes ExposedPorts Sysctls Tmpfs StorageOpt Data Annotations Containers Status DriverOpts AuxiliaryAddresses Config.Config EndpointsConfig Runtimes IndexConfigs Details'.split(
    ' ',
  ),
);
/** Those of them that hold strings. */
const stringMapKeys = new Set(
  'Labels Options Sysctls Tmpfs StorageOpt Data Annotations DriverOpts AuxiliaryAddresses Config.Config'.split(' '),
);
/** Keys whose strings are times. */
const timeKeys = new Set(['LastTagTime', 'Start', 'End']);
/** Keys that are pointers: null prints as <nil>, not as an empty list or map. */
const pointerKeys = new Set(
  'MemorySwappiness OomKillDisable PidsLimit Healthcheck Health IPAMConfig Init NetworkSettings State HostConfig Config UsageData SizeRw SizeRootFs LastTagTime'.split(
    ' ',
  ),
);

/** A nil slice: empty, but `null` as JSON. */
class NilSlice extends Array<Value> {
  toJSON(): null {
    return null;
  }
}

/** A nil map, likewise. */
class NilMap extends Map<string, Value> {
  toJSON(): null {
    return null;
  }
}

/**
 * An inspected object as the client's Go types hold it: structs with fields in order, maps where the types have maps,
 * nil slices. Templates are tried on this first; on the bare JSON afterwards.
 */
export function inspectValue(plain: unknown, key = ''): Value {
  if (key === '' && isImage(plain)) {
    const { Config, ...image } = plain;
    const value = inspectValue(image, '-') as Struct;
    const fields = imageFields
      .filter((name) => name in plain || name in unsentImage)
      .map((name): [string, Value] => {
        const goName = name === 'Id' ? 'ID' : name;
        const sent = name === 'Config' ? imageConfig(Config) : value.fields.get(goName);
        return [goName, name in plain ? sent : unsentImage[name]];
      });
    const unsent = Object.keys(unsentImage).map((name): [string, [string, boolean]] => [name, [name, true]]);
    return new Struct('struct', new Map(fields), new Map(), new Map([['ID', ['Id', false]], ...unsent]));
  }
  if (plain === null) return pointerKeys.has(key) ? null : mapKeys.has(key) ? new NilMap() : new NilSlice();
  if (Array.isArray(plain)) return plain.map((item) => inspectValue(item, `${key}[]`));
  if (plain instanceof Time) return plain;
  if (typeof plain === 'string' && timeKeys.has(key)) return new Time(timeText(plain), plain);
  if (typeof plain !== 'object') return fromPlain(plain);
  const entries = Object.entries(inOrder(key, plain as object));
  if (mapKeys.has(key) || (key === 'Config' && 'max-file' in (plain as object))) {
    const items = entries.map(([name, value]): [string, Value] => [name, inspectValue(value, `${key}.*`)]);
    return stringMapKeys.has(key) || key === 'Config' ? new StringMap(items) : new Map(items);
  }
  if (key === '' && 'IPAM' in plain) timed(entries, 'Created');
  const goName = (name: string): string => goNames[name] ?? name;
  const unsent = Object.entries(unsentFields(key, plain as object)).filter(([name]) => !(name in (plain as object)));
  return new Struct(
    'struct',
    new Map([...entries.map(([name, value]): [string, Value] => [goName(name), inspectValue(value, name)]), ...unsent]),
    new Map(),
    new Map([
      ...entries.map(([name]): [string, [string, boolean]] => [goName(name), [name, omittedKeys.has(name)]]),
      ...unsent.map(([name]): [string, [string, boolean]] => [name, [name, true]]),
    ]),
  );
}

/** Deprecated fields: the client's types leave them out when they are zero. */
const omittedKeys = new Set(['KernelMemory', 'KernelMemoryTCP']);

/** Fields whose names in the client's types are not their keys. */
const goNames: Record<string, string> = {
  Id: 'ID',
  // Of the daemon's runtimes.
  path: 'Path',
  runtimeArgs: 'Args',
  HttpProxy: 'HTTPProxy',
  HttpsProxy: 'HTTPSProxy',
  CpuShares: 'CPUShares',
  NanoCpus: 'NanoCPUs',
  CpuPeriod: 'CPUPeriod',
  CpuQuota: 'CPUQuota',
  CpuRealtimePeriod: 'CPURealtimePeriod',
  CpuRealtimeRuntime: 'CPURealtimeRuntime',
  CpuCount: 'CPUCount',
  CpuPercent: 'CPUPercent',
  Dns: 'DNS',
  DnsOptions: 'DNSOptions',
  DnsSearch: 'DNSSearch',
};

/** Fields of the client's types that are not sent when empty, with their zero values. */
function unsentFields(key: string, plain: object): Record<string, Value> {
  if (key === '' && 'State' in plain) return { SizeRw: null, SizeRootFs: null };
  if (key === '' && 'IPAM' in plain) return { EnableIPv4: false, Peers: new NilSlice(), Services: new NilMap() };
  if (key === '' && 'Mountpoint' in plain) return { ClusterVolume: null, Status: new NilMap(), UsageData: null };
  if (key === 'State') return { Health: null };
  if (key === 'Mounts[]') return { Name: '', Driver: '' };
  if (key === 'Config' && 'AttachStdin' in plain) return { ...unsentConfig(), ExposedPorts: new NilMap() };
  if (key !== 'HostConfig') return {};
  const maps = { Annotations: new NilMap(), StorageOpt: new NilMap(), Sysctls: new NilMap(), Tmpfs: new NilMap() };
  return { ...maps, Init: null, Mounts: new NilSlice() };
}

const unsentConfig = (): Record<string, Value> => ({
  Healthcheck: null,
  ArgsEscaped: false,
  NetworkDisabled: false,
  MacAddress: '',
  StopSignal: '',
  StopTimeout: null,
  Shell: new NilSlice(),
});

/** An object's fields in the order of the client's type. */
function inOrder(key: string, plain: object): object {
  if (key === 'Networks.*') return endpointSettings(plain);
  if (key !== 'HostConfig') return plain;
  const sent = plain as Record<string, unknown>;
  return Object.fromEntries(hostConfigFields.filter((name) => name in sent).map((name) => [name, sent[name]]));
}

const hostConfigFields = [
  'Binds ContainerIDFile LogConfig NetworkMode PortBindings RestartPolicy AutoRemove VolumeDriver VolumesFrom ConsoleSize Annotations',
  'CapAdd CapDrop CgroupnsMode Dns DnsOptions DnsSearch ExtraHosts GroupAdd IpcMode Cgroup Links OomScoreAdj PidMode Privileged',
  'PublishAllPorts ReadonlyRootfs SecurityOpt StorageOpt Tmpfs UTSMode UsernsMode ShmSize Sysctls Runtime Isolation',
  'CpuShares Memory NanoCpus CgroupParent BlkioWeight BlkioWeightDevice BlkioDeviceReadBps BlkioDeviceWriteBps',
  'BlkioDeviceReadIOps BlkioDeviceWriteIOps CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime CpusetCpus CpusetMems',
  'Devices DeviceCgroupRules DeviceRequests KernelMemory KernelMemoryTCP MemoryReservation MemorySwap MemorySwappiness',
  'OomKillDisable PidsLimit Ulimits CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth Mounts MaskedPaths ReadonlyPaths Init',
].flatMap((names) => names.split(' '));

/** An endpoint in the order of the client's type, with the fields that an older daemon does not send. */
function endpointSettings(plain: object): Record<string, unknown> {
  const names =
    'IPAMConfig Links Aliases MacAddress DriverOpts GwPriority NetworkID EndpointID Gateway IPAddress'.concat(
      ' IPPrefixLen IPv6Gateway GlobalIPv6Address GlobalIPv6PrefixLen DNSNames',
    );
  const all: Record<string, unknown> = { GwPriority: 0, DNSNames: null, ...plain };
  return Object.fromEntries(names.split(' ').map((name) => [name, all[name] ?? null]));
}

interface ImageObject {
  Config: Record<string, unknown> | null;
  [name: string]: unknown;
}

const isImage = (plain: unknown): plain is ImageObject =>
  typeof plain === 'object' && plain !== null && 'RootFS' in plain && 'Config' in plain;

const imageFields = [
  'Id RepoTags RepoDigests Parent Comment Created Container ContainerConfig DockerVersion Author Config Architecture',
  'Variant Os OsVersion Size VirtualSize GraphDriver RootFS Metadata Descriptor Manifests',
].flatMap((names) => names.split(' '));
/** Fields of an image that are not sent when empty. */
const unsentImage: Record<string, Value> = { Variant: '', OsVersion: '', Descriptor: null };

const imageConfigFields =
  'User ExposedPorts Env Entrypoint Cmd Volumes WorkingDir Labels StopSignal ArgsEscaped'.concat(
    ' Healthcheck OnBuild Shell',
  );

/** An image's config as the client's type has it: the OCI fields and Docker's few more, all left out when empty. */
function imageConfig(config: ImageObject['Config']): Value {
  if (!config) return null;
  const names = imageConfigFields.split(' ');
  return new Struct(
    'struct',
    new Map(names.map((name) => [name, name in config ? inspectValue(config[name], name) : zeroOf(name)])),
    new Map(),
    new Map(names.map((name) => [name, [name, true]])),
  );
}

/** Makes the string at a name a time. */
function timed(entries: [string, unknown][], name: string): void {
  for (const entry of entries) if (entry[0] === name) entry[1] = new Time(timeText(String(entry[1])), String(entry[1]));
}

const zeroOf = (name: string): Value =>
  mapKeys.has(name)
    ? new Map()
    : name === 'Healthcheck'
      ? null
      : ['User', 'WorkingDir', 'StopSignal'].includes(name)
        ? ''
        : name === 'ArgsEscaped'
          ? false
          : new NilSlice();

/** JSON text indented by four spaces as Go's json.Indent does it: tokens stay as they are. */
export function indentJson(text: string, indent = '    '): string {
  let depth = 0;
  let out = '';
  const line = (): string => `\n${indent.repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  tokens.forEach((token, index) => {
    if (token === '{' || token === '[') {
      const empty = tokens[index + 1] === '}' || tokens[index + 1] === ']';
      depth++;
      out += token + (empty ? '' : line());
    } else if (token === '}' || token === ']') {
      depth--;
      const empty = tokens[index - 1] === '{' || tokens[index - 1] === '[';
      out += (empty ? '' : line()) + token;
    } else if (token === ',') out += `,${line()}`;
    else out += token === ':' ? ': ' : token;
  });
  return out;
}
