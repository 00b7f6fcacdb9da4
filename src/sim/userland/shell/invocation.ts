import type { Sys } from '../../kernel/sys.ts';
import type { Dialect } from './dialect.ts';
import { optionLetters } from './options.ts';

/** What a shell's command line asks for. */
export interface Invocation {
  kind: 'command' | 'file' | 'stdin';
  name: string;
  args: string[];
  command?: string;
  script?: string;
  options: Set<string>;
  shopts: [string, boolean][];
  login: boolean;
  interactive: boolean;
  noProfile: boolean;
  noRc: boolean;
  rcFile?: string;
  error?: string;
}

const longFlags = (inv: Invocation, arg: string, args: string[]): boolean => {
  switch (arg) {
    case '--login':
      inv.login = true;
      return true;
    case '--noprofile':
      inv.noProfile = true;
      return true;
    case '--norc':
      inv.noRc = true;
      return true;
    case '--posix':
    case '--noediting':
      return true;
    case '--rcfile':
    case '--init-file':
      inv.rcFile = args.shift();
      return true;
    default:
      return false;
  }
};

export const parseInvocation = (sys: Sys, dialect: Dialect): Invocation => {
  const argv0 = sys.argv[0] ?? dialect.name;
  // `busybox sh` and `busybox ash` call themselves by the applet's name.
  const applet = dialect.name === 'ash' && /(^|\/)busybox$/.test(argv0);
  const args = sys.argv.slice(applet ? 2 : 1);
  const inv: Invocation = {
    kind: 'stdin',
    name: (applet ? (sys.argv[1] ?? 'sh') : argv0).replace(/^-/, ''),
    args: [],
    options: new Set(),
    shopts: [],
    login: argv0[0] === '-',
    interactive: false,
    noProfile: false,
    noRc: false,
  };
  let command = false;
  let fromStdin = false;
  let forced = false;
  while (args.length > 0 && /^[-+]./.test(args[0]!)) {
    const arg = args.shift()!;
    if (arg === '--') break;
    if (arg.startsWith('--')) {
      if (dialect.bash && longFlags(inv, arg, args)) continue;
      inv.error = dialect.bash ? `${argv0}: ${arg}: invalid option\n` : `${argv0}: 0: Illegal option --\n`;
      return inv;
    }
    for (const letter of arg.slice(1)) {
      if (letter === 'c') command = true;
      else if (letter === 's') fromStdin = true;
      else if (letter === 'i') forced = true;
      else if (letter === 'l') inv.login = true;
      else if (letter === 'O' && dialect.bash) inv.shopts.push([args.shift() ?? '', arg[0] === '-']);
      else if (letter === 'o') setLong(inv, args.shift() ?? '', arg[0]!);
      else setLong(inv, optionLetters[letter] ?? '', arg[0]!);
    }
  }
  if (args[0] === '-') args.shift();
  if (command) {
    inv.kind = 'command';
    inv.command = args.shift();
    if (inv.command === undefined) {
      inv.error = {
        bash: `${argv0}: -c: option requires an argument\n`,
        dash: `${argv0}: 0: -c requires an argument\n`,
        ash: `${argv0}: -c requires an argument\n`,
      }[dialect.name];
    }
    if (args.length > 0) inv.name = args.shift()!;
  } else if (!fromStdin && args.length > 0) {
    inv.kind = 'file';
    inv.script = args.shift();
    inv.name = inv.script!;
  }
  inv.args = args;
  inv.interactive = forced || (inv.kind === 'stdin' && sys.isatty(0) && sys.isatty(2));
  return inv;
};

const setLong = (inv: Invocation, option: string, sign: string): void => {
  if (sign === '-') inv.options.add(option);
  else inv.options.delete(option);
};
