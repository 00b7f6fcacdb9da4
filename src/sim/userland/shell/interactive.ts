import { isErrno } from '../../../spec/index.ts';
import { warnOfStopped } from './builtins/flow.ts';
import { jobLine } from './builtins/processes.ts';
import { readLine } from './builtins/read-line.ts';
import { Abort, Interrupted, LoopExit, ShellExit } from './control.ts';
import { editLine } from './editor/editor.ts';
import { takeTerminal } from './exec/foreground.ts';
import { reap } from './exec/process.ts';
import { readingOptions, reportSyntax, runRecognised, runText } from './exec/source.ts';
import { elementsOf } from './expand/special.ts';
import { expandHistory, HistoryFault } from './history/expand.ts';
import { loadHistory, remember, saveHistory } from './history/file.ts';
import { renderPrompt } from './prompt.ts';
import type { Shell } from './shell.ts';
import { SyntaxFault } from './syntax/fault.ts';
import { recognise } from './syntax/recogniser.ts';
import { installInterrupt, runPendingTraps } from './traps.ts';

/** No terminal, no jobs. */
export const announceJobControl = async (shell: Shell): Promise<void> => {
  const { dialect, name } = shell;
  if (shell.sys.isatty(0)) return;
  if (dialect.bash) {
    const group = `cannot set terminal process group (${shell.sys.getpgid()}): Inappropriate ioctl for device`;
    await shell.write(2, `${shell.mainProgram}: ${group}\n${shell.mainProgram}: no job control in this shell\n`);
  } else
    await shell.write(2, `${name}: ${dialect.name === 'dash' ? '0: ' : ''}can't access tty; job control turned off\n`);
};

/** What every interactive shell begins with: signals, job control, prompts, the history. */
export const setUp = async (shell: Shell): Promise<void> => {
  const { sys } = shell;
  for (const signal of [3, 15, 20, 21, 22]) sys.signal(signal, 'ignore');
  installInterrupt(shell);
  if (!sys.isatty(0)) {
    prepare(shell);
    return;
  }
  try {
    const terminal = sys.dup(0, shell.dialect.bash ? 255 : 10);
    sys.setCloexec(terminal, true);
    shell.privateFds.add(terminal);
    if (sys.getpgid() !== sys.pid && sys.getsid() !== sys.pid) sys.setpgid(0, sys.pid);
    shell.terminal = terminal;
    shell.options.add('monitor');
    takeTerminal(shell);
  } catch (error) {
    if (!isErrno(error)) throw error;
  }
  prepare(shell);
};

const prepare = (shell: Shell): void => {
  defaultPrompts(shell);
  if (shell.dialect.bash) for (const option of ['history', 'histexpand']) shell.options.add(option);
  if (shell.dialect.bash) shell.options.add(shell.has('vi') ? 'vi' : 'emacs');
  if (shell.dialect.bash) shell.shopts.expand_aliases = true;
  const home = shell.vars.get('HOME');
  const fallback = (name: string, value: string) => {
    if (shell.vars.get(name) === undefined) shell.vars.set(name, value);
  };
  if (shell.dialect.bash) {
    if (home) fallback('HISTFILE', `${home}/.bash_history`);
    fallback('HISTSIZE', '500');
    fallback('HISTFILESIZE', '500');
  }
  loadHistory(shell);
};

const defaultPrompts = (shell: Shell): void => {
  const root = shell.sys.cred.euid === 0;
  const fallback = (name: string, value: string) => {
    if (shell.vars.get(name) === undefined) shell.vars.set(name, value);
  };
  if (shell.dialect.bash) fallback('PS1', '\\s-\\v\\$ ');
  else if (shell.dialect.name === 'ash') fallback('PS1', '\\w \\$ ');
  else fallback('PS1', root ? '# ' : '$ ');
  fallback('PS2', '> ');
};

/** Notices of jobs that ended or stopped, before a prompt. */
const notify = async (shell: Shell): Promise<void> => {
  await reap(shell);
  for (const job of [...shell.jobs.list]) {
    if (job.notified || job.state === 'Running') continue;
    job.notified = true;
    await shell.write(2, jobLine(shell, job));
    if (job.state === 'Done') shell.jobs.remove(job);
  }
};

