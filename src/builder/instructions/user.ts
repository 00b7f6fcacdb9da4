import type { Single } from '../../dockerfile/index.ts';
import type { Dispatcher } from './effect.ts';

/** `USER <user>[:<group>]` */
export const user: Dispatcher<Single> = ({ config, expand }, { value }) => {
  const name = expand(value);
  return { config: { ...config, User: name }, comment: `USER ${name}` };
};
