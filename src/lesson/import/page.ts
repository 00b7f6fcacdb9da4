/** A Markdown page of someone else's, as the body of a step: its commands can be clicked, the rest is only read. */
import type { Course, SolutionLine } from '../format.ts';
import type { Goal } from '../goals.ts';
import { commandsOf, goesOn } from './command-lines.ts';
import { isToComplete } from './shown.ts';

export const mostFiles = 500;
export const mostText = 8 << 20;
export const mostSteps = 100;
/** Characters of a page, and of a line in which actions and directives are looked for: what people write is shorter. */
export const longestPage = 256 << 10;
export const longestLine = 2000;

export const isPage = (path: string): boolean => /\.(md|markdown)$/i.test(path);

export interface ImportedStep {
  title: string;
  body: string;
  goals: Goal[];
  commands: SolutionLine[];
  background?: string;
  foreground?: string;
}

export interface Imported {
  title: string;
  summary: string;
  course: Course;
  workspace: Record<string, string>;
  setup: string[];
  steps: ImportedStep[];
  notes: string[];
}

/** A code block: its info string, its text, the paragraph before it, what follows the closing fence. */
export interface Block {
  before: string;
  info: string;
  text: string;
  after: string;
}

/** Whether a block is typed, written to a file, or only read. */
export type Use =
  | { run: string; interrupt?: boolean; terminal?: string }
  | { save: string; text: string; append?: boolean }
  | 'read';

/**
 * The page with its blocks used as `use` says, and headings below those of a step. What wants something of its reader's
 * own is no command of the solution, and is told.
 */
export function readPage(
  markdown: string,
  use: (block: Block) => Use,
  tell: (note: string) => void,
): { body: string; commands: SolutionLine[] } {
  const commands: SolutionLine[] = [];
  const body = pieces(markdown)
    .map((piece) => {
      if (typeof piece === 'string') return piece.replace(/^ {0,3}#{1,6} +/gm, '#### ');
      const used = use(piece);
      if (used === 'read') return quote(fence(piece.text));
      if ('save' in used) {
        const command = saveCommand(used.save, used.text, used.append);
        commands.push({ run: command });
        return fence(command);
      }
      const { typed, body } = runBlock(used.run, used.interrupt);
      const terminal = used.terminal ? { terminal: used.terminal } : {};
      for (const run of typed) {
        if (isToComplete(run)) tell(`"${run}" wants something of one's own`);
        else commands.push({ run, ...terminal });
      }
      return typed.length > 0 && typed.every(isToComplete) ? quote(fence(used.run)) : body;
    })
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return { body, commands };
}

/** Text and code blocks in their order; an unclosed fence goes to the end. */
function pieces(markdown: string): (string | Block)[] {
  const found: (string | Block)[] = [];
  let text: string[] = [];
  let open: { mark: string; indent: number; info: string; lines: string[]; before: string } | undefined;
  const close = (after: string): void => {
    const { info, before, lines } = open!;
    found.push({ info, before, text: lines.join('\n'), after });
    open = undefined;
  };
  for (const line of markdown.split(/\r?\n/)) {
    const [, space = '', mark = '', rest = ''] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open) {
      if (mark.startsWith(open.mark) && !/^\s*\w/.test(rest)) close(rest.trim());
      else open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    } else if (mark) {
      const before = text.join('\n');
      found.push(before);
      text = [];
      open = {
        mark,
        indent: space.length,
        info: rest.trim(),
        lines: [],
        before: before
          .trim()
          .split(/\n\s*\n/)
          .at(-1)!,
      };
    } else text.push(line);
  }
  if (open) close('');
  found.push(text.join('\n'));
  return found;
}

/** A block that is typed: of a session its commands, each with what it printed to be read below it. */
function runBlock(text: string, interrupt = false): { typed: string[]; body: string } {
  if (text.trim() === '' && !interrupt) return { typed: [], body: '' };
  const first = interrupt ? ['^C'] : [];
  const session = sessionOf(text);
  const typed = [...first, ...session.flatMap((one) => commandsOf(one.typed))];
  const [begin = '', ...rest] = session.map(({ typed, printed }) => {
    const said = printed.trim() === '' ? '' : quote(fence(printed.replace(/^\n+|\s+$/g, '')));
    return typed.trim() === '' ? said : fence(typed) + said;
  });
  return { typed, body: [interrupt ? begin.replace(/^(\n`+\n)/, '$1^C\n') : begin, ...rest].join('') };
}

const fence = (text: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const mark = '`'.repeat(longest + 1);
  return `\n${mark}\n${text}\n${mark}\n`;
};

const quote = (text: string): string => text.replace(/^(?=.)/gm, '> ').replace(/^\n|\n$/g, '\n');

/** Writes a file as someone would who has no editor. */
function saveCommand(path: string, text: string, append = false): string {
  let end = 'EOF';
  while (text.split('\n').includes(end)) end += '_';
  const slash = path.lastIndexOf('/');
  const folder = slash > 0 ? `mkdir -p ${quoted(path.slice(0, slash))} && ` : '';
  return `${folder}cat ${append ? '>>' : '>'} ${quoted(path)} <<'${end}'\n${text}\n${end}`;
}

export const quoted = (word: string): string =>
  /^[\w./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** A folder's files come without their modes. */
export function runnable(workspace: Readonly<Record<string, string>>): string[] {
  const scripts = Object.keys(workspace).filter((path) => workspace[path]!.startsWith('#!'));
  return scripts.length > 0 ? [`chmod +x ${scripts.map(quoted).join(' ')}`] : [];
}

/** Shells, by the names that fences give them; '' is a fence without a name. */
export const isShell = (info: string): boolean =>
  /^\{?\.?(?:(?:bash|sh|shell|zsh|console|terminal|cmdline)(?:-?session)?)?(?:[\s{}:]|$)/i.test(info);

/**
 * What stands before a command in a session that a page shows: `$`, `/ #`, `bash-5.1#`, `root@host:/#`, `[me@host ~]$`.
 * A bare `#` begins a comment.
 */
const prompt = /^\s*(?:\$|[~/][\w./-]* [#$]|\[?[\w.-]+@[\w.-]+[: ][^\s#$\]]*\]?[#$]|(?:ba)?sh-[\d.]+[#$])(?:\s+|$)/;

export const isSession = (text: string): boolean => text.split('\n').some((line) => prompt.test(line));

/** A session's commands with what they printed; a text without a prompt is all typed. */
function sessionOf(text: string): { typed: string; printed: string }[] {
  if (!isSession(text)) return [{ typed: text, printed: '' }];
  const session: { typed: string; printed: string }[] = [];
  for (const line of text.split('\n')) {
    const last = session.at(-1);
    const [before] = prompt.exec(line) ?? [];
    if (last && goesOn(last.typed)) last.typed += `\n${line.replace(/^> ?/, '')}`;
    else if (before !== undefined) session.push({ typed: line.slice(before.length), printed: '' });
    else if (last) last.printed += `${line}\n`;
  }
  return session;
}

/** A path below `folder`, or undefined when it leads out of it. */
export function below(folder: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
