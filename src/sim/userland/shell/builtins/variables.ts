import { assign, assignText } from '../exec/assign.ts';
import { expandArithmetic } from '../expand/expand.ts';
import { ashOptions, bashOptions, dashOptions, optionLetters } from '../options.ts';
import { quoteAlmquist, quoteDeclare, quoteIfNeeded } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { AssociativeArray, IndexedArray, type Variable, VariableError } from '../variables.ts';
import { type Builtin, invalidOption, splitOptions } from './builtin.ts';
import { output } from './output.ts';

const identifier = /^[A-Za-z_]\w*$/;

const badName = async (shell: Shell, text: string): Promise<number> => {
  if (shell.dialect.bash) {
    await shell.complain(`\`${text}': not a valid identifier`);
    return 1;
  }
  const name = text.replace(/=.*$/s, '');
  return shell.fatal(`${name}: bad variable name`);
};

/** Splits `name[key]+=value`. */
const parseAssignment = (text: string) => {
  const match = /^([A-Za-z_]\w*)(?:\[([^\]]*)\])?(\+?)=([\s\S]*)$/.exec(text);
  return match ? { name: match[1]!, key: match[2], append: match[3] === '+', value: match[4]! } : undefined;
};

const list = (shell: Shell, word: string, wanted: (v: Variable) => boolean): Promise<number> => {
  const lines = shell.vars.names().flatMap((name) => {
    const v = shell.vars.table.get(name)!;
    if (!wanted(v)) return [];
    if (shell.dialect.bash) return [declaration(name, v)];
    return [`${word} ${name}${typeof v.value === 'string' ? `=${quoteAlmquist(v.value)}` : ''}\n`];
  });
  return output(shell, lines.join(''));
};

const marker =
  (word: 'exported' | 'readonly'): Builtin =>
  async (shell, args, name) => {
    const { flags, rest, bad } = splitOptions(args, shell.dialect.bash ? 'fnpaA' : 'p');
    if (bad)
      return invalidOption(
        shell,
        name,
        bad,
        `${name} [-${word === 'exported' ? 'fn' : 'aAf'}] [name[=value] ...] or ${name} -p`,
      );
    if (rest.length === 0) return list(shell, name, (v) => Boolean(v[word]));
    let status = 0;
    for (let i = 0; i < rest.length; i++) {
      const array = shell.arrayArguments.get(i + args.length - rest.length);
      if (array) await assign(shell, array);
      const given = parseAssignment(rest[i]!);
      const target = given?.name ?? rest[i]!;
      if (flags.includes('f')) continue;
      if (!identifier.test(target)) {
        status = await badName(shell, rest[i]!);
        continue;
      }
      if (given) await assignText(shell, target, given.key, given.value, given.append);
      shell.vars.attributes(target)[word] = !(flags.includes('n') && word === 'exported');
    }
    return status;
  };

export const exportVariables = marker('exported');
export const readonlyVariables = marker('readonly');

export const unset: Builtin = async (shell, args, name) => {
  const { flags, rest, bad } = splitOptions(args, shell.dialect.bash ? 'fvn' : 'fv');
  if (bad) return invalidOption(shell, name, bad, 'unset [-f] [-v] [-n] [name ...]');
  let status = 0;
  for (const text of rest) {
    const element = /^(\w+)\[(.*)\]$/s.exec(text);
    if (flags.includes('f')) shell.functions.delete(text);
    else if (element && shell.dialect.bash) await unsetElement(shell, element[1]!, element[2]!);
    else if (!identifier.test(text)) {
      if (!shell.dialect.bash) return shell.fatal(`${text}: bad variable name`);
      if (flags.includes('v')) status = await badName(shell, text);
    } else status = (await unsetName(shell, text, flags)) || status;
  }
  return status;
};

const unsetName = async (shell: Shell, name: string, flags: string): Promise<number> => {
  if (flags === '' && shell.dialect.bash && !shell.vars.table.has(name) && shell.functions.has(name)) {
    shell.functions.delete(name);
    return 0;
  }
  if (shell.vars.table.get(name)?.readonly) {
    if (!shell.dialect.bash) throw new VariableError(name, 'readonly');
    await shell.complain(`${name}: cannot unset: readonly variable`);
    return 1;
  }
  shell.vars.unset(name);
  return 0;
};

