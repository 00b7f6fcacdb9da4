import type { Image } from '../image/index.ts';
import {
  type Digest,
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
    if (new Set(references.map((text) => formatName(parseReference(text)))).size > 1 && !options.force) {
      throw conflict(
        `conflict: unable to delete ${short(image.id)} (must be forced) - image is referenced in multiple repositories`,
      );
    }
    if (!options.force) refuseIfUsed(daemon, image, options.force);
    for (const reference of references) untag(daemon, image.id, reference, records);
  } else {
    const parsed = parseReference(name);
    const reference = formatReference(
      parsed.digest ? { domain: parsed.domain, path: parsed.path, digest: parsed.digest } : withDefaultTag(parsed),
    );
    refuseLastName(daemon, image, name, reference, options.force);
    untag(daemon, image.id, reference, records);
    dropDigests(daemon, image.id, records);
    if (daemon.images.references(image.id).length > 0) return records;
  }
  await deleteImage(daemon, image, options, records, false);
  await collect(daemon, records);
  return records;
}

const isId = (id: Digest, name: string): boolean => id === name || id.slice('sha256:'.length).startsWith(name);

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

function refuseLastName(daemon: Daemon, image: Image, name: string, reference: string, force: boolean): void {
  const others = daemon.images.references(image.id).filter((text) => text !== reference && parseReference(text).tag);
  if (others.length > 0 || force) return;
  const container = daemon.containers.all().find(({ record }) => record.imageId === image.id);
  if (container) {
    throw conflict(
      `conflict: unable to remove repository reference "${name}" (must force) - container ${short(container.id)} is using its referenced image ${short(image.id)}`,
    );
  }
}

const users = (daemon: Daemon, id: Digest): Container[] =>
  daemon.containers.all().filter(({ record }) => record.imageId === id);

/** What keeps an image: a running container (never forced), a stopped one, images built on it. */
function refuseIfUsed(daemon: Daemon, image: Image, force: boolean): void {
  const cannot = (how: string, why: string) =>
    conflict(`conflict: unable to delete ${short(image.id)} (${how}) - ${why}`);
  const running = users(daemon, image.id).find((container) => container.isRunning);
  if (running) throw cannot('cannot be forced', `image is being used by running container ${short(running.id)}`);
  if (daemon.images.children(image.id).length > 0) throw cannot('cannot be forced', 'image has dependent child images');
  const stopped = users(daemon, image.id)[0];
  if (stopped && !force)
    throw cannot('must be forced', `image is being used by stopped container ${short(stopped.id)}`);
}

async function deleteImage(
  daemon: Daemon,
  image: Image,
  options: DeleteOptions,
  records: ImageDeleteItem[],
  quiet: boolean,
): Promise<void> {
  const running = users(daemon, image.id).some((container) => container.isRunning);
  const children = daemon.images.children(image.id).length > 0;
  if (
    quiet &&
    (running || children || users(daemon, image.id).length > 0 || daemon.images.references(image.id).length > 0)
  )
    return;
  // The name is gone, the image stays for what stands on it.
  if (!quiet && records.length > 0 && (children || users(daemon, image.id).length > 0)) return;
  if (!quiet) refuseIfUsed(daemon, image, options.force);
  const parent = daemon.images.parent(image.id);
  daemon.imageEvent('delete', image.id, image.id);
  daemon.images.delete(image.id);
  daemon.ports.tracer.emit({ type: 'image.delete', id: image.id });
  records.push({ Deleted: image.id });
  await collect(daemon, records);
  const above = parent && !options.noprune ? daemon.images.get(parent) : undefined;
  if (above) await deleteImage(daemon, above, options, records, true);
}

/** Layers that nothing names any more go; each is told. */
export async function collect(daemon: Daemon, records: ImageDeleteItem[] = []): Promise<void> {
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
    if (!image || users(daemon, id).length > 0 || daemon.images.children(id).length > 0) continue;
    const references = daemon.images.references(id);
    if (danglingOnly && references.length > 0) continue;
    if (!pruneMatches(daemon, filters, image.config.created ?? '', image.config.config?.Labels)) continue;
    for (const reference of references) untag(daemon, id, reference, records);
    await deleteImage(daemon, image, { force: false, noprune: false }, records, true);
  }
  const space = before - (await layerBytes(daemon));
  daemon.events.emit('image', 'prune', '', { reclaimed: String(space) });
  return { ImagesDeleted: records.length > 0 ? records : null, SpaceReclaimed: space };
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
