import type { Dialect } from '../dialect.ts';
import { bind } from './bind.ts';
import type { Builtin } from './builtin.ts';
import { caller } from './caller.ts';
import { compgen, complete, compopt } from './complete.ts';
import { declare } from './declare.ts';
import { cd, dirs, popd, pushd, pwd } from './directory.ts';
import { enable } from './enable.ts';
import { breakLoop, continueLoop, evaluate, exec, exit, fail, logout, returnFrom, source, succeed } from './flow.ts';
import { help } from './help.ts';
import { fc, history } from './history.ts';
import { getopts, read } from './input.ts';
import { alias, builtinCommand, command, hash, type, unalias } from './lookup.ts';
import { mapfile } from './mapfile.ts';
import { echo, printf } from './output.ts';
import { shopt, times, umask } from './process-state.ts';
import { bg, disown, fg, jobs, kill, suspend, trap, wait } from './processes.ts';
import { test } from './test.ts';
import { ulimit } from './ulimit.ts';
import { exportVariables, letBuiltin, local, readonlyVariables, set, shift, unset } from './variables.ts';

const common: Record<string, Builtin> = {
  ':': succeed,
  '.': source,
  '[': test,
  alias,
  bg,
  break: breakLoop,
  cd,
  chdir: cd,
  command,
  continue: continueLoop,
  echo,
  eval: evaluate,
  exec,
  exit,
  export: exportVariables,
  false: fail,
  fg,
  getopts,
  hash,
  jobs,
  kill,
  local,
  printf,
  pwd,
  read,
  readonly: readonlyVariables,
  return: returnFrom,
  set,
  shift,
  test,
  times,
  trap,
  true: succeed,
  type,
  ulimit,
  umask,
  unalias,
  unset,
  wait,
};

const extended: Record<string, Builtin> = { source, let: letBuiltin, history };
const ashOnly: Record<string, Builtin> = { ...extended, '[[': test };

const bashOnly: Record<string, Builtin> = {
  ...extended,
  bind,
  builtin: builtinCommand,
  caller,
  compgen,
  complete,
  compopt,
  declare,
  dirs,
  disown,
  enable,
  fc,
  help,
  logout,
  mapfile,
  popd,
  pushd,
  readarray: mapfile,
  shopt,
  suspend,
  typeset: declare,
};

const tables = {
  bash: new Map(Object.entries({ ...common, ...bashOnly }).filter(([name]) => name !== 'chdir')),
  dash: new Map(Object.entries(common)),
  ash: new Map(Object.entries({ ...common, ...ashOnly })),
};

export const builtinsOf = (dialect: Dialect): ReadonlyMap<string, Builtin> => tables[dialect.name];
