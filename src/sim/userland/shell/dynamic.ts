import { isErrno } from '../../../spec/index.ts';
import { OutOfMemory } from './control.ts';
import { currentCommand } from './exec/command-text.ts';
import { bashOptions } from './options.ts';
import type { Shell } from './shell.ts';
import { IndexedArray } from './variables.ts';

/** What a shell without big values takes. */
const ownBytes = 1 << 20;

/** The bytes of variables are the process's memory. */
const chargeValues = (shell: Shell, bytes: number): void => {
  try {
    shell.sys.setMemory(ownBytes + bytes);
  } catch (error) {
    throw isErrno(error, 'ENOMEM') ? new OutOfMemory(bytes) : error;
  }
};

/** Variables whose value is computed when it is asked for. */
export const installDynamic = (shell: Shell): void => {
  const { dynamic, watchers } = shell.vars;
  shell.vars.exportsAll = () => shell.options.has('allexport');
  shell.vars.grew = (bytes) => chargeValues(shell, bytes);
  watchers.set('PATH', () => shell.hash.clear());
  watchers.set('OPTIND', () => {
    shell.getoptsOffset = 0;
  });
  const readOnly = (name: string, get: () => string | undefined) => dynamic.set(name, { get });
  // Debian's dash is built without LINENO.
  if (shell.dialect.name === 'dash') return;
  readOnly('LINENO', () => String(shell.dialect.bash ? shell.line : shell.ashLine));
  const random = (): string => {
    const bytes = shell.sys.random(2);
    return String(((bytes[0]! << 8) | bytes[1]!) & 0x7fff);
  };
  readOnly('RANDOM', random);
  let started = shell.sys.monotonic();
  if (!shell.dialect.bash) return;
  dynamic.set('SECONDS', {
    get: () => String(Math.floor((shell.sys.monotonic() - started) / 1000)),
    set: (value) => {
      started = shell.sys.monotonic() - Number(value) * 1000;
    },
  });
  readOnly('SRANDOM', () => String(new DataView(shell.sys.random(4).buffer).getUint32(0)));
  readOnly('EPOCHSECONDS', () => String(shell.sys.now().sec));
  readOnly(
    'EPOCHREALTIME',
    () => `${shell.sys.now().sec}.${String(Math.floor(shell.sys.now().nsec / 1000)).padStart(6, '0')}`,
  );
  shell.vars.dynamicScope = true;
  shell.vars.dynamicArrays.set('PIPESTATUS', () => IndexedArray.of(shell.pipeStatus));
  shell.vars.dynamicArrays.set('DIRSTACK', () => IndexedArray.of([shell.vars.get('PWD') ?? '/', ...shell.directories]));
  readOnly('SHELLOPTS', () => bashOptions.filter((o) => shell.has(o)).join(':'));
  readOnly('BASHOPTS', () =>
    Object.keys(shell.shopts)
      .filter((o) => shell.shopts[o])
      .sort()
      .join(':'),
  );
  for (const name of ['SHELLOPTS', 'BASHOPTS']) {
    const { exported } = shell.vars.attributes(name);
    shell.vars.table.set(name, { value: '', exported, readonly: true });
  }
  readOnly('BASHPID', () => String(shell.sys.pid));
  readOnly('BASH_SUBSHELL', () => String(shell.subshellDepth));
  readOnly('BASH_COMMAND', () => currentCommand(shell));
};

/** FUNCNAME, BASH_SOURCE, BASH_LINENO: after the call stack changed. */
export const updateCallStack = (shell: Shell): void => {
  if (!shell.dialect.bash) return;
  const frames = [...shell.frames].reverse();
  const set = (name: string, values: string[]) => {
    shell.vars.attributes(name).value = values.length > 0 ? IndexedArray.of(values) : undefined;
  };
  const base = shell.origin === 'file' ? ['main'] : [];
  set('FUNCNAME', frames.length > 0 ? [...frames.map((f) => f.name), ...base] : []);
  set('BASH_SOURCE', [...frames.map((f) => f.source), ...(shell.origin === 'file' ? [shell.name] : [])]);
  set('BASH_LINENO', [...frames.map((f) => String(f.callLine)), ...(shell.origin === 'file' ? ['0'] : [])]);
};
