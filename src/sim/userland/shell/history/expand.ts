import type { Shell } from '../shell.ts';

/** History expansion (`!!`, `!$:h`, `^old^new`), as readline's history library does it. */

/** A designator that means nothing; the text is bash's message. */
export class HistoryFault {
  constructor(readonly text: string) {}
}

export interface Expanded {
  line: string;
  changed: boolean;
  /** `:p`: to be shown, not run. */
  printOnly: boolean;
}

const tokenPattern =
  /\s*((?:\d*(?:<<<|<<-?|>>|[<>]&|<>|>\||&>>?|[<>](?!\())|;;&?|;&|&&|\|\||\|&|[;|&()])|(?:\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|`[^`]*`?|\$?\((?:[^()]|\([^()]*\))*\)|[<>]\((?:[^()])*\)|[^\s;|&()<>'"`\\]|\\$)+)/gy;

/** The words of a line, as word designators count them. */
export const historyWords = (line: string): string[] => [...line.matchAll(tokenPattern)].map((m) => m[1]!);

/** The last `s/old/new/` and `?text?`, which later ones may leave out. */
interface Memory {
  old: string;
  replacement: string;
  search: string;
  /** The word that `?text?` matched: `%`. */
  match: string;
}
const memories = new WeakMap<object, Memory>();

const memoryOf = (shell: Shell): Memory => {
  let found = memories.get(shell.history);
  if (!found) {
    found = { old: '', replacement: '', search: '', match: '' };
    memories.set(shell.history, found);
  }
  return found;
};

class Expander {
  private at = 0;
  changed = false;
  printOnly = false;
  private readonly memory: Memory;
  private readonly lines: readonly string[];

  constructor(
    private readonly shell: Shell,
    private readonly text: string,
  ) {
    this.memory = memoryOf(shell);
    this.lines = shell.history.lines;
  }

  run(): string {
    if (this.text[0] === '^') {
      const quick = `!!:s${this.text}`;
      const inner = new Expander(this.shell, quick);
      const line = inner.run();
      this.changed = true;
      this.printOnly = inner.printOnly;
      return line;
    }
    let out = '';
    let double = false;
    while (this.at < this.text.length) {
      const c = this.text[this.at]!;
      if (c === '\\') {
        out += this.text.slice(this.at, this.at + 2);
        this.at += 2;
      } else if (c === "'" && !double) {
        const end = this.text.indexOf("'", this.at + 1);
        const to = end < 0 ? this.text.length : end + 1;
        out += this.text.slice(this.at, to);
        this.at = to;
      } else if (c === '!' && this.opens(out, double)) out += this.designator(out, double);
      else {
        if (c === '"') double = !double;
        out += c;
        this.at++;
      }
    }
    return out;
  }

  /** Whether the `!` here begins a designator. */
  private opens(before: string, double: boolean): boolean {
    const next = this.text[this.at + 1];
    if (next === undefined || /[\s=]/.test(next)) return false;
    if (next === '(' && this.shell.shopts.extglob) return false;
    if (next === '"' && double) return false;
    // `[!a]`, `${!x}`, `$!`
    if (before.endsWith('[') && this.text.indexOf(']', this.at) > 0) return false;
    if (before.endsWith('${') && this.text.indexOf('}', this.at) > 0) return false;
    return !before.endsWith('$') || next === '!';
  }

  private designator(before: string, double: boolean): string {
    const start = this.at++;
    const line = this.event(before, start, double);
    this.changed = true;
    return this.modifiers(this.words(line, start), start);
  }

  private missing(start: number): never {
    throw new HistoryFault(`${this.text.slice(start, this.at)}: event not found`);
  }

