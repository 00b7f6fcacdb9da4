/** `python [option] ... [-c cmd | -m mod | file | -] [arg] ...` */

export interface CommandLine {
  mode: 'command' | 'module' | 'file' | 'stdin';
  target: string;
  /** sys.argv. */
  args: string[];
  unbuffered: boolean;
  inspect: boolean;
  quiet: boolean;
  isolated: boolean;
  /** -V or -h: nothing is run. */
  only?: 'version' | 'help';
  /** What was wrong. */
  error?: string;
}

const withValue = new Set(['W', 'X']);
const flags = new Set('bBdEiIOPqsSuvxVhR?'.split(''));

export function parseCommandLine(argv: readonly string[]): CommandLine {
  const line: CommandLine = {
    mode: 'stdin',
    target: '',
    args: [''],
    unbuffered: false,
    inspect: false,
    quiet: false,
    isolated: false,
  };
  let at = 0;
  for (; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '-' || !word.startsWith('-')) break;
    if (word === '--') {
      at++;
      break;
    }
    if (word === '--version' || word === '--help') return { ...line, only: word === '--version' ? 'version' : 'help' };
    if (word.startsWith('--')) return { ...line, error: `unknown option ${word}` };
    for (let i = 1; i < word.length; i++) {
      const letter = word[i]!;
      if (letter === 'c' || letter === 'm') {
        const value = word.slice(i + 1) || argv[++at];
        if (value === undefined) return { ...line, error: `Argument expected for the -${letter} option` };
        const mode = letter === 'c' ? 'command' : 'module';
        return { ...line, mode, target: value, args: [`-${letter}`, ...argv.slice(at + 1)] };
      }
      if (withValue.has(letter)) {
        if (i + 1 === word.length) at++;
        break;
      }
      if (!flags.has(letter)) return { ...line, error: `Unknown option: -${letter}` };
      apply(line, letter);
      if (line.only) return line;
    }
  }
  const rest = argv.slice(at);
  if (rest.length === 0) return line;
  if (rest[0] === '-') return { ...line, args: [...rest] };
  return { ...line, mode: 'file', target: rest[0]!, args: [...rest] };
}

function apply(line: CommandLine, letter: string): void {
  if (letter === 'u') line.unbuffered = true;
  else if (letter === 'i') line.inspect = true;
  else if (letter === 'q') line.quiet = true;
  else if (letter === 'I') line.isolated = true;
  else if (letter === 'V') line.only = 'version';
  else if (letter === 'h' || letter === '?') line.only = 'help';
}

export const usage = (program: string): string =>
  `usage: ${program} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n`;

export const help = (program: string): string => `${usage(program)}Options (and corresponding environment variables):
-c cmd : program passed in as string (terminates option list)
-h     : print this help message and exit (also -? or --help)
-i     : inspect interactively after running script; forces a prompt even
         if stdin does not appear to be a terminal; also PYTHONINSPECT=x
-m mod : run library module as a script (terminates option list)
-q     : don't print version and copyright messages on interactive startup
-u     : force the stdout and stderr streams to be unbuffered;
         this option has no effect on stdin; also PYTHONUNBUFFERED=x
-V     : print the Python version number and exit (also --version)
file   : program read from script file
-      : program read from stdin (default; interactive mode if a tty)
arg ...: arguments passed to program in sys.argv[1:]
`;
