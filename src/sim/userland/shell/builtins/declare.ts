import { assign, assignText } from '../exec/assign.ts';
import { elementKey } from '../expand/parameter.ts';
import type { Shell } from '../shell.ts';
import { parseScript, parseWords } from '../syntax/grammar.ts';
import { printFunction } from '../syntax/print.ts';
import { AssociativeArray, IndexedArray, type Variable, VariableError } from '../variables.ts';
import { attributeLetters, declaration } from './attributes.ts';
import { type Builtin, invalidOption } from './builtin.ts';
import { output } from './output.ts';
import { badName, identifier, parseAssignment, saveOptions, showVariables } from './variables.ts';

const attributes: Record<string, (v: Variable, on: boolean) => void> = {
  x: (v, on) => void (v.exported = on),
  i: (v, on) => void (v.integer = on),
  l: (v, on) => {
    v.lower = on;
    if (on) v.upper = false;
  },
  u: (v, on) => {
    v.upper = on;
    if (on) v.lower = false;
  },
  a: (v) => void (v.array ??= 'indexed'),
  A: (v) => void (v.array = 'associative'),
};

interface Request {
  on: string;
  off: string;
  local: boolean;
}

/** declare, typeset and, inside a function, local. */
export const declare: Builtin = async (shell, args, name) => {
  let on = '';
  let off = '';
  let i = 0;
  for (; i < args.length && /^[-+]./.test(args[i]!); i++) {
    if (args[i] === '--') {
      i++;
      break;
    }
    if (args[i]![0] === '-') on += args[i]!.slice(1);
    else off += args[i]!.slice(1);
  }
  const bad = [...on].find((c) => !'aAfFgiIlnrtuxp'.includes(c));
  const usage = `${name} [-aAfFgiIlnrtux] [name[=value] ...] or ${name} -p [-aAfFilnrtux] [name ...]`;
  if (bad) return invalidOption(shell, name, bad, name === 'local' ? 'local [option] name[=value] ...' : usage);
  const rest = args.slice(i);
  if (/[fF]/.test(on)) return declareFunctions(shell, rest, on);
  if (on.includes('p')) return printDeclarations(shell, rest, on);
  if (rest.length === 0) return on === '' && off === '' ? showVariables(shell) : printDeclarations(shell, [], on);
  let status = 0;
  for (; i < args.length; i++) {
    if (args[i] === '-' && name === 'local') saveOptions(shell);
    else status = (await declareOne(shell, args[i]!, i, { on, off, local: name === 'local' })) || status;
  }
  return status;
};

/** `declare 'a=(1 2)'`: a list in an expanded word. */
export const assignCompound = async (shell: Shell, text: string): Promise<void> => {
  const command = parseScript(`${text}\n`).commands[0]?.command;
  const node = command?.type === 'Command' ? command.prefix[0] : undefined;
  if (node?.type === 'Assignment') await assign(shell, node);
};

const declareOne = async (shell: Shell, text: string, at: number, request: Request): Promise<number> => {
  const { on } = request;
  const given = parseAssignment(text);
  let target = given?.name ?? text.replace(/\[.*\]$/s, '');
  if (!identifier.test(target)) return badName(shell, text);
  const inner = shell.frames.length > 0 && (request.local || !on.includes('g'));
  if (!inner && !on.includes('n') && !request.off.includes('n')) target = shell.vars.resolve(target);
  const array = shell.arrayArguments.get(at);
  const readonly = shell.vars.table.get(target)?.readonly;
  if (readonly && (given || array || inner || request.off.includes('r'))) {
    if (inner && !shell.vars.localNames().includes(target)) throw new VariableError(target, 'readonly');
    throw new VariableError(target, 'readonly');
  }
  if (on.includes('g') && shell.frames.length > 0) {
    return shell.vars.globally(target, () => apply(shell, text, target, at, request));
  }
  if (inner) shell.vars.makeLocal(target, false);
  return apply(shell, text, target, at, request);
};

const convertible = async (shell: Shell, target: string, v: Variable, on: string): Promise<boolean> => {
  const toAssociative = on.includes('A') && (v.value instanceof IndexedArray || v.array === 'indexed');
  const toIndexed = on.includes('a') && (v.value instanceof AssociativeArray || v.array === 'associative');
  if (!toAssociative && !toIndexed) return true;
  const [from, to] = toAssociative ? ['indexed', 'associative'] : ['associative', 'indexed'];
  await shell.complain(`${target}: cannot convert ${from} to ${to} array`);
  return false;
};

