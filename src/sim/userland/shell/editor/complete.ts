import { completionProviders } from '../completion.ts';
import { type CompletionSpec, specialNames } from '../completions.ts';
import type { Shell } from '../shell.ts';
import { candidatesOf, generate, isDirectory, pathsOf } from './generate.ts';

export interface Completion {
  /** Where the word that is completed begins. */
  start: number;
  /** What each would make of the word, ready to be inserted. */
  candidates: string[];
  /** The same as a list shows them. */
  shown: string[];
}

/** What a key asked to complete whatever stands there. */
export type Action = 'file' | 'command' | 'variable' | 'user' | 'hostname';

const separators = /[|&;(){}]/;

/** The words of the command the cursor is in; the last one is being typed. `quote`: it began with one. */
const wordsBefore = (text: string): { words: string[]; start: number; quote: string } => {
  let words: string[] = [''];
  let start = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
      else words[words.length - 1] += c;
    } else if (c === '\\' && i + 1 < text.length) words[words.length - 1] += text[++i]!;
    else if ((c === '"' || c === "'") && words.at(-1) === '') quote = c;
    else if (separators.test(c)) {
      words = [''];
      start = i + 1;
    } else if (c === ' ' || c === '\t' || c === '<' || c === '>') {
      if (words.at(-1) !== '') words.push('');
      start = i + 1;
    } else words[words.length - 1] += c;
  }
  return { words, start, quote };
};

const special = /[ \t\\'"`$&|;()<>*?[\]{}!#~^]/g;

/** A file's name as it has to stand on the line. */
const quoted = (name: string, quote: string): string => {
  if (quote !== '') return quote + name;
  const tilde = name.startsWith('~/') ? 1 : 0;
  return name.slice(0, tilde) + name.slice(tilde).replace(special, '\\$&');
};

const fileCandidates = (shell: Shell, paths: readonly string[], quote: string): Omit<Completion, 'start'> => {
  const home = shell.vars.get('HOME') ?? '';
  const place = (path: string) => (path.startsWith('~/') ? home + path.slice(1) : path);
  const kinds = paths.map((path) => (isDirectory(shell, place(path)) ? '/' : ''));
  return {
    candidates: paths.map((p, i) => quoted(p, quote) + (kinds[i] || (paths.length === 1 ? `${quote} ` : ''))),
    shown: paths.map((p, i) => p.replace(/^.*\//, '') + kinds[i]),
  };
};

/** Plain words: a space follows the only one, unless it ends in something that goes on. */
const wordCandidates = (found: readonly string[], noSpace = false): Omit<Completion, 'start'> => ({
  candidates: found.map((c) => (found.length === 1 && !noSpace && !/[ /=]$/.test(c) ? `${c} ` : c)),
  shown: found.map((c) => c.trimEnd().replace(/^.*\/(?=[^/])/, '')),
});

const unique = (names: readonly string[]): string[] => [...new Set(names)];

const specOf = (shell: Shell, words: readonly string[]): CompletionSpec | undefined => {
  const { specs } = shell.completions;
  if (!shell.dialect.bash || !shell.shopts.progcomp) return undefined;
  if (words.length === 1) return words[0] === '' ? specs.get(specialNames.E!) : specs.get(specialNames.I!);
  return specs.get(words[0]!) ?? specs.get(words[0]!.replace(/^.*\//, '')) ?? specs.get(specialNames.D!);
};

/** By what `complete` said of the command; undefined: nothing was said, or it found nothing and leaves the rest. */
const programmed = async (
  shell: Shell,
  spec: CompletionSpec,
  line: string,
  { words, quote }: { words: readonly string[]; quote: string },
): Promise<Omit<Completion, 'start'> | undefined> => {
  const at = { ...spec, options: new Set(spec.options) };
  shell.completions.current = at;
  const word = words.at(-1)!;
  const situation = {
    word,
    words,
    index: words.length - 1,
    line,
    point: line.length,
    command: words[0]!,
    previous: words.at(-2) ?? '',
  };
  let found: string[];
  try {
    found = await generate(shell, at, situation);
  } finally {
    shell.completions.current = undefined;
  }
  found = at.options.has('nosort') ? unique(found) : unique(found).sort();
  if (found.length === 0)
    return at.options.has('default') || at.options.has('bashdefault') ? undefined : wordCandidates([]);
  return at.options.has('filenames')
    ? fileCandidates(shell, found, quote)
    : wordCandidates(found, at.options.has('nospace'));
};

/** Candidates for the word that ends at the cursor: specification, provider, variable, command or file. */
export const complete = async (shell: Shell, text: string, action?: Action): Promise<Completion> => {
  const { words, start, quote } = wordsBefore(text);
  const word = words.at(-1)!;
  if (action) {
    const found = unique(await candidatesOf(shell, action, word));
    return { start, ...(action === 'file' ? fileCandidates(shell, found, quote) : wordCandidates(found.sort())) };
  }
  const spec = specOf(shell, words);
  const made = spec && (await programmed(shell, spec, text, { words, quote }));
  if (made) return { start, ...made };
  const variable = /\$\{?(\w*)$/.exec(word);
  if (variable) {
    const head = word.slice(0, word.length - variable[1]!.length);
    const names = shell.vars.names().filter((n) => n.startsWith(variable[1]!));
    return {
      start,
      ...wordCandidates(
        names.map((n) => head + n + (head.endsWith('{') ? '}' : '')),
        true,
      ),
    };
  }
  if (/^~[^/]*$/.test(word)) {
    const users = (await candidatesOf(shell, 'user', word.slice(1))).map((u) => `~${u}/`);
    return { start, ...wordCandidates(users) };
  }
  if (words.length === 1 && !word.includes('/'))
    return { start, ...wordCandidates(unique(await candidatesOf(shell, 'command', word)).sort()) };
  const provider = completionProviders.get(words[0]!.replace(/^.*\//, ''));
  const provided = words.length > 1 ? await provider?.(shell.sys, words, words.length - 1) : undefined;
  if (provided) return { start, ...wordCandidates(provided.filter((c) => c.startsWith(word)).sort()) };
  return { start, ...fileCandidates(shell, pathsOf(shell, word), quote) };
};

/** The longest text that all begin with. */
export const commonPrefix = (candidates: readonly string[]): string => {
  let prefix = candidates[0] ?? '';
  for (const c of candidates) while (!c.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
};
