import { applyChanges, BuildError } from '../builder/index.ts';
import { digesting } from '../content/index.ts';
import { type Image, orderContainerConfig, serialiseImageConfig } from '../image/index.ts';
import { comparingUpper, type Layer, layerOf } from '../layer/index.ts';
import {
  type CommitOptions,
  type ContainerConfig,
  type Digest,
  familiarReference,
  formatReference,
  type ImageConfig,
  paced,
} from '../spec/index.ts';
import type { Container } from './container.ts';
import type { Daemon } from './daemon.ts';
import { badRequest } from './errors.ts';
import { tagImage } from './image-list.ts';
import { referenceFrom } from './image-tag.ts';

/** What a container changed, as a layer. Its `empty` is true when there is nothing. */
export async function containerLayer(daemon: Daemon, container: Container): Promise<Layer> {
  const { mounter, snapshotter } = daemon.ports;
  const upper = mounter.directory(await snapshotter.upperDir(container.id));
  const layer = layerOf(await paced(comparingUpper(upper, daemon.layerTimes), daemon.ports.pause));
  await paced(digesting(layer.content), daemon.ports.pause);
  return layer;
}

/** POST /commit */
export async function imageCommit(daemon: Daemon, options: CommitOptions): Promise<{ Id: string }> {
  const container = daemon.containers.find(options.container);
  const reference = options.repo ? referenceFrom(options.repo, options.tag) : undefined;
  const asked = changed(container.record.config, options.changes);
  // What the changes took away comes back from the container.
  const config = asked.Entrypoint === null ? { ...asked, Entrypoint: container.record.config.Entrypoint } : asked;
  const pause = options.pause && container.isRunning && !container.state.paused && container.task;
  if (pause) {
    await pause.pause();
    daemon.containerEvent(container, 'pause');
  }
  try {
    const image = await commit(daemon, container, config, options);
    if (reference) {
      tagImage(daemon, image.id, formatReference(reference));
      daemon.imageEvent('tag', image.id, familiarReference(reference));
    }
    daemon.containerEvent(container, 'commit', {
      comment: options.comment,
      imageID: image.id,
      imageRef: reference ? formatReference(reference) : '',
    });
    return { Id: image.id };
  } finally {
    if (pause) {
      await pause.resume();
      daemon.containerEvent(container, 'unpause');
    }
  }
}

export function changed(config: ContainerConfig, changes: readonly string[]): ContainerConfig {
  try {
    return changes.length > 0 ? applyChanges(config, changes) : config;
  } catch (error) {
    throw error instanceof BuildError ? badRequest(error.message) : error;
  }
}

async function commit(
  daemon: Daemon,
  container: Container,
  config: ContainerConfig,
  options: CommitOptions,
): Promise<Image> {
  const layer = await containerLayer(daemon, container);
  const { record } = container;
  const parent = record.imageId ? daemon.images.get(record.imageId) : undefined;
  const created = daemon.now();
  const next: ImageConfig = {
    architecture: parent?.config.architecture ?? 'amd64',
    ...(options.author ? { author: options.author } : {}),
    config: orderContainerConfig(config),
    container: record.id,
    container_config: orderContainerConfig(record.config),
    created,
    docker_version: daemon.profile.version,
    history: [
      ...(parent?.config.history ?? []),
      {
        created,
        ...(options.author ? { author: options.author } : {}),
        created_by: (record.config.Cmd ?? []).join(' '),
        ...(options.comment ? { comment: options.comment } : {}),
        ...(layer.empty ? { empty_layer: true } : {}),
      },
    ],
    os: 'linux',
    rootfs: {
      type: 'layers',
      diff_ids: [...(parent?.config.rootfs.diff_ids ?? []), ...(layer.empty ? [] : [layer.diffId])],
    },
  };
  if (!layer.empty) daemon.images.putLayer(layer.content);
  return storeImage(daemon, next, record.imageId);
}

/** Stores a config whose layers are there, and unpacks them. */
export async function storeImage(daemon: Daemon, config: ImageConfig, parent: Digest | ''): Promise<Image> {
  const image = daemon.images.create(serialiseImageConfig(config), { parent });
  const lines = (config.history ?? []).filter((entry) => !entry.empty_layer);
  await daemon.layers.unpack(image.layers, (index) => lines[index]?.created_by ?? '');
  daemon.ports.tracer.emit({ type: 'image.create', id: image.id, references: daemon.images.references(image.id) });
  return image;
}
