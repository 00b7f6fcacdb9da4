import { decompress, readTar } from '../archive/index.ts';
import { digestOf } from '../content/index.ts';
import type { Content, Digest, Reference } from '../spec/index.ts';
import { ArchiveFiles, readLayerTar, unpack } from './archive-files.ts';
import { listImages } from './archive-list.ts';
import { ImageError, parseImageConfig } from './config.ts';
import { type Image, makeImage } from './image.ts';

export interface LoadedImage {
  image: Image;
  /** Tagged; what the archive names the image. */
  references: Reference[];
  /** The image it was built on, when the archive tells. */
  parent?: Digest;
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
 */
export function loadArchive(archive: Content, options: LoadOptions = {}): LoadedImage[] {
  const files = new ArchiveFiles(readLayerTar(archive), options.directory ?? '/var/lib/docker/tmp/docker-import');
  return listImages(files).map(({ rawConfig, layerPaths, ...listed }) => ({
    image: loadImage(files, rawConfig, layerPaths, options),
    ...listed,
  }));
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
