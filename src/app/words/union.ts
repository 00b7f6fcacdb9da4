import { wordsOf } from './words.ts';

export const unionWords = wordsOf(
  {
    container: 'Container',
    path: 'Path',
    up: 'Up',
    slowly: 'Look it up slowly',
    touched: 'Touched by the last command',
    copyup: 'copied up',
    whiteout: 'whiteout',
    create: 'created',
    opaque: 'made opaque',
    entries: 'What the container sees here',
    hidden: 'hidden',
    more: (count: number) => `and ${count} more`,
  },
  {
    container: '容器',
    path: '路径',
    up: '上一级',
    slowly: '慢慢查找',
    touched: '上一条命令动过的',
    copyup: '复制上来',
    whiteout: 'whiteout',
    create: '新建',
    opaque: '变为不透明',
    entries: '容器在这里看到的',
    hidden: '被盖住',
    more: (count) => `还有 ${count} 个`,
  },
);
