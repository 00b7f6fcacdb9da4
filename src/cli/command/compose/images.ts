import { ApiError } from '../../../api/index.ts';
import { type ImageInspect, type JsonMessage, parseReference } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import { fullName, splitImage } from '../image/pull-image.ts';
import { bar } from '../json-messages.ts';
import { authHeaders } from '../registry/auth.ts';
import type { Compose } from './compose.ts';
import { label } from './labels.ts';
import type { ProgressWriter } from './progress.ts';
import { type ActiveProject, type ActiveService, imageOf } from './project.ts';

export interface LocalImage {
  id: string;
  size: number;
  repository: string;
  tag: string;
  /** Seconds since the epoch. */
  tagged: number;
}
export type LocalImages = Map<string, LocalImage>;

export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;
export const isConflict = (error: unknown): boolean => error instanceof ApiError && error.status === 409;

export const inspectImage = ({ client }: Compose, name: string): Promise<ImageInspect> =>
  client.json<ImageInspect>('GET', `/images/${name}/json`);

/** Those of the names that are images here. */
export async function localImages(compose: Compose, names: Iterable<string>): Promise<LocalImages> {
  const found: LocalImages = new Map();
  const each = async (name: string): Promise<void> => {
    try {
      const { Id, Size, Metadata } = await inspectImage(compose, name);
      const { repository, suffix } = splitImage(name);
      found.set(name, {
        id: Id,
        size: Size,
        repository: /^(sha256:)?[0-9a-f]{12,}$/.test(name)
          ? ''
          : fullName(repository).replace(/^docker\.io\/(library\/)?/, ''),
        tag: suffix.startsWith('@') ? '' : suffix.slice(1) || 'latest',
        tagged: Date.parse(Metadata?.LastTagTime) / 1000,
      });
    } catch (error) {
      if (!isNotFound(error)) throw new StatusError(1, `unable to get image '${name}': ${(error as Error).message}`);
    }
  };
  await Promise.all([...new Set(names)].map(each));
  return found;
}

/** The images that services have here; each service is told its own. */
export async function serviceImages(compose: Compose, project: ActiveProject): Promise<LocalImages> {
  const services = Object.values(project.services);
  const images = await localImages(
    compose,
    services.map((service) => imageOf(service, project, compose.separator)),
  );
  for (const service of services) {
    const name = imageOf(service, project, compose.separator);
    const image = images.get(name);
    if (!image) continue;
    if (service.platform && !(await fits(compose, image.id, service.platform))) images.delete(name);
    else service.customLabels[label.image] = image.id;
  }
  return images;
}

async function fits(compose: Compose, id: string, platform: string): Promise<boolean> {
  const { Os, Architecture } = await inspectImage(compose, id);
  const [os, architecture = Architecture] = platform.includes('/') ? platform.split('/') : [Os, platform];
  const alias: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' };
  return os === Os && (alias[architecture!] ?? architecture) === Architecture;
}

/** Pulls what is not here, or what the pull policy wants anew (pkg/compose/pull.go). */
export async function pullRequired(
  compose: Compose,
  project: ActiveProject,
  images: LocalImages,
  quiet: boolean,
): Promise<void> {
  const services = Object.values(project.services).filter((service) => mustPull(compose, service, images));
  if (services.length === 0) return;
  await compose.progress('Running', async (writer) => {
    await settled(
      services.map(async (service) => {
        try {
          const id = await pullService(compose, project, service, writer, quiet);
          images.set(service.image!, {
            id,
            size: 0,
            repository: service.image!,
            tag: '',
            tagged: compose.cli.host.now().sec,
          });
        } catch (error) {
          if (!isBuilt(project, service)) throw error;
        }
      }),
    );
  });
}

/** Waits for all; throws the first error. */
export async function settled(work: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

const isBuilt = (project: ActiveProject, { build, image }: ActiveService): boolean =>
  build !== undefined || Object.values(project.services).some((other) => other.build && other.image === image);

function mustPull(compose: Compose, service: ActiveService, images: LocalImages): boolean {
  if (!service.image) return false;
  const image = images.get(service.image);
  const policy = service.pull_policy ?? '';
  if (policy === 'always') return true;
  if (policy === 'never' || policy === 'build') return false;
  const days = { daily: 1, weekly: 7 }[policy];
  if (!image || days === undefined) return !image;
  return compose.cli.host.now().sec > image.tagged + days * 86_400;
}

/** Pulls a service's image; answers its id. */
export async function pullService(
  compose: Compose,
  project: ActiveProject,
  service: ActiveService,
  writer: ProgressWriter,
  quiet: boolean,
): Promise<string> {
  const id = service.name;
  writer.event({ id, status: 'working', text: 'Pulling' });
  const image = service.image!;
  try {
    for await (const message of pullMessages(
      compose,
      image,
      service.platform || project.environment.DOCKER_DEFAULT_PLATFORM,
    )) {
      const failure = (message.errorDetail as { message?: string } | undefined)?.message ?? message.error;
      if (failure) throw new StatusError(1, failure);
      if (!quiet) layerEvent(id, message, writer);
    }
  } catch (error) {
    // What the daemon refuses at once is shown; what fails on the way only ends it.
    if (error instanceof ApiError) {
      const [status, text] = service.build ? (['warning', 'Warning'] as const) : (['error', 'Error'] as const);
      writer.event({ id, status, text, statusText: error.reason });
    }
    throw error;
  }
  writer.event({ id, status: 'done', text: 'Pulled' });
  return (await inspectImage(compose, image)).Id;
}

type PullMessage = JsonMessage & { id?: string; progressDetail?: { current?: number; total?: number } };

async function* pullMessages({ cli, client }: Compose, image: string, platform?: string): AsyncGenerator<PullMessage> {
  parseReference(image);
  const { repository, suffix } = splitImage(image);
  yield* client.values<PullMessage>('POST', '/images/create', {
    query: { fromImage: fullName(repository), tag: suffix.replace(/^[:@]/, '') || 'latest', platform },
    headers: authHeaders(cli, image),
  });
}

const downloading = ['Downloading', 'Extracting', 'Verifying Checksum'];
const finished = ['Download complete', 'Already exists', 'Pull complete'];

function layerEvent(parentId: string, { id, status = '', progressDetail }: PullMessage, writer: ProgressWriter): void {
  if (!id || !progressDetail) return;
  const { current = 0, total = 0 } = progressDetail;
  const counted = downloading.includes(status);
  const done = finished.includes(status);
  writer.event({
    id,
    parentId,
    status: done ? 'done' : 'working',
    text: status,
    statusText: bar({ current, total }, 200),
    ...(counted ? { current, total, percent: total > 0 ? Math.trunc((current * 100) / total) : 0 } : {}),
    ...(done ? { percent: 100 } : {}),
  });
}
