/** sed's script language: parsing. */
import { compileRegexp, RegexpError } from '../core/regexp.ts';

export type Address =
  | { kind: 'line'; line: number }
  | { kind: 'last' }
  | { kind: 'regexp'; regexp: RegExp | undefined }
  | { kind: 'step'; first: number; step: number }
  | { kind: 'plus'; count: number }
  | { kind: 'multiple'; of: number };

export interface SedCommand {
  first?: Address;
  second?: Address;
  negated: boolean;
  name: string;
  /** a, i, c: text; r, R, w, W: file; b, t, T, ':': label; y: from/to by `map`; q, Q, l, L: exit code or width. */
  text?: string;
  number?: number;
  map?: Map<string, string>;
  substitution?: Substitution;
  /** Index of the matching } of a {. */
  end?: number;
  /** State of a range: the line where it ends, Infinity while open on a regexp. */
}

export interface Substitution {
  regexp: RegExp | undefined;
  replacement: ReplacementPart[];
  global: boolean;
  print: boolean;
  execute: boolean;
  nth: number;
  file?: string;
}

export type ReplacementPart = string | { group: number } | { mode: 'U' | 'L' | 'u' | 'l' | 'E' };

export class SedError extends Error {}

/** A script as one text, in pieces (-e, -f), for messages that say where. */
export class ScriptParser {
  readonly commands: SedCommand[] = [];
  private at = 0;
  private readonly blocks: number[] = [];
  constructor(
    private readonly source: string,
    private readonly extended: boolean,
    /** BusyBox's smaller language: no first~step, I, M, case modes, Q, R, W, z, F, e, v; commands need no separator. */
    private readonly busybox = false,
  ) {}

  parse(): SedCommand[] {
    for (;;) {
      this.skip(/[\s;]/);
      if (this.at >= this.source.length) break;
      if (this.source[this.at] === '#') this.skip(/[^\n]/);
      else this.command();
    }
    if (this.blocks.length) {
      if (!this.busybox) throw this.error("unmatched `{'", 0);
      for (const open of this.blocks) this.commands[open]!.end = this.commands.length;
    }
    this.checkLabels();
    return this.commands;
  }

  private checkLabels(): void {
    const labels = new Set(this.commands.filter((command) => command.name === ':').map((command) => command.text));
    for (const command of this.commands) {
      if (/^[btT]$/.test(command.name) && command.text && !labels.has(command.text)) {
        throw new SedError(`can't find label for jump to \`${command.text}'`);
      }
    }
  }

  private error(text: string, at = this.at): SedError {
    return new SedError(`-e expression #1, char ${at}: ${text}`);
  }
  private skip(pattern: RegExp): void {
    while (this.at < this.source.length && pattern.test(this.source[this.at]!)) this.at++;
  }

  private command(): void {
    const command: SedCommand = { negated: false, name: '' };
    command.first = this.address();
    this.skip(/[ \t]/);
    if (command.first && this.source[this.at] === ',') {
      this.at++;
      this.skip(/[ \t]/);
      command.second = this.address();
      if (!command.second) throw this.error("unexpected `,'", this.at + 1);
    }
    this.skip(/[ \t]/);
    while (this.source[this.at] === '!') {
      command.negated = true;
      this.at++;
      this.skip(/[ \t]/);
    }
    const name = this.source[this.at++];
    if (name === undefined || (name === '\n' && command.first)) throw this.error('missing command', this.source.length);
    command.name = name;
    this.arguments(command);
    this.commands.push(command);
  }

  private address(): Address | undefined {
    const rest = this.source.slice(this.at);
    const number = (this.busybox ? /^(\d+)/ : /^(\d+)(?:~(\d+))?/).exec(rest);
    if (number) {
      this.at += number[0].length;
      if (number[2] !== undefined) return { kind: 'step', first: Number(number[1]), step: Number(number[2]) };
      return { kind: 'line', line: Number(number[1]) };
    }
    const relative = (this.busybox ? /^(\+)(\d+)/ : /^([+~])(\d+)/).exec(rest);
    if (relative) {
      this.at += relative[0].length;
      return relative[1] === '+'
        ? { kind: 'plus', count: Number(relative[2]) }
        : { kind: 'multiple', of: Number(relative[2]) };
    }
    if (rest[0] === '$') {
      this.at++;
      return { kind: 'last' };
    }
    if (rest[0] !== '/' && rest[0] !== '\\') return undefined;
    if (rest[0] === '\\') this.at++;
    const delimiter = this.source[this.at++]!;
    const pattern = this.until(delimiter, true);
    if (pattern === undefined) throw this.error('unterminated address regex', this.source.length);
    const flags = (this.busybox ? /^/ : /^[IM]*/).exec(this.source.slice(this.at))![0];
    this.at += flags.length;
    return { kind: 'regexp', regexp: this.regexp(pattern, flags) };
  }

