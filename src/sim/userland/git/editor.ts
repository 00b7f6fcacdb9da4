/** The student's editor on a file of the repository. */
import { findProgram } from '../core/find-program.ts';
import { readText, writeText } from '../packages/sys-files.ts';
import type { Git } from './git.ts';
import { Quit } from './problem.ts';

export function editorOf(git: Git): string | undefined {
  const { env } = git.sys;
  const chosen =
    env.GIT_EDITOR ??
    git.config.get('core.editor') ??
    (env.TERM && env.TERM !== 'dumb' ? env.VISUAL : undefined) ??
    env.EDITOR;
  if (chosen) return chosen;
  if (!env.TERM || env.TERM === 'dumb') return undefined;
  for (const name of ['editor', 'vi', 'nano']) {
    try {
      return findProgram(git.sys, name) && name;
    } catch {}
  }
  return 'editor';
}

/** Writes the text, lets it be edited, and gives what it is then. */
export async function edited(git: Git, name: string, text: string): Promise<string> {
  const path = `${git.repo.gitDir}/${name}`;
  writeText(git.sys, path, text);
  const editor = editorOf(git);
  if (editor === undefined) {
    git.error('Terminal is dumb, but EDITOR unset');
    return refuse(git);
  }
  if (editor === ':') return text;
  let status: number;
  try {
    status = await git.shell(editor, [path]);
  } catch {
    git.error(`cannot run ${editor}: No such file or directory`);
    git.error(`unable to start editor '${editor}'`);
    return refuse(git);
  }
  if (status !== 0) {
    git.error(`There was a problem with the editor '${editor}'.`);
    return refuse(git);
  }
  return readText(git.sys, path) ?? '';
}

function refuse(git: Git): never {
  git.err('Please supply the message using either -m or -F option.\n');
  throw new Quit(1);
}

/** Comments, blanks at ends of lines, and doubled empty lines go. */
export function cleanMessage(text: string, mode: 'strip' | 'whitespace' | 'verbatim' | 'scissors'): string {
  if (mode === 'verbatim') return text;
  let body = text;
  if (mode === 'scissors') body = body.replace(/^# -+ >8 -+\n[\s\S]*$/m, '');
  const lines = body
    .split('\n')
    .filter((line) => mode !== 'strip' || !line.startsWith('#'))
    .map((line) => line.trimEnd());
  const joined = lines
    .join('\n')
    .replace(/^\n+/, '')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n+$/, '');
  return joined === '' ? '' : `${joined}\n`;
}
