/** jq's grammar: https://jqlang.org/manual/v1.7, by precedence climbing. */
import { Lexer, type Token } from './lexer.ts';
import { CompileError, type Definition, type Node, type Pattern } from './syntax.ts';
import type { Json } from './value.ts';

const identity: Node = { t: 'identity' };
const constants: Readonly<Record<string, Json>> = { null: null, true: true, false: false };

/** Binding power and side of the operators above `,`. */
const powers: Readonly<Record<string, [power: number, side: 'left' | 'right' | 'none']>> = {
  '//': [3, 'right'],
  '=': [4, 'none'],
  '|=': [4, 'none'],
  '+=': [4, 'none'],
  '-=': [4, 'none'],
  '*=': [4, 'none'],
  '/=': [4, 'none'],
  '%=': [4, 'none'],
  '//=': [4, 'none'],
  or: [5, 'left'],
  and: [6, 'left'],
  '==': [7, 'none'],
  '!=': [7, 'none'],
  '<': [7, 'none'],
  '<=': [7, 'none'],
  '>': [7, 'none'],
  '>=': [7, 'none'],
  '+': [8, 'left'],
  '-': [8, 'left'],
  '*': [9, 'left'],
  '/': [9, 'left'],
  '%': [9, 'left'],
};

const tokenNames: Readonly<Record<string, string>> = {
  field: 'FIELD',
  name: 'IDENT',
  variable: 'BINDING',
  format: 'FORMAT',
  number: 'LITERAL',
  string: 'QQSTRING_START',
  end: 'end of file',
};

class Parser {
  private at = 0;

  constructor(private readonly tokens: Token[]) {}

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  private is(text: string): boolean {
    const { kind } = this.token;
    return (kind === 'operator' || kind === 'keyword') && this.token.text === text;
  }