const apply = async (shell: Shell, text: string, target: string, at: number, request: Request): Promise<number> => {
  const { on, off } = request;
  const given = parseAssignment(text);
  const v = shell.vars.attributes(target);
  if (!(await convertible(shell, target, v, on))) return 1;
  if (on.includes('n')) return makeReference(shell, target, v, given?.value);
  if (off.includes('n')) v.nameref = false;
  for (const letter of on) attributes[letter]?.(v, true);
  for (const letter of off) if (!/[aA]/.test(letter)) attributes[letter]?.(v, false);
  if (/[aA]/.test(on) && typeof v.value === 'string') v.value = arrayOf(v.value, on.includes('A'));
  const array = shell.arrayArguments.get(at);
  if (array) await assign(shell, array);
  else if (given && (v.array || (v.value && typeof v.value !== 'string')) && /^\(.*\)$/s.test(given.value)) {
    await assignCompound(shell, text);
  } else if (given) {
    const word = given.key === undefined ? undefined : parseWords(given.key)[0];
    const key = given.key === undefined ? undefined : word ? await elementKey(shell, target, word) : given.key;
    await assignText(shell, target, key, given.value, given.append);
  } else if (/\[.*\]$/s.test(text) && !v.array && v.value === undefined) v.array = 'indexed';
  if (on.includes('r')) v.readonly = true;
  return 0;
};

const arrayOf = (value: string, associative: boolean): IndexedArray | AssociativeArray => {
  if (!associative) return IndexedArray.of([value]);
  const array = new AssociativeArray();
  array.set('0', value);
  return array;
};

const makeReference = async (shell: Shell, target: string, v: Variable, value: string | undefined): Promise<number> => {
  const to = value ?? (typeof v.value === 'string' ? v.value : undefined);
  if (to !== undefined && !/^[A-Za-z_]\w*(\[.*\])?$/s.test(to)) {
    await shell.complain(
      to === '' ? `\`${to}': not a valid identifier` : `\`${to}': invalid variable name for name reference`,
    );
    return 1;
  }
  if (to === target && shell.frames.length === 0) {
    await shell.complain(`${target}: nameref variable self references not allowed`);
    return 1;
  }
  if (to === target) await shell.complain(`warning: ${target}: circular name reference`);
  if (to !== undefined) v.value = to;
  v.nameref = true;
  return 0;
};

export const functionText = (shell: Shell, name: string): string => {
  const { chunk, node } = shell.functions.get(name)!;
  return `${printFunction(chunk.source, node)}\n`;
};

const declareFunctions = async (shell: Shell, names: string[], on: string): Promise<number> => {
  const all = names.length > 0 ? names : [...shell.functions.keys()].sort();
  let status = 0;
  for (const name of all) {
    const fn = shell.functions.get(name);
    if (!fn) status = 1;
    else if (on.includes('x')) fn.exported = true;
    else if (on.includes('F')) {
      const where = shell.shopts.extdebug ? ` ${fn.chunk.lineOf(fn.node.pos)} ${fn.chunk.name ?? shell.name}` : '';
      await output(shell, names.length > 0 ? `${name}${where}\n` : `declare -f ${name}\n`);
    } else await output(shell, functionText(shell, name));
  }
  return status;
};

const printDeclarations = async (shell: Shell, names: string[], on: string): Promise<number> => {
  const variable = (name: string): Variable | undefined => {
    const computed = shell.vars.dynamicArrays.get(name) ?? shell.vars.dynamic.get(name)?.get;
    const known = shell.vars.table.get(name);
    return computed ? { ...known, value: computed() } : known;
  };
  if (names.length === 0) {
    const letters = on.replace(/[pgI]/g, '');
    const lines = shell.vars
      .names()
      .filter((n) => [...letters].every((l) => attributeLetters(shell.vars.table.get(n)!).includes(l)));
    return output(shell, lines.map((n) => declaration(n, variable(n)!)).join(''));
  }
  let status = 0;
  for (const name of names) {
    const v = variable(name);
    if (v) await output(shell, declaration(name, v));
    else {
      await shell.complain(`${name}: not found`);
      status = 1;
    }
  }
  return status;
};
