import type { Shell } from '../shell.ts';
import { AssociativeArray, IndexedArray } from '../variables.ts';
import { ArithmeticFault, type ArithmeticVariables, evaluateArithmetic } from './arithmetic.ts';

/** A subscript has to be expanded before the expression can be computed. */
export class UnexpandedSubscript {
  constructor(readonly text: string) {}
}

/** The shell's variables as arithmetic sees them. */
export class ShellVariables implements ArithmeticVariables {
  /** Subscripts that were expanded: as written -> text. */
  readonly expanded = new Map<string, string>();
  /** Names whose subscript was out of range, to be told afterwards. */
  readonly outOfRange: string[] = [];
  private readonly journal: (() => void)[] = [];

  constructor(private readonly shell: Shell) {}

  /** Takes back every assignment: the expression is computed again. */
  undo(): void {
    for (const back of this.journal.splice(0).reverse()) back();
    this.outOfRange.length = 0;
  }

  private key(name: string, index: string): string {
    const { shell } = this;
    let text = index;
    if (/[$`\\'"]/.test(index)) {
      const done = this.expanded.get(index);
      if (done === undefined) throw new UnexpandedSubscript(index);
      text = done;
    }
    const variable = shell.vars.lookup(name);
    if (variable?.value instanceof AssociativeArray || variable?.array === 'associative') return text.trim();
    return String(evaluateArithmetic(text, this, shell.dialect));
  }

  private missing(name: string): undefined {
    const { shell } = this;
    if (shell.dialect.bash && shell.has('nounset')) throw new ArithmeticFault('unset', name, name);
    return undefined;
  }

  get(name: string, index?: string): string | undefined {
    const { shell } = this;
    if (index === undefined) return shell.vars.get(name) ?? this.missing(name);
    if (index === '@' || index === '*') return shell.vars.get(name);
    const key = this.key(name, index);
    const value = shell.vars.lookup(name)?.value;
    if (value === undefined) return this.missing(name);
    if (value instanceof AssociativeArray) return value.items.get(key);
    if (!(value instanceof IndexedArray)) return key === '0' ? value : undefined;
    const at = Number(key) < 0 ? Number(key) + value.next() : Number(key);
    if (at < 0) this.outOfRange.push(name);
    return value.items.get(at);
  }

  set(name: string, index: string | undefined, value: string): void {
    const { vars } = this.shell;
    if (index === undefined) {
      const old = vars.get(name);
      vars.set(name, value);
      this.journal.push(() => (old === undefined ? vars.unset(name) : vars.set(name, old)));
      return;
    }
    const key = this.key(name, index);
    vars.setElement(name, key, value);
  }
}
