import type { ContainerConfig, ImageConfig, Platform } from '../../spec/index.ts';
import type { State } from './state.ts';

/** BuildKit writes only what is set, and OnBuild always. */
function shortConfig(config: ContainerConfig): ContainerConfig {
  const {
    ExposedPorts,
    User,
    Env,
    Cmd,
    Healthcheck,
    ArgsEscaped,
    Volumes,
    WorkingDir,
    Entrypoint,
    Labels,
    StopSignal,
    Shell,
  } = config;
  const fields = {
    User,
    ExposedPorts,
    Env,
    Entrypoint,
    Cmd,
    Volumes,
    WorkingDir,
    Labels,
    StopSignal,
    ArgsEscaped,
    Healthcheck,
    Shell,
  };
  const set = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return { ...Object.fromEntries(set), OnBuild: config.OnBuild } as ContainerConfig;
}

/** The image's config as BuildKit's exporter writes it: no container, no docker_version, history in its own words. */
export function imageConfig(state: State, platform: Platform, created: string): ImageConfig {
  return {
    architecture: platform.architecture,
    ...(state.author && { author: state.author }),
    config: shortConfig(state.config),
    created,
    history: [...state.history],
    os: platform.os,
    rootfs: { type: 'layers', diff_ids: [...state.layers] },
  };
}
