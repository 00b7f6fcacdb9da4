import type { Dialect } from '../dialect.ts';
import { quoteUnprintable } from '../quote.ts';

/** What a parser stumbled over. `word` tokens keep their text, as bash prints it. */
export interface Token {
  kind: 'word' | 'operator' | 'newline' | 'eof' | 'redirection';
  text: string;
  start: number;
  /** Reserved word in a place where it counts as one. */
  keyword?: boolean;
}

export type FaultKind =
  | { type: 'unexpected'; token: Token; expecting?: string }
  | { type: 'unterminated'; closer: string; atEnd?: boolean }
  | { type: 'conditional'; text: string }
  | { type: 'for-variable'; name: string }
  | { type: 'function-name'; name: string }
  | { type: 'heredoc'; delimiter: string };

/** A command line that no shell would run. `incomplete`: more input could still make it good. */
export class SyntaxFault extends Error {
  /** It is in the commands of a `$( )`. */
  nested = false;
  constructor(
    readonly fault: FaultKind,
    /** 1-based, within the text that was read. */
    readonly line: number,
    readonly incomplete: boolean,
    /** The text of that line, which bash prints after the message. */
    readonly lineText: string,
  ) {
    super(fault.type);
  }
}

const almquistName = (token: Token): string => {
  if (token.kind === 'eof') return 'end of file';
  if (token.kind === 'newline' || token.kind === 'redirection') return token.kind;
  return token.kind === 'word' && !token.keyword ? 'word' : `"${token.text}"`;
};

/** Words of the language stand in quotes, kinds of tokens do not. */
const expected = (what: string | undefined): string =>
  what === undefined
    ? ''
    : ` (expecting ${/^(word|newline|redirection|end of file)$/.test(what) ? what : `"${what}"`})`;

const dashText = (fault: FaultKind): string => {
  switch (fault.type) {
    case 'unexpected':
      return `${almquistName(fault.token)} unexpected${expected(fault.expecting)}`;
    case 'unterminated':
      if (fault.closer === '}') return "Missing '}'";
      if (fault.closer === '))') return "Missing '))'";
      return fault.closer === '`' ? 'EOF in backquote substitution' : 'Unterminated quoted string';
    case 'for-variable':
      return 'Bad for loop variable';
    case 'function-name':
      return 'Bad function name';
    case 'conditional':
      return fault.text;
    case 'heredoc':
      return 'end of file unexpected';
  }
};

const ashText = (fault: FaultKind): string => {
  switch (fault.type) {
    case 'unexpected':
      return `unexpected ${almquistName(fault.token)}${expected(fault.expecting)}`;
    case 'unterminated':
      if (fault.closer === '}') return "missing '}'";
      if (fault.closer === '))') return "missing '))'";
      return fault.closer === '`' ? 'EOF in backquote substitution' : 'unterminated quoted string';
    case 'for-variable':
      return 'bad for loop variable';
    case 'function-name':
      return 'bad function name';
    case 'conditional':
      return fault.text;
    case 'heredoc':
      return 'unexpected end of file';
  }
};

const bashText = (fault: FaultKind): string => {
  switch (fault.type) {
    case 'unexpected':
      if (fault.token.kind === 'eof') return 'syntax error: unexpected end of file';
      return `syntax error near unexpected token \`${fault.token.kind === 'newline' ? 'newline' : quoteUnprintable(fault.token.text)}'`;
    case 'unterminated':
      return `unexpected EOF while looking for matching \`${fault.closer === '))' ? ')' : fault.closer}'`;
    case 'conditional':
      return fault.text;
    case 'for-variable':
    case 'function-name':
      return `\`${fault.name}': not a valid identifier`;
    case 'heredoc':
      return `warning: here-document delimited by end-of-file (wanted \`${fault.delimiter}')`;
  }
};

/** The message without the shell's prefix. */
export const faultText = (fault: FaultKind, dialect: Dialect): string => {
  if (dialect.name === 'bash') return bashText(fault);
  return dialect.name === 'dash' ? `Syntax error: ${dashText(fault)}` : `syntax error: ${ashText(fault)}`;
};

/** bash prints the offending line after "near unexpected token", not after an end of file. */
export const faultShowsLine = (fault: FaultKind): boolean => fault.type === 'unexpected' && fault.token.kind !== 'eof';
