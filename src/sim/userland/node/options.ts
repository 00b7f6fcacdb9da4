/** node's command line. */
import type { Sys } from '../../kernel/sys.ts';
import { nodeVersion } from './version.ts';

export interface Invocation {
  mode: 'script' | 'eval' | 'stdin' | 'repl';
  /** Of the script, as given. */
  script?: string;
  code?: string;
  /** -p: prints the value. */
  print?: boolean;
  /** --input-type=module. */
  module?: boolean;
  /** -c: only checks the syntax. */
  check?: boolean;
  /** -r. */
  preload: string[];
  args: string[];
  execArgv: string[];
}

/** What is answered without running anything. */
export interface Answer {
  say: string;
  code: number;
}

const usage = `Usage: node [options] [ script.js ] [arguments]
       node inspect [options] [ script.js | host:port ] [arguments]

Options:
  -                           script read from stdin (default if no
                              file name is provided, interactive mode
                              if a tty)
  --                          indicate the end of node options
  -c, --check                 syntax check script without executing
  -e, --eval=...              evaluate script
  -h, --help                  print node command line options
                              (currently set)
  -i, --interactive           always enter the REPL even if stdin does
                              not appear to be a terminal
  -p, --print [...]           evaluate script and print result
  -r, --require=...           CommonJS module to preload (option can be
                              repeated)
  -v, --version               print Node.js version
`;

/** Taken without effect: they change nothing that is simulated. */
const harmless =
  /^--(no-(warnings|deprecation)|trace-(warnings|uncaught|deprecation)|max-old-space-size=\d+|max_old_space_size=\d+|enable-source-maps|unhandled-rejections=\w+|stack-size=\d+|preserve-symlinks|throw-deprecation|experimental-[\w-]+)$/;

export function readInvocation(sys: Sys): Invocation | Answer {
  const rest = sys.argv.slice(1);
  const found: Invocation = { mode: 'repl', preload: [], args: [], execArgv: [] };
  const bad = (text: string): Answer => ({ say: `${sys.argv[0]}: ${text}\n`, code: 9 });
  const take = (arg: string): string | undefined =>
    /^--[\w-]+=/.test(arg) ? arg.slice(arg.indexOf('=') + 1) : rest.shift();
  while (rest[0]?.startsWith('-')) {
    const arg = rest.shift()!;
    const name = arg.replace(/=.*/s, '');
    if (arg === '--') break;
    if (arg === '-') {
      found.mode = 'stdin';
      break;
    }
    found.execArgv.push(arg);
    if (arg === '-v' || arg === '--version') return { say: `v${nodeVersion(sys)}\n`, code: 0 };
    if (arg === '-h' || arg === '--help') return { say: usage, code: 0 };
    if (name === '-e' || name === '--eval' || name === '-p' || name === '--print' || name === '-pe') {
      const code = take(arg);
      if (code === undefined) return bad(`${name} requires an argument`);
      found.execArgv.push(code);
      Object.assign(found, { mode: 'eval', code, print: found.print || (name !== '-e' && name !== '--eval') });
    } else if (name === '-r' || name === '--require') found.preload.push(take(arg) ?? '');
    else if (name === '--input-type') found.module = take(arg) === 'module';
    else if (arg === '-c' || arg === '--check') found.check = true;
    else if (arg === '-i' || arg === '--interactive') found.mode = 'repl';
    else if (/^--(inspect|watch|test|env-file|import|loader|prof|cpu-prof|heap-prof)/.test(name)) {
      return { say: `drydock: node ${name} is not simulated\n`, code: 9 };
    } else if (!harmless.test(arg)) return bad(`bad option: ${arg}`);
  }
  if (found.mode === 'repl' && rest.length > 0) {
    found.mode = 'script';
    found.script = rest.shift()!;
  }
  found.args = rest;
  return found;
}