/** $PROMPT_COMMAND, or each element of it. */
const runPromptCommand = async (shell: Shell): Promise<void> => {
  const { status, lastArgument, line } = shell;
  for (const command of elementsOf(shell, 'PROMPT_COMMAND')) {
    try {
      await runText(shell, command, { label: 'PROMPT_COMMAND', firstLine: line });
    } catch (thrown) {
      if (!(thrown instanceof Abort)) throw thrown;
    }
    Object.assign(shell, { status, lastArgument, line });
  }
};

/** The further lines of a text that was edited, or pasted, as one: they are taken without a prompt. */
const further = new WeakMap<Shell, string[]>();

/** One line from the terminal, without its newline; null at the end of file. */
const ask = async (shell: Shell, ps: 'PS1' | 'PS2'): Promise<string | null> => {
  const waiting = further.get(shell)?.shift();
  if (waiting !== undefined) return waiting;
  if (ps === 'PS1' && shell.dialect.bash) await runPromptCommand(shell);
  const prompt = await renderPrompt(shell, shell.vars.get(ps) ?? '');
  const editing = shell.dialect.name !== 'dash' && shell.terminal !== undefined && shell.vars.get('TERM') !== 'dumb';
  if (editing) {
    const text = await editLine(shell, prompt);
    if (text === null) return null;
    const [line, ...rest] = text.split('\n');
    further.set(shell, rest.at(-1) === '' ? rest.slice(0, -1) : rest);
    return line!;
  }
  await shell.write(shell.dialect.name === 'ash' ? 1 : 2, prompt.replace(/[\x01\x02]/g, ''));
  const line = await readLine(shell.sys, 0);
  if (!line.complete && line.text === '') return null;
  // readline echoes what it reads wherever that comes from.
  if (shell.dialect.bash && shell.terminal === undefined) await shell.write(2, `${line.text}\n`);
  return line.text;
};

/** Reads lines until they make a whole command. */
const readCommand = async (shell: Shell): Promise<{ text: string; lines: number } | null> => {
  let text = '';
  let entry = '';
  let inDocument = false;
  for (let lines = 1; ; lines++) {
    const ps = text === '' ? 'PS1' : 'PS2';
    let line = await ask(shell, ps);
    if (line === null) {
      if (text === '') return null;
      await tryParse(shell, text, true);
      return { text: '', lines };
    }
    // A here-document's lines are read past the history library (parse.y read_secondary_line).
    if (shell.dialect.bash && !inDocument && /[!^]/.test(line)) {
      const expanded = await withHistory(shell, line);
      if (expanded === undefined) return { text: '', lines };
      line = expanded;
    }
    text += `${line}\n`;
    const missing = await tryParse(shell, text, false);
    entry += line;
    if (missing === undefined) {
      shell.history.holdsCurrent = (!shell.dialect.bash || shell.has('history')) && remember(shell, entry);
      return { text, lines };
    }
    entry = joined(shell, entry, missing);
    inDocument = missing.fault.type === 'heredoc';
  }
};

/** The line with its history designators replaced, told when that changed it; undefined when there is nothing to run. */
const withHistory = async (shell: Shell, line: string): Promise<string | undefined> => {
  if (!shell.has('histexpand')) return line;
  try {
    const { line: expanded, changed, printOnly } = expandHistory(shell, line);
    if (changed) await shell.write(2, `${expanded}\n`);
    if (!printOnly) return expanded;
    remember(shell, expanded);
  } catch (error) {
    if (!(error instanceof HistoryFault)) throw error;
    await shell.write(2, `${shell.name}: ${error.text}\n`);
  }
  return undefined;
};

