import type { Shell } from '../shell.ts';
import type { CommandNode } from '../syntax/grammar.ts';
import { printCommand } from '../syntax/print.ts';

/** A command as messages, `jobs` and BASH_COMMAND show it: bash prints its tree, the others keep what was typed. */
export const commandText = (shell: Shell, node: CommandNode): string =>
  shell.dialect.bash ? printCommand(shell.chunk.source, node) : shell.chunk.source.slice(node.pos, node.end);

/** BASH_COMMAND: not while a trap runs. */
export const noteCommand = (shell: Shell, node: CommandNode): void => {
  if (shell.trapsRunning.size > 0) return;
  shell.currentNode = node;
  shell.currentChunk = shell.chunk;
};

/** What `noteCommand` noted. */
export const currentCommand = ({ currentNode, currentChunk }: Shell): string =>
  currentNode ? printCommand(currentChunk.source, currentNode) : '';
