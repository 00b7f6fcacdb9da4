import type { ContainerSummary } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import { label } from './labels.ts';
import type { ActiveProject } from './project.ts';

/** Whether containers of `run` count. */
export type OneOff = 'include' | 'exclude' | 'only';

/** `name=value` conditions on labels, as the query's filters. */
export const labelFilters = (...conditions: string[]): string => JSON.stringify({ label: conditions });

const conditions = (project: string, oneOff: OneOff, service?: string): string[] => [
  `${label.project}=${project}`,
  ...(service === undefined ? [] : [`${label.service}=${service}`]),
  label.configHash,
  ...(oneOff === 'include' ? [] : [`${label.oneOff}=${oneOff === 'only' ? 'True' : 'False'}`]),
];

/** A project's containers; `services`, when there are any, select. */
export async function listContainers(
  { client }: Compose,
  project: string,
  options: { oneOff: OneOff; all: boolean; services?: readonly string[] },
): Promise<ContainerSummary[]> {
  const { oneOff, all, services = [] } = options;
  const filters = labelFilters(...conditions(project, oneOff, services.length === 1 ? services[0] : undefined));
  const found = await client.json<ContainerSummary[]>('GET', '/containers/json', { query: { all, filters } });
  return services.length > 1 ? ofServices(found, services) : found;
}

/** One container of a service: the one with a number, or the first. */
export async function oneContainer(
  { client }: Compose,
  project: string,
  service: string,
  options: { oneOff: OneOff; all: boolean; index: number },
): Promise<ContainerSummary> {
  const { oneOff, all, index } = options;
  const wanted = conditions(project, oneOff, service);
  if (index > 0) wanted.push(`${label.number}=${index}`);
  const found = await client.json<ContainerSummary[]>('GET', '/containers/json', {
    query: { all, filters: labelFilters(...wanted) },
  });
  if (found.length === 0) {
    const which = index > 0 ? ` container #${index}` : '';
    throw new StatusError(1, `service ${JSON.stringify(service)} is not running${which}`);
  }
  const isOneOff = (one: ContainerSummary): number => (one.Labels[label.oneOff] === 'True' ? 1 : 0);
  return found.sort((a, b) => numberOf(a) - numberOf(b) || isOneOff(a) - isOneOff(b))[0]!;
}

export const numberOf = (container: ContainerSummary): number => Number(container.Labels[label.number]) || 0;
export const serviceOf = (container: ContainerSummary): string => container.Labels[label.service] ?? '';

export const ofServices = (containers: readonly ContainerSummary[], services: readonly string[]): ContainerSummary[] =>
  containers.filter((one) => services.includes(serviceOf(one)));

export const isNotOneOff = ({ Labels }: ContainerSummary): boolean => (Labels[label.oneOff] ?? 'False') === 'False';

/** Of no service of the project any more; of `run`'s containers, those that ended. */
export function orphansOf(containers: readonly ContainerSummary[], project: ActiveProject): ContainerSummary[] {
  return containers.filter((one) => {
    if (one.Labels[label.oneOff] === 'True') return one.State === 'exited' || one.State === 'dead';
    const service = serviceOf(one);
    return !project.services[service] && !project.disabled[service];
  });
}

/** The name that is not a link's. */
export function canonicalName({ Names, Id }: ContainerSummary): string {
  if (Names.length === 0) return Id.slice(0, 12);
  return (Names.find((name) => name.lastIndexOf('/') === 0) ?? Names[0]!).replace(/^\//, '');
}

export const progressName = (container: ContainerSummary): string => `Container ${canonicalName(container)}`;

/** `web-1`, when it has the name that compose gives. */
export function nameWithoutProject(container: ContainerSummary, separator: string): string {
  const { [label.project]: project, [label.service]: service, [label.number]: number } = container.Labels;
  const name = canonicalName(container);
  return name === [project, service, number].join(separator) ? name.slice(project!.length + 1) : name;
}

/** In order of name: colours and prefixes do not depend on the daemon's order. */
export const byName = (containers: readonly ContainerSummary[]): ContainerSummary[] =>
  [...containers].sort((a, b) => (canonicalName(a) < canonicalName(b) ? -1 : 1));
