import { isSpecial } from '../exec/simple.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, invalidOption } from './builtin.ts';
import { output } from './output.ts';
import { builtinsOf } from './table.ts';

/** The builtins that bash lists, in the order of its table. */
export const builtinNames = (shell: Shell): string[] => [...builtinsOf(shell.dialect).keys()].sort();

const list = (shell: Shell, flags: string): Promise<number> => {
  const wanted = builtinNames(shell).filter((name) => {
    if (flags.includes('s') && !isSpecial(name)) return false;
    return flags.includes('a') || shell.disabled.has(name) === flags.includes('n');
  });
  return output(shell, wanted.map((n) => `enable ${shell.disabled.has(n) ? '-n ' : ''}${n}\n`).join(''));
};

const setEnabled = (shell: Shell, name: string, on: boolean): void => {
  if (on) shell.disabled.delete(name);
  else shell.disabled.add(name);
  const all = builtinsOf(shell.dialect);
  shell.builtins = shell.disabled.size === 0 ? all : new Map([...all].filter(([n]) => !shell.disabled.has(n)));
};

/** `enable`: builtins are switched off and on again. */
export const enable: Builtin = async (shell, args, self) => {
  let flags = '';
  let file: string | undefined;
  let i = 0;
  for (; i < args.length && /^-./.test(args[i]!); i++) {
    if (args[i] === '--') {
      i++;
      break;
    }
    for (const c of args[i]!.slice(1)) {
      if (!'adnpsf'.includes(c)) return invalidOption(shell, self, c, 'enable [-a] [-dnps] [-f filename] [name ...]');
      if (c === 'f') file = args[++i];
      else flags += c;
    }
  }
  const names = args.slice(i);
  if (file !== undefined) {
    await shell.complain(`drydock: loading builtins from shared objects is not simulated`);
    return 1;
  }
  if (names.length === 0 || flags.includes('p')) return list(shell, flags);
  let status = 0;
  for (const name of names) {
    if (!builtinsOf(shell.dialect).has(name)) {
      await shell.complain(`${name}: not a shell builtin`);
      status = 1;
    } else if (flags.includes('d')) {
      await shell.complain(`${name}: not dynamically loaded`);
      status = 1;
    } else setEnabled(shell, name, !flags.includes('n'));
  }
  return status;
};
