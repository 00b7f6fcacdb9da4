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
  const { flags } = splitOptions(args, 'LP');
  const path = shell.vars.get('PWD');
  const valid = path !== undefined && path[0] === '/' && !flags.endsWith('P');
  return output(shell, `${valid ? path : shell.sys.getcwd()}\n`);
};

const short = (shell: Shell, path: string): string => {
  const home = shell.vars.get('HOME');
  return home && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path;
};

const stack = (shell: Shell): string[] => [shell.vars.get('PWD') ?? '/', ...shell.directories];

export const dirs: Builtin = (shell, args) => {
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
  const target = args[0];
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

export const popd: Builtin = async (shell) => {
  const [next, ...rest] = shell.directories;
  if (next === undefined) {
    await shell.complain('directory stack empty');
    return 1;
  }
  changeDirectory(shell, next, false);
  shell.directories = rest;
  return dirs(shell, [], 'dirs');
};
