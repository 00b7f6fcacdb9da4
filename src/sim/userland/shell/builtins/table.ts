import type { Dialect } from '../dialect.ts';
import type { Builtin } from './builtin.ts';
import { declare } from './declare.ts';
import { cd, dirs, popd, pushd, pwd } from './directory.ts';
import { breakLoop, continueLoop, evaluate, exec, exit, fail, returnFrom, source, succeed } from './flow.ts';
import { getopts, mapfile, read } from './input.ts';
import { alias, builtinCommand, command, hash, type, unalias } from './lookup.ts';
import { echo, printf } from './output.ts';
import { history, shopt, times, umask } from './process-state.ts';
import { bg, fg, jobs, kill, trap, wait } from './processes.ts';
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
  builtin: builtinCommand,
  declare,
  dirs,
  disown: (shell, args) => {
    const job = args[0] ? shell.jobs.find(args[0]) : shell.jobs.current;
    if (job) shell.jobs.remove(job);
    return 0;
  },
  logout: exit,
  mapfile,
  popd,
  pushd,
  readarray: mapfile,
  shopt,
  typeset: declare,
};

const tables = {
  bash: new Map(Object.entries({ ...common, ...bashOnly })),
  dash: new Map(Object.entries(common)),
  ash: new Map(Object.entries({ ...common, ...ashOnly })),
};

export const builtinsOf = (dialect: Dialect): ReadonlyMap<string, Builtin> => tables[dialect.name];
