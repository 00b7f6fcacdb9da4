import { isErrno } from '../../../../spec/index.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, invalidOption, splitOptions } from './builtin.ts';
import { output } from './output.ts';

/** `.` and `..` taken out of a path as text. */
const clean = (path: string): string => {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') out.pop();
    else out.push(part);
  }
  return `/${out.join('/')}`;
};

const logical = (shell: Shell, target: string): string =>
  clean(target[0] === '/' ? target : `${shell.vars.get('PWD') ?? shell.sys.getcwd()}/${target}`);

export const changeDirectory = (shell: Shell, target: string, physical: boolean): void => {
  const path = physical ? target : logical(shell, target);
  const old = shell.vars.get('PWD') ?? '';
  try {
    shell.sys.chdir(path);
  } catch (error) {
    if (physical || target[0] === '/') throw error;
    shell.sys.chdir(target);
  }
  shell.vars.set('OLDPWD', old);
  shell.vars.set('PWD', physical ? shell.sys.getcwd() : path);
  shell.vars.attributes('OLDPWD').exported = true;
  shell.vars.attributes('PWD').exported = true;
};

const viaCdpath = (shell: Shell, target: string): string | undefined => {
  const cdpath = shell.vars.get('CDPATH');
  if (!cdpath || /^\.{0,2}(\/|$)/.test(target)) return undefined;
  for (const directory of cdpath.split(':')) {
    const path = directory === '' ? `./${target}` : `${directory}/${target}`;
    try {
      if ((shell.sys.stat(path).mode & 0o170000) === 0o040000) return path;
    } catch {
      // Not there.
    }
  }
  return undefined;
};

const complainCd = async (shell: Shell, target: string, text: string): Promise<number> => {
  if (shell.dialect.bash) await shell.complain(`${target}: ${text}`);
  else if (shell.dialect.name === 'dash') await shell.complain(`can't cd to ${target}`);
  else await shell.complain(`can't cd to ${target}: ${text}`);
  return shell.dialect.bash ? 1 : 2;
};

export const cd: Builtin = async (shell, args, name) => {
  const { flags, rest, bad } = splitOptions(args, shell.dialect.bash ? 'LPe@' : 'LP');
  if (bad) return invalidOption(shell, name, bad, 'cd [-L|[-P [-e]] [-@]] [dir]');
  if (rest.length > 1 && shell.dialect.bash) {
    await shell.complain('too many arguments');
    return 1;
  }
  let target = rest[0];
  if (target === undefined) {
    target = shell.vars.get('HOME');
    if (target === undefined) {
      if (!shell.dialect.bash) return 0;
      await shell.complain('HOME not set');
      return 1;
    }
  }
  let show = false;
  if (target === '-') {
    const old = shell.vars.get('OLDPWD');
    if (old === undefined && shell.dialect.bash) {
      await shell.complain('OLDPWD not set');
      return 1;
    }
    target = old ?? shell.vars.get('PWD') ?? '/';
    show = true;
  }
  const found = viaCdpath(shell, target);
  try {
    if (target !== '') changeDirectory(shell, found ?? target, flags.endsWith('P') || shell.has('physical'));
  } catch (error) {
    if (!isErrno(error)) throw error;
    return complainCd(shell, target, error.message);
  }
  if (show || (found && !found.startsWith('./'))) await output(shell, `${shell.vars.get('PWD')}\n`);
  return 0;
};

export const pwd: Builtin = async (shell, args) => {
  const { flags, bad } = splitOptions(args, 'LP');
  if (bad) return invalidOption(shell, 'pwd', bad, 'pwd [-LP]');
  const path = shell.vars.get('PWD');
  const valid = path !== undefined && path[0] === '/' && !flags.endsWith('P');
  return output(shell, `${valid ? path : shell.sys.getcwd()}\n`);
};

const short = (shell: Shell, path: string): string => {
  const home = shell.vars.get('HOME');
  return home && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path;
};

const stack = (shell: Shell): string[] => [shell.vars.get('PWD') ?? '/', ...shell.directories];

const usages: Record<string, string> = {
  dirs: 'dirs [-clpv] [+N] [-N]',
  pushd: 'pushd [-n] [+N | -N | dir]',
  popd: 'popd [-n] [+N | -N]',
};

