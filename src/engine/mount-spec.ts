import type { HostConfig, MountRequest } from '../spec/index.ts';
import type { MountRecord } from './container.ts';
import { badRequest } from './errors.ts';

/** A mount as asked for, before any volume exists for it. */
export interface MountRequestParsed {
  type: 'bind' | 'volume' | 'tmpfs';
  /** Host path, volume name, or '' for an anonymous volume. */
  source: string;
  destination: string;
  mode: string;
  readWrite: boolean;
  propagation: string;
  noCopy: boolean;
  fromSpec: boolean;
  driver: string;
  labels: Record<string, string> | null;
  driverOptions: Record<string, string> | null;
  tmpfsOptions: string[];
}

const validName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

const modes = ['ro', 'rw'];
const labelModes = ['z', 'Z'];
const propagations = ['private', 'rprivate', 'slave', 'rslave', 'shared', 'rshared'];
const consistencies = ['consistent', 'cached', 'delegated'];

/** moby volume/mounts/linux_parser.go ParseMountRaw: `[SOURCE:]DESTINATION[:MODE]`. */
export function parseBind(spec: string, volumeDriver = ''): MountRequestParsed {
  const parts = spec.split(':');
  if (parts.length > 3 || parts[0] === '') throw badRequest(`invalid volume specification: '${spec}'`);
  const [source, destination, mode] = parts.length === 1 ? ['', parts[0]!, ''] : [parts[0]!, parts[1]!, parts[2] ?? ''];
  if (parts.length === 2 && isMode(destination)) {
    throw badRequest(`invalid volume specification: '${spec}'`);
  }
  const words = mode.split(',').filter(Boolean);
  if (!words.every(isMode) || conflicting(words)) throw badRequest(`invalid mode: ${mode}`);
  const type = source.startsWith('/') ? 'bind' : 'volume';
  try {
    checkDestination(destination, type);
    const extra = extraField(type, words);
    if (extra) throw badRequest(`invalid mount config for type "${type}": field ${extra} must not be specified`);
  } catch (error) {
    throw badRequest(`invalid volume specification: '${spec}': ${(error as Error).message}`);
  }
  const propagation = words.find((word) => propagations.includes(word)) ?? (type === 'bind' ? 'rprivate' : '');
  return {
    type,
    source: type === 'bind' ? clean(source) : source,
    destination: clean(destination),
    mode,
    readWrite: !words.includes('ro'),
    propagation,
    noCopy: words.includes('nocopy'),
    fromSpec: false,
    driver: type === 'volume' ? volumeDriver || 'local' : '',
    labels: null,
    driverOptions: null,
    tmpfsOptions: [],
  };
}

/** A mode word that only the other kind of mount has. */
const extraField = (type: string, words: readonly string[]): string | undefined => {
  if (type === 'bind') return words.includes('nocopy') ? 'VolumeOptions' : undefined;
  return words.some((word) => propagations.includes(word)) ? 'BindOptions' : undefined;
};

const isMode = (word: string): boolean =>
  modes.includes(word) ||
  labelModes.includes(word) ||
  propagations.includes(word) ||
  consistencies.includes(word) ||
  word === 'nocopy';

const conflicting = (words: string[]): boolean =>
  [modes, labelModes, propagations, consistencies].some((group) => words.filter((w) => group.includes(w)).length > 1);

function checkDestination(destination: string, type: string): void {
  const invalid = (why: string) => badRequest(`invalid mount config for type "${type}": ${why}`);
  if (destination === '') throw invalid('field Target must not be empty');
  if (!destination.startsWith('/')) throw invalid(`invalid mount path: '${destination}' mount path must be absolute`);
  if (clean(destination) === '/') throw invalid("invalid specification: destination can't be '/'");
}

/** Go's path.Clean of an absolute path. */
export function clean(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
}

