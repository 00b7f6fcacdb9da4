import type { Sys } from '../../kernel/sys.ts';
import type { Dialect } from './dialect.ts';
import { ashOptions, bashOptions, dashOptions, optionLetters, shoptNames } from './options.ts';

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
  /** To be printed instead of running anything. */
  answer?: string;
  restricted?: boolean;
  /** -c gave $0. */
  named?: boolean;
  listOptions?: boolean;
}

const lettersOf = (dialect: Dialect): string =>
  dialect.bash ? 'abefhkmnptuvxBCEHPT' : dialect.name === 'dash' ? 'efImnvxVECabu' : 'efImnxvECabu';

const longOptionsOf = (dialect: Dialect): readonly string[] =>
  ({ bash: bashOptions, dash: dashOptions, ash: ashOptions })[dialect.name];

const longNames =
  'debug debugger dump-po-strings dump-strings help init-file login noediting noprofile norc posix pretty-print rcfile restricted verbose version'.split(
    ' ',
  );

/** What bash says of its command line. */
const usage = (name: string): string =>
  `Usage:\t${name} [GNU long option] [option] ...\n\t${name} [GNU long option] [option] script-file ...\nGNU long options:\n` +
  `${longNames.map((n) => `\t--${n}\n`).join('')}Shell options:\n` +
  '\t-ilrsD or -c command or -O shopt_option\t\t(invocation only)\n\t-abefhkmnptuvxBCEHPT or -o option\n';

const wrongOption = (name: string, option: string): string => `${name}: ${option}: invalid option\n${usage(name)}`;

const versionText = `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)
Copyright (C) 2022 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

This is free software; you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
`;

const helpText = (name: string): string =>
  `GNU bash, version 5.2.15(1)-release-(x86_64-pc-linux-gnu)\n${usage(name)}` +
  `Type \`${name} -c "help set"' for more information about shell options.\n` +
  `Type \`${name} -c help' for more information about shell builtin commands.\n` +
  "Use the `bashbug' command to report bugs.\n\n" +
  'bash home page: <http://www.gnu.org/software/bash>\n' +
  'General help using GNU software: <http://www.gnu.org/gethelp/>\n';

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
      inv.options.add('posix');
      return true;
    case '--restricted':
      inv.restricted = true;
      return true;
    case '--verbose':
      inv.options.add('verbose');
      return true;
    case '--version':
      inv.answer = versionText;
      return true;
    case '--help':
      inv.answer = helpText(inv.name);
      return true;
    case '--noediting':
    case '--debugger':
    case '--pretty-print':
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
      inv.error = dialect.bash ? wrongOption(argv0, arg) : `${argv0}: 0: Illegal option --\n`;
      return inv;
    }
    for (const letter of arg.slice(1)) {
      if (letter === 'c') command = true;
      else if (letter === 's') fromStdin = true;
      else if (letter === 'i') forced = true;
      else if (letter === 'l') inv.login = true;
      else if (letter === 'O' && dialect.bash) {
        const option = args.shift() ?? '';
        if (!shoptNames.includes(option)) {
          inv.error = `${argv0}: ${option}: invalid shell option name\n`;
          return inv;
        }
        inv.shopts.push([option, arg[0] === '-']);
      } else if (letter === 'o') {
        const option = args.shift();
        if (option === undefined) inv.listOptions = true;
        else if (!longOptionsOf(dialect).includes(option)) {
          const wrong = {
            bash: `${argv0}: ${argv0}: ${option}: invalid option name\n`,
            dash: `${inv.name}: 0: Illegal option ${arg[0]}o ${option}\n`,
            ash: `${inv.name}: illegal option ${arg[0]}o ${option}\n`,
          };
          inv.error = wrong[dialect.name];
          return inv;
        } else setLong(inv, option, arg[0]!);
      } else if (letter === 'D' && dialect.bash) inv.options.add('noexec');
      else if (letter === 'r' && dialect.bash) inv.restricted = true;
      else if (optionLetters[letter] && lettersOf(dialect).includes(letter))
        setLong(inv, optionLetters[letter]!, arg[0]!);
      else {
        const text = {
          bash: wrongOption(argv0, `${arg[0]}${letter}`),
          dash: `${inv.name}: 0: Illegal option ${arg[0]}${letter}\n`,
          ash: `${inv.name}: illegal option ${arg[0]}${letter}\n`,
        };
        inv.error = text[dialect.name];
        return inv;
      }
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
    if (args.length > 0) {
      inv.name = args.shift()!;
      inv.named = true;
    }
  } else if (!fromStdin && args.length > 0) {
    inv.kind = 'file';
    inv.script = args.shift();
    inv.name = inv.script!;
  }
  inv.args = args;
  inv.interactive = forced || (inv.kind === 'stdin' && sys.isatty(0) && sys.isatty(2));
  if (/^-?r(bash)$/.test(argv0.replace(/^.*\//, ''))) inv.restricted = true;
  return inv;
};

const setLong = (inv: Invocation, option: string, sign: string): void => {
  if (sign === '-') inv.options.add(option);
  else inv.options.delete(option);
};
