/** What a command of Redis is, and how its arguments are read. */
import type { Database } from './database.ts';
import { Failure, type Reply } from './resp.ts';
import type { Session } from './session.ts';

export interface RedisCommand {
  /** With the name itself; negative: at least that many. */
  arity: number;
  /** Changes the data set. */
  write?: boolean;
  run(call: Call): Reply | Promise<Reply>;
}

export interface Call {
  /** Lower case. */
  name: string;
  args: readonly string[];
  session: Session;
  db: Database;
}

export type CommandTable = Readonly<Record<string, RedisCommand>>;

export const command = (arity: number, run: RedisCommand['run']): RedisCommand => ({ arity, run });
export const writes = (arity: number, run: RedisCommand['run']): RedisCommand => ({ arity, write: true, run });

export const syntaxError = (): Failure => new Failure('ERR syntax error');

/** Throws "not an integer". */
export function integer(text: string | undefined): number {
  if (text === undefined || !/^-?(0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new Failure('ERR value is not an integer or out of range');
  }
  return Number(text);
}

/** Throws "not a valid float". */
export function float(text: string | undefined): number {
  const value = /^[+-]?inf(inity)?$/i.test(text ?? '') ? (text!.startsWith('-') ? -1 : 1) / 0 : Number(text);
  if (text === undefined || text.trim() === '' || Number.isNaN(value)) {
    throw new Failure('ERR value is not a valid float');
  }
  return value;
}

/** Positions `start` to `stop` of a sequence, negative from its end. */
export function range(length: number, start: number, stop: number): [from: number, to: number] {
  const from = Math.max(0, start < 0 ? length + start : start);
  const to = Math.min(length - 1, stop < 0 ? length + stop : stop);
  return [from, to + 1];
}