  private event(before: string, start: number, double: boolean): string {
    const c = this.text[this.at]!;
    if (/[:$^*%-]/.test(c) && !(c === '-' && /\d/.test(this.text[this.at + 1] ?? ''))) {
      return this.lines.at(-1) ?? this.missing(start);
    }
    if (c === '!') {
      this.at++;
      return this.lines.at(-1) ?? this.missing(start);
    }
    if (c === '#') {
      this.at++;
      return before;
    }
    const number = /^-?\d+/.exec(this.text.slice(this.at))?.[0];
    if (number) {
      this.at += number.length;
      const n = Number(number);
      const found = n < 0 ? this.lines.at(n) : this.lines[n - this.shell.history.base];
      return found ?? this.missing(start);
    }
    if (c === '?') return this.searched(start);
    const ends = double ? /[\s:"^$*%-]|$/ : /[\s:;&|()<>]|$/;
    const length = this.text.slice(this.at).search(ends);
    const prefix = this.text.slice(this.at, this.at + length);
    this.at += length;
    return (prefix === '' ? undefined : this.lines.findLast((l) => l.startsWith(prefix))) ?? this.missing(start);
  }

  private searched(start: number): string {
    const rest = this.text.slice(this.at + 1);
    const length = rest.search(/\?|\n|$/);
    const wanted = rest.slice(0, length) || this.memory.search;
    this.at += 1 + length + (rest[length] === '?' ? 1 : 0);
    this.memory.search = wanted;
    const found = wanted === '' ? undefined : this.lines.findLast((l) => l.includes(wanted));
    if (found === undefined) return this.missing(start);
    this.memory.match = historyWords(found).find((w) => w.includes(wanted)) ?? '';
    return found;
  }

  /** The word designator, if there is one. */
  private words(line: string, start: number): string {
    const rest = this.text.slice(this.at);
    const spec = /^(?::(?=[\d^$*%-])|(?=[\^$*%-]))(?:(\^|\$|%|\d+)?(?:(-)(\^|\$|%|\d+)?|(\*))?)/.exec(rest);
    if (!spec || spec[0] === '' || spec[0] === ':') return line;
    this.at += spec[0].length;
    const words = historyWords(line);
    const last = words.length - 1;
    const place = (text: string): number => (text === '^' ? 1 : text === '$' ? last : Number(text));
    const bad = (): never => {
      throw new HistoryFault(`${this.text.slice(start, this.at).replace(/^![^:]*(?=:)/, '')}: bad word specifier`);
    };
    if (spec[1] === '%') return this.memory.match;
    if (spec[4] && spec[1] === undefined) return words.slice(1).join(' ');
    const from = spec[1] === undefined ? 0 : place(spec[1]);
    let to = from;
    if (spec[4]) to = last;
    else if (spec[2]) to = spec[3] === undefined ? last - 1 : place(spec[3]);
    if (from > last + (spec[4] ? 1 : 0) || to > last) return bad();
    return words.slice(from, to + 1).join(' ');
  }

  private modifiers(text: string, start: number): string {
    while (this.text[this.at] === ':') {
      let at = this.at + 1;
      let all = false;
      let each = false;
      while (/[gaG]/.test(this.text[at] ?? '')) {
        if (this.text[at] === 'G') each = true;
        else all = true;
        at++;
      }
      const letter = this.text[at];
      if (letter === undefined || /[\s"]/.test(letter)) break;
      this.at = at + 1;
      text = this.modify(text, letter, { all, each, start });
    }
    return text;
  }

  private modify(text: string, letter: string, how: { all: boolean; each: boolean; start: number }): string {
    switch (letter) {
      case 'h':
        return text.includes('/') ? text.replace(/\/[^/]*$/, '') : text;
      case 't':
        return text.replace(/^.*\//s, '');
      case 'r':
        return text.replace(/\.[^./]*$/, '');
      case 'e':
        return /\.[^.]*$/.exec(text)?.[0] ?? text;
      case 'p':
        this.printOnly = true;
        return text;
      case 'q':
        return `'${text.replace(/'/g, "'\\''")}'`;
      case 'x':
        return text
          .split(/\s+/)
          .map((w) => `'${w.replace(/'/g, "'\\''")}'`)
          .join(' ');
      case 's':
      case '&':
        return this.substitute(text, letter, how);
      default:
        throw new HistoryFault(`${letter}: unrecognized history modifier`);
    }
  }

  private substitute(text: string, letter: string, how: { all: boolean; each: boolean; start: number }): string {
    const { memory } = this;
    const from = this.at - 1;
    if (letter === 's') {
      const delimiter = this.text[this.at++]!;
      const old = this.delimited(delimiter);
      if (old !== '') memory.old = old;
      memory.replacement = this.delimited(delimiter);
    }
    if (memory.old === '') throw new HistoryFault(`${this.text.slice(from, this.at)}: no previous substitution`);
    const replacement = memory.replacement.replace(/\\&|&/g, (m) => (m === '&' ? memory.old : '&'));
    const once = (s: string) =>
      how.all ? s.replaceAll(memory.old, () => replacement) : s.replace(memory.old, () => replacement);
    const result = how.each ? historyWords(text).map(once).join(' ') : once(text);
    if (!text.includes(memory.old)) {
      throw new HistoryFault(`:${this.text.slice(from, this.at)}: substitution failed`);
    }
    return result;
  }

  private delimited(delimiter: string): string {
    let out = '';
    while (this.at < this.text.length) {
      const c = this.text[this.at++]!;
      if (c === delimiter) break;
      if (c === '\\' && this.text[this.at] === delimiter) out += this.text[this.at++]!;
      else out += c;
    }
    return out;
  }
}

/** Throws HistoryFault. */
export const expandHistory = (shell: Shell, text: string): Expanded => {
  if (!text.includes('!') && text[0] !== '^') return { line: text, changed: false, printOnly: false };
  const expander = new Expander(shell, text);
  const line = expander.run();
  return { line, changed: expander.changed, printOnly: expander.printOnly };
};
