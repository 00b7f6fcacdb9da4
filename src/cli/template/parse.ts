import { lex, type Token } from './lex.ts';
import { type Node, type Operand, type Pipe, TemplateError } from './node.ts';

export interface Parsed {
  source: string;
  root: Node[];
  defined: Map<string, Node[]>;
}

/** Parses a template; `functions` are the names it may call. Throws {@link TemplateError} with Go's text. */
export function parse(source: string, functions: ReadonlySet<string>, name = ''): Parsed {
  try {
    const parser = new Parser(lex(source), functions);
    const root = parser.list(undefined);
    return { source, root, defined: parser.defined };
  } catch (error) {
    throw error instanceof TemplateError ? error.named(name) : error;
  }
}

class Parser {
  readonly defined = new Map<string, Node[]>();
  private at = 0;
  private variables = ['$'];
  private loops = 0;

  constructor(
    private readonly tokens: Token[],
    private readonly functions: ReadonlySet<string>,
  ) {}

  private peek(): Token {
    return this.tokens[this.at]!;
  }
  private next(): Token {
    const token = this.tokens[this.at]!;
    if (token.kind !== 'eof') this.at++;
    return token;
  }
  private peekSolid(): Token {
    while (this.peek().kind === 'space') this.at++;
    return this.peek();
  }
  private nextSolid(): Token {
    this.peekSolid();
    return this.next();
  }
  private fail(message: string, token = this.peek()): never {
    throw new TemplateError(token.line, message);
  }
  private unexpected(token: Token, context: string): never {
    if (token.kind === 'eof') return this.fail('unexpected EOF', token);
    const text =
      token.kind === 'keyword'
        ? `<${token.text}>`
        : token.text.length > 10 && token.kind !== 'right'
          ? `${quote(token.text.slice(0, 10))}...`
          : quote(token.text);
    return this.fail(`unexpected ${text} in ${context}`, token);
  }
  private expect(kind: Token['kind'], context: string): Token {
    const token = this.nextSolid();
    return token.kind === kind ? token : this.unexpected(token, context);
  }

