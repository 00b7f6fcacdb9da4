import {
  ContentError,
  ContentStore,
  collectBody,
  digestOf,
  digestOfBytes,
  MemoryBacking,
  MemoryRecords,
} from '../content/index.ts';
import type { RecordStore } from '../port/index.ts';
import {
  type Body,
  ConcatContent,
  type Content,
  type Descriptor,
  type Digest,
  emptyContent,
  type Index,
  isTag,
  mediaTypes,
  utf8,
} from '../spec/index.ts';
import { registryError } from './error.ts';
import { type RepositoryInventory, takeInventory } from './inventory.ts';
import { type ParsedManifest, parseManifest, referencedDigests } from './manifest.ts';
import type { Listing, ManifestBlob, Page, Registry, Upload } from './registry.ts';

/** Docker's registry refuses larger manifests. */
const manifestLimit = 4 << 20;
/** Uploads begun and not ended are held in memory: so many at a time, each so large (bytes). */
const sessionLimit = 256;
const uploadLimit = 2 ** 32;
const blobMediaType = 'application/octet-stream';

interface Session {
  repository: string;
  parts: Content[];
  size: number;
}

/**
 * A registry that keeps its blobs in a content store and what repositories link to in records:
 *
 *   repositories/<name>             it exists
 *   blobs/<name>     <digest>       the repository links the blob; the bytes are shared by all
 *   manifests/<name> <digest>       {mediaType}
 *   tags/<name>      <tag>          digest
 *
 * In memory, or on disk with other backings. Upload sessions do not outlive it.
 */
export class StoredRegistry implements Registry {
  private readonly sessions = new Map<string, Session>();
  private sessionCount = 0;

  constructor(
    private readonly content: ContentStore,
    private readonly records: RecordStore,
  ) {}

  async headBlob(repository: string, digest: Digest): Promise<Descriptor> {
    return descriptor(await this.getBlob(repository, digest), digest, blobMediaType);
  }

  async getBlob(repository: string, digest: Digest): Promise<Content> {
    const content = this.linkedBlob(repository, digest);
    if (!content) throw registryError('BLOB_UNKNOWN', digest);
    return content;
  }

  async deleteBlob(repository: string, digest: Digest): Promise<void> {
    await this.getBlob(repository, digest);
    this.records.delete(`blobs/${repository}`, digest);
  }

  async startUpload(repository: string): Promise<Upload> {
    const id = sessionId(`${repository} ${this.sessionCount++}`);
    this.sessions.set(id, { repository, parts: [], size: 0 });
    // The oldest goes first; whoever comes back to it hears that it is unknown, as after an upload purge.
    if (this.sessions.size > sessionLimit) this.sessions.delete(this.sessions.keys().next().value!);
    return { id, size: 0 };
  }

  async uploadStatus(repository: string, upload: string): Promise<Upload> {
    return { id: upload, size: this.session(repository, upload).size };
  }

  async uploadChunk(repository: string, upload: string, chunk: Body, offset?: number): Promise<Upload> {
    const session = this.session(repository, upload);
    if (offset !== undefined && offset !== session.size) throw registryError('RANGE_INVALID');
    const content = await collectUpload(chunk, session.size);
    session.parts.push(content);
    session.size += content.size;
    return { id: upload, size: session.size };
  }

  async finishUpload(repository: string, upload: string, digest: Digest, chunk?: Body): Promise<Descriptor> {
    const { parts, size } = this.session(repository, upload);
    if (chunk) parts.push(await collectUpload(chunk, size));
    const whole = parts.filter(({ size }) => size > 0);
    this.sessions.delete(upload);
    return this.linkBlob(repository, digest, whole.length > 1 ? new ConcatContent(whole) : (whole[0] ?? emptyContent));
  }

  async cancelUpload(repository: string, upload: string): Promise<void> {
    this.session(repository, upload);
    this.sessions.delete(upload);
  }

  async pushBlob(repository: string, digest: Digest, blob: Body): Promise<Descriptor> {
    return this.linkBlob(repository, digest, await collectUpload(blob, 0));
  }

  async mountBlob(
    repository: string,
    digest: Digest,
    from: string,
  ): Promise<{ mounted: Descriptor } | { upload: Upload }> {
    const content = this.linkedBlob(from, digest);
    if (!content) return { upload: await this.startUpload(repository) };
    return { mounted: this.linkBlob(repository, digest, content) };
  }

