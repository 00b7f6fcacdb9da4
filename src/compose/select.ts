import { matchPath } from '../spec/index.ts';
import { type LoadOptions, type Project, ProjectError, type Service } from './project.ts';

/** Services that are on, and those that no profile turns on. */
export interface Parts {
  project: Project;
  disabled: Record<string, Service>;
}

const sorted = (services: [string, Service][]): Record<string, Service> =>
  Object.fromEntries(services.sort(([a], [b]) => (a < b ? -1 : 1)));

const isOn = ({ profiles = [] }: Service, active: string[]): boolean =>
  profiles.length === 0 || active.includes('*') || profiles.some((profile) => active.includes(profile));

/** Turns on what the profiles say. */
export function withProfiles(project: Project, disabled: Record<string, Service>, active: string[]): Parts {
  const all = Object.entries({ ...project.services, ...disabled });
  const services = sorted(all.filter(([, service]) => isOn(service, active)));
  return { project: { ...project, services }, disabled: sorted(all.filter(([name]) => !(name in services))) };
}

/** The services named with what they need, or all that are on; and only the resources these use. */
export function selectServices(parts: Parts, profiles: string[], options: LoadOptions): Parts {
  const names = options.services ?? [];
  const asked = names.flatMap((name) => (parts.project.services[name] ? [] : (parts.disabled[name]?.profiles ?? [])));
  const enabled = names.length > 0 ? withProfiles(parts.project, parts.disabled, [...profiles, ...asked]) : parts;
  const selected = names.length > 0 ? only(enabled, names) : enabled;
  return options.allResources ? selected : { ...selected, project: withoutUnused(selected.project) };
}

function only({ project, disabled }: Parts, names: string[]): Parts {
  const wanted = new Set<string>();
  const take = (name: string, required: boolean) => {
    const found = Object.keys(project.services).filter((key) => matchesName(name, key));
    if (found.length === 0 && required) throw new ProjectError(`no such service: ${name}`);
    for (const key of found) {
      if (wanted.has(key)) continue;
      wanted.add(key);
      const needs = Object.entries(project.services[key]!.depends_on ?? {});
      for (const [other, need] of needs) take(other, need.required);
    }
  };
  for (const name of names) take(name, true);
  const all = Object.entries(project.services);
  const services = sorted(
    all.filter(([name]) => wanted.has(name)).map(([name, service]) => [name, withNeeds(service, wanted)]),
  );
  const rest = all.filter(([name]) => !wanted.has(name));
  return { project: { ...project, services }, disabled: sorted([...Object.entries(disabled), ...rest]) };
}

function withNeeds(service: Service, wanted: Set<string>): Service {
  const needs = Object.entries(service.depends_on ?? {}).filter(([name]) => wanted.has(name));
  const { depends_on: _, ...rest } = service;
  return needs.length > 0 ? { ...rest, depends_on: Object.fromEntries(needs) } : rest;
}

/** A project without networks, volumes, secrets and configs that no service uses. */
function withoutUnused(project: Project): Project {
  const services = Object.values(project.services);
  const used = {
    networks: services.flatMap((service) => Object.keys(service.networks ?? {})),
    volumes: services.flatMap(({ volumes = [] }) =>
      volumes.flatMap((v) => (v.type === 'volume' && v.source ? [v.source] : [])),
    ),
    secrets: services.flatMap(({ secrets = [], build }) =>
      [...secrets, ...(build?.secrets ?? [])].map((s) => s.source),
    ),
    configs: services.flatMap(({ configs = [] }) => configs.map((config) => config.source)),
  };
  const all = { ...project };
  for (const kind of ['networks', 'volumes', 'secrets', 'configs'] as const) {
    const kept = Object.entries(project[kind] ?? {}).filter(([name]) => used[kind].includes(name));
    delete all[kind];
    if (kept.length > 0) Object.assign(all, { [kind]: Object.fromEntries(kept) });
  }
  return all;
}

/** A pattern that cannot be read matches nothing. */
function matchesName(pattern: string, name: string): boolean {
  try {
    return matchPath(pattern, name);
  } catch {
    return false;
  }
}
