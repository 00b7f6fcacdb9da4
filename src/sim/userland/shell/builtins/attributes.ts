import { quoteDeclare } from '../quote.ts';
import { AssociativeArray, IndexedArray, type Variable } from '../variables.ts';

/** -aAinrxlu in the order in which bash writes them; `--` when there is none. */
export const attributeLetters = (v: Variable): string => {
  const kind =
    v.value instanceof AssociativeArray || v.array === 'associative'
      ? 'A'
      : v.value instanceof IndexedArray || v.array
        ? 'a'
        : '';
  const letters = `${kind}${v.integer ? 'i' : ''}${v.nameref ? 'n' : ''}${v.readonly ? 'r' : ''}${v.exported ? 'x' : ''}${v.lower ? 'l' : ''}${v.upper ? 'u' : ''}`;
  return letters === '' ? '--' : `-${letters}`;
};

const keyText = (key: string): string => (/^[\w@%+=:,./-]+$/.test(key) ? key : quoteDeclare(key));

export const arrayText = (value: IndexedArray | AssociativeArray): string => {
  if (value instanceof IndexedArray)
    return `(${value
      .sorted()
      .map((i) => `[${i}]=${quoteDeclare(value.items.get(i)!)}`)
      .join(' ')})`;
  return `(${value
    .keys()
    .map((k) => `[${keyText(k)}]=${quoteDeclare(value.items.get(k)!)} `)
    .join('')})`;
};

export const declaration = (name: string, v: Variable): string => {
  if (v.value === undefined) return `declare ${attributeLetters(v)} ${name}\n`;
  return `declare ${attributeLetters(v)} ${name}=${typeof v.value === 'string' ? quoteDeclare(v.value) : arrayText(v.value)}\n`;
};
