import { wordsOf } from './words.ts';

export const paletteWords = wordsOf(
  {
    title: 'Find a command, view, action or setting',
    placeholder: 'Find: a command, a view, an action…',
    views: 'Views',
    actions: 'Actions',
    settings: 'Settings',
    lessons: 'Lessons',
    none: 'Nothing fits.',
    inserts: 'Enter puts a command into the terminal; it does not run it.',
    theme: (name: string) => `Theme: ${name}`,
    language: (name: string) => `Language: ${name}`,
    results: (count: number) => `${count} found`,
  },
  {
    title: '查找命令、视图、操作或设置',
    placeholder: '查找命令、视图、操作……',
    views: '视图',
    actions: '操作',
    settings: '设置',
    lessons: '课程',
    none: '没有匹配的内容。',
    inserts: '回车会把命令填入终端，但不会运行。',
    theme: (name) => `主题：${name}`,
    language: (name) => `语言：${name}`,
    results: (count) => `找到 ${count} 项`,
  },
);
