/**
 * The only module that calls unbash. Its trees are used as they are; positions are offsets into the text that was
 * parsed, from which line numbers are computed.
 */

import type {
  AndOr,
  ArithmeticCommand,
  ArithmeticExpression,
  ArithmeticFor,
  ArrayValue,
  Assignment,
  BraceGroup,
  Case,
  Command,
  CompoundList,
  Coproc,
  For,
  Function as FunctionNode,
  HereDoc,
  If,
  Pipeline,
  Redirected,
  Redirection,
  Script,
  Select,
  Statement,
  Subshell,
  TestCommand,
  TestExpression,
  While,
  Word,
  WordPart,
} from 'unbash';
import { parse } from 'unbash';

export type {
  AndOr,
  ArithmeticCommand,
  ArithmeticExpression,
  ArithmeticFor,
  ArrayValue,
  Assignment,
  BraceGroup,
  Case,
  Command,
  CompoundList,
  Coproc,
  For,
  FunctionNode,
  HereDoc,
  If,
  Pipeline,
  Redirected,
  Redirection,
  Script,
  Select,
  Statement,
  Subshell,
  TestCommand,
  TestExpression,
  While,
  Word,
  WordPart,
};

export type CommandNode = Statement['command'];

/** A tree and where it came from: what a line number is computed from. */
export class Chunk {
  private starts: number[] | undefined;
  constructor(
    readonly source: string,
    /** The line of `source`'s first character in its file. */
    readonly firstLine: number,
    /** File name for messages, where it is not the shell's own name. */
    readonly name?: string,
  ) {}

  /** 1-based. */
  lineOf(pos: number): number {
    this.starts ??= [...this.source.matchAll(/\n/g)].map((m) => m.index);
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! < pos) low = middle + 1;
      else high = middle;
    }
    return this.firstLine + low;
  }
}

export const parseScript = (source: string): Script => {
  const script = parse(source);
  if (/\S[<>]\(|[<>]\(.*\)\S/.test(source)) joinWords(script);
  return script;
};

const substitutes = (word: Word): boolean => word.parts?.some((part) => part.type === 'ProcessSubstitution') ?? false;

const wordParts = (word: Word): readonly WordPart[] =>
  word.parts ?? [{ type: 'Literal', value: word.value, text: word.text, pos: word.pos, end: word.end }];

const joined = (a: Word, b: Word): Word => ({
  type: 'Word',
  pos: a.pos,
  text: a.text + b.text,
  value: a.value + b.value,
  end: b.end,
  parts: [...(a.text === '' ? [] : wordParts(a)), ...wordParts(b)],
});

const touches = (a: Word, b: Word): boolean => a.end === b.pos && (substitutes(a) || substitutes(b));

/** unbash ends a word where a process substitution begins or ends: `--file=<(command)` is one word. */
const joinWords = (node: unknown): void => {
  if (typeof node !== 'object' || node === null) return;
  if ((node as { type?: string }).type === 'Command') joinCommand(node as Writable<Command>);
  for (const value of Object.values(node)) joinWords(value);
  if ((node as { type?: string }).type === 'Word') for (const part of (node as Word).parts ?? []) joinWords(part);
};

type Writable<T> = { -readonly [key in keyof T]: T[key] };

const joinCommand = (command: Writable<Command>): void => {
  const suffix = [...command.suffix];
  for (let last = command.prefix.at(-1); command.name && last?.type === 'Assignment'; last = command.prefix.at(-1)) {
    const { value } = last;
    if (value.type !== 'Word' || !touches(value, command.name)) break;
    const { type, pos, name, append, index } = last;
    const text = last.text + command.name.text;
    const whole = { type, pos, name, append, index, text, value: joined(value, command.name), end: command.name.end };
    command.prefix = [...command.prefix.slice(0, -1), whole];
    const next =
      suffix[0]?.type === 'Word' || suffix[0] === undefined ? (suffix.shift() as Word | undefined) : undefined;
    command.name = next;
  }
  const words: typeof suffix = [];
  for (const one of suffix) {
    const before = words.at(-1) ?? command.name;
    if (one.type !== 'Word' || before?.type !== 'Word' || !touches(before, one)) words.push(one);
    else if (words.length > 0) words[words.length - 1] = joined(before, one);
    else command.name = joined(before, one);
  }
  command.suffix = words;
};

/** The words of `text` as arguments of a command. */
export const parseWords = (text: string): readonly Word[] => {
  const command = parse(`: ${text}\n`).commands[0]?.command;
  return command?.type === 'Command' ? command.suffix.filter((s): s is Word => s.type === 'Word') : [];
};

/** `text` read as the inside of double quotes, where `"` itself means nothing: prompts and arithmetic. */
export const parseQuoted = (text: string): readonly WordPart[] => {
  if (!/[$`\\]/.test(text)) return [{ type: 'Literal', value: text, text, pos: 0, end: text.length }];
  const end = 'DRYDOCK_END_OF_TEXT';
  const command = parse(`:<<${end}\n${text}\n${end}\n`).commands[0]?.command;
  const redirect = command?.type === 'Command' ? command.redirects[0] : undefined;
  if (redirect?.type !== 'HereDoc' || !redirect.body) return [];
  const parts = redirect.body.parts ?? [
    { type: 'Literal', value: text, text: redirect.body.text, pos: 0, end: redirect.body.text.length } as const,
  ];
  const last = parts.at(-1);
  if (last?.type !== 'Literal') return parts;
  return [...parts.slice(0, -1), { ...last, text: last.text.slice(0, -1), value: last.value.slice(0, -1) }];
};
