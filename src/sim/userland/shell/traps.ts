import { Abort, ShellExit } from './control.ts';
import { statusOf } from './exec/process.ts';
import { runText } from './exec/source.ts';
import type { Shell } from './shell.ts';
import { signalName, signalNumber } from './signal-names.ts';

/** KILL and STOP: a trap on them is remembered and never runs. */
const uncatchable = new Set([9, 19]);

/** Makes the kernel's disposition of a signal what the trap table says. */
export const applyTrap = (shell: Shell, name: string): void => {
  const number = signalNumber(name);
  if (!number || uncatchable.has(number)) return;
  const action = shell.traps.get(name);
  // What a job in the background was told to ignore it goes on ignoring; bash lets a trap be set.
  if (shell.deaf.has(name) && (!shell.dialect.bash || action === undefined)) shell.sys.signal(number, 'ignore');
  else if (action === '') shell.sys.signal(number, 'ignore');
  else if (action !== undefined) shell.sys.signal(number, (s) => shell.pendingSignals.push(signalName(s) ?? ''));
  else if (number === 2 && (shell.interactive || survives(shell))) installInterrupt(shell);
  else if (shell.interactive && [3, 15, 20, 21, 22].includes(number)) shell.sys.signal(number, 'ignore');
  else shell.sys.signal(number, 'default');
};

/**
 * dash and ash catch SIGINT in scripts and -c too, and then end by it. That shows only where the signal alone would
 * not end them: as the first process of a container.
 */
export const survives = (shell: Shell): boolean =>
  !shell.dialect.bash && shell.sys.pid === 1 && (shell.origin === 'command' || shell.origin === 'file');

/** What an interactive shell does with the signals of the keyboard. */
export const installInterrupt = (shell: Shell): void => {
  shell.sys.signal(2, () => {
    shell.interrupted = true;
  });
};

/** Runs the traps of the signals that arrived; between commands. */
export const runPendingTraps = async (shell: Shell): Promise<void> => {
  while (shell.pendingSignals.length > 0) {
    const name = shell.pendingSignals.shift()!;
    const action = shell.traps.get(name);
    if (action) await runTrap(shell, name, action);
  }
};

/** The trap's own status does not count, unless it exits. */
export const runTrap = async (shell: Shell, name: string, action: string): Promise<void> => {
  const { status, line } = shell;
  const pipes = shell.pipeStatus;
  const outer = shell.trapStatus;
  shell.trapStatus = shell.dialect.bash ? status : (outer ?? status);
  shell.trapsRunning.add(name);
  // bash and dash count the lines of a signal's trap from 1; ash, and ERR and its like, go on where they are.
  const own = shell.dialect.name !== 'ash' && !/^(ERR|DEBUG|RETURN)$/.test(name);
  try {
    await runText(shell, action, own ? { trap: true, firstLine: 1 } : { trap: true });
  } finally {
    shell.trapsRunning.delete(name);
    shell.trapStatus = outer;
  }
  shell.status = status;
  shell.pipeStatus = pipes;
  shell.line = line;
};

/** ERR and DEBUG of bash. */
export const runPseudoTrap = async (shell: Shell, name: 'ERR' | 'DEBUG' | 'RETURN', sourced = false): Promise<void> => {
  const action = shell.traps.get(name);
  if (!action || shell.trapsRunning.has(name)) return;
  const inherits = shell.has(name === 'ERR' ? 'errtrace' : 'functrace');
  const own = shell.frames.at(-1)?.returnTrap;
  if (shell.frames.length > 0 && !sourced && !inherits && !(name === 'RETURN' && own)) return;
  await runTrap(shell, name, action);
};

/** At the very end of a shell: its exit status, which the trap may change by `exit`. */
export const runExitTrap = async (shell: Shell): Promise<number> => {
  const action = shell.traps.get('EXIT');
  shell.traps.delete('EXIT');
  if (!action) return shell.status;
  const status = shell.status;
  shell.trapStatus = status;
  try {
    const firstLine = shell.dialect.name === 'ash' ? undefined : 1;
    await runText(shell, action, { trap: true, label: shell.dialect.bash ? 'exit trap' : undefined, firstLine });
  } catch (thrown) {
    if (thrown instanceof Abort && thrown.discard) return status;
    if (thrown instanceof ShellExit) return thrown.status;
    const left = statusOf(thrown);
    if (left === undefined) throw thrown;
    return left;
  }
  return status;
};
