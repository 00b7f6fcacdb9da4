import type { DependsOn, LoadedProject, Project, Service } from '../../../compose/index.ts';
import { StatusError } from '../command.ts';
import { composeVersion, label } from './labels.ts';

/** A service at work: with its name, and the labels that compose gives its containers. */
export interface ActiveService extends Service {
  name: string;
  customLabels: Record<string, string>;
  attach?: boolean;
}

/** A project at work: a copy that commands may change. */
export interface ActiveProject {
  name: string;
  services: Record<string, ActiveService>;
  disabled: Record<string, ActiveService>;
  networks: NonNullable<Project['networks']>;
  volumes: NonNullable<Project['volumes']>;
  secrets: NonNullable<Project['secrets']>;
  configs: NonNullable<Project['configs']>;
  environment: Record<string, string>;
  workingDir: string;
}

/** Which other services a selection takes along. */
export type DependencyPolicy = 'dependencies' | 'dependents' | 'alone';

export function activate(loaded: LoadedProject, envFiles: readonly string[] = []): ActiveProject {
  const { project, disabled, workingDir, files, environment } = structuredClone(loaded);
  const active = (services: Record<string, Service>): Record<string, ActiveService> =>
    mapValues(services, (service, name) => ({
      ...service,
      name,
      customLabels: {
        [label.project]: project.name,
        [label.service]: name,
        [label.version]: composeVersion,
        [label.workingDir]: workingDir,
        [label.configFiles]: files.join(','),
        [label.oneOff]: 'False',
        ...(envFiles.length ? { [label.environmentFile]: envFiles.join(',') } : {}),
      },
    }));
  return {
    name: project.name,
    services: active(project.services),
    disabled: active(disabled),
    networks: project.networks ?? {},
    volumes: project.volumes ?? {},
    secrets: project.secrets ?? {},
    configs: project.configs ?? {},
    environment,
    workingDir,
  };
}

export const mapValues = <T, U>(values: Record<string, T>, each: (value: T, key: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, each(value, key)]));

const pick = <T>(values: Record<string, T>, wanted: ReadonlySet<string>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => wanted.has(key)));

/** The service of a name, or compose's complaint. */
export function getService(project: ActiveProject, name: string): ActiveService {
  const service = project.services[name];
  if (service) return service;
  throw new StatusError(1, `no such service: ${name}: ${project.disabled[name] ? 'disabled' : 'not found'}`);
}

/** Services named on the command line bring the profiles that they are in. */
export function enableServices(project: ActiveProject, names: readonly string[]): ActiveProject {
  const profiles = new Set(names.flatMap((name) => project.disabled[name]?.profiles ?? []));
  const enabled = Object.values(project.disabled).filter((service) =>
    service.profiles?.some((profile) => profiles.has(profile)),
  );
  const moved = new Set(enabled.map(({ name }) => name));
  const services = { ...project.services, ...pick(project.disabled, moved) };
  return {
    ...project,
    services: sorted(services),
    disabled: pick(project.disabled, new Set(Object.keys(project.disabled).filter((name) => !moved.has(name)))),
  };
}

const sorted = <T>(values: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The named services (all when none is named) with what they need; the others become disabled. */
export function selectServices(
  project: ActiveProject,
  names: readonly string[],
  policy: DependencyPolicy = 'dependencies',
): ActiveProject {
  if (names.length === 0) return project;
  const wanted = new Set<string>();
  const visit = (list: readonly string[], by: Record<string, DependsOn>): void => {
    for (const name of list) {
      if (!project.services[name]) {
        if (by[name]?.required === false) continue;
        throw new StatusError(1, `no such service: ${name}`);
      }
      if (wanted.has(name)) continue;
      wanted.add(name);
      const next =
        policy === 'dependencies'
          ? (project.services[name].depends_on ?? {})
          : policy === 'dependents'
            ? dependentsOf(project, name)
            : {};
      visit(Object.keys(next), next);
    }
  };
  visit(names, {});
  const services = mapValues(pick(project.services, wanted), (service) => ({
    ...service,
    ...(service.depends_on ? { depends_on: pick(service.depends_on, wanted) } : {}),
  }));
  const others = new Set(Object.keys(project.services).filter((name) => !wanted.has(name)));
  return { ...project, services, disabled: sorted({ ...project.disabled, ...pick(project.services, others) }) };
}

export function dependentsOf(project: ActiveProject, name: string): Record<string, DependsOn> {
  return Object.fromEntries(
    Object.values(project.services).flatMap((service) => {
      const dependency = service.depends_on?.[name];
      return dependency ? [[service.name, dependency] as const] : [];
    }),
  );
}

export const imageOf = (service: ActiveService, project: { name: string }, separator = '-'): string =>
  service.image || `${project.name}${separator}${service.name}`;

export const scaleOf = (service: ActiveService): number => service.scale ?? service.deploy?.replicas ?? 1;

export function setScale(project: ActiveProject, name: string, replicas: number): void {
  const service = getService(project, name);
  service.scale = replicas;
  if (service.deploy) service.deploy.replicas = replicas;
}

/** Networks of a service, the one that gives its default route first. */
export const networksByPriority = (service: ActiveService): string[] =>
  Object.entries(service.networks ?? {})
    .sort(([a, one], [b, other]) => (other?.priority ?? 0) - (one?.priority ?? 0) || (a < b ? -1 : 1))
    .map(([name]) => name);