/** A wrong argument of pushd, popd and dirs. */
const refuse = async (shell: Shell, name: string, argument: string, what: string): Promise<number> => {
  await shell.complain(`${argument}: ${what}`);
  await shell.write(2, `${name}: usage: ${usages[name]}\n`);
  return 2;
};

const outOfRange = async (shell: Shell, argument: string): Promise<number> => {
  const empty = shell.directories.length === 0;
  await shell.complain(
    empty ? 'directory stack empty' : `${argument.replace(/^[-+]/, '')}: directory stack index out of range`,
  );
  return 1;
};

export const dirs: Builtin = async (shell, args) => {
  const wrong = args.find((a) => !/^-[clpv]+$|^[-+]\d+$/.test(a));
  if (wrong !== undefined) return refuse(shell, 'dirs', wrong, /^-./.test(wrong) ? 'invalid number' : 'invalid option');
  args = args.flatMap((a) => (/^-[clpv]{2,}$/.test(a) ? [...a.slice(1)].map((c) => `-${c}`) : [a]));
  const chosen = args.find((a) => /^[-+]\d+$/.test(a));
  if (chosen) {
    const one = rotate(shell, chosen)?.[0];
    return one === undefined
      ? outOfRange(shell, chosen)
      : output(shell, `${args.includes('-l') ? one : short(shell, one)}\n`);
  }
  if (args.includes('-c')) {
    shell.directories = [];
    return 0;
  }
  const list = stack(shell).map((d) => (args.includes('-l') ? d : short(shell, d)));
  if (args.includes('-v')) return output(shell, list.map((d, i) => `${String(i).padStart(2)}  ${d}\n`).join(''));
  return output(shell, `${list.join(args.includes('-p') ? '\n' : ' ')}\n`);
};

const rotate = (shell: Shell, text: string): string[] | undefined => {
  const list = stack(shell);
  const n = Number(text.slice(1));
  const at = text[0] === '+' ? n : list.length - 1 - n;
  return at >= 0 && at < list.length ? [...list.slice(at), ...list.slice(0, at)] : undefined;
};

export const pushd: Builtin = async (shell, args) => {
  const still = args[0] === '-n';
  if (still) args = args.slice(1);
  const ended = args[0] === '--';
  if (ended) args = args.slice(1);
  const target = args[0];
  if (args.length > 1) {
    await shell.complain('too many arguments');
    return 1;
  }
  if (!ended && target !== undefined && /^-./.test(target) && !/^-\d+$/.test(target))
    return refuse(shell, 'pushd', target, 'invalid number');
  if (still && target !== undefined) {
    shell.directories = [target, ...shell.directories];
    return dirs(shell, [], 'dirs');
  }
  const list = stack(shell);
  let next: string[] | undefined;
  if (target === undefined) {
    if (list.length < 2) {
      await shell.complain('no other directory');
      return 1;
    }
    next = [list[1]!, list[0]!, ...list.slice(2)];
  } else if (/^[-+]\d+$/.test(target)) next = rotate(shell, target);
  else next = [target, ...list];
  if (!next) {
    await shell.complain(`${target}: directory stack index out of range`);
    return 1;
  }
  try {
    changeDirectory(shell, next[0]!, false);
  } catch (error) {
    if (!isErrno(error)) throw error;
    await shell.complain(`${target}: ${error.message}`);
    return 1;
  }
  shell.directories = next.slice(1);
  return dirs(shell, [], 'dirs');
};

export const popd: Builtin = async (shell, args) => {
  const still = args[0] === '-n';
  if (still || args[0] === '--') args = args.slice(1);
  const target = args[0];
  if (target !== undefined && !/^[-+]\d+$/.test(target))
    return refuse(shell, 'popd', target, target[0] === '-' ? 'invalid number' : 'invalid argument');
  if (target !== undefined || still) {
    const list = stack(shell);
    const n = Number((target ?? '+1').slice(1));
    const at = target?.[0] === '-' ? list.length - 1 - n : n;
    if (list.length < 2 || at < 0 || at >= list.length) return outOfRange(shell, target ?? '+1');
    if (at > 0) {
      shell.directories = list.filter((_, i) => i !== at).slice(1);
      return dirs(shell, [], 'dirs');
    }
  }
  const [next, ...rest] = shell.directories;
  if (next === undefined) {
    await shell.complain('directory stack empty');
    return 1;
  }
  changeDirectory(shell, next, false);
  shell.directories = rest;
  return dirs(shell, [], 'dirs');
};
