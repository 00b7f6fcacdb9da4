import { ProjectError } from './project.ts';
import {
  clone,
  type Dict,
  dictOf,
  entriesOf,
  goType,
  isDict,
  newDict,
  type Path,
  Rules,
  showPath,
  sprint,
  type Value,
} from './value.ts';

type Merger = (base: Value, other: Value, path: Path) => Value;

const asSequence = (value: Value): Value[] => {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [value];
  if (!isDict(value)) return [];
  const lines = entriesOf(value).flatMap(([key, item]) => {
    if (item === null) return [key];
    return (Array.isArray(item) ? item : [item]).map((one) => `${key}=${sprint(one)}`);
  });
  return lines.sort();
};

const asMapping = (value: Value, each: () => Value): Dict => {
  if (isDict(value)) return value;
  return Array.isArray(value) ? dictOf(value.map((key) => [String(key), each()])) : newDict();
};

const startedFirst = (): Value =>
  dictOf([
    ['condition', 'service_started'],
    ['required', true],
  ]);

const toSequence: Merger = (base, other) => [...asSequence(base), ...asSequence(other)];

const override: Merger = (_, other) => other;

const extraHosts: Merger = (base, other) => {
  const before = asSequence(base);
  return [...before, ...asSequence(other).filter((line) => !before.includes(line))];
};

const asBuild = (value: Value): Dict =>
  typeof value === 'string' ? dictOf([['context', value]]) : isDict(value) ? value : newDict();

/** Options are merged only when both name the same driver, or one of them none. */
const logging: Merger = (base, other, path) => {
  if (!isDict(base) || !isDict(other)) return other;
  const same = base.driver === undefined || other.driver === undefined || base.driver === other.driver;
  return same ? mergeMappings(base, other, path) : other;
};

const addressPools: Merger = (base, other, path) => {
  for (const value of [base, other])
    if (!Array.isArray(value)) throw new ProjectError(`${showPath(path)}: unexpected type ${goType(base)}`);
  const pools: Dict[] = [];
  for (const original of (base as Value[]).map(clone))
    for (const over of other as Value[]) {
      const [before, after] = [asMapping(original, () => null), asMapping(over, () => null)];
      if (before.subnet !== after.subnet && !pools.some((pool) => pool.subnet === after.subnet)) {
        pools.push(after);
        continue;
      }
      // Laid over what is there, as in compose-go, where pools of several subnets thereby run into each other.
      const merged = Object.assign(before, mergeMappings(before, after, path));
      const at = pools.findIndex((pool) => pool.subnet === merged.subnet);
      if (at >= 0) pools[at] = merged;
      else pools.push(merged);
    }
  return pools;
};

const sequences =
  'networks.*.labels volumes.*.labels services.*.annotations services.*.build.args services.*.build.labels ' +
  'services.*.build.additional_contexts services.*.deploy.labels services.*.dns services.*.dns_opt ' +
  'services.*.dns_search services.*.env_file services.*.label_file services.*.environment services.*.labels ' +
  'services.*.volumes.*.volume.labels services.*.sysctls services.*.tmpfs';

const mergers = new Rules<Merger>({
  ...Object.fromEntries(sequences.split(' ').map((pattern) => [pattern, toSequence])),
  'networks.*.ipam.config': addressPools,
  'services.*.build': (base, other, path) => mergeMappings(asBuild(base), asBuild(other), path),
  'services.*.build.extra_hosts': extraHosts,
  'services.*.extra_hosts': extraHosts,
  'services.*.command': override,
  'services.*.entrypoint': override,
  'services.*.healthcheck.test': override,
  'services.*.depends_on': (base, other, path) =>
    mergeMappings(asMapping(base, startedFirst), asMapping(other, startedFirst), path),
  'services.*.logging': logging,
  'services.*.networks': (base, other, path) =>
    mergeMappings(
      asMapping(base, () => null),
      asMapping(other, () => null),
      path,
    ),
  'services.*.ulimits.*': override,
});

/** A tree with another file's laid over it, by compose's rules for each kind of list. */
export function merge(base: Value, other: Value, path: Path = []): Value {
  const special = mergers.find(path);
  if (special) return special(base, other, path);
  if (other === null) return base;
  if (isDict(base)) {
    if (!isDict(other)) throw new ProjectError(`cannot override ${showPath(path)}`);
    return mergeMappings(base, other, path);
  }
  if (!Array.isArray(base)) return other;
  if (!Array.isArray(other)) throw new ProjectError(`cannot override ${showPath(path)}`);
  return [...base, ...other];
}

function mergeMappings(base: Dict, other: Dict, path: Path): Dict {
  const merged = dictOf(entriesOf(base));
  for (const [key, value] of entriesOf(other))
    merged[key] = key in merged ? merge(merged[key]!, value, [...path, key]) : value;
  return merged;
}

export const mergeProjects = (base: Dict, other: Dict): Dict => mergeMappings(base, other, []);

/** What `extends` takes over, under what the service says itself. */
export const extendService = (base: Dict, service: Dict): Dict => mergeMappings(base, service, ['services', 'x']);
