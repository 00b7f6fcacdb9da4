import { fromPlain, Struct, type Value } from '../template/index.ts';

/** Keys whose objects are maps in the client's types; all other objects are structs. */
const mapKeys = new Set(
  'Labels Networks Ports Options PortBindings Volumes ExposedPorts Sysctls Tmpfs StorageOpt Data Annotations Containers Status DriverOpts AuxiliaryAddresses Config.Config EndpointsConfig Runtimes IndexConfigs Details'.split(
    ' ',
  ),
);
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
    const fields = Object.keys(plain).map((name): [string, Value] => {
      const goName = name === 'Id' ? 'ID' : name;
      return [goName, name === 'Config' ? imageConfig(Config) : value.fields.get(goName)];
    });
    return new Struct('struct', new Map(fields), new Map(), new Map([['ID', ['Id', false]]]));
  }
  if (plain === null) return pointerKeys.has(key) ? null : mapKeys.has(key) ? new NilMap() : new NilSlice();
  if (Array.isArray(plain)) return plain.map((item) => inspectValue(item, `${key}[]`));
  if (typeof plain !== 'object') return fromPlain(plain);
  const entries = Object.entries(key === 'Networks.*' ? endpointSettings(plain as object) : (plain as object));
  if (mapKeys.has(key) || (key === 'Config' && 'max-file' in (plain as object))) {
    return new Map(entries.map(([name, value]) => [name, inspectValue(value, `${key}.*`)]));
  }
  const goName = (name: string): string => goNames[name] ?? name;
  const unsent = Object.entries(unsentFields(key, plain as object)).filter(([name]) => !(name in (plain as object)));
  return new Struct(
    'struct',
    new Map([...entries.map(([name, value]): [string, Value] => [goName(name), inspectValue(value, name)]), ...unsent]),
    new Map(),
    new Map([
      ...entries.map(([name]): [string, [string, boolean]] => [goName(name), [name, false]]),
      ...unsent.map(([name]): [string, [string, boolean]] => [name, [name, true]]),
    ]),
  );
}

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
