import type { ViewName } from '../views.ts';
import { wordsOf } from './words.ts';

/** Names of the views, as the navigation shows them. */
export const navWords = wordsOf<Record<ViewName, string>>(
  {
    layers: 'Layers',
    union: 'Union',
    processes: 'Processes',
    engine: 'Engine',
    web: 'Browser',
  },
  {
    layers: '镜像层',
    union: '联合',
    processes: '进程',
    engine: '引擎',
    web: '浏览器',
  },
);
