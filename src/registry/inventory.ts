/** What a stored registry holds, for views: repositories, tags, manifests and the blobs that they name. */
import type { ContentStore } from '../content/index.ts';
import type { RecordStore } from '../port/index.ts';
import { contentText, type Descriptor, type Digest } from '../spec/index.ts';
import { type ParsedManifest, parseManifest } from './manifest.ts';

export interface RepositoryInventory {
  name: string;
  tags: Record<string, Digest>;
  manifests: ManifestInventory[];
  /** Every blob that it links. */
  blobs: { digest: Digest; size: number }[];
}

export interface ManifestInventory {
  digest: Digest;
  size: number;
  manifest: ParsedManifest;
  /** diffIDs of an image's layers; empty when its configuration says none. */
  diffIds: Digest[];
}

/** A manifest never changes: it is read once. */
const known = new WeakMap<ContentStore, Map<Digest, ManifestInventory>>();

export function takeInventory(content: ContentStore, records: RecordStore): RepositoryInventory[] {
  const read = known.get(content) ?? new Map<Digest, ManifestInventory>();
  known.set(content, read);
  return records.keys('repositories').map((name) => ({
    name,
    tags: Object.fromEntries(
      records.keys(`tags/${name}`).map((tag) => [tag, records.get(`tags/${name}`, tag) as Digest]),
    ),
    manifests: records.keys(`manifests/${name}`).flatMap((digest) => {
      const { mediaType } = records.get(`manifests/${name}`, digest) as { mediaType: string };
      const found = read.get(digest as Digest) ?? readManifest(content, digest as Digest, mediaType);
      if (found) read.set(found.digest, found);
      return found ? [found] : [];
    }),
    blobs: records.keys(`blobs/${name}`).flatMap((digest) => {
      const { size } = records.get(`blobs/${name}`, digest) as { size: number };
      return content.has(digest as Digest) ? [{ digest: digest as Digest, size }] : [];
    }),
  }));
}

function readManifest(content: ContentStore, digest: Digest, mediaType: string): ManifestInventory | undefined {
  const bytes = content.get(digest);
  if (!bytes) return undefined;
  const manifest = parseManifest(bytes, mediaType);
  return { digest, size: bytes.size, manifest, diffIds: diffIdsOf(content, manifest.blobs[0]) };
}

/** Larger configurations are not read: an artifact may have anything there. */
const configLimit = 1 << 20;

function diffIdsOf(content: ContentStore, config: Descriptor | undefined): Digest[] {
  const bytes = config && config.size <= configLimit ? content.get(config.digest) : undefined;
  if (!bytes) return [];
  try {
    const { rootfs } = JSON.parse(contentText(bytes)) as { rootfs?: { diff_ids?: Digest[] } };
    return rootfs?.diff_ids ?? [];
  } catch {
    return []; // no image's configuration
  }
}
