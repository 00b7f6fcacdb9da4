import { IndexedArray } from '../variables.ts';
import { type Builtin, invalidOption } from './builtin.ts';
import { output } from './output.ts';

/** `caller [n]`: where the function that runs, or the one n calls out, was called. */
export const caller: Builtin = async (shell, args) => {
  const list = (name: string): string[] => {
    const value = shell.vars.lookup(name)?.value;
    return value instanceof IndexedArray ? value.values() : [];
  };
  const [names, sources, lines] = [list('FUNCNAME'), list('BASH_SOURCE'), list('BASH_LINENO')];
  if (lines.length === 0 || sources.length === 0) return 1;
  if (args[0] === '--') args = args.slice(1);
  const text = args[0];
  if (text === undefined) return output(shell, `${lines[0]} ${sources[1] ?? 'NULL'}\n`);
  if (/^-[^\d]/.test(text)) return invalidOption(shell, 'caller', text[1]!, 'caller [expr]');
  if (names.length === 0) return 1;
  if (!/^[-+]?\d+$/.test(text)) {
    await shell.complain(`${text}: invalid number`);
    await shell.write(2, 'caller: usage: caller [expr]\n');
    return 2;
  }
  const n = Number(text);
  if (lines[n] === undefined || sources[n + 1] === undefined || names[n + 1] === undefined) return 1;
  return output(shell, `${lines[n]} ${names[n + 1]} ${sources[n + 1]}\n`);
};
