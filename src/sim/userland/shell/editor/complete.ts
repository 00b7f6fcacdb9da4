import { isErrno } from '../../../../spec/index.ts';
import { completionProviders } from '../completion.ts';
import type { Shell } from '../shell.ts';

export interface Completion {
  /** Where the word that is completed begins. */
  start: number;
  candidates: string[];
}

const separators = /[|&;(){}]/;

/** The words of the command the cursor is in; the last one is being typed. */
const wordsBefore = (text: string): { words: string[]; start: number } => {
  let words: string[] = [''];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\\' && i + 1 < text.length) words[words.length - 1] += text[++i]!;
    else if (separators.test(c)) {
      words = [''];
      start = i + 1;
    } else if (c === ' ' || c === '\t') {
      if (words.at(-1) !== '') words.push('');
      start = i + 1;
    } else words[words.length - 1] += c;
  }
  return { words, start };
};

const entries = (shell: Shell, directory: string): { name: string; type: number }[] => {
  try {
    return shell.sys.readdir(directory === '' ? '.' : directory);
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
};

const files = (shell: Shell, word: string): string[] => {
  const slash = word.lastIndexOf('/') + 1;
  const [directory, prefix] = [word.slice(0, slash), word.slice(slash)];
  const home = shell.vars.get('HOME') ?? '';
  const place = directory.startsWith('~/') ? home + directory.slice(1) : directory;
  return entries(shell, place)
    .filter((e) => e.name.startsWith(prefix) && (prefix !== '' || e.name[0] !== '.'))
    .map((e) => directory + e.name + (isDirectory(shell, place + e.name) ? '/' : ''))
    .sort();
};

const isDirectory = (shell: Shell, path: string): boolean => {
  try {
    return (shell.sys.stat(path).mode & 0o170000) === 0o040000;
  } catch {
    return false;
  }
};

const commands = (shell: Shell, prefix: string): string[] => {
  const found = new Set<string>([...shell.builtins.keys(), ...shell.functions.keys(), ...shell.aliases.keys()]);
  for (const directory of (shell.vars.get('PATH') ?? '').split(':')) {
    for (const entry of entries(shell, directory)) found.add(entry.name);
  }
  return [...found].filter((n) => n.startsWith(prefix)).sort();
};

/** Candidates for the word that ends at the cursor: provider, variable, command or file. */
export const complete = async (shell: Shell, text: string): Promise<Completion> => {
  const { words, start } = wordsBefore(text);
  const word = words.at(-1)!;
  const variable = /\$\{?(\w*)$/.exec(word);
  if (variable) {
    const head = word.slice(0, word.length - variable[1]!.length);
    const names = shell.vars.names().filter((n) => n.startsWith(variable[1]!));
    return { start, candidates: names.map((n) => head + n) };
  }
  if (words.length === 1 && !word.includes('/')) return { start, candidates: commands(shell, word) };
  const provider = completionProviders.get(words[0]!.replace(/^.*\//, ''));
  const provided = words.length > 1 ? await provider?.(shell.sys, words, words.length - 1) : undefined;
  if (provided) return { start, candidates: provided.filter((c) => c.startsWith(word)).sort() };
  return { start, candidates: files(shell, word) };
};

/** The longest text that all begin with. */
export const commonPrefix = (candidates: readonly string[]): string => {
  let prefix = candidates[0] ?? '';
  for (const c of candidates) while (!c.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
};
