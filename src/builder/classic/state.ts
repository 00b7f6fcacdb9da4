import type { ContainerConfig, Digest, ImageConfig } from '../../spec/index.ts';
import type { BuildArgs } from '../build-args.ts';
import { defaultShell } from '../config.ts';

/** A stage as far as it is built. Immutable: every instruction makes the next one. */
export interface State {
  /** '' before the first commit of FROM scratch. */
  imageId: Digest | '';
  /** Config of that image; undefined for scratch. */
  image?: ImageConfig;
  /** What the next image's config will be. */
  config: ContainerConfig;
  author: string;
  cmdSet: boolean;
  args: BuildArgs;
}

/** The config that stands for an instruction without a process: `/bin/sh -c #(nop)  ENV A=1`. */
export function commentConfig(config: ContainerConfig, comment: string): ContainerConfig {
  return { ...config, Cmd: [...shellOf(config), '#(nop) ', comment] };
}

/** The same for COPY, ADD and WORKDIR, which write it as one word. */
export function joinedCommentConfig(config: ContainerConfig, comment: string): ContainerConfig {
  return { ...config, Cmd: [...shellOf(config), `#(nop) ${comment}`] };
}

const shellOf = (config: ContainerConfig): string[] => (config.Shell?.length ? config.Shell : defaultShell);

export const diffIds = (state: State): readonly Digest[] => state.image?.rootfs.diff_ids ?? [];
