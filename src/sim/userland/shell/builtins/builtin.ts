import type { Shell } from '../shell.ts';

/** `args` without the name. Returns the exit status. Redirections are already applied. */
export type Builtin = (shell: Shell, args: string[], name: string) => Promise<number> | number;

/** What dash calls an "Illegal number" ends a script there. */
export const illegalNumber = async (shell: Shell, text: string): Promise<never> => {
  return shell.fatal(`Illegal number: ${text}`);
};

/** Splits leading single-letter options off; stops at `--` or the first operand. */
export const splitOptions = (
  args: readonly string[],
  known: string,
): { flags: string; rest: string[]; bad?: string } => {
  let flags = '';
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') return { flags, rest: args.slice(i + 1) };
    if (arg[0] !== '-' || arg === '-') break;
    for (const c of arg.slice(1)) {
      if (!known.includes(c)) return { flags, rest: args.slice(i), bad: c };
      flags += c;
    }
  }
  return { flags, rest: args.slice(i) };
};

/** `cd: -z: invalid option` and bash's usage line. */
export const invalidOption = async (shell: Shell, name: string, letter: string, usage: string): Promise<number> => {
  if (shell.dialect.bash) {
    await shell.complain(`-${letter}: invalid option`);
    await shell.write(2, `${name}: usage: ${usage}\n`);
    return 2;
  }
  return shell.fatal(shell.dialect.name === 'dash' ? `Illegal option -${letter}` : `illegal option -${letter}`);
};
