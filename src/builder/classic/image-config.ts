import {
  type ContainerConfig,
  type HistoryEntry,
  type ImageConfig,
  rfc3339Nano,
  type Timespec,
} from '../../spec/index.ts';
import type { Backend, Layer } from '../backend.ts';
import type { State } from './state.ts';

/** The config of the image that a step commits: the parent's, with one history entry and maybe one layer more. */
export function childImage(
  state: State,
  step: { container: string; containerConfig: ContainerConfig; layer: Layer | null },
  backend: Backend,
  now: Timespec,
): ImageConfig {
  const created = rfc3339Nano(now);
  const entry: HistoryEntry = {
    created,
    ...(state.author && { author: state.author }),
    created_by: (step.containerConfig.Cmd ?? []).join(' '),
    ...(!step.layer && { empty_layer: true }),
  };
  return {
    architecture: state.image?.architecture ?? backend.platform.architecture,
    ...(state.author && { author: state.author }),
    config: { ...state.config, Image: state.imageId },
    ...(step.container && { container: step.container }),
    container_config: { ...step.containerConfig, Image: state.imageId },
    created,
    docker_version: backend.dockerVersion,
    history: [...(state.image?.history ?? []), entry],
    os: state.image?.os ?? backend.platform.os,
    rootfs: {
      type: 'layers',
      diff_ids: [...(state.image?.rootfs.diff_ids ?? []), ...(step.layer ? [step.layer.diffId] : [])],
    },
  };
}