const unsetElement = async (shell: Shell, name: string, key: string): Promise<void> => {
  const value = shell.vars.lookup(name)?.value;
  if (value instanceof AssociativeArray) value.items.delete(key.replace(/^(['"])(.*)\1$/, '$2'));
  else if (key === '@' || key === '*') shell.vars.unset(name);
  else if (value instanceof IndexedArray) {
    const at = Number(await expandArithmetic(shell, key));
    value.delete(at < 0 ? at + value.next() : at);
  }
};

const attributeLetters = (v: Variable): string => {
  const kind =
    v.value instanceof AssociativeArray || v.array === 'associative'
      ? 'A'
      : v.value instanceof IndexedArray || v.array
        ? 'a'
        : '';
  const letters = `${kind}${v.integer ? 'i' : ''}${v.lower ? 'l' : ''}${v.nameref ? 'n' : ''}${v.readonly ? 'r' : ''}${v.upper ? 'u' : ''}${v.exported ? 'x' : ''}`;
  return letters === '' ? '--' : `-${letters}`;
};

const arrayText = (value: IndexedArray | AssociativeArray): string => {
  if (value instanceof IndexedArray)
    return `(${value
      .sorted()
      .map((i) => `[${i}]=${quoteDeclare(value.items.get(i)!)}`)
      .join(' ')})`;
  return `(${[...value.items].map(([k, v]) => `[${/^\w+$/.test(k) ? k : quoteDeclare(k)}]=${quoteDeclare(v)} `).join('')})`;
};

const declaration = (name: string, v: Variable): string => {
  if (v.value === undefined) return `declare ${attributeLetters(v)} ${name}\n`;
  return `declare ${attributeLetters(v)} ${name}=${typeof v.value === 'string' ? quoteDeclare(v.value) : arrayText(v.value)}\n`;
};

const attributes: Record<string, (v: Variable, on: boolean) => void> = {
  x: (v, on) => void (v.exported = on),
  r: (v, on) => void (v.readonly = on || v.readonly),
  i: (v, on) => void (v.integer = on),
  l: (v, on) => void (v.lower = on),
  u: (v, on) => void (v.upper = on),
  n: (v, on) => void (v.nameref = on),
  a: (v) => void (v.array ??= 'indexed'),
  A: (v) => void (v.array = 'associative'),
};

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
  if (bad)
    return invalidOption(
      shell,
      name,
      bad,
      `${name} [-aAfFgiIlnrtux] [name[=value] ...] or ${name} -p [-aAfFilnrtux] [name ...]`,
    );
  if (/[fF]/.test(on)) return declareFunctions(shell, args.slice(i), on.includes('F'));
  if (on.includes('p') || args.length === i) return printDeclarations(shell, args.slice(i), on);
  let status = 0;
  for (; i < args.length; i++)
    status = (await declareOne(shell, args[i]!, i, { on, off, local: name === 'local' })) || status;
  return status;
};

const declareOne = async (
  shell: Shell,
  text: string,
  at: number,
  { on, off, local }: { on: string; off: string; local: boolean },
): Promise<number> => {
  const given = parseAssignment(text);
  const target = given?.name ?? text.replace(/\[.*\]$/, '');
  if (!identifier.test(target)) return badName(shell, text);
  const inner = shell.frames.length > 0 && (local || !on.includes('g'));
  const existing = shell.vars.table.get(target);
  if (existing?.readonly && (given || inner)) throw new VariableError(target, 'readonly');
  const v = inner ? shell.vars.makeLocal(target, false) : shell.vars.attributes(target);
  for (const letter of on) if (letter !== 'r' && letter !== 'n') attributes[letter]?.(v, true);
  for (const letter of off) attributes[letter]?.(v, false);
  if (on.includes('A') && !(v.value instanceof AssociativeArray) && v.value === undefined) v.array = 'associative';
  const array = shell.arrayArguments.get(at);
  if (array) await assign(shell, array);
  else if (given) await assignText(shell, target, given.key, given.value, given.append);
  if (on.includes('n')) v.nameref = true;
  if (on.includes('r')) v.readonly = true;
  return 0;
};

const declareFunctions = async (shell: Shell, names: string[], namesOnly: boolean): Promise<number> => {
  const all = names.length > 0 ? names : [...shell.functions.keys()].sort();
  let status = 0;
  for (const name of all) {
    const fn = shell.functions.get(name);
    if (!fn) status = 1;
    else if (namesOnly) await output(shell, names.length > 0 ? `${name}\n` : `declare -f ${name}\n`);
    else await output(shell, `${fn.chunk.source.slice(fn.node.pos, fn.node.end)}\n`);
  }
  return status;
};

const printDeclarations = async (shell: Shell, names: string[], on: string): Promise<number> => {
  if (names.length === 0) {
    const letters = on.replace('p', '');
    const lines = shell.vars
      .names()
      .filter((n) => [...letters].every((l) => attributeLetters(shell.vars.table.get(n)!).includes(l)));
    return output(shell, lines.map((n) => declaration(n, shell.vars.table.get(n)!)).join(''));
  }
  let status = 0;
  for (const name of names) {
    const v = shell.vars.table.get(name);
    if (v) await output(shell, declaration(name, v));
    else {
      await shell.complain(`${name}: not found`);
      status = 1;
    }
  }
  return status;
};

export const local: Builtin = async (shell, args, name) => {
  if (shell.frames.length === 0) {
    if (!shell.dialect.bash) return shell.fatal('not in a function');
    await shell.complain('can only be used in a function');
    return 1;
  }
  if (shell.dialect.bash) {
    if (args[0] === '-') return 0;
    return declare(shell, args, name);
  }
  for (const text of args) {
    const given = parseAssignment(text);
    const target = given?.name ?? text;
    if (target === '-') continue;
    if (!identifier.test(target)) return badName(shell, text);
    shell.vars.makeLocal(target, true);
    if (given) shell.vars.set(target, given.append ? (shell.vars.get(target) ?? '') + given.value : given.value);
  }
  return 0;
};

export const letBuiltin: Builtin = async (shell, args) => {
  if (args.length === 0) {
    await shell.complain(shell.dialect.bash ? 'expression expected' : 'expression expected');
    return 1;
  }
  let last = 0n;
  for (const text of args) last = await expandArithmetic(shell, text);
  return last === 0n ? 1 : 0;
};

export const shift: Builtin = async (shell, args) => {
  const text = args[0] ?? '1';
  if (!/^\d+$/.test(text)) {
    if (!shell.dialect.bash) return shell.fatal(`Illegal number: ${text}`);
    await shell.complain(
      /^-\d+$/.test(text) ? `${text}: shift count out of range` : `${text}: numeric argument required`,
    );
    return 1;
  }
  if (Number(text) > shell.args.length) {
    if (shell.dialect.name === 'dash') return shell.fatal("can't shift that many");
    return 1;
  }
  shell.args = shell.args.slice(Number(text));
  return 0;
};

const longOptions = (shell: Shell): string[] =>
  shell.dialect.bash ? bashOptions : shell.dialect.name === 'dash' ? dashOptions : ashOptions;

const showOptions = (shell: Shell, reusable: boolean): Promise<number> => {
  if (reusable)
    return output(
      shell,
      longOptions(shell)
        .map((o) => `set ${shell.has(o) ? '-' : '+'}o ${o}\n`)
        .join(''),
    );
  const head = shell.dialect.bash ? '' : 'Current option settings\n';
  const width = shell.dialect.bash ? 15 : 16;
  const separator = shell.dialect.bash ? '\t' : '';
  return output(
    shell,
    head +
      longOptions(shell)
        .map((o) => `${o.padEnd(width)}${separator}${shell.has(o) ? 'on' : 'off'}\n`)
        .join(''),
  );
};

export const setOption = (shell: Shell, option: string, on: boolean): void => {
  if (on) shell.options.add(option);
  else shell.options.delete(option);
};

const showVariables = (shell: Shell): Promise<number> => {
  const lines = shell.vars.names().flatMap((name) => {
    const value = shell.vars.table.get(name)!.value;
    if (value === undefined) return [];
    if (typeof value !== 'string') return [`${name}=${arrayText(value)}\n`];
    return [`${name}=${shell.dialect.bash ? (value === '' ? '' : quoteIfNeeded(value)) : quoteAlmquist(value)}\n`];
  });
  return output(shell, lines.join(''));
};

/** `set` and the options of the command line. Returns the operands' index, or a status when something was wrong. */
export const set: Builtin = async (shell, args) => {
  if (args.length === 0) return showVariables(shell);
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      shell.args = args.slice(i + 1);
      return 0;
    }
    if (arg === '-') {
      shell.options.delete('xtrace');
      shell.options.delete('verbose');
      i++;
      break;
    }
    if (!/^[-+]/.test(arg) || arg === '+') break;
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        const option = args[++i];
        if (option === undefined) return showOptions(shell, arg[0] === '+');
        if (!longOptions(shell).includes(option)) return badOption(shell, option, arg[0]!);
        setOption(shell, option, arg[0] === '-');
      } else if (!knownLetter(shell, letter)) return badLetter(shell, letter, arg[0]!);
      else setOption(shell, optionLetters[letter]!, arg[0] === '-');
    }
  }
  if (i < args.length || args[i - 1] === '-') if (i < args.length) shell.args = args.slice(i);
  return 0;
};

const knownLetter = (shell: Shell, letter: string): boolean =>
  (shell.dialect.bash ? 'abefhkmnptuvxBCEHPT' : 'efIimnsxvVECabu').includes(letter);

const badOption = async (shell: Shell, option: string, sign: string): Promise<number> => {
  if (shell.dialect.bash) {
    await shell.complain(`${option}: invalid option name`);
    return 2;
  }
  if (shell.dialect.name === 'dash') return shell.fatal(`Illegal option ${sign}o ${option}`);
  await shell.complain(`illegal option ${sign}o ${option}`);
  return 1;
};

const badLetter = async (shell: Shell, letter: string, sign: string): Promise<number> => {
  if (shell.dialect.bash) {
    await shell.complain(`${sign}${letter}: invalid option`);
    await shell.write(2, 'set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]\n');
    return 2;
  }
  return shell.fatal(`${shell.dialect.name === 'dash' ? 'Illegal' : 'illegal'} option ${sign}${letter}`);
};
