import type { Image } from '../image/index.ts';
import {
  type Digest,
  EngineError,
  type Filters,
  familiarReference,
  formatName,
  formatReference,
  type ImageDeleteItem,
  parseReference,
  withDefaultTag,
} from '../spec/index.ts';
import type { Container } from './container.ts';
import type { Daemon } from './daemon.ts';
import { conflict } from './errors.ts';
import { boolFilter, pruneMatches, requireFilters } from './filters.ts';
import { forgetAttestations } from './image-attestation.ts';
import { findImage } from './image-lookup.ts';

const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);

interface DeleteOptions {
  force: boolean;
  noprune: boolean;
}

/** DELETE /images/{name}: a name, and with the last one the image; by id all its names (moby daemon/images/image_delete.go). */
export async function imageDelete(daemon: Daemon, name: string, options: DeleteOptions): Promise<ImageDeleteItem[]> {
  const image = findImage(daemon, name);
  const records: ImageDeleteItem[] = [];
  if (isId(image.id, name)) {
    const references = daemon.images.references(image.id);
    if (isSingle(references)) {
      refuseIf(daemon, image, { ...hard, stopped: !options.force });
      for (const reference of references) untag(daemon, image.id, reference, records);
    }
    await deleteImage(daemon, image, options, records, false);
    return records;
  }
  const parsed = parseReference(name);
  const reference = formatReference(
    parsed.digest ? { domain: parsed.domain, path: parsed.path, digest: parsed.digest } : withDefaultTag(parsed),
  );
  refuseLastName(daemon, image, name, options.force);
  untag(daemon, image.id, reference, records);
  dropDigests(daemon, image.id, records);
  if (daemon.images.references(image.id).length > 0) return records;
  await deleteImage(daemon, image, options, records, true);
  return records;
}

const isId = (id: Digest, name: string): boolean => id === name || id.slice('sha256:'.length).startsWith(name);

/** At most one tag, and digests of the same repository alone. */
function isSingle(references: readonly string[]): boolean {
  if (references.length <= 1) return true;
  const parsed = references.map(parseReference);
  return parsed.filter(({ tag }) => tag).length <= 1 && new Set(parsed.map(formatName)).size === 1;
}

function untag(daemon: Daemon, id: Digest, reference: string, records: ImageDeleteItem[]): void {
  daemon.images.untag(reference);
  daemon.ports.tracer.emit({ type: 'image.untag', reference });
  daemon.imageEvent('untag', id, id);
  records.push({ Untagged: familiarReference(parseReference(reference)) });
}

/** With the last tag of a repository its digests go. */
function dropDigests(daemon: Daemon, id: Digest, records: ImageDeleteItem[]): void {
  const references = daemon.images.references(id).map(parseReference);
  const tagged = new Set(references.filter(({ tag }) => tag).map(formatName));
  for (const reference of references) {
    if (!tagged.has(formatName(reference))) untag(daemon, id, formatReference(reference), records);
  }
}

function refuseLastName(daemon: Daemon, image: Image, name: string, force: boolean): void {
  if (force || !isSingle(daemon.images.references(image.id))) return;
  const container = users(daemon, image.id)[0];
  if (container) {
    throw conflict(
      `conflict: unable to remove repository reference "${name}" (must force) - container ${short(container.id)} is using its referenced image ${short(image.id)}`,
    );
  }
}

const users = (daemon: Daemon, id: Digest): Container[] =>
  daemon.containers.all().filter(({ record }) => record.imageId === id);

/** What is asked about: what force cannot override, and what it can. */
interface Conflicts {
  children: boolean;
  running: boolean;
  named: boolean;
  stopped: boolean;
}
const hard: Conflicts = { children: true, running: true, named: false, stopped: false };

function conflictOf(daemon: Daemon, image: Image, asked: Conflicts): { text: string; used: boolean } | undefined {
  const cannot = (how: string, why: string, used = false) => ({
    text: `conflict: unable to delete ${short(image.id)} (${how}) - ${why}`,
    used,
  });
  const of = users(daemon, image.id);
  if (asked.children && daemon.images.children(image.id).length > 0) {
    return cannot('cannot be forced', 'image has dependent child images');
  }
  const running = of.find((container) => container.isRunning);
  if (asked.running && running) {
    return cannot('cannot be forced', `image is being used by running container ${short(running.id)}`, true);
  }
  if (asked.named && daemon.images.references(image.id).length > 0) {
    return cannot('must be forced', 'image is referenced in multiple repositories');
  }
  const stopped = of.find((container) => !container.isRunning);
  return asked.stopped && stopped
    ? cannot('must be forced', `image is being used by stopped container ${short(stopped.id)}`, true)
    : undefined;
}

