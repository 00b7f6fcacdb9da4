/** What runs next to an interpreter, as text. */
import type { GuestSource } from '../../../port/index.ts';
import guest from './guest.js?raw';

const files = import.meta.glob<string>('./boot/*.py', { query: '?raw', import: 'default', eager: true });

/** Each imports only from those before it; the first shall not see what the others change. */
const order = [
  'common',
  'kernel',
  'files',
  'system',
  'sockets',
  'processes',
  'accounts',
  'servers',
  'imports',
  'tracebacks',
  'program',
];

export const guestSource: GuestSource = {
  guest,
  modules: order.map((name) => [name, files[`./boot/${name}.py`]!]),
};
