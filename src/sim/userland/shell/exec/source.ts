import { encodeText } from '../../core/escaped-bytes.ts';
import { Abort } from '../control.ts';
import { remember } from '../history/file.ts';
import type { Shell } from '../shell.ts';
import { faultShowsLine, faultText, SyntaxFault } from '../syntax/fault.ts';
import { Chunk, parseScript } from '../syntax/grammar.ts';
import { type Recognised, recognise } from '../syntax/recogniser.ts';
import { runStatements } from './run.ts';

export interface SourceOptions {
  /** File name for messages and BASH_SOURCE. */
  name?: string;
  /** What bash puts before "line N" of a syntax error: -c, eval. */
  label?: string;
  firstLine?: number;
  trap?: boolean;
  /** The last command may replace the shell. */
  tail?: boolean;
  /** What the process was started for: each command is told to whoever traces the machine. */
  traced?: boolean;
}

const countLines = (text: string, from: number, to: number): number => {
  let lines = 0;
  for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) lines++;
  return lines;
};

const aliasesOf = (shell: Shell): ReadonlyMap<string, string> | undefined =>
  shell.aliases.size > 0 && (!shell.dialect.bash || shell.shopts.expand_aliases) ? shell.aliases : undefined;

/** What the reader of commands must know of the shell. */
export const readingOptions = (shell: Shell) => ({
  aliases: aliasesOf(shell),
  extglob: Boolean(shell.shopts.extglob),
});

/** Prints a syntax error as the shell does. */
export const reportSyntax = async (
  shell: Shell,
  error: SyntaxFault,
  line: number,
  label?: string,
  file?: string,
): Promise<void> => {
  const { fault } = error;
  const text = faultText(fault, shell.dialect);
  const saved = shell.line;
  const atEnd = fault.type === 'unexpected' ? fault.token.kind === 'eof' : fault.type === 'unterminated' && fault.atEnd;
  shell.line = line + (atEnd && shell.dialect.bash && !error.lineText.match(/^$/) ? 1 : 0);
  if (!shell.dialect.bash) {
    await shell.complain(text, label === 'eval' ? 'eval' : undefined);
  } else if (shell.interactive && (!label || label === '-c')) {
    if (text !== '') await shell.write(2, `${shell.mainProgram}: ${text}\n`);
  } else {
    const head = `${file ?? shell.chunk.name ?? shell.name}: ${label ? `${label}: ` : ''}line ${shell.line}: `;
    if (text === '') {
      shell.line = saved;
      return;
    }
    const shown = faultShowsLine(fault) ? `${head}\`${error.lineText}'\n` : '';
    await shell.write(2, `${head}${text}\n${shown}`);
  }
  shell.line = saved;
};

/** One complete command of a text: reads it, runs it. */
export const runRecognised = async (shell: Shell, found: Recognised, line: number, name?: string): Promise<void> => {
  if (found.empty) return;
  if (found.unclosed && shell.dialect.bash) {
    shell.line = line + found.unclosed.line - 1;
    await shell.complain(
      `warning: here-document at line ${line} delimited by end-of-file (wanted \`${found.unclosed.delimiter}')`,
      '',
    );
  }
  shell.chunk = new Chunk(found.source, line, name);
  if (shell.dialect.bash) shell.line = shell.chunk.lineOf(found.source.trimEnd().length);
  await runStatements(shell, parseScript(found.source).commands);
};

/** A script's command: told to whoever traces the machine, remembered with `set -o history`. */
export const beginCommand = (shell: Shell, text: string): void => {
  shell.sys.commandBegin(text, false);
  shell.history.holdsCurrent = shell.has('history') && remember(shell, text);
};

/** After an error that drops the current command bash goes on with the next one of the same text. */
export const resumes = (shell: Shell, thrown: unknown, atTop: boolean): thrown is Abort =>
  thrown instanceof Abort &&
  thrown.discard &&
  (!shell.has('errexit') || shell.unchecked > 0) &&
  (atTop || !thrown.toTop) &&
  shell.dialect.bash &&
  shell.subshellDepth === 0;

/** An interactive shell survives every error of `-c`. */
const survives = (shell: Shell, thrown: unknown, atTop: boolean): thrown is Abort =>
  thrown instanceof Abort && atTop && shell.interactive && shell.dialect.bash && shell.subshellDepth === 0;

/**
 * Reads and runs a text one complete command at a time, so that what comes before a syntax error runs, and an alias
 * counts from the next line on.
 */
export const runText = async (shell: Shell, text: string, options: SourceOptions = {}): Promise<number> => {
  const saved = { chunk: shell.chunk, line: shell.line };
  const name = options.name ?? saved.chunk.name;
  let line = options.firstLine ?? (options.trap ? shell.line : 1);
  try {
    for (let at = 0; at < text.length; ) {
      const found = await next(shell, text, at, line, options);
      if (shell.has('verbose') && (options.traced || options.name))
        await shell.write(2, encodeText(text.slice(at, found.end)));
      // dash stays and waits for the last command; bash and ash become it.
      const last = options.tail && shell.dialect.name !== 'dash' && text.slice(found.end).trim() === '';
      shell.tail = Boolean(last);
      if (options.traced && !found.empty) beginCommand(shell, text.slice(at, found.end).trim());
      try {
        await runRecognised(shell, found, line, name);
      } catch (thrown) {
        const top = Boolean(options.traced);
        if (!resumes(shell, thrown, top) && !survives(shell, thrown, top)) throw thrown;
        shell.status = thrown.status;
      }
      if (options.traced) shell.sys.commandEnd(shell.status);
      line += countLines(text, at, found.end);
      at = found.end;
    }
  } finally {
    shell.chunk = saved.chunk;
    shell.line = saved.line;
    shell.tail = false;
  }
  return shell.status;
};

const next = async (
  shell: Shell,
  text: string,
  at: number,
  line: number,
  options: SourceOptions,
): Promise<Recognised> => {
  try {
    return recognise(text, at, shell.dialect, { ...readingOptions(shell) });
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    const first = countLines(text, 0, at);
    await reportSyntax(shell, error, line + error.line - 1 - first, options.label, options.name);
    // bash -c takes a fault in a substitution for a command that could not be had.
    const status = error.nested && !error.incomplete && options.label === '-c' && shell.dialect.bash ? 127 : 2;
    if (error.fault.type === 'conditional' && !error.incomplete) throw new Abort(shell.status, false);
    shell.status = status;
    throw new Abort(status, options.label === 'eval' || Boolean(options.trap));
  }
};
