import type { ImageSummary, NetworkResource } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import { type Command, StatusError } from '../command.ts';
import { fullName, splitImage } from '../image/pull-image.ts';
import { type Compose, composeRun, isTrue } from './compose.ts';
import { labelFilters, listContainers, ofServices, orphansOf } from './containers.ts';
import { projectWithResources } from './from-containers.ts';
import { inDependencyOrder } from './graph.ts';
import { isConflict, isNotFound, localImages, settled } from './images.ts';
import { label } from './labels.ts';
import { removeContainers } from './lifecycle.ts';
import { warn } from './logger.ts';
import { happens, type ProgressWriter } from './progress.ts';
import { type ActiveProject, dependentsOf, getService, imageOf } from './project.ts';

export const down: Command = {
  name: 'down',
  use: '[OPTIONS] [SERVICES]',
  short: 'Stop and remove containers, networks',
  flags: [
    flag('remove-orphans', '', 'bool', 'Remove containers for services not defined in the Compose file'),
    flag('timeout', 't', 'int', 'Specify a shutdown timeout in seconds'),
    flag(
      'volumes',
      'v',
      'bool',
      'Remove named volumes declared in the "volumes" section of the Compose file and anonymous volumes attached to containers',
    ),
    flag(
      'rmi',
      '',
      'string',
      'Remove images used by services. "local" remove only images that don\'t have a custom tag ("local"|"all")',
    ),
  ],
  run: composeRun(async (compose, flags, services) => {
    const images = flags.string('rmi');
    if (images && images !== 'all' && images !== 'local')
      throw new StatusError(1, `invalid value for --rmi: ${JSON.stringify(images)}`);
    const { project, name } = await compose.projectOrName(services);
    const removeOrphans = flags.changed('remove-orphans')
      ? flags.bool('remove-orphans')
      : isTrue(compose.env('COMPOSE_REMOVE_ORPHANS'));
    const timeout = flags.changed('timeout') ? flags.int('timeout') : undefined;
    const options = { project, services, removeOrphans, timeout, volumes: flags.bool('volumes'), images };
    await compose.progress('Running', (writer) => downProject(compose, writer, name, options));
  }),
};

export interface DownOptions {
  project?: ActiveProject;
  services?: readonly string[];
  removeOrphans?: boolean;
  timeout?: number;
  volumes?: boolean;
  images?: string;
}

/** Containers in reverse order, then networks, images and volumes (pkg/compose/down.go). */
export async function downProject(
  compose: Compose,
  writer: ProgressWriter,
  name: string,
  options: DownOptions,
): Promise<void> {
  const { removeOrphans = false, timeout, volumes = false, images } = options;
  const containers = await listContainers(compose, name, { oneOff: removeOrphans ? 'include' : 'exclude', all: true });
  const project = options.project ?? (await projectWithResources(compose, name, containers));
  const named = options.services ?? [];
  const services = named.filter(
    (service) => project.services[service] || (options.project && getService(project, service)),
  );
  if (named.length && services.length === 0) {
    await warn(
      compose.cli,
      `Any of the services [${named.join(' ')}] not running in project ${JSON.stringify(name)}`,
      'info',
    );
    return;
  }
  const wanted = services.length ? withDependents(project, services) : new Set(Object.keys(project.services));
  await inDependencyOrder(project, 'down', async (service) => {
    if (!wanted.has(service)) return;
    const own = { service: project.services[service], timeout, volumes };
    await removeContainers(compose, writer, ofServices(containers, [service]), own);
  });
  if (removeOrphans) await removeContainers(compose, writer, orphansOf(containers, project), { timeout });
  const work = [
    ...Object.entries(project.networks).flatMap(([key, network]) =>
      network.external ? [] : [() => removeNetwork(compose, writer, project.name, key, network.name)],
    ),
    ...(images ? await imagesDown(compose, writer, project, images, removeOrphans) : []),
    ...(volumes
      ? Object.values(project.volumes).flatMap((volume) =>
          volume.external ? [] : [() => removeVolume(compose, writer, volume.name)],
        )
      : []),
  ];
  if (containers.length === 0 && work.length === 0)
    await compose.warn(`Warning: No resource found to remove for project ${JSON.stringify(name)}.`);
  await settled(work.map((each) => each()));
}

