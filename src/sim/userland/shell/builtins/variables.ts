import { Abort } from '../control.ts';
import { assign, assignText } from '../exec/assign.ts';
import { expandArithmetic, expandSubscript } from '../expand/expand.ts';
import { ashOptions, bashOptions, dashOptions, optionLetters } from '../options.ts';
import { quoteAlmquist, quoteIfNeeded } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { AssociativeArray, IndexedArray, type Variable, VariableError } from '../variables.ts';
import { arrayText, declaration } from './attributes.ts';
import { type Builtin, invalidOption, splitOptions } from './builtin.ts';
import { assignCompound, declare, functionText } from './declare.ts';
import { output } from './output.ts';

export const identifier = /^[A-Za-z_]\w*$/;

export const badName = async (shell: Shell, text: string): Promise<number> => {
  if (shell.dialect.bash) {
    await shell.complain(`\`${text}': not a valid identifier`);
    return 1;
  }
  const name = text.replace(/=.*$/s, '');
  return shell.fatal(`${name}: bad variable name`);
};

/** Splits `name[key]+=value`. */
export const parseAssignment = (text: string) => {
  const match = /^([A-Za-z_]\w*)(?:\[((?:[^\][]|\[[^\]]*\])*)\])?(\+?)=([\s\S]*)$/.exec(text);
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

/** The variable that `readonly -a` and its like are about. */
const marked = (shell: Shell, name: string, flags: string): Variable => {
  const v = shell.vars.attributes(name);
  if (/[aA]/.test(flags) && v.value === undefined) v.array ??= flags.includes('A') ? 'associative' : 'indexed';
  return v;
};