/** What a history entry has before its next line: in quotes and here-documents a newline, else what separates commands. */
const joined = (shell: Shell, entry: string, missing: SyntaxFault): string => {
  if (!shell.dialect.bash || missing.fault.type === 'heredoc') return `${entry}\n`;
  if (/(?<!\\)(?:\\\\)*\\$/.test(entry)) return entry.slice(0, -1);
  if (missing.fault.type === 'unterminated' && /^["'`]$/.test(missing.fault.closer)) return `${entry}\n`;
  const opens = /(?:^|[\s;])(?:then|do|else|elif|if|while|until|in|\{)\s*$|[|&;({!]\s*$|\(\)\s*$/.test(entry);
  return entry.trim() === '' ? entry : `${entry.trimEnd()}${opens ? ' ' : '; '}`;
};

/** What is still missing; undefined when the text can be run, or can only be reported. */
const tryParse = async (shell: Shell, text: string, end: boolean): Promise<SyntaxFault | undefined> => {
  try {
    for (let at = 0; at < text.length; ) {
      at = recognise(text, at, shell.dialect, { ...readingOptions(shell), interactive: !end }).end;
    }
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    if (error.incomplete && !end) return error;
    if (end) await reportSyntax(shell, error, 1);
  }
  return undefined;
};

const runCommandText = async (shell: Shell, text: string, line: number): Promise<void> => {
  for (let at = 0; at < text.length; ) {
    const found = recognise(text, at, shell.dialect, { ...readingOptions(shell) });
    await runRecognised(shell, found, line);
    at = found.end;
  }
};

/** dash forgets what it had read ahead when a command fails. */
const dropInput = async (shell: Shell): Promise<void> => {
  if (shell.terminal !== undefined) return;
  while ((await shell.sys.read(0, 4096)).length > 0);
};

/** What an error or Ctrl-C leaves behind is put right, and the prompt comes again. */
const recover = async (shell: Shell, thrown: unknown, line: number): Promise<void> => {
  if (thrown instanceof SyntaxFault) {
    await reportSyntax(shell, thrown, line);
    shell.status = 2;
  } else if (thrown instanceof Abort) shell.status = thrown.status;
  else if (thrown instanceof Interrupted) {
    shell.status = 130;
    await shell.write(2, '\n');
  } else if (!(thrown instanceof LoopExit)) throw thrown;
  shell.unchecked = 0;
  shell.loopDepth = 0;
  shell.frames = [];
  shell.running = undefined;
  shell.interrupted = false;
};

/** What an end of file prints at a terminal; dash ends the line only when it does leave. */
const sayGoodbye = async (shell: Shell): Promise<void> => {
  if (!shell.dialect.bash && shell.jobs.holdExit) return;
  try {
    await shell.write(2, shell.login && shell.dialect.bash ? 'logout\n' : shell.dialect.bash ? 'exit\n' : '\n');
  } catch (error) {
    if (!isErrno(error, 'EIO')) throw error;
  }
};

export const runInteractive = async (shell: Shell): Promise<number> => {
  await setUp(shell);
  return converse(shell);
};

/** Prompt after prompt until the end. */
export const converse = async (shell: Shell): Promise<number> => {
  if (shell.greeting) await shell.write(1, shell.greeting);
  let line = 1;
  try {
    for (;;) {
      await notify(shell);
      shell.line = line;
      const command = await next(shell);
      if (command === null) {
        await sayGoodbye(shell);
        if (await warnOfStopped(shell)) continue;
        break;
      }
      shell.jobs.warned = shell.jobs.warned === 2 ? 1 : 0;
      const typed = command.text.trim();
      try {
        if (typed) shell.commandNumber++;
        if (typed) shell.sys.commandBegin(typed, true);
        await runCommandText(shell, command.text, line);
        if (shell.dialect.bash && shell.jobs.warned === 1) shell.jobs.warned = 0;
        if (shell.pendingSignals.length > 0) await runPendingTraps(shell);
      } catch (thrown) {
        await recover(shell, thrown, line);
        if (shell.dialect.name === 'dash' && thrown instanceof Abort) await dropInput(shell);
      }
      if (typed) shell.sys.commandEnd(shell.status);
      line += command.lines;
    }
    return shell.status;
  } catch (thrown) {
    if (thrown instanceof ShellExit) return thrown.status;
    throw thrown;
  } finally {
    saveHistory(shell);
  }
};

/** A Ctrl-C at the prompt drops the line and asks again; a terminal that is gone, or another group's, has no more lines. */
const next = async (shell: Shell): Promise<{ text: string; lines: number } | null> => {
  for (;;) {
    try {
      const command = await readCommand(shell);
      if (!shell.interrupted) return command;
    } catch (error) {
      if (isErrno(error, 'EIO')) return null;
      if (!isErrno(error, 'EINTR') && !(error instanceof Interrupted)) throw error;
      if (shell.pendingSignals.length > 0) await runPendingTraps(shell);
      if (!shell.interrupted && !(error instanceof Interrupted)) continue;
    }
    further.delete(shell);
    shell.interrupted = false;
    shell.status = 130;
    await shell.write(2, '\n');
  }
};
