import { DockerfileError, expandWord, parseDockerfile, parseInstruction } from '../dockerfile/index.ts';
import type { ContainerConfig } from '../spec/index.ts';
import { BuildError } from './backend.ts';
import { envLookup } from './config.ts';
import { configEffect } from './instructions/index.ts';

const allowed = [
  ...['CMD', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'ONBUILD', 'USER', 'VOLUME', 'WORKDIR'],
];

/**
 * The config after Dockerfile instructions given one by one: `docker commit -c`, `docker import -c`. Only CMD,
 * ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, USER, VOLUME, WORKDIR. Throws {@link BuildError}
 * with the daemon's text.
 */
export function applyChanges(config: ContainerConfig, changes: readonly string[]): ContainerConfig {
  if (changes.length === 0) return config;
  try {
    const { nodes } = parseDockerfile(changes.join('\n'), 'classic');
    for (const node of nodes) {
      const name = node.keyword.toLowerCase();
      if (!allowed.includes(name.toUpperCase())) throw new BuildError(`${name} is not a valid change command`);
    }
    let next = config;
    let cmdSet = false;
    for (const node of nodes) {
      const instruction = parseInstruction(node.original, 'classic');
      if (instruction.keyword === 'FROM') continue;
      const expand = (word: string) => expandWord(word, envLookup(next.Env), { profile: 'classic' });
      const effect = configEffect(
        { config: next, cmdSet, form: 'classic', expand: (w) => expand(w).text, expandWords: (w) => expand(w).words },
        instruction,
      );
      next = effect?.config ?? next;
      cmdSet ||= instruction.keyword === 'CMD';
    }
    return next;
  } catch (error) {
    throw error instanceof DockerfileError ? new BuildError(error.message) : error;
  }
}
