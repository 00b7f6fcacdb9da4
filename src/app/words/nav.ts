import type { ViewName } from '../views.ts';
import { wordsOf } from './words.ts';

/** Names of the views, as the navigation shows them. */
export const navWords = wordsOf<Record<ViewName, string>>(
  {
    layers: 'Layers',
    processes: 'Processes',
    web: 'Browser',
  },
  {
    layers: '镜像层',
    processes: '进程',
    web: '浏览器',
  },
);
