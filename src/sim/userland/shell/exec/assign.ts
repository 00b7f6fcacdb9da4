import { expandArithmetic, expandSingle, expandWord } from '../expand/expand.ts';
import { elementKey } from '../expand/parameter.ts';
import type { Shell } from '../shell.ts';
import type { ArrayValue, Assignment, Word } from '../syntax/grammar.ts';
import { parseWords } from '../syntax/grammar.ts';
import { AssociativeArray, IndexedArray, VariableError } from '../variables.ts';
import { variableError } from './report.ts';

/** NAME=value, NAME+=value, NAME[i]=value, NAME=(...). Gives what `set -x` shows. */
export const assign = async (shell: Shell, node: Assignment): Promise<string> => {
  try {
    if (node.value.type === 'ArrayValue') return await assignArray(shell, node, node.value);
    return await assignScalar(shell, node, node.value);
  } catch (error) {
    if (error instanceof VariableError) return variableError(shell, error);
    throw error;
  }
};

const assignScalar = async (shell: Shell, node: Assignment, word: Word): Promise<string> => {
  const text = await expandSingle(shell, word, true);
  const key = node.index ? await elementKey(shell, node.name, node.index) : undefined;
  await assignText(shell, node.name, key, text, Boolean(node.append));
  return text;
};

/** Assigns text as the variable's attributes ask: integers are computed, += appends or adds. */
export const assignText = async (
  shell: Shell,
  name: string,
  key: string | undefined,
  text: string,
  append: boolean,
): Promise<void> => {
  const variable = shell.vars.lookup(name);
  let value = text;
  if (variable?.integer) {
    const old = append ? (current(shell, name, key) ?? '0') : '0';
    value = String(BigInt.asIntN(64, BigInt(old || '0') + (await expandArithmetic(shell, text))));
  } else if (append) value = (current(shell, name, key) ?? '') + text;
  if (key === undefined) shell.vars.set(name, value);
  else shell.vars.setElement(name, key, value);
  if (shell.has('allexport')) shell.vars.attributes(name).exported = true;
};

const current = (shell: Shell, name: string, key: string | undefined): string | undefined => {
  if (key === undefined) return shell.vars.get(name);
  const value = shell.vars.lookup(name)?.value;
  if (value instanceof IndexedArray) return value.items.get(Number(key) < 0 ? Number(key) + value.next() : Number(key));
  if (value instanceof AssociativeArray) return value.items.get(key);
  return key === '0' ? value : undefined;
};

const assignArray = async (shell: Shell, node: Assignment, list: ArrayValue): Promise<string> => {
  const variable = shell.vars.lookup(node.name);
  const associative = variable?.value instanceof AssociativeArray || variable?.array === 'associative';
  const array = associative
    ? node.append && variable?.value instanceof AssociativeArray
      ? variable.value
      : new AssociativeArray()
    : node.append && variable?.value instanceof IndexedArray
      ? variable.value
      : new IndexedArray();
  if (node.append && array instanceof IndexedArray && typeof variable?.value === 'string') array.set(0, variable.value);
  await fill(shell, array, list, node.name);
  shell.vars.setArray(node.name, array);
  return `(${list.elements.map((e) => e.text).join(' ')})`;
};

const fill = async (
  shell: Shell,
  array: IndexedArray | AssociativeArray,
  list: ArrayValue,
  name: string,
): Promise<void> => {
  let next = array instanceof IndexedArray ? array.next() : 0;
  let key: string | undefined;
  for (const element of list.elements) {
    const indexed = /^\[((?:[^\][]|\[[^\]]*\])*)\](\+?)=([\s\S]*)$/.exec(element.text);
    if (!indexed) {
      for (const text of await expandWord(shell, element)) {
        if (array instanceof IndexedArray) array.set(next++, text);
        else if (key === undefined) key = text;
        else {
          array.items.set(key, text);
          key = undefined;
        }
      }
      continue;
    }
    const value = indexed[3] === '' ? '' : await expandSingle(shell, parseWords(indexed[3]!)[0]!, true);
    if (array instanceof AssociativeArray) {
      const word = parseWords(indexed[1]!)[0];
      array.items.set(word ? await expandSingle(shell, word) : '', value);
    } else {
      const at = Number(await expandArithmetic(shell, indexed[1]!));
      if (at < 0) throw new VariableError(`${name}[${indexed[1]}]`, 'subscript');
      array.set(at, value);
      next = at + 1;
    }
  }
};