function withDependents(project: ActiveProject, services: readonly string[]): Set<string> {
  const all = new Set<string>();
  const visit = (name: string): void => {
    if (all.has(name)) return;
    all.add(name);
    for (const other of Object.keys(dependentsOf(project, name))) visit(other);
  };
  for (const name of services) visit(name);
  return all;
}

async function removeNetwork(
  { client }: Compose,
  writer: ProgressWriter,
  project: string,
  key: string,
  name: string,
): Promise<void> {
  const filters = labelFilters(`${label.project}=${project}`, `${label.network}=${key}`);
  const networks = await client.json<NetworkResource[]>('GET', '/networks', { query: { filters } });
  if (networks.length === 0) return;
  const id = `Network ${name}`;
  const warning = (statusText: string): void => writer.event({ id, status: 'warning', statusText });
  writer.event(happens(id, 'Removing'));
  let found = 0;
  for (const { Name, Id } of networks) {
    if (Name !== name) continue;
    try {
      const { Containers } = await client.json<NetworkResource>('GET', `/networks/${Id}`);
      found++;
      if (Object.keys(Containers ?? {}).length) {
        warning('Resource is still in use');
        continue;
      }
      await client.done('DELETE', `/networks/${Id}`);
    } catch (error) {
      if (isNotFound(error)) continue;
      writer.event(happens(id, 'Error'));
      throw new StatusError(1, `failed to remove network ${name}: ${(error as Error).message}`);
    }
    writer.event(happens(id, 'Removed'));
  }
  if (found === 0) warning('No resource found to remove');
}

async function removeVolume({ client }: Compose, writer: ProgressWriter, name: string): Promise<void> {
  const found = await client.json('GET', `/volumes/${name}`).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (!found) return;
  const work = client.done('DELETE', `/volumes/${name}`, { query: { force: true } });
  await removal(writer, `Volume ${name}`, work);
}

/** Shows how the removal of an image or volume goes; that it is in use is no error. */
async function removal(writer: ProgressWriter, id: string, work: Promise<unknown>): Promise<void> {
  writer.event(happens(id, 'Removing'));
  try {
    await work;
    writer.event(happens(id, 'Removed'));
  } catch (error) {
    if (isConflict(error)) writer.event({ id, status: 'warning', statusText: 'Resource is still in use' });
    else if (isNotFound(error))
      writer.event({ id, status: 'done', statusText: 'Warning: No resource found to remove' });
    else throw error;
  }
}

/** `--rmi`: the images that compose built; with `all` also those that the file names. */
async function imagesDown(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  mode: string,
  removeOrphans: boolean,
): Promise<(() => Promise<void>)[]> {
  const { client, separator } = compose;
  const services = Object.values(project.services);
  const named = services.flatMap(({ image }) => (mode === 'all' && image ? [image] : []));
  const unnamed = services.filter(({ image }) => !image).map((service) => imageOf(service, project, separator));
  const filters = JSON.stringify({ label: [`${label.project}=${project.name}`], dangling: ['false'] });
  const labelled = (await client.json<ImageSummary[]>('GET', '/images/json', { query: { filters } }))
    .filter(({ Labels }) => removeOrphans || project.services[Labels?.[label.service] ?? ''])
    .flatMap(({ RepoTags }) => RepoTags?.slice(0, 1) ?? []);
  const here = await localImages(compose, [...named, ...unnamed]);
  const images = new Set([...here.keys(), ...labelled].map(familiar));
  return [...images]
    .sort()
    .map((image) => () => removal(writer, `Image ${image}`, client.done('DELETE', `/images/${image}`)));
}

function familiar(image: string): string {
  const { repository, suffix } = splitImage(image);
  return `${fullName(repository).replace(/^docker\.io\/(library\/)?/, '')}${suffix || ':latest'}`;
}
