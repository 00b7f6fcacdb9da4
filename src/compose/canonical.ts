import { parsePorts } from './port-spec.ts';
import { ProjectError } from './project.ts';
import {
  type Dict,
  dictOf,
  entriesOf,
  goType,
  isDict,
  mapDict,
  type Path,
  Rules,
  showPath,
  sprint,
  type Value,
} from './value.ts';
import { parseVolume } from './volume-spec.ts';

/** How short forms are made long. */
export interface Canon {
  warn(message: string): void;
  /** Nothing was interpolated: what does not parse may yet, and stays. */
  lenient: boolean;
}

type Transformer = (value: Value, path: Path, canon: Canon) => Value;

const badType = (path: Path, value: Value, of: string): never => {
  throw new ProjectError(`${showPath(path)}: invalid type ${goType(value)} for ${of}`);
};

const asList: Transformer = (value) => (typeof value === 'string' ? [value] : value);

/** A text is the value of one key of the long form. */
const textAs =
  (key: string, of: string): Transformer =>
  (value, path, canon) => {
    if (typeof value === 'string') return dictOf([[key, value]]);
    return isDict(value) ? inside(value, path, canon) : badType(path, value, of);
  };

const fileMount: Transformer = (value, path) => {
  if (typeof value === 'string') return dictOf([['source', value]]);
  if (isDict(value)) return value;
  throw new ProjectError(`${showPath(path)}: unsupported type ${goType(value)}`);
};

const keyValues: Transformer = (value, path, { lenient }) => {
  if (isDict(value)) return value;
  if (!Array.isArray(value)) throw new ProjectError(`${showPath(path)}: invalid type ${goType(value)}`);
  const bad = value.find((line) => !String(line).includes('='));
  if (bad === undefined) return dictOf(value.map((line) => cut(String(line), '=')));
  if (lenient) return value;
  throw new ProjectError(`${showPath(path)}: invalid value ${sprint(bad)}, expected key=value`);
};

export const cut = (text: string, sign: string): [string, string] => {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + sign.length)];
};

const withDefaults = (dict: Dict, defaults: Record<string, Value>): Dict =>
  dictOf(Object.entries({ ...defaults, ...dict }));

const started = { condition: 'service_started', required: true };

const dependsOn: Transformer = (value, path) => {
  if (Array.isArray(value)) return dictOf(value.map((name) => [String(name), dictOf(Object.entries(started))]));
  if (!isDict(value)) return badType(path, value, 'depend_on');
  return mapDict(value, (item, key) => {
    if (isDict(item)) return withDefaults(item, started);
    throw new ProjectError(`${showPath(path)}.${key}: unsupported value ${sprint(value)}`);
  });
};

const envFile: Transformer = (value, path) => {
  if (typeof value === 'string')
    return [
      dictOf([
        ['path', value],
        ['required', true],
      ]),
    ];
  if (!Array.isArray(value)) return badType(path, value, 'env_file');
  return value.map((item) => {
    if (typeof item === 'string')
      return dictOf([
        ['path', item],
        ['required', true],
      ]);
    return isDict(item) ? withDefaults(item, { required: true }) : null;
  });
};

const gpus: Transformer = (value, path, canon) => {
  if (typeof value === 'string') return [dictOf([['count', 'all']])];
  return Array.isArray(value) ? inside(value, path, canon) : badType(path, value, 'gpus');
};

const networks: Transformer = (value) =>
  Array.isArray(value) ? dictOf(value.map((name) => [String(name), null])) : value;

const volume: Transformer = (value, path, { lenient }) => {
  if (typeof value !== 'string') return isDict(value) ? value : badType(path, value, 'service volume mount');
  try {
    const { target, ...parts } = parseVolume(value);
    return tree({ ...parts, ...(target && { target: cleanTarget(target) }) });
  } catch (error) {
    if (lenient) return value;
    throw error;
  }
};

const device: Transformer = (value, path, { lenient }) => {
  if (typeof value !== 'string') return isDict(value) ? value : badType(path, value, 'service volume mount');
  const parts = value.split(':');
  if (parts.length > 3 && !lenient)
    throw new ProjectError(`confusing device mapping, please use long syntax: ${value}`);
  const [source = '', target, permissions = 'rwm'] = parts.length > 3 ? [] : parts;
  return tree({ source, target: target || source, permissions });
};

const ports: Transformer = (value, path, { lenient }) => {
  if (!Array.isArray(value)) return badType(path, value, 'port');
  try {
    return value.flatMap((entry): Value[] => {
      if (isDict(entry)) return [entry];
      if (typeof entry !== 'string' && !Number.isInteger(entry)) return badType(path, entry, 'port');
      return parsePorts(String(entry)).map((port) => tree({ ...port }));
    });
  } catch (error) {
    if (lenient) return value;
    throw error;
  }
};