  /** Nodes up to `{{end}}` or `{{else`, which is left to the caller; at the top, up to the end. */
  list(inside: string | undefined): Node[] {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.peek();
      if (token.kind === 'eof') return inside === undefined ? nodes : this.fail('unexpected EOF', token);
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: this.next().text });
        continue;
      }
      const start = this.at;
      this.expect('left', 'input');
      const word = this.peekSolid();
      if (word.kind === 'keyword' && (word.text === 'end' || word.text === 'else')) {
        if (inside === undefined) this.fail(`unexpected {{${word.text}}}`, word);
        this.at = start;
        return nodes;
      }
      const node = this.action();
      if (node) nodes.push(node);
    }
  }

  private action(): Node | undefined {
    const token = this.peekSolid();
    if (token.kind !== 'keyword') {
      const pipe = this.pipeline('command', 'right');
      return { kind: 'action', pipe };
    }
    this.next();
    switch (token.text) {
      case 'if':
      case 'with':
      case 'range':
        return this.control(token.text);
      case 'define':
        return this.define();
      case 'template':
        return this.template(token);
      case 'block':
        return this.block(token);
      case 'break':
      case 'continue':
        if (this.loops === 0) this.fail(`{{${token.text}}} outside {{range}}`, token);
        this.expect('right', `{{${token.text}}}`);
        return { kind: token.text };
      default:
        return this.unexpected(token, 'command');
    }
  }

  private control(kind: 'if' | 'with' | 'range'): Node {
    const scope = this.variables.length;
    const pipe = this.pipeline(kind, 'right');
    if (kind === 'range') this.loops++;
    const list = this.list(kind);
    if (kind === 'range') this.loops--;
    this.expect('left', kind);
    let otherwise: Node[] | undefined;
    if (this.nextSolid().text === 'else') {
      const word = this.peekSolid();
      if (word.kind === 'keyword' && word.text === kind && kind !== 'range') {
        this.next();
        otherwise = [this.control(kind)];
        this.variables.length = scope;
        return { kind, pipe, list, otherwise };
      }
      this.expect('right', 'else');
      otherwise = this.list(kind);
      this.expect('left', kind);
      const end = this.nextSolid();
      if (end.text !== 'end') this.fail(`expected end; found {{${end.text}}}`, end);
    }
    this.expect('right', 'end');
    this.variables.length = scope;
    return { kind, pipe, list, otherwise };
  }

  private name(token: Token, context: string): string {
    return token.kind === 'string' ? unquote(token.text) : this.unexpected(token, context);
  }
  private body(): Node[] {
    const outer = this.variables;
    this.variables = ['$'];
    const list = this.list('define');
    this.variables = outer;
    this.expect('left', 'define clause');
    const end = this.nextSolid();
    if (end.text !== 'end') this.unexpected(end, 'define clause');
    this.expect('right', 'end');
    return list;
  }
  private define(): undefined {
    const name = this.name(this.nextSolid(), 'define clause');
    this.expect('right', 'define clause');
    this.defined.set(name, this.body());
  }
  private template(start: Token): Node {
    const named = this.nextSolid();
    const name = this.name(named, 'template clause');
    const token = this.peekSolid();
    const pipe = token.kind === 'right' ? undefined : this.pipeline('template clause', 'right');
    if (!pipe) this.nextSolid();
    return {
      kind: 'template',
      name,
      pipe,
      pos: named.pos,
      line: start.line,
      text: `{{template ${JSON.stringify(name)}}}`,
    };
  }
  private block(start: Token): Node {
    const name = this.name(this.nextSolid(), 'block clause');
    const pipe = this.pipeline('block clause', 'right');
    this.defined.set(name, this.body());
    return {
      kind: 'template',
      name,
      pipe,
      pos: start.pos,
      line: start.line,
      text: `{{template ${JSON.stringify(name)}}}`,
    };
  }

  private pipeline(context: string, end: 'right' | 'close'): Pipe {
    const first = this.peekSolid();
    const pipe: Pipe = { variables: [], declare: true, commands: [], pos: first.pos, text: '' };
    this.declarations(pipe, context);
    for (;;) {
      const token = this.nextSolid();
      if (token.kind === end) {
        if (pipe.commands.length === 0) this.fail(`missing value for ${context}`, token);
        for (const command of pipe.commands.slice(1)) {
          const head = command[0]!;
          if (['bool', 'dot', 'nil', 'number', 'string'].includes(head.kind)) {
            this.fail(`non executable command in pipeline stage ${pipe.commands.indexOf(command) + 1}`, token);
          }
        }
        pipe.text = pipe.commands.map((command) => command.map((operand) => operand.text).join(' ')).join(' | ');
        if (pipe.variables.length) pipe.text = `${pipe.variables.join(', ')} ${pipe.declare ? ':=' : '='} ${pipe.text}`;
        return pipe;
      }
      if (
        ['bool', 'char', 'dot', 'field', 'identifier', 'number', 'nil', 'string', 'variable', 'open'].includes(
          token.kind,
        )
      ) {
        this.at--;
        pipe.commands.push(this.command());
      } else this.unexpected(token, context);
    }
  }

  /** `$x :=`, `$x =`, `$i, $x :=` at the start of a pipeline. */
  private declarations(pipe: Pipe, context: string): void {
    const start = this.at;
    const names: string[] = [];
    while (this.peekSolid().kind === 'variable') {
      names.push(this.next().text);
      const token = this.nextSolid();
      if (token.kind === 'comma' && context === 'range' && names.length < 2) continue;
      if (token.kind === 'declare' || token.kind === 'assign') {
        pipe.variables = names;
        pipe.declare = token.kind === 'declare';
        if (pipe.declare) this.variables.push(...names);
        return;
      }
      break;
    }
    this.at = start;
  }

  private command(): Operand[] {
    const operands: Operand[] = [];
    for (;;) {
      this.peekSolid();
      const operand = this.operand();
      if (operand) operands.push(operand);
      const token = this.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'right' || token.kind === 'close') {
        this.at--;
        break;
      }
      if (token.kind === 'pipe') break;
      this.unexpected(token, 'operand');
    }
    if (operands.length === 0) this.fail('empty command');
    return operands;
  }

  private operand(): Operand | undefined {
    const node = this.term();
    if (!node || this.peek().kind !== 'field') return node;
    // The position of a chain is that of its second link: so the real parser has it.
    const pos = this.peek().pos;
    const names: string[] = [];
    while (this.peek().kind === 'field') names.push(this.next().text.slice(1));
    const text = `${node.kind === 'pipe' ? `(${node.pipe.text})` : node.text}.${names.join('.')}`;
    switch (node.kind) {
      case 'field':
        return { kind: 'field', names: [...node.names, ...names], pos, text };
      case 'variable':
        return { kind: 'variable', names: [...node.names, ...names], pos, text };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.fail(`unexpected . after term ${quote(node.text)}`);
      default:
        return { kind: 'chain', base: node, names, pos, text };
    }
  }

  private term(): Operand | undefined {
    const token = this.nextSolid();
    const at = { pos: token.pos, text: token.text };
    switch (token.kind) {
      case 'identifier':
        if (!this.functions.has(token.text)) this.fail(`function ${quote(token.text)} not defined`, token);
        return { kind: 'function', name: token.text, ...at };
      case 'dot':
        return { kind: 'dot', ...at };
      case 'nil':
        return { kind: 'nil', ...at };
      case 'variable':
        if (!this.variables.includes(token.text)) this.fail(`undefined variable ${quote(token.text)}`, token);
        return { kind: 'variable', names: [token.text], ...at };
      case 'field':
        return { kind: 'field', names: [token.text.slice(1)], ...at };
      case 'bool':
        return { kind: 'bool', value: token.text === 'true', ...at };
      case 'char':
        return { kind: 'number', value: unquote(`"${token.text.slice(1, -1)}"`).codePointAt(0)!, float: false, ...at };
      case 'number':
        return number(token, () => this.fail(`bad number syntax: ${quote(token.text)}`, token));
      case 'open': {
        const pipe = this.pipeline('parenthesized pipeline', 'close');
        return { kind: 'pipe', pipe, pos: token.pos, text: `(${pipe.text})` };
      }
      case 'string':
        return { kind: 'string', value: unquote(token.text), ...at };
      default:
        this.at--;
        return undefined;
    }
  }
}