  /** Undefined for the empty pattern: the last one used. */
  private regexp(pattern: string, flags: string): RegExp | undefined {
    if (pattern === '') return undefined;
    try {
      const syntax = {
        extended: this.extended,
        escapes: true,
        ignoreCase: /[Ii]/.test(flags),
        multiline: /[Mm]/.test(flags),
      };
      return compileRegexp(pattern, syntax, 'g');
    } catch (error) {
      if (error instanceof RegexpError) throw this.error(error.message);
      throw error;
    }
  }

  /** Text up to an unescaped delimiter; undefined when there is none. In a pattern, brackets protect. */
  private until(delimiter: string, pattern: boolean): string | undefined {
    let out = '';
    for (let bracket = false; this.at < this.source.length; ) {
      const character = this.source[this.at++]!;
      if (character === delimiter && !bracket) return out;
      if (character === '\n' && pattern && !bracket) return undefined;
      if (character === '\\' && !bracket) {
        const next = this.source[this.at++];
        if (next === undefined) return undefined;
        // What it means without the backslash: special characters stay special.
        if (next === delimiter) out += !pattern && next === '&' ? '\\&' : next;
        else if (next === 'n' && pattern) out += '\n';
        else out += `\\${next}`;
        continue;
      }
      if (pattern && character === '[' && !bracket) {
        bracket = true;
        out += character;
        const start = /^\^?\]?/.exec(this.source.slice(this.at))![0];
        out += start;
        this.at += start.length;
        continue;
      }
      if (bracket && character === '[' && /^[:.=]/.test(this.source[this.at] ?? '')) {
        const close = this.source.indexOf(`${this.source[this.at]}]`, this.at + 1);
        if (close > 0) {
          out += this.source.slice(this.at - 1, close + 2);
          this.at = close + 2;
          continue;
        }
      }
      if (bracket && character === ']') bracket = false;
      out += character;
    }
    return undefined;
  }

  private arguments(command: SedCommand): void {
    const { name } = command;
    if (name === '{') {
      this.blocks.push(this.commands.length);
      return;
    }
    if (name === '}') {
      this.closeBlock(command);
      return;
    }
    if (name === 's') {
      this.substitute(command);
      return;
    }
    if (name === 'y') {
      this.translate(command);
      return;
    }
    if (/[aic]/.test(name)) {
      this.textArgument(command);
      return;
    }
    if (/[:btT]/.test(name)) {
      this.label(command);
      return;
    }
    if (this.busybox && /[QRWzFev]/.test(name)) throw this.error(`unknown command: \`${name}'`);
    if (/[rRwW]/.test(name)) {
      this.skip(/[ \t]/);
      const end = this.lineEnd();
      command.text = this.source.slice(this.at, end);
      this.at = end;
      if (!command.text) throw this.error('missing filename in r/R/w/W commands');
      return;
    }
    if (/[qQlL]/.test(name) && !this.busybox) {
      this.skip(/[ \t]/);
      const digits = /^\d*/.exec(this.source.slice(this.at))![0];
      this.at += digits.length;
      if (digits) command.number = Number(digits);
    } else if (name === 'e') {
      this.skip(/[ \t]/);
      command.text = this.source.slice(this.at, this.lineEnd());
      this.at = this.lineEnd();
    } else if (!/[=dDFgGhHlnNpPqvxz]/.test(name)) throw this.error(`unknown command: \`${name}'`);
    this.endOfCommand();
  }

  private lineEnd(): number {
    const end = this.source.indexOf('\n', this.at);
    return end < 0 ? this.source.length : end;
  }

  private endOfCommand(): void {
    if (this.busybox) return;
    this.skip(/[ \t]/);
    const next = this.source[this.at];
    if (next === undefined || next === '}' || next === '#') return;
    this.at++;
    if (next !== ';' && next !== '\n') throw this.error('extra characters after command');
  }

  private closeBlock(command: SedCommand): void {
    if (command.first) throw this.error("} doesn't want any addresses");
    const open = this.blocks.pop();
    if (open === undefined) {
      if (this.busybox) return;
      throw this.error("unexpected `}'");
    }
    this.commands[open]!.end = this.commands.length;
    this.endOfCommand();
  }

  private label(command: SedCommand): void {
    if (command.name === ':' && command.first) throw this.error(": doesn't want any addresses");
    this.skip(/[ \t]/);
    const match = (command.name === ':' ? /^[^\n;]*/ : /^[^\n;}]*/).exec(this.source.slice(this.at))![0];
    this.at += match.length;
    command.text = match.trim();
    if (command.name === ':' && command.text === '') throw this.error('":" lacks a label');
  }

  /** a, i, c: one line (GNU), or after backslash-newline, with backslash-newlines within. */
  private textArgument(command: SedCommand): void {
    this.skip(/[ \t]/);
    if (this.at >= this.source.length && !this.busybox) throw this.error("expected \\ after `a', `c' or `i'");
    if (this.source[this.at] === '\\') {
      this.at++;
      const blank = /^[ \t]*\n/.exec(this.source.slice(this.at));
      if (blank) this.at += blank[0].length;
    }
    if (this.at >= this.source.length && !this.busybox) {
      command.text = '';
      return;
    }
    let text = '';
    while (this.at < this.source.length && this.source[this.at] !== '\n') {
      text += this.source[this.at] === '\\' ? this.textEscape() : this.source[this.at++]!;
    }
    command.text = `${text}\n`;
  }

  /** In the text of a, i, c: what the escapes stand for; a backslash before anything else goes. */
  private textEscape(): string {
    const rest = this.source.slice(++this.at);
    const code = this.busybox ? null : /^(?:x([\da-fA-F]{1,2})|o([0-7]{1,3})|d(\d{1,3}))/.exec(rest);
    if (code) {
      this.at += code[0].length;
      const [, hex, octal, decimal] = code;
      return String.fromCharCode(Number.parseInt((hex ?? octal ?? decimal)!, hex ? 16 : octal ? 8 : 10) & 255);
    }
    this.at++;
    const letters = this.busybox ? 'ntr' : 'ntrafv';
    const at = rest ? letters.indexOf(rest[0]!) : -1;
    return at < 0 ? (rest[0] ?? '') : '\n\t\r\x07\f\v'[at]!;
  }

  private translate(command: SedCommand): void {
    const delimiter = this.source[this.at++] ?? '';
    const [from, to] = [this.until(delimiter, false), this.until(delimiter, false)];
    if (from === undefined || to === undefined) throw this.error("unterminated `y' command", this.source.length);
    const plain = (text: string) =>
      text.replace(/\\(.)/gs, (_, c: string) => ({ n: '\n', t: '\t', '\\': '\\' })[c] ?? `\\${c}`);
    const [a, b] = [[...plain(from)], [...plain(to)]];
    if (a.length !== b.length && !this.busybox) throw this.error("strings for `y' command are different lengths");
    command.map = new Map(a.slice(0, b.length).map((character, i) => [character, b[i]!]));
    this.endOfCommand();
  }

  private substitute(command: SedCommand): void {
    const delimiter = this.source[this.at++] ?? '';
    const pattern = this.until(delimiter, true);
    const replacement = pattern === undefined ? undefined : this.until(delimiter, false);
    if (pattern === undefined || replacement === undefined)
      throw this.error("unterminated `s' command", this.source.length);
    const wish: Substitution = {
      regexp: undefined,
      replacement: parseReplacement(replacement, !this.busybox),
      global: false,
      print: false,
      execute: false,
      nth: 1,
    };
    let flags = '';
    for (;;) {
      const flag = this.source[this.at];
      if (flag === 'g' || flag === 'p') this.once(flag, wish);
      else if (flag === 'e') wish.execute = true;
      else if (flag !== undefined && /[iImM]/.test(flag)) flags += flag;
      else if (flag !== undefined && /\d/.test(flag)) {
        const digits = /^\d+/.exec(this.source.slice(this.at))![0];
        wish.nth = Number(digits);
        if (wish.nth === 0 && this.busybox) wish.global = true;
        else if (wish.nth === 0) throw this.error("number option to `s' command may not be zero", this.at + 1);
        this.at += digits.length - 1;
      } else break;
      this.at++;
    }
    if (this.source[this.at] === 'w') {
      this.at++;
      this.skip(/[ \t]/);
      wish.file = this.source.slice(this.at, this.lineEnd());
      if (!wish.file) throw this.error('missing filename in r/R/w/W commands');
      this.at = this.lineEnd();
    } else this.substituteEnd();
    wish.regexp = this.regexp(pattern, flags);
    const groups = wish.regexp ? new RegExp(`${wish.regexp.source}|`).exec('')!.length - 1 : 9;
    for (const part of wish.replacement) {
      if (typeof part === 'object' && 'group' in part && part.group > groups) {
        if (!this.busybox) throw this.error(`invalid reference \\${part.group} on \`s' command's RHS`);
      }
    }
    command.substitution = wish;
  }
  private once(flag: 'g' | 'p', wish: Substitution): void {
    const name = flag === 'g' ? 'global' : 'print';
    if (wish[name] && !this.busybox) throw this.error(`multiple \`${flag}' options to \`s' command`, this.at + 1);
    wish[name] = true;
  }
  private substituteEnd(): void {
    this.skip(/[ \t]/);
    const next = this.source[this.at];
    if (next === undefined || next === '}' || next === '#') return;
    this.at++;
    if (next !== ';' && next !== '\n') throw this.error("unknown option to `s'");
  }
}

function parseReplacement(text: string, modes: boolean): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  let literal = '';
  const flush = () => {
    if (literal) parts.push(literal);
    literal = '';
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '&') {
      flush();
      parts.push({ group: 0 });
    } else if (character !== '\\' || i + 1 >= text.length) literal += character;
    else {
      const next = text[++i]!;
      if (/\d/.test(next) || (modes && /[ULulE]/.test(next))) {
        flush();
        parts.push(/\d/.test(next) ? { group: Number(next) } : { mode: next as 'U' });
      } else
        literal += ({ n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' } as Record<string, string>)[next] ?? next;
    }
  }
  flush();
  return parts;
}
