import { cleanTarget } from './canonical.ts';
import { type Dict, dictOf, entriesOf, isDict, mapDict, newDict, sprint, type Value } from './value.ts';

type Environment = Readonly<Record<string, string>>;

const asDict = (value: Value | undefined): Dict => (isDict(value ?? null) ? (value as Dict) : newDict());

/** What compose makes explicit: the default network, dependencies by other keys, names of networks and volumes. */
export function normalize(project: Dict, name: string, environment: Environment): Dict {
  const services = mapDict(asDict(project.services), (service) => normalizeService(asDict(service), environment));
  const networks = withDefault(asDict(project.networks), services);
  const all = dictOf([...entriesOf(project), ['name', name], ['services', services]]);
  if (!('services' in project)) delete all.services;
  if (Object.keys(networks).length > 0) all.networks = networks;
  for (const kind of ['networks', 'volumes', 'configs', 'secrets'])
    if (kind in all) all[kind] = mapDict(asDict(all[kind]), (resource, key) => named(asDict(resource), key, name));
  return all;
}

function withDefault(networks: Dict, services: Dict): Dict {
  const used = Object.values(services).some((service) => 'default' in asDict((service as Dict).networks));
  return used && !('default' in networks) ? { ...networks, default: null } : networks;
}

function named(resource: Dict, key: string, project: string): Dict {
  if (resource.name !== undefined && resource.name !== null) return resource;
  const external = ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(sprint(resource.external));
  return { ...resource, name: external ? key : `${project}_${key}` };
}

function normalizeService(source: Dict, environment: Environment): Dict {
  const service = dictOf(entriesOf(source));
  if (!('network_mode' in service) && Object.keys(asDict(service.networks)).length === 0)
    service.networks = dictOf([['default', null]]);
  if (service.pull_policy === 'if_not_present') service.pull_policy = 'missing';
  if (isDict(service.build ?? null)) service.build = normalizeBuild(service.build as Dict, environment);
  if ('environment' in service) service.environment = resolve(service.environment!, environment, true) ?? null;
  if (Array.isArray(service.volumes))
    service.volumes = service.volumes.map((volume) =>
      isDict(volume) && typeof volume.target === 'string' ? { ...volume, target: cleanTarget(volume.target) } : volume,
    );
  const needs = { ...implied(service), ...asDict(service.depends_on) };
  if (Object.keys(needs).length > 0) service.depends_on = needs;
  return service;
}

function normalizeBuild(source: Dict, environment: Environment): Dict {
  const build = dictOf(entriesOf(source));
  build.context ??= '.';
  if (build.dockerfile === undefined && build.dockerfile_inline === undefined) build.dockerfile = 'Dockerfile';
  if ('args' in build) build.args = resolve(build.args!, environment, false) ?? null;
  return build;
}

/** Dependencies by links, by namespaces shared, by volumes taken. */
function implied(service: Dict): Dict {
  const needs = newDict();
  const add = (name: string, restart: boolean) => {
    needs[name] ??= dictOf([
      ['condition', 'service_started'],
      ['restart', restart],
      ['required', true],
    ]);
  };
  for (const link of asTexts(service.links)) {
    const parts = link.split(':');
    add(parts.length === 2 ? parts[0]! : link, true);
  }
  for (const namespace of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'])
    for (const mode of asTexts([service[namespace] ?? null]))
      if (mode.startsWith('service:')) add(mode.slice('service:'.length), true);
  for (const from of asTexts(service.volumes_from)) if (!from.startsWith('container:')) add(from.split(':')[0]!, false);
  return needs;
}

const asTexts = (value: Value | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Variables named without a value get the one of the environment; without one they stay or go. */
function resolve(value: Value, environment: Environment, keepEmpty: boolean): Value | undefined {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, environment, keepEmpty)).filter((item) => item !== undefined);
  if (isDict(value))
    return dictOf(
      entriesOf(value).flatMap(([key, item]): [string, Value][] => {
        if (item !== null) return [[key, item]];
        const found = environment[key];
        return found !== undefined ? [[key, found]] : keepEmpty ? [[key, null]] : [];
      }),
    );
  if (typeof value !== 'string') return undefined;
  if (value.includes('=')) return value;
  const found = environment[value];
  if (found !== undefined) return `${value}=${found}`;
  return keepEmpty ? value : undefined;
}

/** Before normalisation: names in `environment` lists, and what secrets and configs take from the environment. */
export function resolveEnvironment(project: Dict, environment: Environment): Dict {
  const services =
    isDict(project.services ?? null) &&
    mapDict(project.services as Dict, (service) => {
      if (!isDict(service) || !Array.isArray(service.environment)) return service;
      return { ...service, environment: service.environment.map((line) => resolve(line, environment, true) ?? line) };
    });
  const configs =
    isDict(project.configs ?? null) &&
    mapDict(project.configs as Dict, (config) => {
      const found =
        isDict(config) && typeof config.environment === 'string' ? environment[config.environment] : undefined;
      return found === undefined ? config : { ...(config as Dict), content: found };
    });
  return dictOf([
    ...entriesOf(project),
    ...(services ? [['services', services] as const] : []),
    ...(configs ? [['configs', configs] as const] : []),
  ]);
}
