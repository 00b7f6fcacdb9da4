import type { Shell } from '../shell.ts';
import type { Subshell } from '../syntax/grammar.ts';
import { runForegroundJob } from './foreground.ts';
import { runStatements } from './run.ts';

export const runSubshell = async (shell: Shell, node: Subshell): Promise<void> => {
  const text = shell.chunk.source.slice(node.pos, node.end);
  await runForegroundJob(shell, text, (child) => {
    child.tail = node.body.commands.length === 1;
    child.unchecked = shell.unchecked;
    return runStatements(child, node.body.commands);
  });
};
