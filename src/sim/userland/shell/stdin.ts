import { readLine } from './builtins/read-line.ts';
import { Abort } from './control.ts';
import { beginCommand, readingOptions, reportSyntax, resumes, runRecognised } from './exec/source.ts';
import type { Shell } from './shell.ts';
import { SyntaxFault } from './syntax/fault.ts';
import { recognise } from './syntax/recogniser.ts';

/** The script comes on standard input, which its commands read too: it is taken one line at a time. */
export const runStdin = async (shell: Shell): Promise<number> => {
  let line = 1;
  for (;;) {
    let text = '';
    let lines = 0;
    for (;;) {
      const next = await readLine(shell.sys, 0);
      const end = !next.complete;
      text += next.text + (end ? '' : '\n');
      lines++;
      if (text === '') return shell.status;
      if (shell.has('verbose')) await shell.write(2, next.text + (end ? '' : '\n'));
      const incomplete = await step(shell, text, line, end);
      if (!incomplete) {
        if (end) return shell.status;
        break;
      }
    }
    line += lines;
  }
};

/** Runs the text if it is whole; true when it needs another line. */
const step = async (shell: Shell, text: string, line: number, end: boolean): Promise<boolean> => {
  try {
    const found = recognise(text, 0, shell.dialect, { ...readingOptions(shell), interactive: !end });
    if (!found.empty) beginCommand(shell, text.trim());
    await runRecognised(shell, found, line);
    shell.sys.commandEnd(shell.status);
  } catch (error) {
    if (resumes(shell, error, true)) {
      shell.status = error.status;
      return false;
    }
    if (!(error instanceof SyntaxFault)) throw error;
    if (error.incomplete && !end) return true;
    await reportSyntax(shell, error, line + error.line - 1);
    throw new Abort(error.fault.type === 'conditional' && !error.incomplete ? shell.status : 2);
  }
  return false;
};
