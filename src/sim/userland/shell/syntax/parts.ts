import { ansiUnescape } from '../builtins/escapes.ts';
import type { Dialect } from '../dialect.ts';
import { braceExpand } from '../expand/brace.ts';
import { parseWords, type Script, type Word, type WordPart } from './grammar.ts';

export type ParameterOperation = Extract<WordPart, { type: 'ParameterExpansion' }>['operation'];

/** A word as the expander wants it: runs of text that are quoted or not, and what is to be expanded. */
export type Part =
  | { type: 'text'; text: string; quoted: boolean }
  | {
      type: 'parameter';
      name: string;
      prefix?: '!' | '#';
      index?: Word;
      operation?: ParameterOperation;
      quoted: boolean;
      /** As written, for "bad substitution". */
      text: string;
      /** What messages call it: `!x` where x names another. */
      shown?: string;
    }
  | { type: 'command'; script: Script | undefined; quoted: boolean; backquoted?: string }
  | { type: 'arithmetic'; body: string; quoted: boolean }
  | { type: 'process'; operator: '<' | '>'; script: Script | undefined };

const text = (value: string, quoted: boolean): Part => ({ type: 'text', text: value, quoted });

/** Unquoted text with backslashes and single quotes in it. */
const bareText = (source: string): Part[] => {
  const parts: Part[] = [];
  const pattern = /\\\n|\\([\s\S])|'([^']*)'|"((?:\\.|[^"\\])*)"|\\$|[^\\'"]+|['"]/gy;
  for (const match of source.matchAll(pattern)) {
    if (match[0] === '\\\n') continue;
    if (match[1] !== undefined) parts.push(text(match[1], true));
    else if (match[2] !== undefined) parts.push(text(match[2], true));
    else if (match[3] !== undefined) parts.push(text(quotedText(match[3]), true));
    else parts.push(text(match[0], false));
  }
  return parts;
};

const quotedText = (source: string): string => source.replace(/\\([$`"\\])|\\\n/g, '$1');
const heredocText = (source: string): string => source.replace(/\\([$`\\])|\\\n/g, '$1');
const operandText = (source: string): string => source.replace(/\\([$`"\\}])|\\\n/g, '$1');

type Context = 'bare' | 'quoted' | 'heredoc' | 'operand';

const literal = (source: string, context: Context): Part[] => {
  if (context === 'bare') return bareText(source);
  if (context === 'heredoc') return [text(heredocText(source), true)];
  return [text(context === 'operand' ? operandText(source) : quotedText(source), true)];
};

class Converter {
  constructor(readonly dialect: Dialect) {}

  all(parts: readonly WordPart[], context: Context): Part[] {
    return parts.flatMap((part) => this.one(part, context));
  }

  private one(part: WordPart, context: Context): Part[] {
    const quoted = context !== 'bare';
    switch (part.type) {
      case 'Literal':
        return literal(part.text, context);
      case 'SingleQuoted':
        return [text(context === 'operand' ? part.text : part.value, true)];
      case 'DoubleQuoted':
        return part.parts.length === 0 ? [text('', true)] : this.all(part.parts, 'quoted');
      case 'LocaleString':
        return [...(this.dialect.bash ? [] : [text('$', false)]), text('', true), ...this.all(part.parts, 'quoted')];
      case 'AnsiCQuoted':
        return this.ansi(part, context);
      case 'SimpleExpansion':
        return [{ type: 'parameter', name: part.text.slice(1), quoted, text: part.text }];
      case 'ParameterExpansion':
        return [
          {
            type: 'parameter',
            name: part.parameter,
            prefix: part.prefix,
            index: part.index,
            operation: part.operation,
            quoted,
            text: part.text,
          },
        ];
      case 'CommandExpansion':
        if (part.text.startsWith('${')) return [{ type: 'parameter', name: '', quoted, text: part.text }];
        return [{ type: 'command', script: part.script, quoted, backquoted: backquotedBody(part.text, quoted) }];
      case 'ArithmeticExpansion':
        return [{ type: 'arithmetic', body: arithmeticBody(part.text), quoted }];
      case 'ProcessSubstitution':
        if (quoted) return [text(part.text, true)];
        return [{ type: 'process', operator: part.operator, script: part.script }];
      default:
        return this.pattern(part, context);
    }
  }

  private ansi(part: Extract<WordPart, { type: 'AnsiCQuoted' }>, context: Context): Part[] {
    if (context === 'operand') return [text(part.text, true)];
    if (this.dialect.extended) return [text(ansiUnescape(part.text.slice(2, -1)), true)];
    return [text('$', false), text(part.text.slice(2, -1), true)];
  }

  private pattern(
    part: Extract<WordPart, { type: 'Glob' | 'ExtendedGlob' | 'BraceExpansion' }>,
    context: Context,
  ): Part[] {
    if (context !== 'bare') return literal(part.text, context);
    const inner = part.parts;
    if (!inner?.some((p) => p.type !== 'Literal' && p.type !== 'Glob')) return bareText(part.text);
    const first = inner[0]!;
    const last = inner.at(-1)!;
    const before = part.text.slice(0, first.pos - part.pos);
    const after = part.text.slice(part.text.length - (part.end - last.end));
    return [...bareText(before), ...this.all(inner, 'bare'), ...bareText(after)];
  }
}

const backquotedBody = (source: string, quoted: boolean): string | undefined =>
  source[0] === '`' ? source.slice(1, -1).replace(quoted ? /\\([$`\\"])/g : /\\([$`\\])/g, '$1') : undefined;

const arithmeticBody = (source: string): string =>
  source.startsWith('$((') ? source.slice(3, -2) : source.slice(2, -1);

const caches = {
  bash: new WeakMap<Word, Part[]>(),
  dash: new WeakMap<Word, Part[]>(),
  ash: new WeakMap<Word, Part[]>(),
};

/** A word outside quotes. */
export const wordParts = (word: Word, dialect: Dialect): readonly Part[] => {
  const cache = caches[dialect.name];
  let parts = cache.get(word);
  if (!parts) {
    parts = word.parts ? new Converter(dialect).all(word.parts, 'bare') : bareText(word.text);
    cache.set(word, parts);
  }
  return parts;
};

/** The operand of `"${x:-operand}"`: single quotes are ordinary characters there. */
export const operandParts = (word: Word, dialect: Dialect): readonly Part[] =>
  word.parts ? new Converter(dialect).all(word.parts, 'operand') : literal(word.text, 'operand');

/** Here-document bodies, prompts, arithmetic. */
export const heredocParts = (parts: readonly WordPart[], dialect: Dialect): readonly Part[] =>
  new Converter(dialect).all(parts, 'heredoc');

const braced = new WeakMap<Word, readonly Word[]>();

/** Brace expansion works on the text of a word, before anything else: one word becomes several. */
export const bracedWords = (word: Word, dialect: Dialect): readonly Word[] | undefined => {
  if (!dialect.bash || !word.parts?.some((p) => p.type === 'BraceExpansion')) return undefined;
  let words = braced.get(word);
  if (!words) {
    words = braceExpand(word.text).flatMap((t) => (t === '' ? [] : parseWords(t)));
    braced.set(word, words);
  }
  return words;
};
