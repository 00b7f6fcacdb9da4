import type { Single } from '../../dockerfile/index.ts';
import { clean, isAbsolute, join } from '../paths.ts';
import type { Dispatcher } from './effect.ts';

/** `WORKDIR <path>`: relative to the one before. The directory itself is made by the caller. */
export const workdir: Dispatcher<Single> = ({ config, expand }, { value }) => {
  const path = expand(value);
  const full = isAbsolute(path) ? clean(path) : join('/', config.WorkingDir, path);
  return { config: { ...config, WorkingDir: full }, comment: `WORKDIR ${full}` };
};
