import { decompress, readTar } from '../archive/index.ts';
import { digestOf, isDigest } from '../content/index.ts';
import {
  type Content,
  contentText,
  type Descriptor,
  type Digest,
  type Index,
  type Manifest,
  mediaTypes,
  parseReference,
  type Reference,
} from '../spec/index.ts';
import { ArchiveFiles, unpack } from './archive-files.ts';
import { ImageError, parseImageConfig, parseJson } from './config.ts';
import { type Image, makeImage } from './image.ts';

export interface LoadedImage {
  image: Image;
  /** Tagged; what the archive names the image. */
  references: Reference[];
}

export interface LoadOptions {
  /** Where the daemon would have unpacked it; error texts name it. */
  directory?: string;
  /** A layer that is already there need not be in the archive, and is not read from it. */
  knownLayer?: (diffId: Digest) => Content | undefined;
}

/**
 * The images in what `docker save` wrote (old and new form, gzip'ed or not) or in a tar of an OCI image layout. All is
 * checked before anything is returned: a corrupt archive is an ImageError with the daemon's text.
 *
 * Differs from Docker: 20.10 cannot load an OCI layout without manifest.json; engines from 25 on can.
 */
export function loadArchive(archive: Content, options: LoadOptions = {}): LoadedImage[] {
  const files = new ArchiveFiles(archive, options.directory ?? '/var/lib/docker/tmp/docker-import');
  if (files.find('manifest.json')) return loadByManifest(files, options);
  if (files.find('index.json') && files.find('oci-layout')) return loadLayout(files, options);
  // Before manifest.json, every directory was an image: that is what the daemon tries, and fails on.
  for (const directory of files.topDirectories()) files.open(`${directory}/json`);
  files.open('repositories');
  throw new ImageError('invalid', 'drydock: image archives without manifest.json are not simulated');
}

interface ManifestItem {
  Config: string;
  RepoTags: string[] | null;
  Layers: string[] | null;
}

function loadByManifest(files: ArchiveFiles, options: LoadOptions): LoadedImage[] {
  const items = parseJson(files.text('manifest.json'));
  if (!Array.isArray(items))
    throw new ImageError('invalid', 'json: cannot unmarshal object into Go value of type []tarexport.manifestItem');
  if (!items.every(isManifestItem)) throw new ImageError('invalid', 'invalid manifest, malformed item');
  return items.map((item) => ({
    image: loadImage(files, files.open(item.Config), item.Layers ?? [], options),
    references: (item.RepoTags ?? []).map(taggedReference),
  }));
}

const isManifestItem = (item: unknown): item is ManifestItem => {
  const { Config, RepoTags, Layers } = (item ?? {}) as Partial<ManifestItem>;
  return typeof Config === 'string' && [RepoTags, Layers].every(isTextList);
};

const isTextList = (value: unknown): boolean =>
  (value ?? null) === null || (Array.isArray(value) && value.every((item) => typeof item === 'string'));

function taggedReference(text: string): Reference {
  const reference = parseReference(text);
  if (!reference.tag) throw new ImageError('invalid', `invalid tag "${text}"`);
  return reference;
}

function loadImage(files: ArchiveFiles, rawConfig: Content, paths: readonly string[], options: LoadOptions): Image {
  const diffIds = parseImageConfig(rawConfig).rootfs.diff_ids;
  if (diffIds.length !== paths.length) {
    throw new ImageError(
      'invalid',
      `invalid manifest, layers length mismatch: expected ${paths.length}, got ${diffIds.length}`,
    );
  }
  const layers = diffIds.map(
    (diffId, at) => options.knownLayer?.(diffId) ?? loadLayer(files.open(paths[at]!), diffId, at),
  );
  return makeImage(rawConfig, layers);
}

function loadLayer(compressed: Content, diffId: Digest, at: number): Content {
  const content = unpack(() => {
    const tar = decompress(compressed);
    readTar(tar);
    return tar;
  });
  const actual = digestOf(content);
  if (actual !== diffId)
    throw new ImageError('invalid', `invalid diffID for layer ${at}: expected "${diffId}", got "${actual}"`);
  return content;
}

/** image-spec image-layout.md. Nested indexes are followed. */
function loadLayout(files: ArchiveFiles, options: LoadOptions): LoadedImage[] {
  const images = new Map<Digest, LoadedImage>();
  const visit = (descriptor: Descriptor, inherited: Reference[], depth: number): void => {
    const references = [...inherited, ...annotatedReference(descriptor)];
    const content = openBlob(files, descriptor.digest);
    const parsed = parseLayoutJson(contentText(content));
    if (parsed.manifests && depth < 4) {
      for (const child of parsed.manifests) visit(child, references, depth + 1);
      return;
    }
    if (!parsed.config || !parsed.layers) throw new ImageError('invalid', `invalid manifest ${descriptor.digest}`);
    const known = images.get(descriptor.digest);
    if (known) known.references.push(...references);
    else images.set(descriptor.digest, { image: layoutImage(files, parsed as Manifest, options), references });
  };
  const index = parseLayoutJson(files.text('index.json'));
  for (const descriptor of index.manifests ?? []) if (isImage(descriptor)) visit(descriptor, [], 0);
  return [...images.values()];
}

const isImage = ({ mediaType }: Descriptor): boolean =>
  (
    [mediaTypes.ociManifest, mediaTypes.ociIndex, mediaTypes.dockerManifest, mediaTypes.dockerManifestList] as string[]
  ).includes(mediaType);

function layoutImage(files: ArchiveFiles, manifest: Manifest, options: LoadOptions): Image {
  return loadImage(
    files,
    openBlob(files, manifest.config.digest),
    manifest.layers.map(({ digest }) => blobPath(digest)),
    options,
  );
}

const blobPath = (digest: Digest): string => `blobs/${digest.replace(':', '/')}`;

function openBlob(files: ArchiveFiles, digest: Digest): Content {
  const content = files.open(blobPath(digest));
  const actual = digestOf(content);
  if (actual !== digest) throw new ImageError('invalid', `invalid blob: expected "${digest}", got "${actual}"`);
  return content;
}

/** An index or a manifest, as far as it is well-formed. */
function parseLayoutJson(text: string): Partial<Index & Manifest> {
  const parsed = parseJson(text) as Partial<Index & Manifest> | null;
  const { config, layers, manifests } = parsed ?? {};
  const lists = [layers ?? [], manifests ?? []];
  const named = [...lists.flat(), ...(config ? [config] : [])];
  if (!parsed || !lists.every(Array.isArray) || !named.every((item) => isDigest(item?.digest))) {
    throw new ImageError('invalid', 'invalid OCI layout, malformed index or manifest');
  }
  return parsed;
}

function annotatedReference({ annotations }: Descriptor): Reference[] {
  const full = annotations?.['io.containerd.image.name'];
  const name = full ?? annotations?.['org.opencontainers.image.ref.name'];
  // A ref.name may be a tag alone: then nobody knows of which repository.
  if (!name || (!full && !/[/:]/.test(name))) return [];
  return [taggedReference(name)];
}