const ssh: Transformer = (value, path) => {
  if (isDict(value)) return value;
  if (!Array.isArray(value)) return badType(path, value, 'ssh');
  return dictOf(
    value.map((entry) => {
      if (typeof entry !== 'string') throw new ProjectError(`invalid ssh key type ${goType(entry)}`);
      const [id, file] = cut(entry, '=');
      if (entry.includes('=')) return [id, file];
      if (id !== 'default') throw new ProjectError(`invalid ssh key ${JSON.stringify(entry)}`);
      return [id, null];
    }),
  );
};

const ulimit: Transformer = (value, path) =>
  isDict(value) || Number.isInteger(value) ? value : badType(path, value, 'external');

/** `external: {name: X}`, the form of old. */
const maybeExternal: Transformer = (value, path, canon) => {
  if (!isDict(value)) return value;
  const resource = inside(value, path, canon) as Dict;
  const { external } = resource;
  if (!isDict(external ?? null)) return resource;
  resource.external = true;
  const name = (external as Dict).name;
  if (name === undefined) return resource;
  canon.warn(`${showPath(path)}: external.name is deprecated. Please set name and external: true`);
  if ('name' in resource && resource.name !== name)
    throw new ProjectError(`${showPath(path)}: name and external.name conflict; only use name`);
  return withDefaults(resource, { name });
};

const transformers = new Rules<Transformer>({
  'services.*': (value, path, canon) => (isDict(value) ? inside(value, path, canon) : value),
  'services.*.build': textAs('context', 'build'),
  'services.*.build.secrets.*': fileMount,
  'services.*.build.additional_contexts': keyValues,
  'services.*.build.ssh': ssh,
  'services.*.build.ulimits.*': ulimit,
  'services.*.configs.*': fileMount,
  'services.*.depends_on': dependsOn,
  'services.*.develop.watch.*.ignore': asList,
  'services.*.develop.watch.*.include': asList,
  'services.*.devices.*': device,
  'services.*.dns': asList,
  'services.*.env_file': envFile,
  'services.*.extends': textAs('service', 'extends'),
  'services.*.gpus': gpus,
  'services.*.label_file': asList,
  'services.*.networks': networks,
  'services.*.ports': ports,
  'services.*.secrets.*': fileMount,
  'services.*.ulimits.*': ulimit,
  'services.*.volumes.*': volume,
  'configs.*': maybeExternal,
  'include.*': textAs('path', 'external'),
  'networks.*': maybeExternal,
  'secrets.*': maybeExternal,
  'volumes.*': maybeExternal,
});

/** Short forms made long. */
export function canonical(value: Value, canon: Canon, path: Path = []): Value {
  const transformer = transformers.find(path);
  return transformer ? transformer(value, path, canon) : inside(value, path, canon);
}

function inside(value: Value, path: Path, canon: Canon): Value {
  if (Array.isArray(value)) return value.map((item) => canonical(item, canon, [...path, '[]']));
  return isDict(value) ? mapDict(value, (item, key) => canonical(item, canon, [...path, key])) : value;
}

/** An object of ours as a tree. */
function tree(value: object): Dict {
  return dictOf(
    Object.entries(value).map(([key, item]) => [key, typeof item === 'object' && item !== null ? tree(item) : item]),
  );
}

/** Empty entries of `dns` are none. */
export function omitEmpty(project: Dict): Dict {
  for (const [, service] of isDict(project.services ?? null) ? entriesOf(project.services as Dict) : []) {
    if (!isDict(service) || !Array.isArray(service.dns)) continue;
    service.dns = service.dns.filter((server) => server !== '' && server !== null);
  }
  return project;
}

/** path.Clean */
export function cleanTarget(target: string): string {
  if (target === '') return '';
  const parts: string[] = [];
  for (const part of target.split('/'))
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.' && !(part === '..' && target.startsWith('/'))) parts.push(part);
  const joined = parts.join('/');
  return target.startsWith('/') ? `/${joined}` : joined || '.';
}

const portDefaults = { protocol: 'tcp', mode: 'ingress' };

const deviceDefaults: Transformer = (value, path) => {
  if (!isDict(value)) return badType(path, value, 'device request');
  return 'count' in value || 'device_ids' in value ? value : withDefaults(value, { count: 'all' });
};

const defaults = new Rules<Transformer>({
  'services.*.build': (value) => (isDict(value) ? withDefaults(value, { context: '.' }) : value),
  'services.*.secrets.*': (value, path) => {
    if (!isDict(value)) throw new ProjectError(`${showPath(path)}: unsupported type ${goType(value)}`);
    return withDefaults(value, { target: `/run/secrets/${sprint(value.source)}` });
  },
  'services.*.ports.*': (value) => (isDict(value) ? withDefaults(value, portDefaults) : value),
  'services.*.deploy.resources.reservations.devices.*': deviceDefaults,
  'services.*.gpus.*': deviceDefaults,
});

/** What is meant where nothing is said. */
export function setDefaults(value: Value, path: Path = []): Value {
  const fill = defaults.find(path);
  if (fill) return fill(value, path, { warn: () => {}, lenient: false });
  if (Array.isArray(value)) return value.map((item) => setDefaults(item, [...path, '[]']));
  return isDict(value) ? mapDict(value, (item, key) => setDefaults(item, [...path, key])) : value;
}
