import { readLine } from '../builtins/read-line.ts';
import type { Shell } from '../shell.ts';

/** One edited line from the terminal; null at the end of file. */
export const editLine = async (shell: Shell, prompt: string): Promise<string | null> => {
  await shell.write(2, prompt);
  const line = await readLine(shell.sys, 0);
  return !line.complete && line.text === '' ? null : line.text;
};
