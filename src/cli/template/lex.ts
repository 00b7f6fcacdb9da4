import { TemplateError } from './node.ts';

export type TokenKind =
  | 'text'
  | 'left'
  | 'right'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'string'
  | 'number'
  | 'char'
  | 'bool'
  | 'nil'
  | 'dot'
  | 'pipe'
  | 'assign'
  | 'declare'
  | 'comma'
  | 'open'
  | 'close'
  | 'space'
  | 'eof'
  | 'other';

export interface Token {
  kind: TokenKind;
  text: string;
  pos: number;
  line: number;
}

const keywords = new Set(['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue']);

/** Tokens of a template (text/template/parse/lex.go): text, and what is between `{{` and `}}`. */
export function lex(source: string): Token[] {
  const tokens: Token[] = [];
  const lineAt = (pos: number): number => source.slice(0, pos).split('\n').length;
  const push = (kind: TokenKind, text: string, pos: number): void => {
    tokens.push({ kind, text, pos, line: lineAt(pos) });
  };
  let at = 0;
  let trimNext = false;
  while (at < source.length) {
    const left = source.indexOf('{{', at);
    let text = source.slice(at, left < 0 ? source.length : left);
    const trimRight = left >= 0 && /^-[ \t\r\n]/.test(source.slice(left + 2, left + 4));
    const start = at;
    if (trimNext) text = text.replace(/^[ \t\r\n]+/, '');
    if (trimRight) text = text.replace(/[ \t\r\n]+$/, '');
    trimNext = false;
    if (text) push('text', text, start);
    if (left < 0) break;
    at = left + 2 + (trimRight ? 2 : 0);
    if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at);
      if (end < 0) throw new TemplateError(lineAt(left), 'unclosed comment');
      const closing = /^( -)?\}\}/.exec(source.slice(end + 2).replace(/^\s+-/, ' -'));
      if (!closing) throw new TemplateError(lineAt(left), 'comment ends before closing delimiter');
      trimNext = closing[1] !== undefined;
      at = source.indexOf('}}', end) + 2;
      continue;
    }
    push('left', '{{', left);
    [at, trimNext] = lexAction(source, at, push, lineAt);
  }
  push('eof', '', source.length);
  return tokens;
}

const patterns: [TokenKind, RegExp][] = [
  ['space', /^[ \t\r\n]+/],
  ['string', /^"(?:[^"\\\n]|\\.)*"/],
  ['string', /^`[^`]*`/],
  ['char', /^'(?:[^'\\\n]|\\.)+'/],
  [
    'number',
    /^[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/,
  ],
  ['field', /^\.[\p{L}_][\p{L}\p{N}_]*/u],
  ['variable', /^\$[\p{L}\p{N}_]*/u],
  ['declare', /^:=/],
  ['assign', /^=/],
  ['pipe', /^\|/],
  ['comma', /^,/],
  ['open', /^\(/],
  ['close', /^\)/],
  ['dot', /^\./],
  ['identifier', /^[\p{L}_][\p{L}\p{N}_]*/u],
];

function lexAction(
  source: string,
  at: number,
  push: (kind: TokenKind, text: string, pos: number) => void,
  lineAt: (pos: number) => number,
): [next: number, trim: boolean] {
  let depth = 0;
  const fail = (message: string): never => {
    throw new TemplateError(lineAt(at), message);
  };
  while (at < source.length) {
    const rest = source.slice(at);
    const right = /^(?:[ \t\r\n]+-)?\}\}/.exec(rest);
    if (right) {
      if (depth > 0) fail('unclosed left paren');
      push('right', '}}', at);
      return [at + right[0].length, right[0].length > 2];
    }
    const found = patterns.map(([kind, pattern]) => [kind, pattern.exec(rest)?.[0]] as const).find(([, text]) => text);
    if (!found) {
      if (rest[0] === '"') fail('unterminated quoted string');
      if (rest[0] === '`') fail('unterminated raw quoted string');
      if (rest[0] === "'") fail('unterminated character constant');
      fail(`unrecognized character in action: ${unicode(rest)}`);
    }
    const [kind, text] = found as [TokenKind, string];
    depth += kind === 'open' ? 1 : kind === 'close' ? -1 : 0;
    if (depth < 0) fail('unexpected right paren');
    push(classify(kind, text), text, at);
    at += text.length;
    // What is no terminator may not follow a name (text/template/parse atTerminator).
    if (['field', 'variable', 'identifier'].includes(kind) && /^[^\s.,|:()=]/.test(source.slice(at))) {
      if (!source.startsWith('}}', at)) fail(`bad character ${unicode(source.slice(at))}`);
    }
  }
  at = source.length;
  return fail('unclosed action');
}

/** Go's %#U. */
const unicode = (text: string): string =>
  `U+${text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${String.fromCodePoint(text.codePointAt(0)!)}'`;

function classify(kind: TokenKind, text: string): TokenKind {
  if (kind !== 'identifier') return kind;
  if (keywords.has(text)) return 'keyword';
  return text === 'true' || text === 'false' ? 'bool' : text === 'nil' ? 'nil' : 'identifier';
}
