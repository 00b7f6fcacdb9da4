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
import type { ArchiveFiles } from './archive-files.ts';
import { ImageError, parseJson } from './config.ts';

/** An image as an archive lists it; its layers are not looked at. */
export interface ListedImage {
  rawConfig: Content;
  /** Of the layers' files in the archive, from the base up. */
  layerPaths: readonly string[];
  /** Tagged; what the archive names the image. */
  references: Reference[];
  /** The image it was built on, when the archive tells. */
  parent?: Digest;
}

/**
 * The images of what `docker save` wrote (old and new form) or of an OCI image layout. Throws ImageError with the
 * daemon's text.
 *
 * Differs from Docker: 20.10 cannot load an OCI layout without manifest.json; engines from 25 on can.
 */
export function listImages(files: ArchiveFiles): ListedImage[] {
  if (files.find('manifest.json')) return listByManifest(files);
  if (files.find('index.json') && files.find('oci-layout')) return listLayout(files);
  // Before manifest.json, every directory was an image: that is what the daemon tries, and fails on.
  for (const directory of files.topDirectories()) files.open(`${directory}/json`);
  files.open('repositories');
  throw new ImageError('invalid', 'drydock: image archives without manifest.json are not simulated');
}

interface ManifestItem {
  Config: string;
  RepoTags: string[] | null;
  Layers: string[] | null;
  Parent?: string | null;
}

function listByManifest(files: ArchiveFiles): ListedImage[] {
  const items = parseJson(files.text('manifest.json'));
  if (!Array.isArray(items))
    throw new ImageError('invalid', 'json: cannot unmarshal object into Go value of type []tarexport.manifestItem');
  if (!items.every(isManifestItem)) throw new ImageError('invalid', 'invalid manifest, malformed item');
  return items.map((item) => ({
    rawConfig: files.open(item.Config),
    layerPaths: item.Layers ?? [],
    references: (item.RepoTags ?? []).map(taggedReference),
    ...(isDigest(item.Parent ?? '') ? { parent: item.Parent as Digest } : {}),
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

/** A layout that lists more is none that anyone made. */
const mostListed = 10_000;

/**
 * image-spec image-layout.md. Nested indexes are followed; what BuildKit attests about an image (provenance, SBOM) is no
 * image; of an index's platforms those are taken that are in the archive.
 */
function listLayout(files: ArchiveFiles): ListedImage[] {
  const images = new Map<Digest, ListedImage>();
  let listed = 0;
  const visit = (descriptor: Descriptor, inherited: Reference[], depth: number): void => {
    if (++listed > mostListed) throw new ImageError('invalid', 'invalid OCI layout, too many manifests');
    const references = [...inherited, ...annotatedReference(descriptor)];
    const content = openBlob(files, descriptor.digest);
    const parsed = parseLayoutJson(contentText(content));
    if (parsed.manifests && depth < 4) {
      const present = parsed.manifests.filter((child) => isImage(child) && files.find(blobPath(child.digest)));
      for (const child of present) visit(child, references, depth + 1);
      return;
    }
    if (!parsed.config || !parsed.layers) throw new ImageError('invalid', `invalid manifest ${descriptor.digest}`);
    const known = images.get(descriptor.digest);
    if (known) known.references.push(...references);
    else images.set(descriptor.digest, { ...listManifest(files, parsed as Manifest), references });
  };
  const index = parseLayoutJson(files.text('index.json'));
  for (const descriptor of index.manifests ?? []) if (isImage(descriptor)) visit(descriptor, [], 0);
  return [...images.values()];
}

const isImage = ({ mediaType, annotations }: Descriptor): boolean =>
  annotations?.['vnd.docker.reference.type'] === undefined &&
  (
    [mediaTypes.ociManifest, mediaTypes.ociIndex, mediaTypes.dockerManifest, mediaTypes.dockerManifestList] as string[]
  ).includes(mediaType);

const listManifest = (files: ArchiveFiles, { config, layers }: Manifest): Omit<ListedImage, 'references'> => ({
  rawConfig: openBlob(files, config.digest),
  layerPaths: layers.map(({ digest }) => blobPath(digest)),
});

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
