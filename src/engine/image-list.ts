import type { Image } from '../image/index.ts';
import { emptyContainerConfig } from '../image/index.ts';
import {
  compareTime,
  type Digest,
  type Filters,
  familiarName,
  familiarReference,
  type ImageHistoryItem,
  type ImageInspect,
  type ImageSummary,
  matchPath,
  PatternError,
  parseReference,
  parseRfc3339,
} from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, wrapped } from './errors.ts';
import { labelsMatch } from './event-log.ts';
import { boolFilter, requireFilters } from './filters.ts';
import { attestedIndex } from './image-attestation.ts';
import { findImage } from './image-lookup.ts';

const seconds = (time: string | undefined): number => parseRfc3339(time ?? '')?.sec ?? -62135596800;

/** Familiar names of an image: its tags, and its digests (`ubuntu@sha256:…`). */
export function namesOf(daemon: Daemon, id: Digest): { tags: string[]; digests: string[] } {
  const references = daemon.images.references(id).map(parseReference);
  return {
    tags: references.filter((reference) => reference.tag).map(familiarReference),
    digests: references.filter((reference) => reference.digest && !reference.tag).map(familiarReference),
  };
}

/** GET /images/json, newest first. Without `all`, untagged images that others are built on are left out. */
export async function imageList(
  daemon: Daemon,
  options: { all: boolean; digests: boolean; filters: Filters },
): Promise<ImageSummary[]> {
  const { filters } = options;
  requireFilters(filters, ['dangling', 'label', 'before', 'since', 'reference']);
  const dangling = boolFilter(filters, 'dangling', false);
  const created = (name: string) => parseRfc3339(findImage(daemon, name).config.created ?? '');
  const before = filters.before?.[0] ? created(filters.before[0]) : undefined;
  const since = filters.since?.[0] ? created(filters.since[0]) : undefined;
  const summaries: ImageSummary[] = [];
  for (const id of daemon.images.list()) {
    const image = daemon.images.get(id)!;
    const time = parseRfc3339(image.config.created ?? '');
    if (before && time && compareTime(time, before) >= 0) continue;
    if (since && time && compareTime(time, since) <= 0) continue;
    if (!labelsMatch(image.config.config?.Labels, filters.label)) continue;
    const { tags, digests } = namesOf(daemon, id);
    const names = named(tags, digests, filters.reference);
    if (filters.reference?.length && !names.tags.length && !names.digests.length) continue;
    const unnamed = tags.length === 0 && digests.length === 0;
    if (tags.length === 0 && dangling === false) continue;
    if (dangling === true && !unnamed && tags.length > 0) continue;
    if (!options.all && unnamed && daemon.images.children(id).length > 0) continue;
    if (dangling === true && unnamed && daemon.images.children(id).length > 0) continue;
    summaries.push(await summary(daemon, image, names.tags, names.digests));
  }
  return summaries.sort((a, b) => b.Created - a.Created);
}

/** Only the names that `reference=` patterns (shell globs over the familiar name, with or without tag) match. */
function named(tags: string[], digests: string[], patterns?: readonly string[]): { tags: string[]; digests: string[] } {
  if (!patterns?.length) return { tags, digests };
  const matches = (name: string): boolean => {
    const bare = familiarName(parseReference(name));
    return patterns.some((pattern) => glob(pattern, name) || glob(pattern, bare));
  };
  return { tags: tags.filter(matches), digests: digests.filter(matches) };
}

function glob(pattern: string, text: string): boolean {
  try {
    return matchPath(pattern, text);
  } catch (error) {
    throw error instanceof PatternError ? badRequest(error.message) : error;
  }
}

async function summary(daemon: Daemon, image: Image, tags: string[], digests: string[]): Promise<ImageSummary> {
  const size = await daemon.layers.imageSize(image);
  return {
    Containers: -1,
    Created: seconds(image.config.created),
    Id: image.id,
    Labels: image.config.config?.Labels ?? null,
    ParentId: daemon.images.parent(image.id),
    RepoDigests: digests.length > 0 ? digests : tags.length > 0 ? null : ['<none>@<none>'],
    RepoTags: tags.length > 0 ? tags : digests.length > 0 ? null : ['<none>:<none>'],
    SharedSize: -1,
    Size: size,
    VirtualSize: size,
  };
}

/** GET /images/{name}/json */
export async function imageInspect(daemon: Daemon, name: string): Promise<ImageInspect> {
  let image: Image;
  try {
    image = findImage(daemon, name);
  } catch (error) {
    throw wrapped(error, `no such image: ${name}`);
  }
  const { config } = image;
  const { tags, digests } = namesOf(daemon, image.id);
  const size = await daemon.layers.imageSize(image);
  const descriptor = attestedIndex(daemon, image.id);
  return {
    Id: image.id,
    RepoTags: tags,
    RepoDigests: digests,
    Parent: daemon.images.parent(image.id),
    Comment: config.history?.at(-1)?.comment ?? '',
    Created: config.created ?? '',
    Container: config.container ?? '',
    ContainerConfig: config.container_config ?? emptyContainerConfig,
    DockerVersion: config.docker_version ?? '',
    Author: config.author ?? '',
    Config: config.config ?? emptyContainerConfig,
    Architecture: config.architecture,
    ...(config.variant ? { Variant: config.variant } : {}),
    Os: config.os,
    Size: size,
    VirtualSize: size,
    GraphDriver: await daemon.layers.imageGraph(image),
    RootFS: { Type: 'layers', ...(image.layers.length > 0 ? { Layers: config.rootfs.diff_ids } : {}) },
    Metadata: { LastTagTime: lastTagTime(daemon, image.id) },
    ...(descriptor && { Descriptor: descriptor }),
  };
}

const tagTimes = 'tag-times';

/** Names an image, and remembers when. */
export function tagImage(daemon: Daemon, id: Digest, reference: string): void {
  const before = daemon.images.tag(reference, id);
  daemon.ports.records.put(tagTimes, id, daemon.now());
  daemon.ports.tracer.emit({ type: 'image.tag', id, reference });
  if (before && before !== id) daemon.ports.tracer.emit({ type: 'image.untag', reference });
}

const lastTagTime = (daemon: Daemon, id: Digest): string =>
  (daemon.ports.records.get(tagTimes, id) as string | undefined) ?? '0001-01-01T00:00:00Z';

/** GET /images/{name}/history, newest first; ids are known of images that are here. */
export async function imageHistory(daemon: Daemon, name: string): Promise<ImageHistoryItem[]> {
  const image = findImage(daemon, name);
  await daemon.layers.unpack(image.layers);
  const chain = daemon.layers.chain(image);
  let layer = 0;
  const items: ImageHistoryItem[] = [];
  for (const entry of image.config.history ?? []) {
    const size = entry.empty_layer ? 0 : await daemon.layers.size(chain[layer++] ?? '');
    items.unshift({
      Comment: entry.comment ?? '',
      Created: seconds(entry.created),
      CreatedBy: entry.created_by ?? '',
      Id: '<missing>',
      Size: size,
      Tags: null,
    });
  }
  let at: Image | undefined = image;
  for (const item of items) {
    if (!at) break;
    const { tags } = namesOf(daemon, at.id);
    Object.assign(item, { Id: at.id, Tags: tags.length > 0 ? tags : null });
    const parent: Digest | '' = daemon.images.parent(at.id);
    at = parent ? daemon.images.get(parent) : undefined;
  }
  return items;
}
