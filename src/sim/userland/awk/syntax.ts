/** awk's syntax tree. */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'regexp'; source: string }
  | { kind: 'variable'; name: string }
  | { kind: 'field'; index: Expression }
  | { kind: 'element'; array: string; subscript: Expression[] }
  | { kind: 'assign'; operator: string; target: Expression; value: Expression }
  | { kind: 'step'; target: Expression; by: 1 | -1; prefix: boolean }
  | { kind: 'unary'; operator: string; operand: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'match'; negated: boolean; left: Expression; right: Expression }
  | { kind: 'in'; subscript: Expression[]; array: string }
  | { kind: 'conditional'; test: Expression; yes: Expression; no: Expression }
  | { kind: 'group'; inner: Expression }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'builtin'; name: string; args: Expression[] }
  | { kind: 'getline'; from: 'main' | 'file' | 'command'; source?: Expression; target?: Expression };

export type Statement =
  | { kind: 'expression'; value: Expression }
  | { kind: 'print'; format: boolean; args: Expression[]; redirect?: { operator: string; to: Expression } }
  | { kind: 'block'; body: Statement[] }
  | { kind: 'if'; test: Expression; yes: Statement; no?: Statement }
  | { kind: 'while'; test: Expression; body: Statement }
  | { kind: 'do'; test: Expression; body: Statement }
  | { kind: 'for'; start?: Statement; test?: Expression; step?: Statement; body: Statement }
  | { kind: 'forIn'; name: string; array: string; body: Statement }
  | { kind: 'delete'; array: string; subscript?: Expression[] }
  | { kind: 'next' | 'nextfile' | 'break' | 'continue' }
  | { kind: 'exit' | 'return'; value?: Expression };

export interface Rule {
  kind: 'begin' | 'end' | 'pattern' | 'range';
  pattern?: Expression;
  until?: Expression;
  /** Absent: print. */
  body?: Statement;
}

export interface AwkFunction {
  name: string;
  parameters: string[];
  body: Statement;
}

export interface Script {
  rules: Rule[];
  functions: Map<string, AwkFunction>;
}
