import type { Shell } from './shell.ts';
import { IndexedArray } from './variables.ts';

/** Variables whose value is computed when it is asked for. */
export const installDynamic = (shell: Shell): void => {
  const { dynamic, watchers } = shell.vars;
  watchers.set('PATH', () => shell.hash.clear());
  watchers.set('OPTIND', () => {
    shell.getoptsOffset = 0;
  });
  const readOnly = (name: string, get: () => string | undefined) => dynamic.set(name, { get });
  readOnly('LINENO', () => String(shell.line));
  if (shell.dialect.name === 'dash') return;
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
  readOnly('BASHPID', () => String(shell.sys.pid));
  readOnly('BASH_SUBSHELL', () => String(shell.subshellDepth));
  readOnly('BASH_COMMAND', () => shell.currentCommand);
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
