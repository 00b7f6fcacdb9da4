import type {
  BlobInfo,
  ImageInfo,
  Inspection,
  ManifestInfo,
  RegistryInfo,
  RepositoryInfo,
  TraceEvent,
} from '../../trace/index.ts';
import { type BlobTransfer, transferOf } from './transfer.ts';

export interface RegistryPicture {
  registries: RegistryPart[];
  local: LocalImage[];
  /** What the last command pushed or pulled. */
  transfer: BlobTransfer | undefined;
}

export interface RegistryPart {
  host: string;
  container: string | undefined;
  repositories: RepositoryPart[];
  /** Each once, in the order that manifests name them; what none names last. */
  blobs: BlobPart[];
  /** Repositories that are not drawn. */
  others: number;
  garbage: Garbage;
}

export interface RepositoryPart {
  name: string;
  manifests: ManifestPart[];
}

export interface ManifestPart {
  info: ManifestInfo;
  tags: string[];
  /** A tag leads to it, or an index does that a tag leads to. */
  reachable: boolean;
  /** What it is called on this host; empty: it is not here. */
  here: string[];
}

export interface BlobPart extends BlobInfo {
  kind: 'config' | 'layer' | 'loose';
  /** Manifests that name it. */
  users: number;
  /** The layer is on this host. */
  here: boolean;
}

export interface Garbage {
  /** `garbage-collect` takes blobs that no manifest names. */
  blobs: BlobInfo[];
  /** With `-m` also manifests that no tag leads to, */
  manifests: ManifestInfo[];
  /** and the blobs that they alone name. */
  withThem: BlobInfo[];
}

export interface LocalImage {
  id: string;
  name: string;
  /** Registries hold it. */
  pushed: boolean;
}

/** `all`: also what nobody here has pulled or pushed, as far as the registry was asked for it. */
export function registryPicture(
  inspection: Inspection,
  events: readonly TraceEvent[] = [],
  { all = false }: { all?: boolean } = {},
): RegistryPicture {
  const transfer = transferOf(events);
  // First the one that the command was about.
  const about = ({ host }: RegistryInfo) => Number(host !== transfer?.registry);
  const registries = [...inspection.registries]
    .sort((a, b) => about(a) - about(b))
    .map((registry) => partOf(registry, inspection, transfer, all));
  const held = new Set(registries.flatMap(manifestsOf).map(({ info }) => info.config?.digest));
  const local = inspection.images
    .filter(({ references }) => references.length > 0)
    .map(({ id, references }) => ({ id, name: references.join(' '), pushed: held.has(id) }));
  return { registries, local, transfer };
}

const manifestsOf = ({ repositories }: RegistryPart): ManifestPart[] =>
  repositories.flatMap(({ manifests }) => manifests);

function partOf(
  { host, container, repositories, others }: RegistryInfo,
  inspection: Inspection,
  transfer: BlobTransfer | undefined,
  all: boolean,
): RegistryPart {
  const drawn = repositories.filter(
    (one) => all || !one.official || isUsed(one, inspection.images) || transfer?.repository === one.name,
  );
  const parts = drawn.map((one) => repositoryPart(one, inspection.images));
  return {
    host,
    container,
    repositories: parts,
    blobs: blobsOf(parts, drawn, inspection),
    others: others + repositories.length - drawn.length,
    garbage: garbageOf(drawn),
  };
}

const isUsed = ({ manifests }: RepositoryInfo, images: readonly ImageInfo[]): boolean =>
  manifests.some(({ config }) => images.some(({ id }) => id === config?.digest));

function repositoryPart(repository: RepositoryInfo, images: readonly ImageInfo[]): RepositoryPart {
  const kept = reachable(repository);
  const manifests = repository.manifests.map((info) => ({
    info,
    tags: Object.keys(repository.tags).filter((tag) => repository.tags[tag] === info.digest),
    reachable: kept.has(info.digest),
    here: images.find(({ id }) => id === info.config?.digest)?.references ?? [],
  }));
  return { name: repository.name, manifests };
}

function reachable({ tags, manifests }: RepositoryInfo): Set<string> {
  const found = new Set<string>();
  const pending = Object.values(tags);
  for (let digest = pending.pop(); digest; digest = pending.pop()) {
    if (found.has(digest)) continue;
    found.add(digest);
    pending.push(...(manifests.find((one) => one.digest === digest)?.manifests ?? []));
  }
  return found;
}

const named = ({ config, layers }: ManifestInfo): BlobInfo[] => [...(config ? [config] : []), ...layers];

function blobsOf(
  parts: readonly RepositoryPart[],
  repositories: readonly RepositoryInfo[],
  { layers }: Inspection,
): BlobPart[] {
  const found = new Map<string, BlobPart>();
  const here = new Set(layers.map(({ diffId }) => diffId));
  for (const { info } of parts.flatMap(({ manifests }) => manifests)) {
    for (const { digest, size } of named(info)) {
      const known = found.get(digest);
      if (known) {
        known.users += 1;
        continue;
      }
      const layer = info.layers.find((one) => one.digest === digest);
      found.set(digest, {
        digest,
        size,
        kind: layer ? 'layer' : 'config',
        users: 1,
        here: layer?.diffId !== undefined && here.has(layer.diffId),
      });
    }
  }
  for (const { digest, size } of repositories.flatMap(({ blobs }) => blobs))
    if (!found.has(digest)) found.set(digest, { digest, size, kind: 'loose', users: 0, here: false });
  return [...found.values()];
}

/** As `registry garbage-collect` counts: over all repositories of a registry. */
function garbageOf(repositories: readonly RepositoryInfo[]): Garbage {
  const linked = new Map(repositories.flatMap(({ blobs }) => blobs.map((blob) => [blob.digest, blob] as const)));
  const all = repositories.flatMap((repository) => {
    const kept = reachable(repository);
    return repository.manifests.map((info) => ({ info, kept: kept.has(info.digest) }));
  });
  const digests = (some: typeof all) => new Set(some.flatMap(({ info }) => named(info)).map(({ digest }) => digest));
  const [byAny, byTagged] = [digests(all), digests(all.filter(({ kept }) => kept))];
  const blobs = [...linked.values()];
  return {
    blobs: blobs.filter(({ digest }) => !byAny.has(digest)),
    manifests: all.filter(({ kept }) => !kept).map(({ info }) => info),
    withThem: blobs.filter(({ digest }) => byAny.has(digest) && !byTagged.has(digest)),
  };
}
