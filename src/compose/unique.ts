import { ProjectError } from './project.ts';
import { goString, goType, isDict, mapDict, type Path, Rules, showPath, sprint, type Value } from './value.ts';
import { parseVolume } from './volume-spec.ts';

type Indexer = (entry: Value, path: Path) => string;

const byKey: Indexer = (entry, path) => {
  if (typeof entry !== 'string') throw new ProjectError(`${showPath(path)}: unexpected type ${goType(entry)}`);
  return entry.split('=', 1)[0]!;
};

const targetOf = (what: string, entry: Value, path: Path): string => {
  const target = isDict(entry) ? entry.target : undefined;
  if (typeof target !== 'string') throw new ProjectError(`service ${what} ${showPath(path)} is missing a mount target`);
  return target;
};

const byVolume: Indexer = (entry, path) => {
  if (typeof entry === 'string') return parseVolume(entry).target ?? '';
  return isDict(entry) ? targetOf('volume', entry, path) : '';
};

const byDevice: Indexer = (entry, path) => {
  if (typeof entry !== 'string') return isDict(entry) ? targetOf('device', entry, path) : '';
  const parts = entry.split(':');
  return parts[1] ?? parts[0]!;
};

const byExposed: Indexer = (entry, path) => {
  if (typeof entry === 'string' || typeof entry === 'number') return String(entry);
  throw new ProjectError(`${showPath(path)}: unsupported expose value ${goString(entry)}`);
};

const byMount =
  (folder: string): Indexer =>
  (entry, path) => {
    if (typeof entry === 'string') return `${folder}/${entry}`;
    if (!isDict(entry)) throw new ProjectError(`${showPath(path)}: unsupported expose value ${goString(entry)}`);
    return typeof entry.target === 'string' ? entry.target : `${folder}/${sprint(entry.source)}`;
  };

const byPort: Indexer = (entry, path) => {
  if (!isDict(entry)) return typeof entry === 'string' || typeof entry === 'number' ? String(entry) : '';
  if (!('target' in entry)) throw new ProjectError(`service ports ${showPath(path)} is missing a target port`);
  const { host_ip: host = '0.0.0.0', published = null, target, protocol = 'tcp' } = entry;
  return `${sprint(host)}:${sprint(published)}:${sprint(target)}/${sprint(protocol)}`;
};

const byEnvFile: Indexer = (entry, path) => {
  if (!isDict(entry)) return typeof entry === 'string' ? entry : '';
  if (!('path' in entry)) throw new ProjectError(`environment path attribute ${showPath(path)} is missing`);
  return String(entry.path);
};

const keyed =
  'networks.*.labels networks.*.ipam.options services.*.annotations services.*.build.args services.*.build.tags ' +
  'services.*.build.additional_contexts services.*.build.platform services.*.build.labels services.*.cap_add ' +
  'services.*.cap_drop services.*.deploy.labels services.*.dns services.*.dns_opt services.*.dns_search ' +
  'services.*.environment services.*.labels services.*.links services.*.networks.*.aliases ' +
  'services.*.networks.*.link_local_ips services.*.profiles services.*.sysctls services.*.tmpfs';

const indexers = new Rules<Indexer>({
  ...Object.fromEntries(keyed.split(' ').map((pattern) => [pattern, byKey])),
  'services.*.configs': byMount(''),
  'services.*.secrets': byMount('/run/secrets'),
  'services.*.devices': byDevice,
  'services.*.env_file': byEnvFile,
  'services.*.expose': byExposed,
  'services.*.ports': byPort,
  'services.*.volumes': byVolume,
});

/** Of the elements of a list that mean the same thing the last stays, where the first stood. */
export function enforceUnicity<V extends Value>(value: V, path: Path = []): V {
  if (isDict(value)) return mapDict(value, (item, key) => enforceUnicity(item, [...path, key])) as V;
  const indexer = Array.isArray(value) ? indexers.find(path) : undefined;
  if (!indexer) return value;
  const kept = new Map<string, Value>();
  (value as Value[]).forEach((entry, i) => {
    kept.set(indexer(entry, [...path, `[${i}]`]), entry);
  });
  return [...kept.values()] as V;
}