/** `--mount`, as the API has it (linux_parser.go validateMountConfig). `sourceExists` is asked for binds. */
export function parseMount(mount: MountRequest, sourceExists: (path: string) => boolean): MountRequestParsed {
  const type = mount.Type;
  const invalid = (why: string) => badRequest(`invalid mount config for type "${type}": ${why}`);
  if (type !== 'bind' && type !== 'volume' && type !== 'tmpfs') throw invalid('mount type unknown');
  if (!mount.Target) throw invalid('field Target must not be empty');
  checkDestination(mount.Target, type);
  const source = mount.Source ?? '';
  if (type !== 'bind' && mount.BindOptions) throw invalid('field BindOptions must not be specified');
  if (type === 'volume' && source === '' && mount.ReadOnly) {
    throw invalid('must not set ReadOnly mode when using anonymous volumes');
  }
  if (type === 'bind') {
    if (source === '') throw invalid('field Source must not be empty');
    if (!source.startsWith('/')) throw invalid(`invalid mount path: '${source}' mount path must be absolute`);
    const propagation = mount.BindOptions?.Propagation;
    if (propagation && !propagations.includes(propagation)) throw invalid(`invalid propagation mode: ${propagation}`);
    if (mount.VolumeOptions) throw invalid('field VolumeOptions must not be specified');
    if (!sourceExists(source)) throw invalid(`bind source path does not exist: ${source}`);
  }
  if (type === 'tmpfs' && source !== '') throw invalid('field Source must not be specified');
  return {
    type,
    source: type === 'bind' ? clean(source) : source,
    destination: clean(mount.Target),
    mode: '',
    readWrite: !mount.ReadOnly,
    propagation: type === 'bind' ? (mount.BindOptions?.Propagation ?? 'rprivate') : '',
    noCopy: mount.VolumeOptions?.NoCopy ?? false,
    fromSpec: true,
    driver: type === 'volume' ? mount.VolumeOptions?.DriverConfig?.Name || 'local' : '',
    labels: mount.VolumeOptions?.Labels ?? null,
    driverOptions: mount.VolumeOptions?.DriverConfig?.Options ?? null,
    tmpfsOptions: type === 'tmpfs' ? tmpfsOptions(mount) : [],
  };
}

// linux_parser.go ConvertTmpfsOptions
function tmpfsOptions(mount: MountRequest): string[] {
  const options = mount.ReadOnly ? ['ro'] : [];
  if (mount.TmpfsOptions?.Mode) options.push(`mode=${mount.TmpfsOptions.Mode.toString(8)}`);
  const size = mount.TmpfsOptions?.SizeBytes ?? 0;
  if (size) options.push(`size=${sizeText(size)}`);
  return options;
}

function sizeText(size: number): string {
  for (const [unit, suffix] of [
    [1 << 30, 'g'],
    [1 << 20, 'm'],
    [1 << 10, 'k'],
  ] as const) {
    if (size % unit === 0) return `${size / unit}${suffix}`;
  }
  return String(size);
}

/** All of a container's mounts that were asked for, by destination: later kinds win, doubles are refused. */
export function requestedMounts(
  host: Partial<HostConfig>,
  sourceExists: (path: string) => boolean,
): MountRequestParsed[] {
  const seen = new Set<string>();
  const all = [
    ...(host.Binds ?? []).map((bind) => parseBind(bind, host.VolumeDriver)),
    ...(host.Mounts ?? []).map((mount) => parseMount(mount, sourceExists)),
  ];
  for (const mount of all) {
    if (seen.has(mount.destination)) throw badRequest(`Duplicate mount point: ${mount.destination}`);
    seen.add(mount.destination);
  }
  for (const path of Object.keys(host.Tmpfs ?? {}).map(clean))
    if (seen.has(path)) throw badRequest(`Duplicate mount point: ${path}`);
  return all;
}

/** moby volume/service names: 400 with the text `docker volume create` gives. */
export function checkVolumeName(name: string): void {
  if (name.length === 1) {
    throw badRequest(`create ${name}: volume name is too short, names should be at least two alphanumeric characters`);
  }
  if (!validName.test(name)) {
    throw badRequest(
      `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
    );
  }
}

/** A mount point as `docker inspect` shows it. */
export function mountRecord(parsed: MountRequestParsed, source: string, name: string): MountRecord {
  const shared = {
    Destination: parsed.destination,
    Mode: parsed.type === 'volume' ? parsed.mode || (parsed.fromSpec ? 'z' : 'z') : parsed.mode,
    RW: parsed.readWrite,
    Propagation: parsed.propagation,
  };
  if (parsed.type === 'volume') {
    return {
      Type: 'volume',
      Name: name,
      Source: source,
      Destination: shared.Destination,
      Driver: 'local',
      Mode: shared.Mode,
      RW: shared.RW,
      Propagation: shared.Propagation,
      noCopy: parsed.noCopy,
      anonymous: parsed.source === '',
    };
  }
  if (parsed.type === 'tmpfs') {
    return { Type: 'tmpfs', Source: '', ...shared, tmpfsOptions: parsed.tmpfsOptions };
  }
  return { Type: 'bind', Source: source, ...shared, mustExist: parsed.fromSpec };
}
