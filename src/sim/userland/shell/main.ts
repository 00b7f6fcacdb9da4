import { isErrno } from '../../../spec/index.ts';
import type { Program } from '../../kernel/program.ts';
import type { Sys } from '../../kernel/sys.ts';
import { decodeBytes } from '../core/escaped-bytes.ts';
import { builtinsOf } from './builtins/table.ts';
import { Abort } from './control.ts';
import { ashDialect, bashDialect, type Dialect, dashDialect } from './dialect.ts';
import { installDynamic } from './dynamic.ts';
import { finish } from './exec/process.ts';
import { runText } from './exec/source.ts';
import { announceJobControl, converse, runInteractive, setUp } from './interactive.ts';
import { type Invocation, parseInvocation } from './invocation.ts';
import { Shell } from './shell.ts';
import { runProfiles, runStartupFiles } from './startup.ts';
import { runStdin } from './stdin.ts';
import { installInterrupt, survives } from './traps.ts';
import { IndexedArray } from './variables.ts';

const importEnvironment = (shell: Shell): void => {
  for (const [name, value] of Object.entries(shell.sys.env)) {
    if (/^[A-Za-z_]\w*$/.test(name)) shell.vars.table.set(name, { value, exported: true });
  }
};

const samePlace = (sys: Sys, path: string | undefined): boolean => {
  if (!path?.startsWith('/')) return false;
  try {
    return sys.realpath(path) === sys.getcwd();
  } catch {
    return false;
  }
};

