/** awk's tokens. Source is a binary string. */
export interface Token {
  kind: 'number' | 'string' | 'regexp' | 'name' | 'call' | 'builtin' | 'keyword' | 'op' | 'newline' | 'end';
  text: string;
  line: number;
}

export class AwkError extends Error {}

const keywords = new Set(
  'BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf'.split(
    ' ',
  ),
);
export const builtins = new Set(
  'length substr index split sub gsub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close fflush systime strftime mktime gensub'.split(
    ' ',
  ),
);
const operators = [
  '**=',
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '**',
  '==',
  '<=',
  '>=',
  '!=',
  '!~',
  '>>',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '>',
  '<',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
];

const escapes: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** Escapes of a string literal (or of a -v value). */
export function unescapeAwk(text: string): string {
  return text.replace(/\\(\n|[0-7]{1,3}|[\s\S])/g, (all, what: string) => {
    if (what === '\n') return '';
    if (/^[0-7]/.test(what)) return String.fromCharCode(Number.parseInt(what, 8) & 255);
    return escapes[what] ?? all;
  });
}

export function tokenize(source: string, busybox = false): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  const push = (kind: Token['kind'], text: string) => tokens.push({ kind, text, line });
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at, at + 4096);
    const blank = /^(?:[ \t\r]+|\\\r?\n|#[^\n]*)/.exec(rest);
    if (blank) {
      if (blank[0].startsWith('\\')) line++;
      at += blank[0].length;
      continue;
    }
    const character = source[at]!;
    if (character === '\n') {
      push('newline', '\n');
      line++;
      at++;
    } else if (character === '"') at = stringToken(source, at, push, line);
    else if (/[0-9.]/.test(character) && /^(\d|\.\d)/.test(rest)) {
      const text = (
        busybox
          ? /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/
          : /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/
      ).exec(rest)![0];
      push('number', text);
      at += text.length;
    } else if (/[A-Za-z_]/.test(character)) {
      const text = /^\w+/.exec(rest)![0];
      at += text.length;
      push(
        keywords.has(text)
          ? 'keyword'
          : builtins.has(text) && (busybox || text !== 'gensub')
            ? 'builtin'
            : source[at] === '('
              ? 'call'
              : 'name',
        text === 'func' ? 'function' : text,
      );
    } else if (character === '/' && regexpMayStart(tokens)) at = regexpToken(source, at, push, line);
    else {
      const text = operators.find((operator) => rest.startsWith(operator) && (busybox || !operator.startsWith('**')));
      if (!text) throw new AwkError(`line ${line}: syntax error at or near ${character}`);
      push('op', text === '**' ? '^' : text === '**=' ? '^=' : text);
      at += text.length;
    }
  }
  push('newline', '\n');
  line++;
  push('end', '');
  return tokens;
}

function stringToken(source: string, at: number, push: (kind: 'string', text: string) => void, line: number): number {
  let end = at + 1;
  while (end < source.length && source[end] !== '"') {
    if (source[end] === '\n') throw new AwkError(`line ${line}: runaway string constant ${source.slice(at, end)} ...`);
    end += source[end] === '\\' ? 2 : 1;
  }
  if (end >= source.length) throw new AwkError(`line ${line}: runaway string constant ${source.slice(at)} ...`);
  push('string', unescapeAwk(source.slice(at + 1, end)));
  return end + 1;
}

/** A slash divides after an operand and begins a regular expression anywhere else. */
function regexpMayStart(tokens: Token[]): boolean {
  const last = tokens.at(-1);
  if (!last) return true;
  if (/^(number|string|name|builtin|regexp)$/.test(last.kind)) return false;
  return !(last.kind === 'op' && /^(\)|\]|\$|\+\+|--)$/.test(last.text));
}

function regexpToken(source: string, at: number, push: (kind: 'regexp', text: string) => void, line: number): number {
  let end = at + 1;
  for (let bracket = false; end < source.length && (bracket || source[end] !== '/'); end++) {
    if (source[end] === '\n')
      throw new AwkError(`line ${line}: runaway regular expression ${source.slice(at, end)} ...`);
    if (source[end] === '\\') end++;
    else if (source[end] === '[' && !bracket) {
      bracket = true;
      if (source[end + 1] === '^') end++;
      if (source[end + 1] === ']') end++;
    } else if (source[end] === ']') bracket = false;
  }
  push('regexp', source.slice(at + 1, end).replace(/\\\//g, '/'));
  return end + 1;
}
