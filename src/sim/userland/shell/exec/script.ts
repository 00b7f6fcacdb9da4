import { installDynamic } from '../dynamic.ts';
import type { Shell } from '../shell.ts';
import { Variables } from '../variables.ts';
import { runText } from './source.ts';

/** Runs a script's text in this (forked) process as a new shell would: only what is exported stays. */
export const runScriptText = async (shell: Shell, path: string, args: string[], text: string): Promise<number> => {
  const env = shell.environment();
  shell.vars = new Variables();
  installDynamic(shell);
  for (const [name, value] of Object.entries(env)) shell.vars.table.set(name, { value, exported: true });
  shell.vars.set('IFS', ' \t\n');
  shell.functions.clear();
  shell.aliases.clear();
  shell.options.clear();
  shell.frames = [];
  shell.name = path;
  shell.args = args;
  shell.origin = 'file';
  shell.scriptName = path;
  shell.rootPid = shell.sys.pid;
  shell.subshellDepth = 0;
  return runText(shell, text, { name: path });
};