const initialVariables = (shell: Shell): void => {
  const { vars, sys, dialect } = shell;
  const fallback = (name: string, value: string) => {
    if (!vars.table.has(name)) vars.table.set(name, { value });
  };
  vars.table.set('IFS', { value: ' \t\n' });
  vars.table.set('OPTIND', { value: '1' });
  vars.table.set('PPID', { value: String(sys.ppid), readonly: dialect.bash });
  fallback(
    'PATH',
    dialect.name === 'ash'
      ? '/sbin:/usr/sbin:/bin:/usr/bin'
      : '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  );
  fallback('PS4', '+ ');
  if (!samePlace(sys, vars.get('PWD'))) vars.table.set('PWD', { value: sys.getcwd(), exported: true });
  else vars.attributes('PWD').exported = true;
  if (dialect.name === 'dash') return;
  fallback('HOSTNAME', sys.uname().nodename);
  const level = Number(vars.get('SHLVL') ?? '0');
  const shlvl = { value: String(Number.isInteger(level) ? level + 1 : 1), exported: true };
  if (!dialect.bash) {
    vars.table.set('SHLVL', shlvl);
    return;
  }
  if (!vars.table.has('OLDPWD')) vars.table.set('OLDPWD', { value: undefined, exported: true });
  vars.table.set('SHLVL', shlvl);
  vars.table.set('UID', { value: String(sys.cred.uid), readonly: true, integer: true });
  vars.table.set('EUID', { value: String(sys.cred.euid), readonly: true, integer: true });
  vars.table.set('BASH', { value: '/bin/bash' });
  vars.table.set('BASH_VERSION', { value: '5.2.15(1)-release' });
  vars.table.set('BASH_VERSINFO', {
    value: IndexedArray.of(['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu']),
    readonly: true,
  });
  fallback('OSTYPE', 'linux-gnu');
  fallback('HOSTTYPE', 'x86_64');
  fallback('MACHTYPE', 'x86_64-pc-linux-gnu');
  fallback('TERM', 'dumb');
  fallback('SHELL', loginShell(shell));
  vars.table.set('OPTERR', { value: '1' });
  vars.table.set('OPTIND', { value: '1', integer: true });
  vars.table.set('PPID', { value: String(sys.ppid), readonly: true, integer: true });
};

/** What /etc/passwd says. */
const loginShell = (shell: Shell): string => {
  try {
    const fd = shell.sys.openSync('/etc/passwd');
    const text = decodeBytes(shell.sys.pread(fd, 0, 1 << 20));
    shell.sys.close(fd);
    const fields = text.split('\n').map((l) => l.split(':'));
    return fields.find((f) => f[2] === String(shell.sys.cred.uid))?.[6] || '/bin/sh';
  } catch {
    return '/bin/sh';
  }
};

const start = async (sys: Sys, dialect: Dialect, greeting = ''): Promise<number> => {
  const shell = new Shell(sys, dialect, builtinsOf(dialect));
  importEnvironment(shell);
  shell.greeting = greeting;
  initialVariables(shell);
  installDynamic(shell);
  const invocation = parseInvocation(sys, dialect);
  shell.name = invocation.name;
  shell.args = invocation.args;
  shell.options = invocation.options;
  shell.origin = invocation.kind;
  if (invocation.named && dialect.name === 'ash') shell.scriptName = invocation.name;
  shell.login = invocation.login;
  if (dialect.bash) for (const option of ['hashall', 'braceexpand', 'interactive-comments']) shell.options.add(option);
  for (const [name, on] of invocation.shopts) shell.shopts[name] = on;
  return finish(shell, () => run(shell, invocation));
};

const run = async (shell: Shell, invocation: Invocation): Promise<number> => {
  if (invocation.answer) {
    await shell.write(1, invocation.answer);
    return 0;
  }
  if (invocation.error) {
    await shell.write(2, invocation.error);
    return 2;
  }
  // Startup files ask `[ -z "$PS1" ]` whether someone is typing.
  if (invocation.interactive && shell.dialect.bash && shell.vars.get('PS1') === undefined) {
    shell.vars.table.set('PS1', { value: '\\s-\\v\\$ ' });
  }
  if (invocation.login) await runProfiles(shell, invocation);
  if (invocation.interactive) {
    await announceJobControl(shell);
    await runStartupFiles(shell, invocation);
    if (invocation.kind === 'stdin') return runInteractive(shell);
    await setUp(shell);
    if (invocation.kind === 'command') return runTyped(shell, invocation.command!);
  }
  // What is ignored from the start stays so.
  if (survives(shell) && shell.sys.signal(2, 'ignore') !== 'ignore') installInterrupt(shell);
  if (invocation.kind === 'command') {
    return runText(shell, invocation.command!, { label: '-c', tail: true, traced: true });
  }
  if (invocation.kind === 'stdin') return runStdin(shell);
  return runFile(shell, invocation.script!);
};

/** `-i -c`: an error in the command leaves dash and ash at their prompt. */
const runTyped = async (shell: Shell, command: string): Promise<number> => {
  try {
    return await runText(shell, command, { label: '-c', traced: true });
  } catch (thrown) {
    if (shell.dialect.bash || !(thrown instanceof Abort)) throw thrown;
    shell.status = thrown.status;
    return converse(shell);
  }
};

const runFile = async (shell: Shell, path: string): Promise<number> => {
  let text: string;
  try {
    const fd = shell.sys.openSync(path);
    text = decodeBytes(shell.sys.pread(fd, 0, 64 << 20));
    shell.sys.close(fd);
  } catch (error) {
    if (!isErrno(error)) throw error;
    return cannotOpen(shell, path, error.code === 'ENOENT', error.message);
  }
  shell.scriptName = path;
  return runText(shell, text, { traced: true });
};

const cannotOpen = async (shell: Shell, path: string, missing: boolean, reason: string): Promise<number> => {
  const own = shell.sys.argv[0]!.replace(/^.*\//, '').replace(/^-/, '');
  if (shell.dialect.bash) await shell.write(2, `${shell.sys.argv[0]}: ${path}: ${reason}\n`);
  else if (shell.dialect.name === 'dash')
    await shell.write(2, `${shell.sys.argv[0]}: 0: cannot open ${path}: ${missing ? 'No such file' : reason}\n`);
  else await shell.write(2, `${own}: can't open '${path}': ${reason}\n`);
  if (shell.dialect.bash) return missing ? 127 : 126;
  return 2;
};

/** GNU bash 5.2. Invoked as `sh` it reads no bashrc. */
export const bash: Program = (sys) => start(sys, bashDialect);
/** dash 0.5.12, Debian's /bin/sh. */
export const dash: Program = (sys) => start(sys, dashDialect);
/** The shell of busybox; `busybox sh` and `busybox ash` start it. */
export const ash: Program = (sys) => start(sys, ashDialect);
/** ash of a busybox that was built without FEATURE_SH_EXTRA_QUIET. */
export const greetingAsh =
  (greeting: string): Program =>
  (sys) =>
    start(sys, ashDialect, greeting);
