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

export const parseScript = (source: string): Script => parse(source);

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