function number(token: Token, fail: () => never): Operand {
  const text = token.text.replaceAll('_', '');
  const float = /[.eE]/.test(text) && !/^[+-]?0[xX]/.test(text);
  const digits = /^([+-]?)0([0-7]+)$/.exec(text);
  const value = digits
    ? Number(`${digits[1]}${Number.parseInt(digits[2]!, 8)}`)
    : text[0] === '-'
      ? -Number(text.slice(1))
      : Number(text.replace(/^\+/, ''));
  if (Number.isNaN(value)) fail();
  return { kind: 'number', value, float, pos: token.pos, text: token.text };
}

const quote = (text: string): string => JSON.stringify(text);

/** The value of a Go string literal. */
export function unquote(text: string): string {
  if (text[0] === '`') return text.slice(1, -1);
  const simple: Record<string, string> = {
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\x07',
    b: '\b',
    f: '\f',
    v: '\v',
    '\\': '\\',
    '"': '"',
    "'": "'",
  };
  return text
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)/g, (_all, code: string) =>
      /^[xuU]/.test(code) && code.length > 1
        ? String.fromCodePoint(Number.parseInt(code.slice(1), 16))
        : /^[0-7]{3}$/.test(code)
          ? String.fromCharCode(Number.parseInt(code, 8))
          : (simple[code] ?? code),
    );
}