  async headManifest(repository: string, reference: string): Promise<Descriptor> {
    return (await this.getManifest(repository, reference)).descriptor;
  }

  async getManifest(repository: string, reference: string): Promise<ManifestBlob> {
    const digest = this.resolve(repository, reference);
    const record = digest && (this.records.get(`manifests/${repository}`, digest) as { mediaType: string } | undefined);
    const content = record && this.content.get(digest);
    if (!content) throw manifestUnknown(repository, reference);
    return { descriptor: descriptor(content, digest, record.mediaType), content };
  }

  async putManifest(repository: string, reference: string, mediaType: string, content: Content): Promise<Descriptor> {
    if (content.size > manifestLimit) throw registryError('MANIFEST_INVALID', 'manifest too large');
    const manifest = parseManifest(content, mediaType);
    const digest = digestOf(content);
    if (reference.includes(':')) {
      if (reference !== digest) throw registryError('DIGEST_INVALID');
    } else if (!isTag(reference)) throw registryError('TAG_INVALID', { tag: reference });
    this.requireReferenced(repository, manifest);
    this.content.put(content);
    this.records.put('repositories', repository, {});
    this.records.put(`manifests/${repository}`, digest, { mediaType: manifest.mediaType });
    if (reference !== digest) this.records.put(`tags/${repository}`, reference, digest);
    return descriptor(content, digest, manifest.mediaType);
  }

  async deleteManifest(repository: string, reference: string): Promise<void> {
    const digest = this.resolve(repository, reference);
    // Docker's registry takes manifests away by digest alone.
    if (!reference.includes(':')) throw registryError('DIGEST_INVALID');
    if (!digest || !this.records.get(`manifests/${repository}`, digest)) throw registryError('MANIFEST_UNKNOWN');
    this.records.delete(`manifests/${repository}`, digest);
    for (const tag of this.records.keys(`tags/${repository}`)) {
      if (this.records.get(`tags/${repository}`, tag) === digest) this.records.delete(`tags/${repository}`, tag);
    }
  }

  async listTags(repository: string, page: Page = {}): Promise<Listing> {
    if (!this.records.get('repositories', repository)) throw registryError('NAME_UNKNOWN', { name: repository });
    return listing(this.records.keys(`tags/${repository}`), page);
  }

  async listRepositories(page: Page = {}): Promise<Listing> {
    return listing(this.records.keys('repositories'), page);
  }

  async referrers(repository: string, digest: Digest, artifactType?: string): Promise<Index> {
    const manifests = this.records.keys(`manifests/${repository}`).flatMap((key) => {
      const { mediaType } = this.records.get(`manifests/${repository}`, key) as { mediaType: string };
      const content = this.content.get(key as Digest);
      const manifest = content && parseManifest(content, mediaType);
      if (!content || manifest?.subject?.digest !== digest) return [];
      if (artifactType && manifest.artifactType !== artifactType) return [];
      const { annotations } = manifest;
      return [
        {
          ...descriptor(content, key as Digest, mediaType),
          artifactType: manifest.artifactType,
          ...(annotations && { annotations }),
        },
      ];
    });
    return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  }

  /**
   * Removes what no manifest names; with `untagged` also manifests that no tag leads to (as `registry garbage-collect
   * -m`). Returns the blobs that are gone, or of a dry run would be.
   */
  collectGarbage({ untagged = false, dryRun = false }: { untagged?: boolean; dryRun?: boolean } = {}): Digest[] {
    const dropped = untagged ? this.untagged() : [];
    for (const { repository, digest } of dryRun ? [] : dropped) this.records.delete(`manifests/${repository}`, digest);
    const manifests = new Map(this.records.keys('repositories').flatMap((repository) => this.manifestsOf(repository)));
    for (const { digest } of dropped) manifests.delete(digest);
    const references = (digest: Digest, content: Content): Digest[] => {
      const mediaType = manifests.get(digest);
      return mediaType === undefined ? [] : referencedDigests(parseManifest(content, mediaType));
    };
    const removed = this.content.collect(manifests.keys(), references, { dryRun });
    if (dryRun) return removed;
    for (const repository of this.records.keys('repositories')) {
      for (const digest of removed) this.records.delete(`blobs/${repository}`, digest);
    }
    return removed;
  }

