import type { Single } from '../../dockerfile/index.ts';
import { BuildError } from '../backend.ts';
import { clean, isAbsolute, join } from '../paths.ts';
import type { Dispatcher } from './effect.ts';

/** `WORKDIR <path>`: relative to the one before. The directory itself is made by the caller. */
export const workdir: Dispatcher<Single> = ({ config, expand }, { value }) => {
  const path = expand(value);
  if (path === '') throw new BuildError('cannot normalize nothing');
  const full = isAbsolute(path) ? clean(path) : join('/', config.WorkingDir, path);
  return { config: { ...config, WorkingDir: full }, comment: `WORKDIR ${full}` };
};
