import { encodeText } from '../core/escaped-bytes.ts';

/** Programmable completion: what `complete` was told about a command. */
export interface CompletionSpec {
  options: Set<string>;
  actions: Set<string>;
  glob?: string;
  words?: string;
  prefix?: string;
  suffix?: string;
  filter?: string;
  command?: string;
  fn?: string;
}

/** In the order in which bash writes them. */
export const completionOptions = [
  'bashdefault',
  'default',
  'dirnames',
  'filenames',
  'noquote',
  'nosort',
  'nospace',
  'plusdirs',
];

/** Actions with a letter of their own, then those that only -A knows; each in bash's order. */
export const actionLetters: Record<string, string> = {
  alias: 'a',
  builtin: 'b',
  command: 'c',
  directory: 'd',
  export: 'e',
  file: 'f',
  group: 'g',
  job: 'j',
  keyword: 'k',
  service: 's',
  user: 'u',
  variable: 'v',
};
export const namedActions =
  'arrayvar binding disabled enabled function helptopic hostname running setopt shopt signal stopped'.split(' ');

/** The names that -D, -E and -I stand for. */
export const specialNames: Record<string, string> = { D: '_DefaultCmD_', E: '_EmptycmD_', I: '_InitialWorD_' };

const bucketOf = (key: string): number => {
  let hash = 0x811c9dc5;
  for (const byte of encodeText(key)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return hash & 511;
};

/** Command name -> specification; listed in the order of bash's hash table. */
export class Completions {
  readonly specs = new Map<string, CompletionSpec>();
  /** What `compopt` without a name is about: the completion that is being made. */
  current: CompletionSpec | undefined;

  names(): string[] {
    const all = [...this.specs.keys()].reverse().map((name) => ({ name, bucket: bucketOf(name) }));
    return all.sort((a, b) => a.bucket - b.bucket).map((a) => a.name);
  }
}
