import { FunctionReturn } from '../control.ts';
import { updateCallStack } from '../dynamic.ts';
import type { Shell, ShellFunction } from '../shell.ts';
import { runPseudoTrap } from '../traps.ts';
import { runCommand, runList } from './run.ts';

const maximumDepth = 900;

export const callFunction = async (shell: Shell, name: string, fn: ShellFunction, args: string[]): Promise<void> => {
  if (shell.frames.length >= maximumDepth) {
    // Differs from Linux: a real shell overflows its stack here and dies by SIGSEGV.
    await shell.fatal(`${name}: maximum function nesting level exceeded (${maximumDepth})`);
  }
  const saved = {
    args: shell.args,
    chunk: shell.chunk,
    line: shell.line,
    loops: shell.loopDepth,
    running: shell.running,
  };
  shell.args = args;
  shell.frames.push({
    name,
    source: fn.chunk.name ?? (shell.origin === 'command' ? 'environment' : shell.name),
    callLine: saved.line,
  });
  shell.chunk = fn.chunk;
  // busybox's break reaches the loop that the function was called in.
  if (shell.dialect.name !== 'ash') shell.loopDepth = 0;
  if (shell.dialect.bash) shell.running = undefined;
  shell.vars.push();
  updateCallStack(shell);
  const body = fn.node.body;
  try {
    await shell.sys.preempt();
    if (body.type === 'CompoundList') await runList(shell, body);
    else await runCommand(shell, body);
    if (shell.traps.has('RETURN')) await runPseudoTrap(shell, 'RETURN');
  } catch (thrown) {
    if (!(thrown instanceof FunctionReturn)) throw thrown;
    shell.status = thrown.status;
  } finally {
    shell.vars.pop();
    const { options } = shell.frames.pop()!;
    if (options) shell.options = options;
    Object.assign(shell, { args: saved.args, chunk: saved.chunk, line: saved.line, loopDepth: saved.loops });
    shell.running = saved.running;
    updateCallStack(shell);
  }
};
