import type { OutlineItem } from '../outline.ts';
import type { EngineMessage } from './calls.ts';
import type { EngineWords } from './words.ts';

/** The text twin: the messages as sentences, in order of time. */
export const engineOutline = (line: string, messages: readonly EngineMessage[], words: EngineWords): OutlineItem => ({
  id: 'command',
  text: words.picture(line),
  children: messages.map((message) => ({ id: message.id, text: words.sentence(message), children: [] })),
});
