import { wordsOf } from './words.ts';

/** What can be chosen in the view of registries. */
export const registryWords = wordsOf(
  { all: 'Repositories that I did not pull from, too' },
  { all: '也显示我没有拉取过的仓库' },
);
