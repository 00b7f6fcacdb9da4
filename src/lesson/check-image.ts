import type { ImageInfo, LayerChange } from '../trace/index.ts';
import type { ImageGoal } from './goals.ts';
import type { World } from './world.ts';

/** `name` means `name:latest`; a digest is left alone. */
export const tagged = (reference: string): string => (/[:@][^/]+$/.test(reference) ? reference : `${reference}:latest`);

export const clean = (path: string): string => path.replace(/^\/+|\/+$/g, '');

export const holdsPath = (changes: readonly LayerChange[], path: string): boolean =>
  changes.some((change) => change.kind !== 'deleted' && clean(change.path) === clean(path));

export const hidesPath = (changes: readonly LayerChange[], path: string): boolean =>
  changes.some((change) => change.kind === 'deleted' && clean(change.path) === clean(path));

export async function someAsync<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<boolean> {
  for (const item of items) if (await holds(item)) return true;
  return false;
}

/** `NAME=value`, or `NAME` for any value. */
export const hasEnv = (env: readonly string[], wanted: string): boolean =>
  env.some((one) => one === wanted || (!wanted.includes('=') && one.startsWith(`${wanted}=`)));

export async function imageReached(goal: ImageGoal, world: World): Promise<boolean> {
  const { images } = world.inspection;
  const named = images.filter(
    (image) =>
      (goal.reference === undefined || image.references.includes(tagged(goal.reference))) &&
      (!goal.untagged || image.references.length === 0),
  );
  if (goal.absent) return named.length === 0;
  return someAsync(named, (image) => imageFits(image, goal, world));
}

async function imageFits(image: ImageInfo, goal: ImageGoal, world: World): Promise<boolean> {
  const base = goal.from
    ? world.inspection.images.find((other) => other.references.includes(tagged(goal.from!)))
    : undefined;
  if (goal.from && !base?.layers.every((layer, index) => image.layers[index] === layer)) return false;
  const own = image.layers.slice(base?.layers.length ?? 1);
  return (
    sizesFit(image, own, goal) &&
    configFits(image.config, goal) &&
    (await layersFit(image, own, goal, world)) &&
    (goal.healthcheck === undefined || (await healthcheckFits(image, goal.healthcheck, world))) &&
    (goal.without === undefined || !(await leaks(image, own, goal.without, world)))
  );
}

const sizesFit = ({ layers, size }: ImageInfo, own: readonly string[], goal: ImageGoal): boolean =>
  own.length >= (goal.layersAbove ?? 0) &&
  (goal.layers === undefined || layers.length === goal.layers) &&
  layers.length <= (goal.layersAtMost ?? Number.POSITIVE_INFINITY) &&
  size < (goal.sizeBelow ?? Number.POSITIVE_INFINITY) &&
  size > (goal.sizeAbove ?? -1);

const same = (a: readonly string[], b: readonly string[] | undefined): boolean =>
  b === undefined || (a.length === b.length && a.every((one, index) => one === b[index]));

const configFits = (config: ImageInfo['config'], goal: ImageGoal): boolean =>
  (goal.exposes === undefined ||
    config.exposedPorts.some((port) => [port, port.split('/')[0]].includes(goal.exposes))) &&
  same(config.cmd, goal.cmd) &&
  same(config.entrypoint, goal.entrypoint) &&
  (goal.env ?? []).every((one) => hasEnv(config.env, one)) &&
  (goal.user === undefined || config.user === goal.user) &&
  (goal.workdir === undefined || config.workingDir === goal.workdir) &&
  (goal.volume === undefined || config.volumes.includes(goal.volume)) &&
  Object.entries(goal.labels ?? {}).every(([name, value]) => config.labels[name] === value);

async function layersFit(image: ImageInfo, own: readonly string[], goal: ImageGoal, world: World): Promise<boolean> {
  const { layerContains, notInLayers, buried } = goal;
  if (layerContains && !(await someAsync(own, async (id) => holdsPath(await world.changes(id), layerContains))))
    return false;
  if (notInLayers && (await someAsync(image.layers, async (id) => holdsPath(await world.changes(id), notInLayers))))
    return false;
  return !buried || isBuried(image, buried, world);
}

async function isBuried(image: ImageInfo, path: string, world: World): Promise<boolean> {
  let stored = false;
  for (const layer of image.layers) {
    const changes = await world.changes(layer);
    if (stored && hidesPath(changes, path)) return true;
    stored ||= holdsPath(changes, path);
  }
  return false;
}

/** Whether a text stands anywhere in what would be handed out with the image. */
async function leaks(image: ImageInfo, own: readonly string[], text: string, world: World): Promise<boolean> {
  if (JSON.stringify([image.history, image.config]).includes(JSON.stringify(text).slice(1, -1))) return true;
  return someAsync(own, async (layer) =>
    someAsync(await world.changes(layer), async ({ kind, type, path }) => {
      if (kind === 'deleted' || type !== 'file') return false;
      return (await world.layerText(layer, path))?.includes(text) ?? false;
    }),
  );
}

async function healthcheckFits({ id }: ImageInfo, text: string, world: World): Promise<boolean> {
  const told = await world.engine(`/images/${id}/json`);
  const test =
    told && (JSON.parse(told) as { Config?: { Healthcheck?: { Test?: string[] } } }).Config?.Healthcheck?.Test;
  return !!test && test[0] !== 'NONE' && test.join(' ').includes(text);
}
