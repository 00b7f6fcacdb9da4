import type { ViewName } from '../views.ts';
import { wordsOf } from './words.ts';

/** Names of the views, as the navigation shows them. */
export const navWords = wordsOf<Record<ViewName, string>>(
  {
    layers: 'Layers',
    images: 'Images',
    union: 'Union',
    build: 'Build',
    processes: 'Processes',
    network: 'Network',
    registry: 'Registry',
    engine: 'Engine',
    web: 'Browser',
    archive: 'Archive',
  },
  {
    layers: '镜像层',
    images: '比较',
    union: '联合',
    build: '构建',
    processes: '进程',
    network: '网络',
    registry: '仓库',
    engine: '引擎',
    web: '浏览器',
    archive: '归档',
  },
);
