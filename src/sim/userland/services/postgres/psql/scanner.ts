/** Cuts what is typed into statements and backslash commands, as psqlscan does. */

export type Found =
  | { kind: 'statement'; text: string }
  /** The rest of its line. */
  | { kind: 'command'; text: string }
  | { kind: 'line' };

export type Lookup = (name: string) => string | undefined;

const quoted = (value: string): string => {
  const text = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? ` E${text.replaceAll('\\', '\\\\')}` : text;
};

export class Scanner {
  /** The statement so far. */
  buffer = '';
  private open: '' | "'" | 'E' | '"' | '*' | '$' = '';
  private tag = '';
  private depth = 0;
  private parens = 0;
  /** BEGIN ATOMIC of a function's body. */
  private bodies = 0;
  private word = '';
  private words: string[] = [];

  constructor(private readonly lookup: Lookup) {}

  /** What a prompt shows: `=` at the start, else why more is wanted. */
  get wants(): string {
    if (this.open === 'E') return "'";
    if (this.open) return this.open;
    if (this.parens > 0) return '(';
    return this.buffer === '' ? '=' : '-';
  }

  reset(): void {
    this.buffer = '';
    this.open = '';
    this.depth = this.parens = this.bodies = 0;
    this.word = '';
    this.words = [];
  }

  /** One line, without its newline. What is found is acted on before the rest is looked at. */
  async line(line: string, act: (found: Found) => Promise<boolean>): Promise<boolean> {
    let at = 0;
    while (at < line.length) {
      const next = this.step(line, at);
      if (typeof next === 'number') {
        at = next;
        continue;
      }
      at = next.at;
      if (!(await act(next.found))) return false;
    }
    this.endWord();
    if (this.buffer !== '' || this.open !== '') this.buffer += '\n';
    return true;
  }

  private take(text: string): void {
    this.buffer += text;
  }

  private endWord(): void {
    if (this.word === '') return;
    const word = this.word.toLowerCase();
    this.word = '';
    if (this.words.length < 4) this.words.push(word);
    const creates = this.words[0] === 'create' && this.words.some((one) => one === 'function' || one === 'procedure');
    if (creates && this.parens === 0) {
      if (word === 'begin') this.bodies++;
      else if (word === 'case' && this.bodies > 0) this.bodies++;
      else if (word === 'end' && this.bodies > 0) this.bodies--;
    }
  }

  private step(line: string, at: number): number | { at: number; found: Found } {
    const char = line[at]!;
    const two = line.slice(at, at + 2);
    if (this.open) return this.inside(line, at);
    if (/[\w$\u0080-\uffff]/.test(char) && !(char === '$' && this.word === '')) {
      this.word += char;
      this.take(char);
      return at + 1;
    }
    const prefix = this.word;
    this.endWord();
    if (/\s/.test(char)) {
      if (this.buffer !== '') this.take(char);
      return at + 1;
    }
    if (two === '--') {
      if (this.buffer !== '') this.take(line.slice(at));
      return line.length;
    }
    if (two === '/*') {
      this.open = '*';
      this.depth = 1;
      this.take(two);
      return at + 2;
    }
    if (char === "'" || char === '"') {
      this.open = char === "'" && /^e$/i.test(prefix) ? 'E' : char;
      this.take(char);
      return at + 1;
    }
    const dollar = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(line.slice(at))?.[0];
    if (dollar) {
      this.open = '$';
      this.tag = dollar;
      this.take(dollar);
      return at + dollar.length;
    }
    if (char === '(') this.parens++;
    if (char === ')' && this.parens > 0) this.parens--;
    if (two === '::') {
      this.take(two);
      return at + 2;
    }
    if (char === ':') return this.variable(line, at);
    if (char === '\\')
      return {
        at: this.endOfCommand(line, at),
        found: { kind: 'command', text: line.slice(at + 1, this.endOfCommand(line, at)) },
      };
    this.take(char);
    if (char === ';' && this.parens === 0 && this.bodies === 0) return { at: at + 1, found: this.finish() };
    return at + 1;
  }

  finish(): Found {
    const text = this.buffer;
    this.reset();
    return { kind: 'statement', text };
  }

  /** To the end of the line, or to `\\`. */
  private endOfCommand(line: string, at: number): number {
    let open = '';
    for (let i = at + 1; i < line.length; i++) {
      const char = line[i]!;
      if (open) {
        if (char === open) open = '';
      } else if (char === "'" || char === '"' || char === '`') open = char;
      else if (char === '\\' && i > at + 1) return i + (line[i + 1] === '\\' ? 2 : 0);
    }
    return line.length;
  }

  private inside(line: string, at: number): number {
    const { open } = this;
    if (open === '*') {
      const two = line.slice(at, at + 2);
      if (two === '*/' || two === '/*') {
        this.take(two);
        this.depth += two === '/*' ? 1 : -1;
        if (this.depth === 0) this.open = '';
        return at + 2;
      }
    } else if (open === '$') {
      if (line.startsWith(this.tag, at)) {
        this.take(this.tag);
        this.open = '';
        return at + this.tag.length;
      }
    } else {
      const end = open === 'E' ? "'" : open;
      if (open === 'E' && line[at] === '\\') {
        this.take(line.slice(at, at + 2));
        return at + 2;
      }
      if (line[at] === end) {
        const doubled = line[at + 1] === end;
        this.take(doubled ? end + end : end);
        if (!doubled) this.open = '';
        return at + (doubled ? 2 : 1);
      }
    }
    this.take(line[at]!);
    return at + 1;
  }

  private variable(line: string, at: number): number {
    const [all, kind, name] = /^:(?:(['"])(\w+)\1|(\w+))/.exec(line.slice(at)) ?? [];
    const plain = /^:(\w+)/.exec(line.slice(at))?.[1];
    const wanted = name ?? plain;
    const value = wanted === undefined ? undefined : this.lookup(wanted);
    if (all === undefined || value === undefined) {
      this.take(':');
      return at + 1;
    }
    this.take(kind === "'" ? quoted(value) : kind === '"' ? `"${value.replaceAll('"', '""')}"` : value);
    return at + all.length;
  }
}

/** A backslash command's words: quotes, variables. */
export function commandWords(text: string, lookup: Lookup): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'") {
      word ??= '';
      for (at++; at < text.length; at++) {
        if (text[at] === "'" && text[at + 1] === "'") word += text[at++];
        else if (text[at] === "'") break;
        else if (text[at] === '\\') {
          at++;
          word +=
            ({ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' } as Record<string, string>)[text[at]!] ?? text[at] ?? '';
        } else word += text[at];
      }
    } else if (char === '"') {
      const end = text.indexOf('"', at + 1);
      word = (word ?? '') + text.slice(at, end < 0 ? text.length : end + 1);
      at = end < 0 ? text.length : end;
    } else if (char === ':') {
      const [all, kind, named, plain] = /^:(?:(['"])(\w+)\1|(\w+))/.exec(text.slice(at)) ?? [];
      const value = lookup(named ?? plain ?? '');
      if (all === undefined || value === undefined) word = `${word ?? ''}:`;
      else {
        word = (word ?? '') + (kind === "'" ? quoted(value).trim() : kind === '"' ? `"${value}"` : value);
        at += all.length - 1;
      }
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}
