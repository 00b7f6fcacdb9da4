/** The options that all clients share: -h, -p, -U, -d, -w, -W. */
import type { Sys } from '../../../../kernel/sys.ts';
import type { Target } from './server.ts';

export interface OptionSpec {
  /** Letter -> long name; a value is taken when the long name ends with `=`. */
  [letter: string]: string;
}

export const connectionOptions: OptionSpec = {
  h: 'host=',
  p: 'port=',
  U: 'username=',
  w: 'no-password',
  W: 'password',
};

export interface Given {
  options: [name: string, value: string][];
  operands: string[];
}

export class UsageError extends Error {}

/** getopt_long, with operands anywhere. Throws {@link UsageError}, its message without the program's name. */
export function readArguments(args: readonly string[], spec: OptionSpec, more: readonly string[] = []): Given {
  const long = [...Object.values(spec), ...more];
  const given: Given = { options: [], operands: [] };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      given.operands.push(...rest);
      break;
    }
    if (arg.startsWith('--')) {
      const [, name, value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg)!;
      const found = long.find((one) => one.replace('=', '') === name) ?? long.find((one) => one.startsWith(name!));
      if (!found) throw new UsageError(`unrecognized option '${arg}'`);
      const wants = found.endsWith('=');
      if (wants && value === undefined && rest.length === 0)
        throw new UsageError(`option '--${name}' requires an argument`);
      given.options.push([found.replace('=', ''), wants ? (value ?? rest.shift()!) : '']);
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let at = 1; at < arg.length; at++) {
        const name = spec[arg[at]!];
        if (name === undefined) throw new UsageError(`invalid option -- '${arg[at]}'`);
        if (!name.endsWith('=')) given.options.push([name, '']);
        else {
          const value = at + 1 < arg.length ? arg.slice(at + 1) : rest.shift();
          if (value === undefined) throw new UsageError(`option requires an argument -- '${arg[at]}'`);
          given.options.push([name.slice(0, -1), value]);
          break;
        }
      }
    } else given.operands.push(arg);
  }
  return given;
}

export function targetOptions({ options }: Given): Partial<Target> {
  const named = new Map(options);
  return {
    ...(named.has('host') && { host: named.get('host')! }),
    ...(named.has('port') && { port: Number(named.get('port')) }),
    ...(named.has('username') && { user: named.get('username')! }),
  };
}

/** Prints it as getopt's callers do; the exit status. */
export async function usage(sys: Sys, name: string, error: UsageError, status = 1): Promise<number> {
  await sys.write(2, `${name}: ${error.message}\n${name}: hint: Try "${name} --help" for more information.\n`);
  return status;
}

/** Asks at the terminal, without echo. */
export async function askPassword(sys: Sys, prompt: string): Promise<string> {
  const fd = await sys.open('/dev/tty', { access: 'readwrite' });
  const termios = sys.tcgetattr(fd);
  try {
    await sys.write(fd, prompt);
    sys.tcsetattr(fd, { ...termios, flags: { ...termios.flags, echo: false } });
    const line = new TextDecoder().decode(await sys.read(fd));
    await sys.write(fd, '\n');
    return line.replace(/\n$/, '');
  } finally {
    sys.tcsetattr(fd, termios);
    sys.close(fd);
  }
}