function refuseIf(daemon: Daemon, image: Image, asked: Conflicts): void {
  const found = conflictOf(daemon, image, asked);
  if (found) throw conflict(found.text);
}

const isDangling = (daemon: Daemon, id: Digest): boolean =>
  daemon.images.references(id).length === 0 && daemon.images.children(id).length === 0;

/** `quiet`: what has a use or a name left simply stays. */
async function deleteImage(
  daemon: Daemon,
  image: Image,
  { force, noprune }: DeleteOptions,
  records: ImageDeleteItem[],
  quiet: boolean,
): Promise<void> {
  const found = conflictOf(daemon, image, { ...hard, named: !force, stopped: !force });
  if (found) {
    if (quiet && (!isDangling(daemon, image.id) || found.used)) return;
    throw conflict(found.text);
  }
  const parent = daemon.images.parent(image.id);
  for (const reference of daemon.images.references(image.id)) untag(daemon, image.id, reference, records);
  daemon.imageEvent('delete', image.id, image.id);
  daemon.images.delete(image.id);
  forgetAttestations(daemon, image.id);
  daemon.ports.tracer.emit({ type: 'image.delete', id: image.id });
  records.push({ Deleted: image.id });
  await collect(daemon, records);
  const above = parent && !noprune ? daemon.images.get(parent) : undefined;
  if (above) await deleteImage(daemon, above, { force: false, noprune: false }, records, true);
}

/** Layers that nothing names any more go, by one collector at a time; each is told. */
export function collect(daemon: Daemon, records: ImageDeleteItem[] = []): Promise<void> {
  return daemon.layers.collecting.run(() => collectAlone(daemon, records));
}

async function collectAlone(daemon: Daemon, records: ImageDeleteItem[]): Promise<void> {
  const chains = new Set<string>(daemon.containers.all().map(({ record }) => record.chainId));
  for (const id of daemon.images.list())
    for (const chainId of daemon.layers.chain(daemon.images.get(id)!)) chains.add(chainId);
  for (const chainId of daemon.keptLayers()) chains.add(chainId);
  for (const chainId of await daemon.layers.collect(chains)) records.push({ Deleted: chainId });
  daemon.images.collectGarbage(daemon.keptBlobs());
}

/** POST /images/prune */
export async function imagePrune(
  daemon: Daemon,
  filters: Filters,
): Promise<{ ImagesDeleted: ImageDeleteItem[] | null; SpaceReclaimed: number }> {
  requireFilters(filters, ['dangling', 'label', 'label!', 'until']);
  const danglingOnly = boolFilter(filters, 'dangling') ?? true;
  const before = await layerBytes(daemon);
  const records: ImageDeleteItem[] = [];
  for (const id of daemon.images.list()) {
    const image = daemon.images.get(id);
    if (!image) continue;
    const references = daemon.images.references(id);
    if (references.length === 0 && daemon.images.children(id).length > 0) continue;
    if (danglingOnly && references.some((text) => parseReference(text).tag)) continue;
    if (!pruneMatches(daemon, filters, image.config.created ?? '', image.config.config?.Labels)) continue;
    for (const name of references.length > 0 ? references : [id]) records.push(...(await deleteIfFree(daemon, name)));
  }
  const space = before - (await layerBytes(daemon));
  daemon.events.emit('image', 'prune', '', { reclaimed: String(space) });
  return { ImagesDeleted: records.length > 0 ? records : null, SpaceReclaimed: space };
}

/** What stands in the way of a prune stays; a digest may have gone with its tag already. */
async function deleteIfFree(daemon: Daemon, name: string): Promise<ImageDeleteItem[]> {
  try {
    return await imageDelete(daemon, name, { force: false, noprune: false });
  } catch (error) {
    if (error instanceof EngineError && [404, 409].includes(error.status)) return [];
    throw error;
  }
}

/** Bytes of all layers of all images, each counted once. */
export async function layerBytes(daemon: Daemon): Promise<number> {
  const chains = new Set<string>();
  for (const id of daemon.images.list())
    for (const chainId of daemon.layers.chain(daemon.images.get(id)!)) chains.add(chainId);
  let total = 0;
  for (const chainId of chains) total += await daemon.layers.size(chainId);
  return total;
}
