import type { ContainerSummary, NetworkResource, Volume } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import { canonicalName, isNotOneOff, labelFilters } from './containers.ts';
import { label } from './labels.ts';
import { type ActiveProject, type ActiveService, mapValues, selectServices } from './project.ts';

/** A project as its containers tell it, where no file is read (`-p NAME`). */
export function projectFromContainers(
  name: string,
  containers: readonly ContainerSummary[],
  services: readonly string[] = [],
): ActiveProject {
  const found: Record<string, ActiveService> = {};
  for (const one of containers) {
    const service = one.Labels[label.service] ?? canonicalName(one);
    found[service] ??= {
      name: service,
      image: one.Image,
      labels: one.Labels,
      customLabels: {},
      command: null,
      entrypoint: null,
      scale: 0,
      depends_on: dependencies(one.Labels[label.dependencies] ?? ''),
    };
    found[service].scale!++;
  }
  const missing = services.find((service) => !found[service]);
  if (missing !== undefined) throw new StatusError(1, `no such service: ${JSON.stringify(missing)}: not found`);
  const nothing = { disabled: {}, networks: {}, volumes: {}, secrets: {}, configs: {}, environment: {} };
  return selectServices({ name, services: found, workingDir: '', ...nothing }, services);
}

/** `db:service_healthy:false,cache:service_started:true` */
function dependencies(text: string): ActiveService['depends_on'] {
  return Object.fromEntries(
    text
      .split(',')
      .filter(Boolean)
      .map((one) => {
        const [name, condition = 'running_or_healthy', restart = 'true'] = one.split(':');
        return [name!, { condition: condition as 'service_started', required: true, restart: restart === 'true' }];
      }),
  );
}

/** With the networks and volumes that carry the project's label; dependencies bind nobody. */
export async function projectWithResources(
  { client }: Compose,
  name: string,
  containers: readonly ContainerSummary[],
): Promise<ActiveProject> {
  const project = projectFromContainers(name, containers.filter(isNotOneOff));
  const query = { filters: labelFilters(`${label.project}=${name}`) };
  const { Volumes } = await client.json<{ Volumes: Volume[] | null }>('GET', '/volumes', { query });
  const networks = await client.json<NetworkResource[]>('GET', '/networks', { query });
  return {
    ...project,
    services: mapValues(project.services, (service) => ({
      ...service,
      depends_on: mapValues(service.depends_on ?? {}, (one) => ({ ...one, required: false })),
    })),
    volumes: Object.fromEntries(
      (Volumes ?? []).map(({ Name, Driver, Labels }) => [
        Labels?.[label.volume] ?? '',
        { name: Name, driver: Driver, labels: Labels ?? {} },
      ]),
    ),
    networks: Object.fromEntries(
      networks.map(({ Name, Driver, Labels }) => [
        Labels?.[label.network] ?? '',
        { name: Name, driver: Driver, labels: Labels ?? {}, ipam: {} },
      ]),
    ),
  };
}
