/** The tree of a parsed template. `text` of an operand is how errors quote it. */
export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'action'; pipe: Pipe }
  | { kind: 'if' | 'with' | 'range'; pipe: Pipe; list: Node[]; otherwise?: Node[] }
  | { kind: 'template'; name: string; pipe?: Pipe; pos: number; line: number; text: string }
  | { kind: 'break' | 'continue' };

export interface Pipe {
  /** Variables it sets; `declare` false assigns to existing ones. */
  variables: string[];
  declare: boolean;
  commands: Operand[][];
  pos: number;
  text: string;
}

export interface At {
  pos: number;
  text: string;
}
export type Operand = At &
  (
    | { kind: 'dot' | 'nil' }
    | { kind: 'bool'; value: boolean }
    | { kind: 'string'; value: string }
    | { kind: 'number'; value: number; float: boolean }
    | { kind: 'field'; names: string[] }
    | { kind: 'variable'; names: string[] }
    | { kind: 'function'; name: string }
    | { kind: 'chain'; base: Operand; names: string[] }
    | { kind: 'pipe'; pipe: Pipe }
  );

/** A template that does not parse, or fails when executed; the message is Go's, without the leading `template: NAME`. */
export class TemplateError extends Error {
  constructor(
    private readonly line: number,
    private readonly detail: string,
    name = '',
  ) {
    super(`template: ${name}:${line}: ${detail}`);
  }
  named(name: string): TemplateError {
    return new TemplateError(this.line, this.detail, name);
  }
}