  /** Manifests that no tag leads to. */
  untagged(): { repository: string; digest: Digest }[] {
    return this.records
      .keys('repositories')
      .flatMap((repository) => this.untaggedIn(repository).map((digest) => ({ repository, digest })));
  }

  /** Everything it holds, for whoever draws it. */
  inventory(): RepositoryInventory[] {
    return takeInventory(this.content, this.records);
  }

  private manifestsOf(repository: string): [Digest, string][] {
    return this.records.keys(`manifests/${repository}`).map((digest) => {
      const record = this.records.get(`manifests/${repository}`, digest) as { mediaType: string };
      return [digest as Digest, record.mediaType];
    });
  }

  private untaggedIn(repository: string): Digest[] {
    const manifests = new Map(this.manifestsOf(repository));
    const kept = new Set<Digest>();
    const pending = this.records
      .keys(`tags/${repository}`)
      .map((tag) => this.records.get(`tags/${repository}`, tag) as Digest);
    for (let digest = pending.pop(); digest; digest = pending.pop()) {
      const mediaType = manifests.get(digest);
      const content = mediaType !== undefined && !kept.has(digest) ? this.content.get(digest) : undefined;
      kept.add(digest);
      if (content) pending.push(...parseManifest(content, mediaType!).manifests.map((child) => child.digest));
    }
    return [...manifests.keys()].filter((digest) => !kept.has(digest));
  }

  private session(repository: string, upload: string): Session {
    const session = this.sessions.get(upload);
    if (session?.repository !== repository) throw registryError('BLOB_UPLOAD_UNKNOWN');
    return session;
  }

  private linkedBlob(repository: string, digest: Digest): Content | undefined {
    return this.records.get(`blobs/${repository}`, digest) ? this.content.get(digest) : undefined;
  }

  private linkBlob(repository: string, digest: Digest, content: Content): Descriptor {
    try {
      this.content.put(content, { digest });
    } catch (error) {
      if (error instanceof ContentError) throw registryError('DIGEST_INVALID');
      throw error;
    }
    this.records.put('repositories', repository, {});
    this.records.put(`blobs/${repository}`, digest, { size: content.size });
    return descriptor(content, digest, blobMediaType);
  }

  private resolve(repository: string, reference: string): Digest | undefined {
    if (reference.includes(':')) return reference as Digest;
    return this.records.get(`tags/${repository}`, reference) as Digest | undefined;
  }

  private requireReferenced(repository: string, manifest: ParsedManifest): void {
    const missing = [
      ...manifest.blobs.filter(
        ({ digest }) => !this.records.get(`blobs/${repository}`, digest) || !this.content.has(digest),
      ),
      ...manifest.manifests.filter(({ digest }) => !this.records.get(`manifests/${repository}`, digest)),
    ];
    if (missing[0]) throw registryError('MANIFEST_BLOB_UNKNOWN', { digest: missing[0].digest });
  }
}

/** What comes after `before` bytes of an upload. */
async function collectUpload(chunk: Body, before: number): Promise<Content> {
  try {
    return await collectBody(chunk, uploadLimit - before);
  } catch (error) {
    if (error instanceof ContentError) throw registryError('SIZE_INVALID');
    throw error;
  }
}

/** A registry in memory. */
export const memoryRegistry = (): StoredRegistry =>
  new StoredRegistry(new ContentStore(new MemoryBacking()), new MemoryRecords());

const manifestUnknown = (name: string, reference: string) =>
  registryError('MANIFEST_UNKNOWN', reference.includes(':') ? { name, revision: reference } : { Tag: reference });

const descriptor = (content: Content, digest: Digest, mediaType: string): Descriptor => ({
  mediaType,
  digest,
  size: content.size,
});

function listing(keys: readonly string[], { n, last }: Page): Listing {
  const names = keys.filter((key) => last === undefined || key > last).sort((a, b) => (a < b ? -1 : 1));
  const count = n ?? names.length;
  return { names: names.slice(0, count), more: names.length > count };
}

/** Like a UUID, and the same in every replay. */
function sessionId(seed: string): string {
  const hex = digestOfBytes(utf8(seed)).slice(7);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
