import type { Volume } from '../../dockerfile/index.ts';
import { goList } from '../../spec/index.ts';
import { BuildError } from '../backend.ts';
import type { Dispatcher } from './effect.ts';
import { sorted } from './label.ts';

/** `VOLUME <path>...`, `VOLUME ["<path>", ...]` */
export const volume: Dispatcher<Volume> = ({ config, expand }, { volumes }) => {
  const paths = volumes.map(expand);
  if (paths.includes('')) throw new BuildError('VOLUME specified can not be an empty string');
  const all = sorted({ ...config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) });
  return { config: { ...config, Volumes: all }, comment: `VOLUME ${goList(paths)}` };
};