  private take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw this.unexpected();
  }

  private takeKind(kind: Token['kind']): string | undefined {
    if (this.token.kind !== kind) return undefined;
    return this.tokens[this.at++]!.text;
  }

  private unexpected(): CompileError {
    const { kind, text } = this.token;
    const shown = tokenNames[kind] ?? (kind === 'keyword' || text.length > 1 ? `"${text}"` : `'${text}'`);
    return new CompileError(`syntax error, unexpected ${kind === 'keyword' ? text : shown}`);
  }

  program(): Node {
    const node = this.token.kind === 'end' ? identity : this.pipe();
    if (this.token.kind !== 'end') throw this.unexpected();
    return node;
  }

  definitions(): Definition[] {
    const all: Definition[] = [];
    while (this.is('def')) all.push(this.definition());
    if (this.token.kind !== 'end') throw this.unexpected();
    return all;
  }

  private definition(): Definition {
    this.expect('def');
    const name = this.takeKind('name') ?? this.takeKind('keyword');
    if (name === undefined) throw this.unexpected();
    const params: string[] = [];
    if (this.take('(')) {
      do {
        const param = this.takeKind('variable') ?? this.takeKind('name');
        if (param === undefined) throw this.unexpected();
        params.push(param);
      } while (this.take(';'));
      this.expect(')');
    }
    this.expect(':');
    const body = this.pipe();
    this.expect(';');
    return { name, params, body };
  }

  /** The lowest: `|`, with `def`, `label` and `as` that reach to the end. */
  private pipe(): Node {
    if (this.is('def')) {
      const definition = this.definition();
      // A program of definitions alone is the identity.
      const rest = this.token.kind === 'end' || this.is(')') ? identity : this.pipe();
      return { t: 'def', ...definition, rest };
    }
    if (this.take('label')) {
      const name = this.takeKind('variable');
      if (name === undefined) throw this.unexpected();
      this.expect('|');
      return { t: 'label', name: name.slice(1), body: this.pipe() };
    }
    const left = this.comma();
    return this.take('|') ? { t: 'pipe', left, right: this.pipe() } : left;
  }

  private comma(): Node {
    let left = this.operators(3);
    while (this.take(',')) left = { t: 'comma', left, right: this.operators(3) };
    return left;
  }

  private operators(least: number): Node {
    let left = this.unary();
    for (;;) {
      const { text, kind } = this.token;
      const [power, side] =
        (kind === 'operator' || kind === 'keyword') && Object.hasOwn(powers, text) ? powers[text]! : [0];
      if (!power || power < least) return left;
      this.at++;
      left = joined(text, left, this.operators(side === 'right' ? power : power + 1));
      if (side === 'none' && powers[this.token.text]?.[0] === power && this.token.kind === 'operator')
        throw this.unexpected();
    }
  }

  private unary(): Node {
    if (this.is('label') || this.is('def')) return this.pipe();
    if (this.take('-')) return { t: 'negate', of: this.postfix() };
    const term = this.postfix();
    if (!this.take('as')) return term;
    const patterns = [this.pattern()];
    while (this.take('?//')) patterns.push(this.pattern());
    this.expect('|');
    return { t: 'as', source: term, patterns, body: this.pipe() };
  }

  private pattern(): Pattern {
    const name = this.takeKind('variable');
    if (name !== undefined) return { var: name.slice(1) };
    if (this.take('[')) {
      const array = [this.pattern()];
      while (this.take(',')) array.push(this.pattern());
      this.expect(']');
      return { array };
    }
    this.expect('{');
    const object: [Node, Pattern | undefined, string?][] = [];
    do object.push(this.patternEntry());
    while (this.take(','));
    this.expect('}');
    return { object };
  }

  private patternEntry(): [Node, Pattern | undefined, string?] {
    const variable = this.takeKind('variable')?.slice(1);
    if (variable !== undefined) {
      return [{ t: 'literal', value: variable }, this.take(':') ? this.pattern() : undefined, variable];
    }
    const key = this.objectKey();
    this.expect(':');
    return [key, this.pattern()];
  }

  private postfix(): Node {
    let node = this.term();
    for (;;) {
      const field = this.takeKind('field');
      if (field !== undefined) node = indexed(node, field.slice(1));
      else if (this.is('.') && this.tokens[this.at + 1]?.kind === 'string') {
        this.at++;
        node = { t: 'index', of: node, key: this.string() };
      } else if (this.is('.') && this.tokens[this.at + 1]?.text === '[') this.at++;
      else if (this.take('[')) node = this.bracket(node);
      else if (this.take('?')) node = { t: 'try', body: node };
      else if (this.is('?//')) {
        // Outside of patterns: a `?` before a `//`.
        this.tokens[this.at] = { kind: 'operator', text: '//' };
        node = { t: 'try', body: node };
      } else return node;
    }
  }

  private bracket(of: Node): Node {
    if (this.take(']')) return { t: 'each', of };
    if (this.take(':')) return this.sliceEnd({ t: 'slice', of, to: this.pipe() });
    const key = this.pipe();
    if (!this.take(':')) {
      this.expect(']');
      return { t: 'index', of, key };
    }
    return this.sliceEnd(this.is(']') ? { t: 'slice', of, from: key } : { t: 'slice', of, from: key, to: this.pipe() });
  }

  private sliceEnd(node: Node): Node {
    this.expect(']');
    return node;
  }

  private term(): Node {
    const { kind, text } = this.token;
    if (kind === 'number') {
      this.at++;
      return { t: 'literal', value: Number(text) };
    }
    if (kind === 'string') return this.string();
    if (kind === 'field') {
      this.at++;
      return indexed(identity, text.slice(1));
    }
    if (kind === 'variable') {
      this.at++;
      if (text === '$__loc__') return { t: 'literal', value: this.place() };
      return { t: 'var', name: text.slice(1) };
    }
    if (kind === 'format') {
      this.at++;
      return this.token.kind === 'string' ? this.string(text) : { t: 'format', name: text };
    }
    if (kind === 'name') return this.call();
    if (kind === 'keyword') return this.keyword(text);
    return this.punctuated(text);
  }

  private call(): Node {
    const name = this.takeKind('name')!;
    const args: Node[] = [];
    if (Object.hasOwn(constants, name)) return { t: 'literal', value: constants[name]! };
    if (name === 'break' && this.token.kind === 'variable')
      return { t: 'break', name: this.takeKind('variable')!.slice(1) };
    if (this.take('(')) {
      do args.push(this.pipe());
      while (this.take(';'));
      this.expect(')');
    }
    return { t: 'call', name, args };
  }

  private keyword(text: string): Node {
    this.at++;
    switch (text) {
      case 'if':
        return this.conditional();
      case 'try': {
        const body = this.postfix();
        return this.take('catch') ? { t: 'try', body, handler: this.postfix() } : { t: 'try', body };
      }
      case 'reduce': {
        const { source, pattern, steps } = this.folding();
        const [start = identity, update = identity] = steps;
        return { t: 'reduce', source, pattern, start, update };
      }
      case 'foreach': {
        const { source, pattern, steps } = this.folding();
        const [start = identity, update = identity, extract] = steps;
        return { t: 'foreach', source, pattern, start, update, ...(extract && { extract }) };
      }
      case 'def':
        this.at--;
        return this.pipe();
      default:
        this.at--;
        throw this.unexpected();
    }
  }

  private conditional(): Node {
    const condition = this.pipe();
    this.expect('then');
    const yes = this.pipe();
    if (this.take('elif')) return { t: 'if', condition, yes, no: this.conditional() };
    const no = this.take('else') ? this.pipe() : undefined;
    this.expect('end');
    return { t: 'if', condition, yes, ...(no && { no }) };
  }

  private folding(): { source: Node; pattern: Pattern; steps: Node[] } {
    const source = this.postfix();
    this.expect('as');
    const pattern = this.pattern();
    this.expect('(');
    const steps = [this.pipe()];
    while (this.take(';')) steps.push(this.pipe());
    this.expect(')');
    return { source, pattern, steps };
  }

  private punctuated(_text: string): Node {
    if (this.take('.')) {
      if (this.token.kind === 'string') return { t: 'index', of: identity, key: this.string() };
      return identity;
    }
    if (this.take('..')) return { t: 'recurse' };
    if (this.take('(')) {
      const inner = this.pipe();
      this.expect(')');
      return inner;
    }
    if (this.take('[')) {
      if (this.take(']')) return { t: 'array' };
      const of = this.pipe();
      this.expect(']');
      return { t: 'array', of };
    }
    if (this.take('{')) return this.object();
    throw this.unexpected();
  }

  private place = (): Json =>
    new Map<string, Json>([
      ['file', '<top-level>'],
      ['line', 1],
    ]);

  private object(): Node {
    const entries: [Node, Node][] = [];
    while (!this.take('}')) {
      entries.push(this.entry());
      if (!this.is('}')) this.expect(',');
    }
    return { t: 'object', entries };
  }

  private entry(): [Node, Node] {
    const variable = this.takeKind('variable')?.slice(1);
    if (variable !== undefined) {
      const key: Node = { t: 'literal', value: variable };
      return [key, this.take(':') ? this.entryValue() : { t: 'var', name: variable }];
    }
    const key = this.objectKey();
    return [key, this.take(':') ? this.entryValue() : { t: 'index', of: identity, key }];
  }

  private objectKey(): Node {
    const { kind, text } = this.token;
    if (kind === 'string') return this.string();
    if (kind === 'format' && this.tokens[this.at + 1]?.kind === 'string') {
      this.at++;
      return this.string(text);
    }
    if (kind === 'name' || kind === 'keyword' || kind === 'number') {
      this.at++;
      return { t: 'literal', value: text };
    }
    this.expect('(');
    const key = this.pipe();
    this.expect(')');
    return key;
  }

  /** No comma in it; pipes are. */
  private entryValue(): Node {
    const left = this.operators(3);
    return this.take('|') ? { t: 'pipe', left, right: this.entryValue() } : left;
  }

  private string(format?: string): Node {
    const { parts = [] } = this.tokens[this.at++]!;
    const read = parts.map((part) => (typeof part === 'string' ? part : new Parser(part.tokens).program()));
    if (read.length === 1 && typeof read[0] === 'string') return { t: 'literal', value: read[0] };
    return { t: 'string', parts: read, ...(format && { format }) };
  }
}

const indexed = (of: Node, name: string): Node => ({ t: 'index', of, key: { t: 'literal', value: name } });

function joined(op: string, left: Node, right: Node): Node {
  if (op === 'and' || op === 'or' || op === '//') return { t: 'logic', op, left, right };
  if (/^(=|.*[^=!<>]=)$/.test(op)) return { t: 'assign', op, left, right };
  return { t: 'binary', op, left, right };
}

const parserOf = (text: string): Parser => new Parser(new Lexer(text).tokens());

/** Throws {@link CompileError}. */
export const parseProgram = (text: string): Node => parserOf(text).program();

export const parseDefinitions = (text: string): Definition[] => parserOf(text).definitions();
