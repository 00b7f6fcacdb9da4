/**
 * POSIX regular expressions (regex(7), with GNU's extensions) as JavaScript's, for grep, sed, awk, expr, find and vi.
 * Subjects are binary strings.
 *
 * POSIX takes the longest match: alternatives that are plain text are tried longest first, which gives it.
 * Differs from Linux: alternatives with operators in them are tried in the order written; a group that did not take part
 * matches empty in a back reference.
 */
export class RegexpError extends Error {}

export interface RegexpSyntax {
  extended?: boolean;
  ignoreCase?: boolean;
  /** REG_NEWLINE: ^ and $ match at line breaks too. */
  multiline?: boolean;
  /** awk: a backslash escapes inside brackets, and C escapes are known everywhere. */
  awk?: boolean;
  /** sed: \n, \t ... are characters. */
  escapes?: boolean;
}

const classes: Record<string, string> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \\t\\n\\v\\f\\r',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
};

const cEscapes: Record<string, string> = {
  n: '\\n',
  t: '\\t',
  r: '\\r',
  f: '\\f',
  v: '\\v',
  a: '\\x07',
};

const literal = (character: string): string => (/[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character);

/** Compiles; `flags` are added to RegExp's (g, y, d). Throws {@link RegexpError} with regcomp's text. */
export function compileRegexp(source: string, syntax: RegexpSyntax = {}, flags = ''): RegExp {
  const pattern = new Translator(source, syntax).translate();
  const all = `${syntax.ignoreCase ? 'i' : ''}${syntax.multiline ? 'm' : ''}${flags}`;
  try {
    return new RegExp(pattern, all);
  } catch {
    throw new RegexpError('Invalid regular expression');
  }
}

/** Number of groups of a source, for checking back references. */
class Translator {
  private at = 0;
  private out = '';
  private depth = 0;
  private groups = 0;
  private closed = new Set<number>();
  private open: number[] = [];
  /** Nothing stands before that could be repeated. */
  private start = true;
  /** Where in `out` the last atom begins. */
  private atomAt = -1;

  constructor(
    private readonly source: string,
    private readonly syntax: RegexpSyntax,
  ) {}

  translate(): string {
    while (this.at < this.source.length) this.step();
    if (this.depth > 0) throw new RegexpError('Unmatched ( or \\(');
    this.longestFirst();
    return this.out;
  }

  private step(): void {
    const character = this.source[this.at]!;
    if (character === '\\') {
      this.backslash();
      return;
    }
    this.at++;
    if (character === '[') {
      this.atom(this.bracket());
      return;
    }
    if (character === '.') {
      this.atom('[^]');
      return;
    }
    if (character === '*') {
      if (this.start) this.atom('\\*');
      else this.repeat('*');
      return;
    }
    if (character === '^') {
      this.caret();
      return;
    }
    if (character === '$') {
      this.dollar();
      return;
    }
    if (this.syntax.extended) {
      this.extended(character);
      return;
    }
    this.atom(literal(character));
  }

  private extended(character: string): void {
    if (character === '(') {
      this.openGroup();
      return;
    }
    if (character === ')' && (this.depth > 0 || !this.syntax.awk)) {
      // POSIX: on its own it is a character.
      if (this.depth === 0) this.atom('\\)');
      else this.closeGroup();
      return;
    }
    if (character === '|') {
      this.alternative();
      return;
    }
    if (character === '+' || character === '?') {
      if (this.start) this.atom(literal(character));
      else this.repeat(character);
      return;
    }
    if (character === '{') {
      this.interval();
      return;
    }
    this.atom(literal(character));
  }

  private backslash(): void {
    const character = this.source[this.at + 1];
    if (character === undefined) {
      if (this.syntax.awk) {
        this.at++;
        this.atom('\\\\');
        return;
      }
      throw new RegexpError('Trailing backslash');
    }
    this.at += 2;
    if (!this.syntax.extended && this.basicOperator(character)) return;
    if (/[1-9]/.test(character) && !this.syntax.awk) {
      this.backReference(Number(character));
      return;
    }
    this.gnuEscape(character);
  }

  private basicOperator(character: string): boolean {
    if (character === '(') this.openGroup();
    else if (character === ')') {
      if (this.depth === 0) throw new RegexpError('Unmatched ) or \\)');
      this.closeGroup();
    } else if (character === '|') this.alternative();
    else if (character === '{') this.interval();
    else if (character === '+' || character === '?') {
      if (this.start) this.atom(literal(character));
      else this.repeat(character);
    } else return false;
    return true;
  }

  private gnuEscape(character: string): void {
    if (this.syntax.awk || this.syntax.escapes) {
      const control = cEscapes[character];
      if (control) {
        this.atom(control);
        return;
      }
      const octal = this.syntax.awk ? /^[0-7]{1,3}/.exec(this.source.slice(this.at - 1)) : null;
      if (octal) {
        this.at += octal[0].length - 1;
        this.atom(`\\x${Number.parseInt(octal[0], 8).toString(16).padStart(2, '0').slice(-2)}`);
        return;
      }
    }
    if (this.syntax.awk) {
      this.atom(literal(character));
      return;
    }
    if (character === 'w') {
      this.atom('[A-Za-z0-9_]');
      return;
    }
    if (character === 'W') {
      this.atom('[^A-Za-z0-9_]');
      return;
    }
    if (character === 's') {
      this.atom('[ \\t\\n\\v\\f\\r]');
      return;
    }
    if (character === 'S') {
      this.atom('[^ \\t\\n\\v\\f\\r]');
      return;
    }
    if (character === 'b' || character === 'B') {
      this.assertion(`\\${character}`);
      return;
    }
    if (character === '<') {
      this.assertion('(?<!\\w)(?=\\w)');
      return;
    }
    if (character === '>') {
      this.assertion('(?<=\\w)(?!\\w)');
      return;
    }
    if (character === '`') {
      this.assertion('(?<![^])');
      return;
    }
    if (character === "'") {
      this.assertion('(?![^])');
      return;
    }
    this.atom(literal(character));
  }

  private backReference(number: number): void {
    if (!this.closed.has(number)) throw new RegexpError('Invalid back reference');
    this.atom(`(?:\\${number})`);
  }

  private atom(text: string): void {
    this.atomAt = this.out.length;
    this.out += text;
    this.start = false;
  }
  private assertion(text: string): void {
    this.out += text;
    this.atomAt = this.out.length;
    this.start = false;
  }

  private repeat(mark: string): void {
    const previous = this.out.slice(this.atomAt);
    if (previous === '') return;
    // A second operator on the same atom: a** is (a*)*.
    if (/[*+?}]$/.test(previous) && !/\\[*+?}]$/.test(previous) && previous.length > 1 && !previous.endsWith(']')) {
      this.out = `${this.out.slice(0, this.atomAt)}(?:${previous})`;
    }
    this.out += mark;
  }

  private interval(): void {
    const pattern = this.syntax.extended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/;
    const match = pattern.exec(this.source.slice(this.at));
    if (!match || (match[1] === '' && match[2] === '')) {
      if (this.syntax.extended) {
        this.atom('\\{');
        return;
      }
      throw new RegexpError(this.source.indexOf('\\}', this.at) < 0 ? 'Unmatched \\{' : 'Invalid content of \\{\\}');
    }
    if (this.start) {
      if (this.syntax.extended) {
        this.atom('\\{');
        return;
      }
      throw new RegexpError('Invalid preceding regular expression');
    }
    const low = Number(match[1] || 0);
    const high = match[3] === '' ? undefined : Number(match[3]);
    if (high !== undefined && high < low) throw new RegexpError('Invalid content of \\{\\}');
    if (low > 32767 || (high ?? 0) > 32767) throw new RegexpError('Regular expression too big');
    this.at += match[0].length;
    this.repeat(match[2] === '' ? `{${low}}` : `{${low},${high ?? ''}}`);
  }

  private starts: number[] = [];
  /** Where the alternatives of each open group (and of the whole) begin. */
  private readonly branches: number[][] = [[0]];

  /** Orders the alternatives that end here, when all are plain text. */
  private longestFirst(): void {
    const starts = this.branches.pop()!;
    if (starts.length < 2) return;
    const texts = starts.map((start, i) => this.out.slice(start, (starts[i + 1] ?? this.out.length + 1) - 1));
    if (!texts.every((text) => /^(?:\\[^A-Za-z0-9]|[^\\()[\]{}*+?.^$|])*$/.test(text))) return;
    this.out = this.out.slice(0, starts[0]!) + texts.sort((a, b) => b.length - a.length).join('|');
  }

  private openGroup(): void {
    this.starts.push(this.out.length);
    this.out += '(';
    this.branches.push([this.out.length]);
    this.depth++;
    this.open.push(++this.groups);
    this.start = true;
  }
  private closeGroup(): void {
    this.longestFirst();
    this.out += ')';
    this.depth--;
    this.closed.add(this.open.pop()!);
    this.atomAt = this.starts.pop()!;
    this.start = false;
  }
  private alternative(): void {
    this.out += '|';
    this.branches.at(-1)!.push(this.out.length);
    this.start = true;
  }

  private caret(): void {
    const anchor = this.syntax.extended || this.start;
    if (!anchor) {
      this.atom('\\^');
      return;
    }
    this.out += this.syntax.multiline ? '(?<![^\\n])' : '(?<![^])';
    this.atomAt = this.out.length;
    // Basic: a star after the anchor is literal.
    this.start = true;
  }
  private dollar(): void {
    const rest = this.source.slice(this.at);
    const anchor = this.syntax.extended || rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|');
    if (!anchor) {
      this.atom('\\$');
      return;
    }
    this.assertion(this.syntax.multiline ? '(?![^\\n])' : '(?![^])');
  }

  private bracket(): string {
    let set = '';
    let negated = false;
    if (this.source[this.at] === '^') {
      negated = true;
      this.at++;
    }
    for (let first = true; ; first = false) {
      const character = this.source[this.at];
      if (character === undefined)
        throw new RegexpError(first ? 'Invalid regular expression' : 'Unmatched [, [^, [:, [., or [=');
      if (character === ']' && !first) break;
      set += this.bracketItem();
    }
    this.at++;
    if (set === '') return negated ? '[^]' : '(?!)';
    return `[${negated ? '^' : ''}${set}]`;
  }

  private bracketItem(): string {
    const named = /^\[:([a-z]*):\]/.exec(this.source.slice(this.at));
    if (named) {
      const set = classes[named[1]!];
      if (!set) throw new RegexpError('Invalid character class name');
      this.at += named[0].length;
      return this.syntax.ignoreCase && /^(upper|lower)$/.test(named[1]!) ? 'a-zA-Z' : set;
    }
    const low = this.bracketCharacter();
    if (this.source[this.at] !== '-' || this.source[this.at + 1] === ']' || this.at + 1 >= this.source.length) {
      return hex(low);
    }
    this.at++;
    const high = this.bracketCharacter();
    if (high < low) throw new RegexpError('Invalid range end');
    return `${hex(low)}-${hex(high)}`;
  }

  private bracketCharacter(): number {
    const collating = /^\[([.=])(.)\1\]/s.exec(this.source.slice(this.at));
    if (collating) {
      this.at += collating[0].length;
      return collating[2]!.charCodeAt(0);
    }
    const character = this.source[this.at++]!;
    if (character !== '\\' || !(this.syntax.awk || this.syntax.escapes)) return character.charCodeAt(0);
    return this.escapedInBracket();
  }

  private escapedInBracket(): number {
    const next = this.source[this.at];
    if (next === undefined) return 92;
    const control = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 }[next];
    if (control !== undefined) {
      this.at++;
      return control;
    }
    if (!this.syntax.awk) return 92;
    this.at++;
    return next.charCodeAt(0);
  }
}

const hex = (code: number): string =>
  code < 48 || (code > 57 && code < 65) || (code > 90 && code < 97) || code > 122
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : String.fromCharCode(code);

/** The text as a pattern that matches just it (grep -F). */
export const literalPattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
