import { wordsOf } from './words.ts';

export const terminalWords = wordsOf(
  {
    output: 'Terminal output',
    leftOut: (count: number) => `${count} lines before this are not read out.`,
    input: 'Command line',
    placeholder: 'Type a command',
    send: 'Enter',
  },
  {
    output: '终端输出',
    leftOut: (count) => `前面还有 ${count} 行未朗读。`,
    input: '命令行',
    placeholder: '输入命令',
    send: '回车',
  },
);
