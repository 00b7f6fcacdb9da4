import { Abort } from '../control.ts';
import { expandArithmetic, expandSingle, expandSubscript, expandWord } from '../expand/expand.ts';
import { elementKey } from '../expand/parameter.ts';
import type { Shell } from '../shell.ts';
import type { ArrayValue, Assignment, Word } from '../syntax/grammar.ts';
import { parseWords } from '../syntax/grammar.ts';
import { bracedWords } from '../syntax/parts.ts';
import { AssociativeArray, IndexedArray, VariableError } from '../variables.ts';
import { variableError } from './report.ts';

/** NAME=value, NAME+=value, NAME[i]=value, NAME=(...). Gives what `set -x` shows. */
export const assign = async (
  shell: Shell,
  node: Assignment,
  trace: (value: string) => Promise<void> = async () => {},
): Promise<string> => {
  try {
    if (node.value.type === 'ArrayValue') {
      await trace(`(${node.value.elements.map((e) => e.text).join(' ')})`);
      return await assignArray(shell, node, node.value);
    }
    return await assignScalar(shell, node, node.value, trace);
  } catch (error) {
    if (error instanceof VariableError) return variableError(shell, error);
    throw error;
  }
};

const assignScalar = async (
  shell: Shell,
  node: Assignment,
  word: Word,
  trace: (value: string) => Promise<void>,
): Promise<string> => {
  const text = await expandSingle(shell, word, true);
  await trace(text);
  if (node.index?.text === '') throw new VariableError(`${node.name}[]`, 'subscript');
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
  if (key === undefined && shell.vars.table.get(name)?.nameref) {
    const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(shell.vars.resolve(name));
    if (element)
      return assignText(shell, element[1]!, await subscriptKey(shell, element[1]!, element[2]!), text, append);
  }
  const variable = shell.vars.lookup(name);
  let value = text;
  if (variable?.integer) {
    const old = append ? (current(shell, name, key) ?? '0') : '0';
    value = String(BigInt.asIntN(64, BigInt(old || '0') + (await expandArithmetic(shell, text))));
  } else if (append) value = (current(shell, name, key) ?? '') + text;
  if (key === undefined) shell.vars.set(name, value);
  else shell.vars.setElement(name, key, value);
  if (shell.dialect.bash && shell.has('allexport')) shell.vars.attributes(name).exported = true;
};

/** The key that a subscript in an expanded word means: `printf -v 'a[$k]'`, `read a[1]`, namerefs. */
export const subscriptKey = async (shell: Shell, name: string, text: string): Promise<string> => {
  const variable = shell.vars.lookup(name);
  if (variable?.value instanceof AssociativeArray || variable?.array === 'associative')
    return expandSubscript(shell, text);
  return String(await expandArithmetic(shell, text));
};

/** Assigns to what an expanded word names: a variable or an element. */
export const assignTo = async (shell: Shell, reference: string, value: string): Promise<void> => {
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(reference);
  if (!element) return assignText(shell, reference, undefined, value, false);
  const [, name, text] = element as unknown as [string, string, string];
  await assignText(shell, name, await subscriptKey(shell, name, text), value, false);
};

const current = (shell: Shell, name: string, key: string | undefined): string | undefined => {
  if (key === undefined) return shell.vars.get(name);
  const value = shell.vars.lookup(name)?.value;
  if (value instanceof IndexedArray) return value.items.get(Number(key) < 0 ? Number(key) + value.next() : Number(key));
  if (value instanceof AssociativeArray) return value.items.get(key);
  return key === '0' ? value : undefined;
};

/** One element of `(...)`, its value expanded; the subscript is looked at when its turn comes. */
interface Item {
  key?: string;
  append: boolean;
  value: string;
}

const itemsOf = async (shell: Shell, list: ArrayValue, associative: boolean): Promise<Item[]> => {
  const items: Item[] = [];
  for (const element of list.elements) {
    const indexed = /^\[((?:[^\][]|\[[^\]]*\])*)\](\+?)=([\s\S]*)$/.exec(element.text);
    const braces = (bracedWords(element, shell.dialect)?.length ?? 1) > 1;
    if (!indexed || braces) {
      for (const value of await expandWord(shell, element)) items.push({ value, append: false });
      continue;
    }
    const word = indexed[3] === '' ? undefined : parseWords(indexed[3]!)[0];
    const value = word ? await expandSingle(shell, word, !associative) : '';
    items.push({ key: indexed[1]!, append: indexed[2] === '+', value });
  }
  return items;
};

const assignArray = async (shell: Shell, node: Assignment, list: ArrayValue): Promise<string> => {
  if (node.index) {
    await shell.complain(`${node.name}[${node.index.text}]: cannot assign list to array member`);
    throw new Abort(1, true);
  }
  await assignList(shell, node.name, list, Boolean(node.append));
  return `(${list.elements.map((e) => e.text).join(' ')})`;
};

const assignList = async (shell: Shell, name: string, list: ArrayValue, append: boolean): Promise<void> => {
  const variable = shell.vars.lookup(name);
  const old = variable?.value;
  if (old instanceof AssociativeArray || variable?.array === 'associative') {
    const items = await itemsOf(shell, list, true);
    const array = append && old instanceof AssociativeArray ? old : new AssociativeArray();
    if (append && typeof old === 'string') array.set('0', old);
    shell.vars.setArray(name, array);
    return fillAssociative(
      shell,
      name,
      items,
      append ? array : old instanceof AssociativeArray ? old : new AssociativeArray(),
    );
  }
  const items = await itemsOf(shell, list, false);
  const array = append && old instanceof IndexedArray ? old : new IndexedArray();
  if (append && typeof old === 'string') array.set(0, old);
  shell.vars.setArray(name, array);
  let next = array.next();
  for (const item of items) {
    if (item.key !== undefined) next = await indexOf(shell, name, item.key, array);
    await assignText(shell, name, String(next), item.value, item.append);
    next++;
  }
};

const indexOf = async (shell: Shell, name: string, key: string, array: IndexedArray): Promise<number> => {
  const at = key.trim() === '' ? Number.NaN : Number(await expandArithmetic(shell, key));
  const index = at < 0 ? at + array.next() : at;
  if (!(index >= 0)) throw new VariableError(`[${key}]`, 'subscript');
  void name;
  return index;
};

/** `[k]+=v` appends to what the variable held before the assignment. */
const fillAssociative = async (
  shell: Shell,
  name: string,
  items: readonly Item[],
  old: AssociativeArray,
): Promise<void> => {
  if (items.length > 0 && items[0]!.key === undefined) {
    for (let i = 0; i < items.length; i += 2) {
      await assignText(shell, name, items[i]!.value, items[i + 1]?.value ?? '', false);
    }
    return;
  }
  for (const { key, value, append } of items) {
    if (key === undefined) {
      await shell.complain(`${name}: ${value}: must use subscript when assigning associative array`);
      continue;
    }
    const word = parseWords(key)[0];
    const text = word ? await expandSingle(shell, word) : '';
    const held = append && !shell.vars.lookup(name)?.integer ? (old.items.get(text) ?? '') : undefined;
    await assignText(shell, name, text, (held ?? '') + value, append && held === undefined);
  }
};
