/** A jq program as a tree. */
import type { Json } from './value.ts';

export type Pattern =
  | { var: string }
  | { array: Pattern[] }
  | { object: [key: Node, value: Pattern | undefined, bind?: string][] };

export type Node =
  | { t: 'identity' }
  | { t: 'recurse' }
  | { t: 'index'; of: Node; key: Node }
  | { t: 'slice'; of: Node; from?: Node; to?: Node }
  | { t: 'each'; of: Node }
  | { t: 'literal'; value: Json }
  | { t: 'string'; parts: (string | Node)[]; format?: string }
  | { t: 'format'; name: string }
  | { t: 'array'; of?: Node }
  | { t: 'object'; entries: [key: Node, value: Node][] }
  | { t: 'negate'; of: Node }
  | { t: 'pipe'; left: Node; right: Node }
  | { t: 'comma'; left: Node; right: Node }
  | { t: 'binary'; op: string; left: Node; right: Node }
  | { t: 'logic'; op: 'and' | 'or' | '//'; left: Node; right: Node }
  | { t: 'assign'; op: string; left: Node; right: Node }
  | { t: 'if'; condition: Node; yes: Node; no?: Node }
  | { t: 'try'; body: Node; handler?: Node }
  | { t: 'reduce'; source: Node; pattern: Pattern; start: Node; update: Node }
  | { t: 'foreach'; source: Node; pattern: Pattern; start: Node; update: Node; extract?: Node }
  | { t: 'def'; name: string; params: string[]; body: Node; rest: Node }
  | { t: 'call'; name: string; args: Node[] }
  | { t: 'var'; name: string }
  | { t: 'as'; source: Node; patterns: Pattern[]; body: Node }
  | { t: 'label'; name: string; body: Node }
  | { t: 'break'; name: string };

export interface Definition {
  name: string;
  params: string[];
  body: Node;
}

/** A program that cannot be run; what jq says of it. */
export class CompileError extends Error {}

/** Names that a pattern binds. */
export function boundBy(pattern: Pattern): string[] {
  if ('var' in pattern) return [pattern.var];
  if ('array' in pattern) return pattern.array.flatMap(boundBy);
  return pattern.object.flatMap(([, value, bind]) => [...(bind ? [bind] : []), ...(value ? boundBy(value) : [])]);
}
