import type { ContainerInfo, ImageInfo, Inspection, LayerChange } from '../trace/index.ts';
import type { ContainerGoal, Goal, ImageGoal, Lesson } from './format.ts';

/** What goals look at. */
export interface World {
  inspection: Inspection;
  /** Changes of a layer (chainId) or container (id). */
  changes(id: string): Promise<LayerChange[]>;
  /** Text of a file of the host; undefined when absent. */
  file(path: string): string | undefined;
}

export async function reached(goal: Goal, world: World): Promise<boolean> {
  if ('image' in goal) return imageReached(goal.image, world);
  if ('container' in goal) return containerReached(goal.container, world);
  if ('file' in goal) return fileReached(goal.file, world);
  if ('login' in goal) return goal.login.registry in world.inspection.logins;
  return registryReached(goal.registry, world.inspection);
}

/** For each step, for each goal, whether it holds. */
export const checkLesson = (lesson: Lesson, world: World): Promise<boolean[][]> =>
  Promise.all(lesson.steps.map((step) => Promise.all(step.goals.map((goal) => reached(goal, world)))));

const tagged = (reference: string): string => (/:[^/]+$/.test(reference) ? reference : `${reference}:latest`);

async function someAsync<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<boolean> {
  for (const item of items) if (await holds(item)) return true;
  return false;
}

async function imageReached(goal: ImageGoal, world: World): Promise<boolean> {
  const { images } = world.inspection;
  const named = images.filter((image) => !goal.reference || image.references.includes(tagged(goal.reference)));
  if (goal.absent) return named.length === 0;
  return someAsync(named, (image) => imageFits(image, goal, world));
}

async function imageFits(image: ImageInfo, goal: ImageGoal, world: World): Promise<boolean> {
  const base = goal.from
    ? world.inspection.images.find((other) => other.references.includes(tagged(goal.from!)))
    : undefined;
  if (goal.from && !(base && base.layers.every((layer, index) => image.layers[index] === layer))) return false;
  const own = image.layers.slice(base?.layers.length ?? 1);
  if (goal.layersAbove !== undefined && own.length < goal.layersAbove) return false;
  if (goal.exposes && !image.config.exposedPorts.includes(goal.exposes)) return false;
  if (!goal.layerContains) return true;
  return someAsync(own, async (layer) => holdsPath(await world.changes(layer), goal.layerContains!));
}

const clean = (path: string): string => path.replace(/^\/+|\/+$/g, '');

const holdsPath = (changes: LayerChange[], path: string): boolean =>
  changes.some((change) => change.kind !== 'deleted' && clean(change.path) === clean(path));

function containerReached(goal: ContainerGoal, world: World): Promise<boolean> {
  const { containers, images } = world.inspection;
  const imageId = goal.image && images.find((image) => image.references.includes(tagged(goal.image!)))?.id;
  const fits = (c: ContainerInfo): boolean =>
    (!goal.name || c.name === goal.name) &&
    (!goal.image || tagged(c.image) === tagged(goal.image) || c.imageId === imageId) &&
    (!goal.status || c.status === goal.status) &&
    (!goal.port || c.ports.some((port) => port.container.split('/')[0] === goal.port));
  const found = containers.filter(fits);
  if (goal.absent) return Promise.resolve(found.length === 0);
  return someAsync(found, async (container) => {
    if (!goal.changed && !goal.deleted) return true;
    const changes = await world.changes(container.id);
    return (
      (!goal.changed || holdsPath(changes, goal.changed)) &&
      (!goal.deleted || changes.some((c) => c.kind === 'deleted' && clean(c.path) === clean(goal.deleted!)))
    );
  });
}

function fileReached(goal: { path: string; contains?: string; absent?: boolean }, world: World): boolean {
  const text = world.file(goal.path);
  if (goal.absent) return text === undefined;
  return text !== undefined && (!goal.contains || text.includes(goal.contains));
}

function registryReached(goal: { repository: string; tag?: string }, inspection: Inspection): boolean {
  return inspection.registries.some((registry) =>
    registry.repositories.some(
      (repository) => repository.name === goal.repository && (goal.tag ?? 'latest') in repository.tags,
    ),
  );
}
