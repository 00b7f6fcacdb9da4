/** What a lesson keeps closed: hints until it was tried, commands altogether. A rail, no wall: see docs/teachers.md. */
import type { Reader } from './schema.ts';

export interface Lock {
  /** Any of them opens hints and the solution. Undefined: they are open. */
  hints: { minutes?: number; failures?: number; code?: string } | undefined;
  /** Commands that are refused at a terminal: `docker system prune`. */
  commands: string[];
}

export function readLock(raw: unknown, read: Reader): Lock {
  const lock = read.object(raw, 'lock');
  read.only(lock, ['hints', 'commands'], 'lock');
  const commands = read.texts(lock.commands ?? [], 'lock.commands');
  if (lock.hints === undefined) return { hints: undefined, commands };
  const hints = read.object(lock.hints, 'lock.hints');
  read.only(hints, ['minutes', 'failures', 'code'], 'lock.hints');
  if (Object.keys(hints).length === 0) read.fail('lock.hints says nothing');
  return {
    hints: {
      ...(hints.minutes !== undefined && { minutes: read.number(hints.minutes, 'lock.hints.minutes') }),
      ...(hints.failures !== undefined && { failures: read.number(hints.failures, 'lock.hints.failures') }),
      ...(hints.code !== undefined && { code: read.text(hints.code, 'lock.hints.code') }),
    },
    commands,
  };
}

/** Whether hints are open, `minutes` after the lesson began and after so many failed commands. */
export function hintsOpen(
  lock: Lock | undefined,
  { minutes, failures }: { minutes: number; failures: number },
): boolean {
  const hints = lock?.hints;
  if (!hints) return true;
  return (
    (hints.minutes !== undefined && minutes >= hints.minutes) ||
    (hints.failures !== undefined && failures >= hints.failures)
  );
}

/**
 * The locked command that these words are, if any: its words in their order, other flags between them allowed; a flag of
 * the locked command may stand anywhere.
 */
export function lockedBy(commands: readonly string[], argv: readonly string[]): string | undefined {
  const [program = '', ...rest] = argv;
  const words = [program.slice(program.lastIndexOf('/') + 1), ...rest];
  const plain = words.filter((word) => !word.startsWith('-'));
  return commands.find((command) => {
    const wanted = command.split(/\s+/).filter(Boolean);
    const names = wanted.filter((word) => !word.startsWith('-'));
    return (
      names.length > 0 &&
      names.every((word, index) => plain[index] === word) &&
      wanted.every((word) => !word.startsWith('-') || words.includes(word))
    );
  });
}

/** What a refused command says. */
export const refusal = (command: string, title: string): string =>
  `drydock: "${command}" is locked by the lesson "${title}"`;