const marker =
  (word: 'exported' | 'readonly'): Builtin =>
  async (shell, args, name) => {
    const { flags, rest, bad } = splitOptions(
      args,
      shell.dialect.bash ? 'fnpaA' : shell.dialect.name === 'ash' && word === 'exported' ? 'pn' : 'p',
    );
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
      if (array) {
        marked(shell, array.name, flags);
        await assign(shell, array);
      }
      const given = parseAssignment(rest[i]!);
      const target = given?.name ?? rest[i]!;
      if (flags.includes('f')) continue;
      if (!identifier.test(target) || given?.key !== undefined) {
        status = await badName(shell, given ? rest[i]!.replace(/\+?=.*$/s, '') : rest[i]!);
        continue;
      }
      const v = marked(shell, target, flags);
      if (given && v.array && /^\(.*\)$/s.test(given.value)) await assignCompound(shell, rest[i]!);
      else if (given) await assignText(shell, target, given.key, given.value, given.append);
      shell.vars.attributes(shell.vars.resolve(target))[word] = !(flags.includes('n') && word === 'exported');
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
    else if (element && shell.dialect.bash) status = (await unsetElement(shell, element[1]!, element[2]!)) || status;
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

const unsetElement = async (shell: Shell, name: string, key: string): Promise<number> => {
  const variable = shell.vars.lookup(name);
  const value = variable?.value;
  if (variable?.readonly) {
    await shell.complain(`${name}: cannot unset: readonly variable`);
    return 1;
  }
  if (value instanceof AssociativeArray) {
    const found = await expandSubscript(shell, key);
    value.delete(found);
  } else if (key === '@' || key === '*') shell.vars.unset(name);
  else if (value instanceof IndexedArray) {
    const at = Number(await expandArithmetic(shell, key));
    const index = at < 0 ? at + value.next() : at;
    if (index < 0) {
      await shell.complain(`[${key}]: bad array subscript`);
      return 1;
    }
    value.delete(index);
  } else if (variable !== undefined && !variable.array) {
    const at = Number(await expandArithmetic(shell, key));
    if (value !== undefined && at === 0) shell.vars.unset(name);
    else {
      await shell.complain(`${name}: not an array variable`);
      return 1;
    }
  }
  return 0;
};

/** `local -`: the options as they are now come back when the function returns. */
export const saveOptions = (shell: Shell): void => {
  const frame = shell.frames.at(-1);
  if (frame) frame.options ??= new Set(shell.options);
};

export const local: Builtin = async (shell, args, name) => {
  if (shell.frames.length === 0) {
    if (!shell.dialect.bash) return shell.fatal('not in a function');
    await shell.complain('can only be used in a function');
    return 1;
  }
  if (shell.dialect.bash) {
    if (args.length === 0) return output(shell, variableLines(shell, shell.vars.localNames().sort()));
    return declare(shell, args, name);
  }
  for (const text of args) {
    const given = parseAssignment(text);
    const target = given?.name ?? text;
    if (target === '-') {
      saveOptions(shell);
      continue;
    }
    if (!identifier.test(target)) return badName(shell, text);
    const inherits = shell.dialect.name === 'dash';
    shell.vars.makeLocal(target, inherits);
    if (given) shell.vars.set(target, given.append ? (shell.vars.get(target) ?? '') + given.value : given.value);
  }
  return 0;
};

export const letBuiltin: Builtin = async (shell, args) => {
  if (args.length === 0) {
    await shell.complain('expression expected');
    return shell.dialect.bash ? 1 : 2;
  }
  if (args[0] === '--') args = args.slice(1);
  let last = 0n;
  try {
    for (const text of args) last = await expandArithmetic(shell, text);
  } catch (thrown) {
    if (thrown instanceof Abort && thrown.discard) return 1;
    throw thrown;
  }
  return last === 0n ? 1 : 0;
};

export const shift: Builtin = async (shell, args) => {
  if (args[0] === '--') args = args.slice(1);
  const text = args[0] ?? '1';
  if (shell.dialect.bash && args.length > 1 && /^[-+]?\d+$/.test(text)) {
    await shell.complain('too many arguments');
    throw new Abort(1, true, true);
  }
  if (!/^\d+$/.test(text)) {
    if (!shell.dialect.bash) return shell.fatal(`Illegal number: ${text}`);
    await shell.complain(
      /^-\d+$/.test(text) ? `${text}: shift count out of range` : `${text}: numeric argument required`,
    );
    return 1;
  }
  if (Number(text) > shell.args.length) {
    if (shell.dialect.name === 'dash') return shell.fatal("can't shift that many");
    if (shell.dialect.bash && (shell.shopts.shift_verbose || shell.has('posix')))
      await shell.complain(`${text}: shift count out of range`);
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
  const head = shell.dialect.name !== 'dash' ? '' : 'Current option settings\n';
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
  if (on && /^(vi|emacs)$/.test(option)) shell.options.delete(option === 'vi' ? 'emacs' : 'vi');
  if (on) shell.options.add(option);
  else shell.options.delete(option);
};

/** `name=value` lines of `set`, `declare` and `local`. */
export const variableLines = (shell: Shell, names: readonly string[]): string => {
  const lines = names.flatMap((name) => {
    const value = shell.vars.dynamic.get(name)?.get() ?? shell.vars.table.get(name)?.value;
    if (value === undefined) return [];
    if (typeof value !== 'string') return [`${name}=${arrayText(value)}\n`];
    return [`${name}=${shell.dialect.bash ? (value === '' ? '' : quoteIfNeeded(value)) : quoteAlmquist(value)}\n`];
  });
  return lines.join('');
};

/** `set` and `declare` without arguments: variables, and in bash functions. */
export const showVariables = (shell: Shell): Promise<number> =>
  output(shell, variableLines(shell, shell.vars.names()) + (shell.dialect.bash ? functionLines(shell) : ''));

const functionLines = (shell: Shell): string =>
  [...shell.functions.keys()]
    .sort()
    .map((name) => functionText(shell, name))
    .join('');

/** `set` and the options of the command line. Returns the operands' index, or a status when something was wrong. */
export const set: Builtin = async (shell, args) => {
  if (args.length === 0) return showVariables(shell);
  const monitored = shell.has('monitor');
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      shell.args = args.slice(i + 1);
      shell.getoptsAgain = true;
      return 0;
    }
    if (arg === '-') {
      shell.options.delete('xtrace');
      shell.options.delete('verbose');
      i++;
      break;
    }
    if (!/^[-+]/.test(arg)) break;
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
  if (i < args.length) {
    shell.args = args.slice(i);
    shell.getoptsAgain = true;
  }
  if (!monitored && shell.has('monitor')) await wantTerminal(shell);
  return 0;
};

/** dash and ash control no jobs without a terminal. */
const wantTerminal = async (shell: Shell): Promise<void> => {
  if (shell.dialect.bash || [2, 1, 0].some((fd) => shell.sys.isatty(fd))) return;
  try {
    shell.sys.close(shell.sys.openSync('/dev/tty'));
  } catch {
    shell.options.delete('monitor');
    await shell.complain("can't access tty; job control turned off");
  }
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
