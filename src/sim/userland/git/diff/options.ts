/** The options that diff, log, show and their like share. */
import type { Git } from '../git.ts';
import { Fatal } from '../problem.ts';
import { type PatchRules, plainRules } from './patch.ts';

export type Output =
  | 'patch'
  | 'stat'
  | 'shortstat'
  | 'numstat'
  | 'summary'
  | 'name-only'
  | 'name-status'
  | 'raw'
  | 'none';

export class DiffOptions {
  readonly outputs = new Set<Output>();
  rules: PatchRules = { ...plainRules };
  /** Undefined: as diff.renames says. */
  renames: boolean | undefined;
  threshold = 30000;
  reverse = false;
  exitCode = false;
  quiet = false;
  relative = false;
  filter = '';
  zero = false;
  statWidth: number | undefined;
  pickaxe: { text: string; regexp: boolean } | undefined;

  constructor(private readonly git: Git) {}

  /** True when the word is one of them. `next` gives the following word. */
  take(word: string, next: () => string): boolean {
    const [name, value] =
      word.startsWith('--') && word.includes('=')
        ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
        : [word, undefined];
    const refused = refusedWords.find((pattern) => pattern.test(word));
    if (refused) throw new Fatal(`drydock: git diff ${name} is not simulated`);
    const simple = plainWords[name];
    if (simple && (value === undefined || valued.test(name))) {
      simple(this, value ?? '', this.git);
      return true;
    }
    const short = /^-(U|M|S|G)(.*)$/s.exec(word);
    if (!short) return false;
    const own = short[2]!;
    if (short[1] === 'U') this.context(own || next());
    else if (short[1] === 'M') this.similar(own);
    else this.pickaxe = { text: own || next(), regexp: short[1] === 'G' };
    return true;
  }

  context(text: string): void {
    if (!/^\d+$/.test(text)) throw new Fatal(`option 'unified' expects a numerical value`);
    this.rules = { ...this.rules, context: Number(text) };
    this.outputs.add('patch');
  }
  similar(text: string): void {
    this.renames = true;
    const [, digits, sign] = /^(\d*)(%?)$/.exec(text) ?? [];
    if (digits) this.threshold = sign ? Number(digits) * 600 : (Number(digits) / 10 ** digits.length) * 60000;
  }
  wantsRenames(): boolean {
    return this.renames ?? this.git.config.get('diff.renames') !== 'false';
  }
}

const refusedWords = [
  /^--(word-diff|color-words|color-moved|check|binary|patience|histogram|anchored|diff-algorithm|ext-diff|textconv|submodule|ws-error-highlight|output|dirstat|cc|pickaxe-all|find-copies)/,
  /^-[CBDOX]/,
];
const valued =
  /^--(stat|color|abbrev|find-renames|diff-filter|unified|relative|src-prefix|dst-prefix|inter-hunk-context|ignore-submodules|stat-width|stat-count|stat-graph-width|stat-name-width)$/;

type Word = (o: DiffOptions, value: string, git: Git) => void;

const output =
  (...names: Output[]): Word =>
  (o) => {
    for (const name of names) o.outputs.add(name);
  };
const keyed =
  (key: (line: string) => string): Word =>
  (o) => {
    o.rules = { ...o.rules, key };
  };
const rule =
  (make: (value: string, o: DiffOptions) => Partial<PatchRules>): Word =>
  (o, value) => {
    o.rules = { ...o.rules, ...make(value, o) };
  };
const set =
  (change: Partial<Pick<DiffOptions, 'renames' | 'reverse' | 'exitCode' | 'quiet' | 'zero'>>): Word =>
  (o) => {
    Object.assign(o, change);
  };

const space = keyed((line) => line.replace(/\s+$/, '').replace(/\s+/g, ' '));
const every = keyed((line) => line.replace(/\s+/g, ''));

const plainWords: Readonly<Record<string, Word>> = {
  '-p': output('patch'),
  '-u': output('patch'),
  '--patch': output('patch'),
  '-s': (o) => {
    o.outputs.clear();
    o.outputs.add('none');
  },
  '--no-patch': (o) => {
    o.outputs.clear();
    o.outputs.add('none');
  },
  '--stat': (o, value) => {
    o.outputs.add('stat');
    if (/^\d/.test(value)) o.statWidth = Number.parseInt(value, 10);
  },
  '--shortstat': output('shortstat'),
  '--numstat': output('numstat'),
  '--summary': output('summary'),
  '--name-only': output('name-only'),
  '--name-status': output('name-status'),
  '--raw': output('raw'),
  '--patch-with-stat': output('patch', 'stat'),
  '--unified': (o, value) => o.context(value),
  '--find-renames': (o, value) => o.similar(value),
  '--no-renames': set({ renames: false }),
  '-R': set({ reverse: true }),
  '--exit-code': set({ exitCode: true }),
  '--quiet': set({ quiet: true, exitCode: true }),
  '-z': set({ zero: true }),
  '-w': every,
  '--ignore-all-space': every,
  '-b': space,
  '--ignore-space-change': space,
  '--ignore-space-at-eol': keyed((line) => line.replace(/\s+$/, '')),
  '--ignore-cr-at-eol': keyed((line) => line.replace(/\r$/, '')),
  '-a': rule(() => ({ text: true })),
  '--text': rule(() => ({ text: true })),
  '--full-index': rule(() => ({ fullIndex: true })),
  '--no-prefix': rule(() => ({ prefixes: ['', ''] })),
  '--src-prefix': rule((value, o) => ({ prefixes: [value, o.rules.prefixes[1]] })),
  '--dst-prefix': rule((value, o) => ({ prefixes: [o.rules.prefixes[0], value] })),
  '--inter-hunk-context': rule((value) => ({ interHunk: Number(value) })),
  '--relative': (o) => {
    o.relative = true;
  },
  '--diff-filter': (o, value) => {
    o.filter = value;
  },
  '--color': (_, value, git) => {
    git.colorWish = value === 'never' ? false : value === 'auto' ? undefined : true;
  },
  '--no-color': (_o, _v, git) => {
    git.colorWish = false;
  },
  '--no-ext-diff': () => {},
  '--no-textconv': () => {},
  '--no-color-moved': () => {},
  '--indent-heuristic': () => {},
  '--minimal': () => {},
  '--ignore-submodules': () => {},
};
