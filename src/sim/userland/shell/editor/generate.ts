import { isErrno } from '../../../../spec/index.ts';
import { decodeBytes } from '../../core/escaped-bytes.ts';
import { builtinNames } from '../builtins/enable.ts';
import { helpTopics } from '../builtins/help.ts';
import type { CompletionSpec } from '../completions.ts';
import { callFunction } from '../exec/function.ts';
import { substituteCommand } from '../exec/substitute.ts';
import { expandWord } from '../expand/expand.ts';
import { glob } from '../expand/glob.ts';
import { patternRegExp } from '../expand/pattern.ts';
import { bashOptions, shoptNames } from '../options.ts';
import { quoteReusable } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { signalName } from '../signal-names.ts';
import { parseScript, parseWords } from '../syntax/grammar.ts';
import { AssociativeArray, IndexedArray } from '../variables.ts';
import { functionNames } from './keymaps.ts';

/** What is being completed. */
export interface Situation {
  word: string;
  words: readonly string[];
  index: number;
  line: string;
  point: number;
  command: string;
  previous: string;
}

export const entries = (shell: Shell, directory: string): { name: string; type: number }[] => {
  try {
    return shell.sys.readdir(directory === '' ? '.' : directory);
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
};

export const isDirectory = (shell: Shell, path: string): boolean => {
  try {
    return (shell.sys.stat(path).mode & 0o170000) === 0o040000;
  } catch {
    return false;
  }
};

/** Path names that begin with `word`, as the disk has them. */
export const pathsOf = (shell: Shell, word: string): string[] => {
  const slash = word.lastIndexOf('/') + 1;
  const [directory, prefix] = [word.slice(0, slash), word.slice(slash)];
  const home = shell.vars.get('HOME') ?? '';
  const place = directory.startsWith('~/') ? home + directory.slice(1) : directory;
  return entries(shell, place)
    .filter((e) => e.name.startsWith(prefix) && (prefix !== '' || e.name[0] !== '.'))
    .map((e) => directory + e.name)
    .sort();
};

const keywords =
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(' ');

const accounts = (shell: Shell, file: string): string[] => {
  try {
    const fd = shell.sys.openSync(file);
    const text = decodeBytes(shell.sys.pread(fd, 0, 1 << 20));
    shell.sys.close(fd);
    return text.split('\n').flatMap((l) => (l.includes(':') ? [l.split(':')[0]!] : []));
  } catch {
    return [];
  }
};

const hostNames = (shell: Shell): string[] => {
  try {
    const fd = shell.sys.openSync(shell.vars.get('HOSTFILE') ?? '/etc/hosts');
    const text = decodeBytes(shell.sys.pread(fd, 0, 1 << 20));
    shell.sys.close(fd);
    return text.split('\n').flatMap((l) => l.replace(/#.*/, '').trim().split(/\s+/).slice(1));
  } catch {
    return [];
  }
};

const programNames = (shell: Shell, word: string): string[] => {
  const found = (shell.vars.get('PATH') ?? '').split(':').flatMap((directory) =>
    entries(shell, directory)
      .map((e) => e.name)
      .filter((name) => name.startsWith(word))
      .sort(),
  );
  return found;
};

/** The commands that begin with `word`: in bash's order, a name as often as it is found. */
const commandNames = (shell: Shell, word: string): string[] => {
  const begins = (names: Iterable<string>) => [...names].filter((n) => n.startsWith(word));
  if (word.includes('/')) return pathsOf(shell, word);
  return [
    ...begins([...shell.aliases.keys()].sort()),
    ...begins(keywords),
    ...begins([...shell.functions.keys()].sort()),
    ...begins(builtinNames(shell).filter((n) => shell.builtins.has(n))),
    ...programNames(shell, word),
  ];
};

const variables = (shell: Shell, wanted: 'variable' | 'export' | 'arrayvar'): string[] =>
  shell.vars.names().filter((name) => {
    const v = shell.vars.table.get(name)!;
    if (wanted === 'export') return Boolean(v.exported) && v.value !== undefined;
    if (wanted === 'arrayvar') return Boolean(v.array) || (v.value !== undefined && typeof v.value !== 'string');
    return v.value !== undefined;
  });

const jobNames = (shell: Shell, state?: string): string[] =>
  shell.jobs.list.filter((j) => !state || j.state === state).map((j) => j.command.split(/\s/)[0]!);

const lists: Record<string, (shell: Shell) => string[] | Promise<string[]>> = {
  alias: (shell) => [...shell.aliases.keys()].sort(),
  arrayvar: (shell) => variables(shell, 'arrayvar'),
  binding: () => [...functionNames],
  builtin: builtinNames,
  disabled: (shell) => [...shell.disabled].sort(),
  enabled: (shell) => builtinNames(shell).filter((n) => shell.builtins.has(n)),
  export: (shell) => variables(shell, 'export'),
  function: (shell) => [...shell.functions.keys()].sort(),
  helptopic: async () => Object.keys(await helpTopics()),
  hostname: hostNames,
  job: (shell) => jobNames(shell),
  keyword: () => keywords,
  running: (shell) => jobNames(shell, 'Running'),
  setopt: () => bashOptions,
  shopt: () => shoptNames,
  signal: () => [
    'EXIT',
    ...Array.from({ length: 64 }, (_, i) => signalName(i + 1)).flatMap((n) => (n ? [`SIG${n}`] : [])),
    'DEBUG',
    'ERR',
    'RETURN',
  ],
  stopped: (shell) => jobNames(shell, 'Stopped'),
  variable: (shell) => variables(shell, 'variable'),
  user: (shell) => accounts(shell, '/etc/passwd'),
  group: (shell) => accounts(shell, '/etc/group'),
  service: () => [],
};

/** In the order in which bash asks them. */
const actionOrder =
  'alias arrayvar binding builtin disabled enabled export function helptopic hostname job keyword running setopt shopt signal stopped variable command file user group service directory'.split(
    ' ',
  );

/** What one action offers for a word. */
export const candidatesOf = async (shell: Shell, action: string, word: string): Promise<string[]> => {
  if (action === 'command') return commandNames(shell, word);
  if (action === 'file') return pathsOf(shell, word);
  if (action === 'directory') return pathsOf(shell, word).filter((p) => isDirectory(shell, p));
  return (await lists[action]!(shell)).filter((n) => n.startsWith(word));
};

/** The words of -W: cut at IFS outside quotes, then expanded. */
const wordList = async (shell: Shell, text: string): Promise<string[]> => {
  const ifs = shell.vars.get('IFS') ?? ' \t\n';
  const noglob = shell.has('noglob');
  shell.options.add('noglob');
  try {
    const pieces = /^[ \t\n]*$/.test(ifs) ? [text] : splitOutsideQuotes(text, ifs);
    const out: string[] = [];
    for (const piece of pieces) {
      if (!/[$`'"\\]/.test(piece) && pieces.length > 1) out.push(piece);
      else for (const word of parseWords(piece)) out.push(...(await expandWord(shell, word)));
    }
    return out;
  } finally {
    if (!noglob) shell.options.delete('noglob');
  }
};

const splitOutsideQuotes = (text: string, separators: string): string[] => {
  const pieces = [''];
  for (const [part] of text.matchAll(/'[^']*'|"(?:\\.|[^"\\])*"|\\.|[\s\S]/g)) {
    if (separators.includes(part)) pieces.push('');
    else pieces[pieces.length - 1] += part;
  }
  return pieces.filter((p) => p !== '');
};

const withVariables = async (shell: Shell, at: Situation, run: () => Promise<void>): Promise<string[]> => {
  const set = (name: string, value: string) => shell.vars.set(name, value);
  shell.vars.setArray('COMP_WORDS', IndexedArray.of([...at.words]));
  set('COMP_CWORD', String(at.index));
  set('COMP_LINE', at.line);
  set('COMP_POINT', String(at.point));
  set('COMP_TYPE', at.line === '' ? '0' : '9');
  set('COMP_KEY', at.line === '' ? '0' : '9');
  try {
    await run();
    const reply = shell.vars.lookup('COMPREPLY')?.value;
    if (reply instanceof IndexedArray || reply instanceof AssociativeArray) return reply.values();
    return reply === undefined ? [] : [reply];
  } finally {
    for (const name of ['COMP_WORDS', 'COMP_CWORD', 'COMP_LINE', 'COMP_POINT', 'COMP_TYPE', 'COMP_KEY', 'COMPREPLY'])
      shell.vars.unset(name);
  }
};

const fromFunction = async (shell: Shell, name: string, at: Situation): Promise<string[]> => {
  const fn = shell.functions.get(name);
  if (!fn) {
    await shell.complain(`completion: function \`${name}' not found`, '');
    return [];
  }
  shell.vars.unset('COMPREPLY');
  return withVariables(shell, at, () => callFunction(shell, name, fn, [at.command, at.word, at.previous]));
};

const fromCommand = async (shell: Shell, command: string, at: Situation): Promise<string[]> => {
  const line = `${command} ${[at.command, at.word, at.previous].map((w) => (w === '' ? "''" : quoteReusable(w))).join(' ')}`;
  let text = '';
  await withVariables(shell, at, async () => {
    text = await substituteCommand(shell, parseScript(`${line}\n`));
  });
  return text === '' ? [] : text.split('\n');
};

const filtered = (found: string[], pattern: string, word: string): string[] => {
  const keep = pattern[0] === '!';
  const text = (keep ? pattern.slice(1) : pattern).replace(/\\&|&/g, (m) => (m === '&' ? word : '&'));
  const regexp = patternRegExp([{ text, quoted: false }], { extended: true });
  return found.filter((f) => regexp.test(f) === keep);
};

/** What a specification offers for the word at hand. */
export const generate = async (shell: Shell, spec: CompletionSpec, at: Situation): Promise<string[]> => {
  const { word } = at;
  let found: string[] = [];
  for (const action of actionOrder)
    if (spec.actions.has(action)) found.push(...(await candidatesOf(shell, action, word)));
  if (spec.glob !== undefined) {
    const options = {
      extended: Boolean(shell.shopts.extglob),
      dotglob: false,
      globstar: false,
      ignoreCase: false,
      collate: true,
    };
    found.push(...glob(shell.sys, [{ text: spec.glob, quoted: false }], options));
  }
  if (spec.words !== undefined) found.push(...(await wordList(shell, spec.words)).filter((w) => w.startsWith(word)));
  if (spec.fn !== undefined) found.push(...(await fromFunction(shell, spec.fn, at)));
  if (spec.command !== undefined) found.push(...(await fromCommand(shell, spec.command, at)));
  if (spec.filter) found = filtered(found, spec.filter, word);
  found = found.map((f) => (spec.prefix ?? '') + f + (spec.suffix ?? ''));
  if (found.length === 0 && spec.options.has('dirnames')) found = await candidatesOf(shell, 'directory', word);
  if (spec.options.has('plusdirs')) found.push(...(await candidatesOf(shell, 'directory', word)));
  return found;
};
