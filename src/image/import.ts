import { decompress, readTar } from '../archive/index.ts';
import { type ContainerConfig, type Content, type Platform, rfc3339Nano, type Timespec } from '../spec/index.ts';
import { unpack } from './archive-files.ts';
import { emptyContainerConfig, orderContainerConfig } from './config.ts';
import type { Image } from './image.ts';
import { createImage } from './mutate.ts';

export interface ImportOptions {
  created: Timespec;
  platform: Platform;
  dockerVersion: string;
  /** `-m`. */
  message?: string;
  /** What `-c` changes made. */
  config?: Partial<ContainerConfig>;
}

/** `docker import`: the tar, decompressed and otherwise as it is, becomes the only layer. Throws ImageError. */
export function importImage(tar: Content, options: ImportOptions): Image {
  const layer = unpack(() => {
    const content = decompress(tar);
    readTar(content);
    return content;
  });
  const created = rfc3339Nano(options.created);
  const comment = options.message && { comment: options.message };
  return createImage(
    {
      architecture: options.platform.architecture,
      os: options.platform.os,
      ...(options.platform.variant && { variant: options.platform.variant }),
      ...comment,
      config: orderContainerConfig(options.config ?? {}),
      container_config: emptyContainerConfig,
      created,
      docker_version: options.dockerVersion,
      history: [{ created, ...comment }],
    },
    [layer],
  );
}
