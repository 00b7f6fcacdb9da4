import type { ContentStore, Lease } from '../content/index.ts';
import type { RecordStore } from '../port/index.ts';
import {
  type Content,
  type Digest,
  familiarReference,
  formatReference,
  parseAnyReference,
  type Reference,
  withDefaultTag,
} from '../spec/index.ts';
import { ImageError, parseImageConfig } from './config.ts';
import { type Image, makeImage } from './image.ts';
import type { LoadedImage } from './load-archive.ts';

interface ImageRecord {
  /** Image ID, '' for none: what the classic builder's cache goes by and `docker inspect` shows. */
  parent: Digest | '';
}

/**
 * The images of an engine: configs (by image ID) and layer tars (by diffID) in a content store, names and parents as
 * records. Names are full references: `docker.io/library/busybox:latest`, `docker.io/library/busybox@sha256:…`.
 *
 * Every method is atomic. Blobs outlive their images until {@link collectGarbage}.
 */
export class ImageStore {
  constructor(
    readonly content: ContentStore,
    private readonly records: RecordStore,
  ) {}

  /** Stores a layer ahead of the image that will name it; hold a lease if a collection may come in between. */
  putLayer(content: Content, lease?: Lease): Digest {
    const diffId = this.content.put(content);
    lease?.add(diffId);
    return diffId;
  }

  layer(diffId: Digest): Content | undefined {
    return this.content.get(diffId);
  }

  /**
   * Stores an image. Without `layers` those that the config names must be there; with them each must have its diffID.
   * Idempotent (a parent once set stays unless another is given). Throws ImageError 'invalid', ContentError.
   */
  create(rawConfig: Content, options: { parent?: Digest | ''; layers?: readonly Content[] } = {}): Image {
    const diffIds = parseImageConfig(rawConfig).rootfs.diff_ids;
    const layers = options.layers ?? diffIds.map((diffId) => this.content.require(diffId));
    const image = makeImage(rawConfig, layers);
    for (const { diffId, content } of image.layers) this.content.put(content, { digest: diffId });
    this.content.put(rawConfig);
    if (!this.has(image.id) || options.parent) this.putRecord(image.id, { parent: options.parent ?? '' });
    return image;
  }

  /** Stores what an archive held and names it. Returns the names that moved away from another image, with that image. */
  load(loaded: readonly LoadedImage[]): { reference: Reference; from: Digest }[] {
    const moved: { reference: Reference; from: Digest }[] = [];
    for (const { image, references } of loaded) {
      this.create(image.rawConfig, { layers: image.layers.map(({ content }) => content) });
      for (const reference of references) {
        const from = this.tag(formatReference(reference), image.id);
        if (from && from !== image.id) moved.push({ reference, from });
      }
    }
    return moved;
  }

  has(id: Digest): boolean {
    return this.records.get('images', id) !== undefined;
  }

  get(id: Digest): Image | undefined {
    const rawConfig = this.has(id) ? this.content.get(id) : undefined;
    if (!rawConfig) return undefined;
    const diffIds = parseImageConfig(rawConfig).rootfs.diff_ids;
    return makeImage(
      rawConfig,
      diffIds.map((diffId) => this.content.require(diffId)),
    );
  }

  /** In order of creation in this store. */
  list(): Digest[] {
    return this.records.keys('images') as Digest[];
  }

  /**
   * By name (`:latest` understood), by ID, by a prefix of an ID that only one image has. Throws ImageError 'not-found'
   * `No such image: …`, and ReferenceFormatError.
   */
  resolve(nameOrId: string): Image {
    const image = this.find(nameOrId);
    if (image) return image;
    const asked = parseAnyReference(nameOrId);
    const shown = 'id' in asked ? asked.id : familiarReference(withDefaultTag(asked));
    throw new ImageError('not-found', `No such image: ${shown}`);
  }

  /** As {@link resolve}, undefined when there is none. Throws ReferenceFormatError. */
  find(nameOrId: string): Image | undefined {
    const asked = parseAnyReference(nameOrId);
    if ('id' in asked) return this.get(asked.id);
    const id = this.lookup(this.nameToLookUp(asked)) ?? this.byPrefix(nameOrId);
    return id && this.get(id);
  }

  // A reference with tag and digest names what the digest names.
  private nameToLookUp(reference: Reference): string {
    const { tag, ...untagged } = reference;
    return formatReference(withDefaultTag(reference.digest ? untagged : { ...untagged, ...(tag && { tag }) }));
  }

  private byPrefix(prefix: string): Digest | undefined {
    const full = prefix.startsWith('sha256:') ? prefix : `sha256:${prefix}`;
    const found = this.list().filter((id) => id.startsWith(full));
    return found.length === 1 ? found[0] : undefined;
  }

  /** Forgets the image. Throws ImageError 'conflict' while it has names. Idempotent. */
  delete(id: Digest): void {
    const [name] = this.references(id);
    if (name) throw new ImageError('conflict', `image ${id} is named ${name}`);
    this.records.delete('images', id);
  }

  /** Names the image; returns what the name was for before. Throws ImageError 'not-found' for no such image. */
  tag(reference: string, id: Digest): Digest | undefined {
    if (!this.has(id)) throw new ImageError('not-found', `No such image: ${id}`);
    const before = this.lookup(reference);
    this.records.put('references', reference, id);
    return before;
  }

  /** Takes a name away; returns what it was for, undefined when there is no such name. */
  untag(reference: string): Digest | undefined {
    const before = this.lookup(reference);
    this.records.delete('references', reference);
    return before;
  }

  /** What a full reference is the name of. */
  lookup(reference: string): Digest | undefined {
    return this.records.get('references', reference) as Digest | undefined;
  }

  /** Full references, of one image or all, tags and digests, sorted bytewise. */
  references(id?: Digest): string[] {
    const names = this.records.keys('references');
    return names.filter((name) => !id || this.lookup(name) === id).sort((a, b) => (a < b ? -1 : 1));
  }

  parent(id: Digest): Digest | '' {
    return (this.records.get('images', id) as ImageRecord | undefined)?.parent ?? '';
  }

  setParent(id: Digest, parent: Digest | ''): void {
    if (this.has(id)) this.putRecord(id, { parent });
  }

  /** Images whose parent this is, in order of creation; '' for those built from scratch. */
  children(parent: Digest | ''): Digest[] {
    return this.list().filter((id) => this.parent(id) === parent);
  }

  /** Removes the blobs that no image, no lease and none of `roots` reaches; returns them. */
  collectGarbage(roots: Iterable<Digest> = []): Digest[] {
    const images = new Set(this.list());
    return this.content.collect([...images, ...roots], (digest, content) =>
      images.has(digest) ? parseImageConfig(content).rootfs.diff_ids : [],
    );
  }

  private putRecord(id: Digest, record: ImageRecord): void {
    this.records.put('images', id, record);
  }
}
