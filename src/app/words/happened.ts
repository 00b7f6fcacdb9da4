import { wordsOf } from './words.ts';

export const happenedWords = wordsOf(
  {
    title: 'What just happened',
    collapse: 'Hide what just happened',
    expand: 'Show what just happened',
    show: 'Show me',
    close: 'Close',
    source: 'Defined in',
  },
  {
    title: '刚刚发生了什么',
    collapse: '收起“刚刚发生了什么”',
    expand: '展开“刚刚发生了什么”',
    show: '看图',
    close: '关闭',
    source: '出处',
  },
);
