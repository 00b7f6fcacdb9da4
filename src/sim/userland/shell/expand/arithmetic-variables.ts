import type { Shell } from '../shell.ts';
import { AssociativeArray, IndexedArray } from '../variables.ts';
import { ArithmeticFault, type ArithmeticVariables, evaluateArithmetic } from './arithmetic.ts';

const keyOf = (shell: Shell, name: string, index: string, vars: ArithmeticVariables): string => {
  const variable = shell.vars.lookup(name);
  if (variable?.value instanceof AssociativeArray || variable?.array === 'associative')
    return index.trim().replace(/^'(.*)'$|^"(.*)"$/s, (_, a?: string, b?: string) => a ?? b ?? '');
  return String(evaluateArithmetic(index, vars, shell.dialect));
};

/** The shell's variables as arithmetic sees them. */
export const arithmeticVariables = (shell: Shell): ArithmeticVariables => {
  const vars: ArithmeticVariables = {
    get(name, index) {
      if (index === undefined) {
        const value = shell.vars.get(name);
        if (value === undefined && shell.dialect.bash && shell.has('nounset'))
          throw new ArithmeticFault('unset', name, name);
        return value;
      }
      const key = keyOf(shell, name, index, vars);
      const value = shell.vars.lookup(name)?.value;
      if (value instanceof AssociativeArray) return value.items.get(key);
      if (value instanceof IndexedArray) {
        return value.items.get(Number(key) < 0 ? Number(key) + value.next() : Number(key));
      }
      return key === '0' ? value : undefined;
    },
    set(name, index, value) {
      if (index === undefined) shell.vars.set(name, value);
      else shell.vars.setElement(name, keyOf(shell, name, index, vars), value);
    },
  };
  return vars;
};
