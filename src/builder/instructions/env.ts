import type { KeyValues } from '../../dockerfile/index.ts';
import { withEnv } from '../config.ts';
import type { Dispatcher } from './effect.ts';

/** `ENV <key>=<value> ...`, `ENV <key> <value>` */
export const env: Dispatcher<KeyValues> = ({ config, expand }, { pairs }) => {
  // All values are expanded before any of them is set.
  const values = pairs.map(({ key, value }) => [expand(key), expand(value)] as const);
  const next = values.reduce<string[] | null>((list, [key, value]) => withEnv(list, key, value), config.Env);
  return {
    config: { ...config, Env: next },
    comment: `ENV${values.map(([key, value]) => ` ${key}=${value}`).join('')}`,
  };
};
