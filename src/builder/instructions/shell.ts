import type { Shell } from '../../dockerfile/index.ts';
import { goList } from '../../spec/index.ts';
import type { Dispatcher } from './effect.ts';

/** `SHELL ["executable", "parameter", ...]` */
export const shell: Dispatcher<Shell> = ({ config }, instruction) => ({
  config: { ...config, Shell: instruction.shell },
  comment: `SHELL ${goList(instruction.shell)}`,
});
