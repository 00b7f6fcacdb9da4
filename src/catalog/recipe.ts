import { GzipContent, gzip, TarContent, type TarEntry } from '../archive/index.ts';
import { attest, createDigester, digestOf } from '../content/index.ts';
import { serialiseImageConfig } from '../image/index.ts';
import {
  BytesContent,
  type ContainerConfig,
  type Content,
  type Descriptor,
  type Digest,
  type HistoryEntry,
  type ImageConfig,
  type Manifest,
  mediaTypes,
  utf8,
} from '../spec/index.ts';
import type { RootfsTree } from './tree.ts';

/** One line of an image's history: with a tree it is a layer, without one it changed only the config. */
export interface RecipeStep {
  createdBy: string;
  comment?: string;
  tree?: RootfsTree;
}

/** How an image of the catalogue is made. */
export interface Recipe {
  created: string;
  steps: RecipeStep[];
  config: Partial<ContainerConfig>;
  author?: string;
}

/** An image as a registry holds it. */
export interface PublishedImage {
  manifest: Content;
  mediaType: string;
  config: Content;
  /** Compressed, base first. */
  layers: GzipContent[];
}

const emptyConfig: ContainerConfig = {
  Hostname: '',
  Domainname: '',
  User: '',
  AttachStdin: false,
  AttachStdout: false,
  AttachStderr: false,
  Tty: false,
  OpenStdin: false,
  StdinOnce: false,
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  Cmd: null,
  Image: '',
  Volumes: null,
  WorkingDir: '',
  Entrypoint: null,
  OnBuild: null,
  Labels: null,
};

/** What was computed of a layer when the catalogue was built: `npm run catalog` writes it, a test computes it again. */
export interface LayerLock {
  /** {@link fingerprint} of the layer: one that has changed since is computed anew. */
  recipe: string;
  diffId: Digest;
  digest: Digest;
  /** Bytes compressed. */
  size: number;
}

/**
 * The blobs of a recipe. Digests are those of the actual bytes: taken from `locks` where they were computed before
 * (reading and compressing a base image takes seconds), else computed now.
 */
export function publish(recipe: Recipe, locks: readonly LayerLock[] = []): PublishedImage {
  const tars = recipe.steps.filter((step) => step.tree).map((step) => new TarContent(step.tree!.toEntries()));
  const layers = tars.map((tar, index) => compressed(tar, locks[index]));
  const config = imageConfig(recipe, tars);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.dockerManifest,
    config: describe(mediaTypes.dockerConfig, config),
    layers: layers.map((layer) => describe(mediaTypes.dockerLayerGzip, layer)),
  };
  return {
    manifest: new BytesContent(utf8(JSON.stringify(manifest, null, 3))),
    mediaType: mediaTypes.dockerManifest,
    config,
    layers,
  };
}

function compressed(tar: TarContent, lock: LayerLock | undefined): GzipContent {
  if (!lock || lock.recipe !== fingerprint(tar.entries)) return gzip(tar);
  attest(tar, lock.diffId);
  return attest(new GzipContent(tar, lock.size), lock.digest);
}

const describe = (mediaType: string, content: Content): Descriptor => ({
  mediaType,
  size: content.size,
  digest: digestOf(content),
});

function imageConfig(recipe: Recipe, tars: Content[]): Content {
  const history: HistoryEntry[] = recipe.steps.map((step) => ({
    created: recipe.created,
    created_by: step.createdBy,
    ...(step.comment && { comment: step.comment }),
    ...(!step.tree && { empty_layer: true }),
  }));
  const config: ImageConfig = {
    architecture: 'amd64',
    ...(recipe.author && { author: recipe.author }),
    config: { ...emptyConfig, ...recipe.config },
    created: recipe.created,
    history,
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: tars.map((tar) => digestOf(tar)) },
  };
  return serialiseImageConfig(config);
}

/** As much of a file's content as tells it from another: all of a small one, the head of a large one. */
const sample = 4096;

/** What a layer is made of, without reading its bytes: cheap, and different for different layers. */
export function fingerprint(entries: readonly TarEntry[]): string {
  const digest = createDigester();
  for (const { name, type, mode, uid, gid, size, linkname, mtime, content } of entries) {
    digest.update(utf8(`${[name, type, mode, uid, gid, size, linkname, mtime.sec].join('\0')}\n`));
    digest.update(content.read(0, size > sample ? 256 : sample));
  }
  return digest.digest().slice('sha256:'.length, 'sha256:'.length + 16);
}
