import type { Shell } from '../shell.ts';
import type { Subshell } from '../syntax/grammar.ts';
import { commandText } from './command-text.ts';
import { runForegroundJob } from './foreground.ts';
import { runStatements } from './run.ts';

export const runSubshell = async (shell: Shell, node: Subshell): Promise<void> => {
  await runForegroundJob(
    shell,
    () => commandText(shell, node),
    (child) => {
      child.tail = node.body.commands.length === 1;
      child.unchecked = shell.unchecked;
      return runStatements(child, node.body.commands);
    },
  );
};
