import type { KeyValues } from '../../dockerfile/index.ts';
import type { Dispatcher } from './effect.ts';

/** `LABEL <key>=<value> ...` */
export const label: Dispatcher<KeyValues> = ({ config, expand }, { pairs }) => {
  const values = pairs.map(({ key, value }) => [expand(key), expand(value)] as const);
  const labels = sorted({ ...config.Labels, ...Object.fromEntries(values) });
  return {
    config: { ...config, Labels: labels },
    comment: `LABEL${values.map(([key, value]) => ` ${key}=${value}`).join('')}`,
  };
};

/** Go writes maps by key; so do we, that equal configs are equal bytes. */
export const sorted = <T>(map: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
