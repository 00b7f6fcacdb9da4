import type { TarContent } from '../archive/index.ts';
import { digestOf } from '../content/index.ts';
import {
  type Content,
  type Descriptor,
  type Digest,
  epoch,
  familiarName,
  familiarReference,
  formatReference,
  goJson,
  jsonBody,
  type Manifest,
  mediaTypes,
  parseRfc3339,
  type Reference,
  type Timespec,
} from '../spec/index.ts';
import { ArchiveTree } from './archive-tree.ts';
import { ImageError } from './config.ts';
import type { Image } from './image.ts';
import { v1Layers } from './v1-id.ts';

export interface SavedImage {
  image: Image;
  /** Tagged references that go into the archive; none for an image saved by its ID. */
  references: readonly Reference[];
  /** The image it was built on; told when that is saved too. */
  parent?: Digest | '';
}

export interface SaveOptions {
  /** uname and gname of the entries: 'root' as Debian's docker writes, '' as Docker Inc.'s. */
  ownerName?: string;
  /** When it is saved: the time of the files that stand for a layer stored before. Default: the image's creation. */
  now?: Timespec;
}

/**
 * `docker save` as engines up to 24 write it, byte for byte: a directory per layer under its v1 ID (VERSION, json,
 * layer.tar), the configs, manifest.json, repositories. A layer that occurs again is a symlink to the first.
 *
 * Throws ImageError for an image without layers.
 */
export function saveDockerArchive(images: readonly SavedImage[], options: SaveOptions = {}): TarContent {
  const tree = new ArchiveTree(options.ownerName);
  const firstPaths = new Map<string, string>();
  const manifest = images.map((saved) => {
    requireLayers(saved.image);
    const created = createdTime(saved.image);
    const layers = v1Layers(saved.image.config);
    layers.forEach(({ id, json }, at) => {
      if (tree.has(id)) return;
      const { diffId, content } = saved.image.layers[at]!;
      const first = firstPaths.get(diffId);
      // The daemon sets times only where it wrote the layer itself.
      const mtime = first ? (options.now ?? created) : created;
      tree.directory(id, mtime);
      tree.file(`${id}/VERSION`, '1.0', mtime);
      tree.file(`${id}/json`, json, mtime);
      if (first) tree.symlink(`${id}/layer.tar`, `../${first}`, mtime);
      else tree.file(`${id}/layer.tar`, content, mtime);
      firstPaths.set(diffId, first ?? `${id}/layer.tar`);
    });
    const config = `${saved.image.id.slice('sha256:'.length)}.json`;
    tree.file(config, saved.image.rawConfig, created);
    const item = manifestItem(
      saved,
      config,
      layers.map(({ id }) => `${id}/layer.tar`),
    );
    return { ...item, ...savedParent(saved, images) };
  });
  addIndexes(tree, images, manifest);
  return tree.tar();
}

/**
 * `docker save` as engines from 25 on write it: an OCI image layout (index.json, oci-layout, blobs/sha256/…) that also
 * carries manifest.json and repositories, so that older engines load it too.
 */
export function saveOciArchive(images: readonly SavedImage[], options: SaveOptions = {}): TarContent {
  const tree = new ArchiveTree(options.ownerName);
  tree.directory('blobs', epoch);
  tree.directory('blobs/sha256', epoch);
  const put = (content: Content): string => {
    const path = `blobs/sha256/${digestOf(content).slice('sha256:'.length)}`;
    tree.file(path, content);
    return path;
  };
  const manifests: Descriptor[] = [];
  const manifest = images.map((saved) => {
    requireLayers(saved.image);
    const config = put(saved.image.rawConfig);
    const layers = saved.image.layers.map(({ content }) => put(content));
    const content = jsonBody(ociManifest(saved.image));
    put(content);
    manifests.push(...ociDescriptors(content, saved.references));
    return manifestItem(saved, config, layers);
  });
  tree.file('index.json', goJson({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }));
  tree.file('oci-layout', '{"imageLayoutVersion": "1.0.0"}');
  addIndexes(tree, images, manifest);
  return tree.tar();
}

/** The manifest of an image whose layers are not compressed. */
function ociManifest(image: Image): Manifest {
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { mediaType: mediaTypes.ociConfig, digest: image.id, size: image.rawConfig.size },
    layers: image.layers.map(({ diffId, content }) => ({
      mediaType: mediaTypes.ociLayer,
      digest: diffId,
      size: content.size,
    })),
  };
}

/** One descriptor per name (image-spec annotations.md; the full name as containerd notes it), or one without. */
function ociDescriptors(manifest: Content, references: readonly Reference[]): Descriptor[] {
  const descriptor = { mediaType: mediaTypes.ociManifest, digest: digestOf(manifest), size: manifest.size };
  if (references.length === 0) return [descriptor];
  return references.map((reference) => ({
    ...descriptor,
    annotations: {
      'io.containerd.image.name': formatReference(reference),
      'org.opencontainers.image.ref.name': reference.tag ?? 'latest',
    },
  }));
}

interface ManifestItem {
  Config: string;
  RepoTags: string[] | null;
  Layers: string[];
  Parent?: Digest;
}

function manifestItem({ references }: SavedImage, config: string, layers: string[]): ManifestItem {
  return { Config: config, RepoTags: references.length ? references.map(familiarReference) : null, Layers: layers };
}

/** The parent, when it is among the images. */
function savedParent({ parent }: SavedImage, images: readonly SavedImage[]): { Parent?: Digest } {
  return parent && images.some(({ image }) => image.id === parent) ? { Parent: parent } : {};
}

function addIndexes(tree: ArchiveTree, images: readonly SavedImage[], manifest: readonly ManifestItem[]): void {
  tree.file('manifest.json', `${goJson(manifest)}\n`);
  const repositories = new Map<string, [string, string][]>();
  images.forEach(({ image, references }) => {
    const top = v1Layers(image.config).at(-1)!.id;
    for (const reference of references) {
      const name = familiarName(reference);
      repositories.set(name, [...(repositories.get(name) ?? []), [reference.tag ?? 'latest', top]]);
    }
  });
  if (repositories.size === 0) return;
  const sorted = [...repositories].sort(byKey).map(([name, tags]) => [name, Object.fromEntries(tags.sort(byKey))]);
  tree.file('repositories', `${goJson(Object.fromEntries(sorted))}\n`);
}

const byKey = (a: [string, unknown], b: [string, unknown]): number => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);

function requireLayers(image: Image): void {
  if (image.layers.length === 0) throw new ImageError('invalid', 'empty export - not implemented');
}

const createdTime = (image: Image): Timespec => parseRfc3339(image.config.created ?? '') ?? epoch;
