import { wordsOf } from './words.ts';

/** Around the picture of the engine's calls. */
export const engineViewWords = wordsOf(
  {
    command: 'Command',
    inner: 'Calls inside the host',
    request: 'Request',
    response: 'Response',
    pending: 'No response yet',
    noBody: 'no text body',
    cut: (characters: number) => `… cut after ${characters} characters`,
    call: 'Call',
    calls: (count: number) => `${count} calls of the same kind`,
    unfolded: 'They are listed one by one below it.',
    failed: 'Failed',
    happened: 'What happened',
    times: (count: number) => `${count} times, one after another`,
    close: 'Close',
    lost: 'The command did more than is kept here; its end is missing.',
  },
  {
    command: '命令',
    inner: '主机内部的调用',
    request: '请求',
    response: '响应',
    pending: '还没有响应',
    noBody: '没有文本正文',
    cut: (characters) => `… 在 ${characters} 个字符后截断`,
    call: '调用',
    calls: (count) => `${count} 次同类调用`,
    unfolded: '在它下面逐条列出。',
    failed: '失败',
    happened: '发生了什么',
    times: (count) => `连续 ${count} 次`,
    close: '关闭',
    lost: '此命令做的比这里保留的多，末尾缺失。',
  },
);
