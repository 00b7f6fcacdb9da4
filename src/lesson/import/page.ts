/** A Markdown page of someone else's, as the body of a step: its commands can be clicked, the rest is only read. */
import type { Course, SolutionLine } from '../format.ts';
import type { Goal } from '../goals.ts';

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

/** A code block: its info string, its text, what follows the closing fence. */
export interface Block {
  info: string;
  text: string;
  after: string;
}

/** Whether a block is typed, written to a file, or only read. */
export type Use =
  | { run: string; interrupt?: boolean; terminal?: string }
  | { save: string; text: string; append?: boolean }
  | 'read';

/** The page with its blocks used as `use` says, and headings below those of a step. */
export function readPage(markdown: string, use: (block: Block) => Use): { body: string; commands: SolutionLine[] } {
  const commands: SolutionLine[] = [];
  const body = pieces(markdown)
    .map((piece) => {
      if (typeof piece === 'string') return piece.replace(/^ {0,3}#{1,6} +/gm, '#### ');
      const used = use(piece);
      if (used === 'read') return quote(fence(piece.text));
      const command = 'run' in used ? used.run : saveCommand(used.save, used.text, used.append);
      if (command.trim() === '') return '';
      const first = 'run' in used && used.interrupt ? ['^C'] : [];
      const terminal = 'run' in used && used.terminal ? { terminal: used.terminal } : {};
      const typed = [...first, ...('run' in used ? commandsOf(command) : [command])];
      commands.push(...typed.map((run) => ({ run, ...terminal })));
      return fence([...first, command].join('\n'));
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
  let open: { mark: string; indent: number; info: string; lines: string[] } | undefined;
  const close = (after: string): void => {
    found.push({ info: open!.info, text: open!.lines.join('\n'), after });
    open = undefined;
  };
  for (const line of markdown.split(/\r?\n/)) {
    const [, space = '', mark = '', rest = ''] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open) {
      if (mark.startsWith(open.mark) && !/^\s*\w/.test(rest)) close(rest.trim());
      else open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)));
    } else if (mark) {
      found.push(text.join('\n'));
      text = [];
      open = { mark, indent: space.length, info: rest.trim(), lines: [] };
    } else text.push(line);
  }
  if (open) close('');
  found.push(text.join('\n'));
  return found;
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
export const isShell = (info: string): boolean => /^(bash|sh|shell|zsh|console|terminal)?(\s|\{|$)/i.test(info);

/** What is typed of a block that shows a session: the lines after `$ `, without their output. */
export function typedOf(text: string): string {
  const lines = text.split('\n');
  const typed = lines.filter((line) => /^\s*\$ /.test(line)).map((line) => line.replace(/^\s*\$ /, ''));
  return typed.length > 0 ? typed.join('\n') : text;
}

/** The commands of a block: a line each, but for here-documents and lines that go on. */
export function commandsOf(text: string): string[] {
  const commands: string[] = [];
  let end: string | undefined;
  let joined = false;
  for (const line of text.trim().split('\n')) {
    const goesOn = end !== undefined || joined;
    if (goesOn) commands[commands.length - 1] += `\n${line}`;
    else if (line.trim() !== '' && !line.trimStart().startsWith('#')) commands.push(line);
    else continue;
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      continue;
    }
    joined = /(?:\\|&&|\|\|?)\s*$/.test(line);
    end = /<<-?\s*(['"]?)([\w.]+)\1/.exec(line)?.[2];
  }
  return commands;
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
