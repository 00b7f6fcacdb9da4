import type { ContainerConfig } from '../spec/index.ts';
import { BuildError } from './backend.ts';

/**
 * The config after Dockerfile instructions given one by one: `docker commit -c`, `docker import -c`. Only CMD,
 * ENTRYPOINT, ENV, EXPOSE, LABEL, ONBUILD, USER, VOLUME, WORKDIR, HEALTHCHECK, STOPSIGNAL. Throws {@link BuildError}
 * with the daemon's text.
 */
export function applyChanges(_config: ContainerConfig, _changes: readonly string[]): ContainerConfig {
  throw new BuildError('drydock: --change is not there yet');
}
