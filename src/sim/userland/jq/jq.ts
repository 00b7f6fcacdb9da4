/** `jq`: its command line. Differs from jq: 1.7.1 whatever the package says; modules and --stream are not simulated. */
import type { Command } from '../core/command.ts';
import { readText } from '../packages/sys-files.ts';
import { builtins, Halt } from './builtins.ts';
import { Evaluator } from './evaluate.ts';
import { parseDefinitions, parseProgram } from './parser.ts';
import { prelude } from './prelude.ts';
import { JsonReader, ParseProblem, parseJson } from './read-json.ts';
import { CompileError } from './syntax.ts';
import { defaultColors, excerpt, isObject, JqError, type Json, type PrintOptions, print, truthy } from './value.ts';

interface Options {
  filter: string | undefined;
  files: string[];
  variables: Map<string, Json>;
  named: Map<string, Json>;
  positional: Json[];
  nullInput: boolean;
  slurp: boolean;
  rawInput: boolean;
  raw: boolean;
  join: boolean;
  zero: boolean;
  exitStatus: boolean;
  sequence: boolean;
  indent: string;
  print: Omit<PrintOptions, 'indent'>;
}

const usage =
  'Usage:\tjq [OPTIONS] FILTER [FILES...]\n\tjq [OPTIONS] -f FILE [FILES...]\n\tjq [OPTIONS] --args FILTER [ARGUMENTS...]\n\tjq [OPTIONS] --jsonargs FILTER [JSON_VALUES...]\n';
const short = `${usage}Try jq --help for more information\n`;

const help = `${usage}
jq is a tool for processing JSON inputs, applying the given filter to
its JSON text inputs and producing the filter's results as JSON on
standard output.

The simplest filter is ., which copies jq's input to its output
unmodified except for formatting. For more advanced filters see
the jq(1) manpage ("man jq") and/or https://jqlang.github.io/jq/.

Example:

\t$ echo '{"foo": 0}' | jq .
\t{
\t  "foo": 0
\t}

Command options:
  -n, --null-input          use \`null\` as the single input value;
  -R, --raw-input           read each line as string instead of JSON;
  -s, --slurp               read all inputs into an array and use it as
                            the single input value;
  -c, --compact-output      compact instead of pretty-printed output;
  -r, --raw-output          output strings without escapes and quotes;
      --raw-output0         implies -r and output NUL after each output;
  -j, --join-output         implies -r and output without newline after
                            each output;
  -a, --ascii-output        output strings by only ASCII characters
                            using escape sequences;
  -S, --sort-keys           sort keys of each object on output;
  -C, --color-output        colorize JSON output;
  -M, --monochrome-output   disable colored output;
      --tab                 use tabs for indentation;
      --indent n            use n spaces for indentation (max 7 spaces);
      --unbuffered          flush output stream after each output;
      --seq                 parse input/output as application/json-seq;
  -f, --from-file file      load filter from the file;
      --arg name value      set $name to the string value;
      --argjson name value  set $name to the JSON value;
      --slurpfile name file set $name to an array of JSON values read
                            from the file;
      --rawfile name file   set $name to string contents of file;
      --args                consume remaining arguments as positional
                            string values;
      --jsonargs            consume remaining arguments as positional
                            JSON values;
  -e, --exit-status         set exit status code based on the output;
  -V, --version             show the version;
  -h, --help                show the help;
  --                        terminates argument processing;

Named arguments are also available as $ARGS.named[], while
positional arguments are available as $ARGS.positional[].
`;

/** Long names of the letters. */
const letters: Readonly<Record<string, string>> = {
  n: 'null-input',
  R: 'raw-input',
  s: 'slurp',
  c: 'compact-output',
  r: 'raw-output',
  j: 'join-output',
  a: 'ascii-output',
  S: 'sort-keys',
  C: 'color-output',
  M: 'monochrome-output',
  f: 'from-file',
  e: 'exit-status',
  V: 'version',
  h: 'help',
};

const refused = /^(stream|stream-errors|library-path|L|seq-input|debug-dump-disasm|debug-trace)$/;

/** Ends the command with what is to be said. */
function wrong(c: Command, text: string): never {
  c.errorText(`${text}\n${short}`);
  return c.exit(2);
}

function fileText(c: Command, path: string): string {
  const text = readText(c.sys, path);
  if (text === undefined) {
    c.errorText(`jq: error: Could not open ${path}: No such file or directory\n`);
    c.exit(2);
  }
  return text!;
}

function parsedJson(c: Command, text: string, option: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof ParseProblem)) throw error;
    return wrong(c, `jq: Invalid JSON text passed to --${option}`);
  }
}

function allValues(c: Command, path: string): Json[] {
  const reader = new JsonReader();
  try {
    return [...reader.read(fileText(c, path)), ...reader.end()];
  } catch (error) {
    if (!(error instanceof ParseProblem)) throw error;
    return wrong(c, `jq: Bad JSON in --slurpfile ${path}: ${error.message}`);
  }
}

function readOptions(c: Command): Options {
  const o: Options = {
    filter: undefined,
    files: [],
    variables: new Map(),
    named: new Map(),
    positional: [],
    nullInput: false,
    slurp: false,
    rawInput: false,
    raw: false,
    join: false,
    zero: false,
    exitStatus: false,
    sequence: false,
    indent: '  ',
    print: {},
  };
  const colors = c.sys.isatty(1) && c.sys.env.NO_COLOR === undefined && c.sys.env.TERM !== 'dumb';
  if (colors) o.print.colors = colorsOf(c);
  let rest: 'files' | 'args' | 'jsonargs' = 'files';
  let only = false;
  let fromFile: string | undefined;
  const args = [...c.args];
  const value = (option: string, count: number): string[] => {
    if (args.length < count)
      wrong(
        c,
        `jq: --${option} takes ${count === 1 ? 'one parameter' : 'two parameters'} (e.g. --${option} ${count === 1 ? 'n' : 'name value'})`,
      );
    return args.splice(0, count);
  };
  const bind = (name: string, one: Json): void => {
    o.named.set(name, one);
    o.variables.set(name, one);
  };
  const set: Readonly<Record<string, () => void>> = {
    'null-input': () => (o.nullInput = true),
    'raw-input': () => (o.rawInput = true),
    slurp: () => (o.slurp = true),
    'compact-output': () => (o.indent = ''),
    'raw-output': () => (o.raw = true),
    'raw-output0': () => (o.raw = o.zero = true),
    'join-output': () => (o.raw = o.join = true),
    'ascii-output': () => (o.print.ascii = true),
    'sort-keys': () => (o.print.sort = true),
    'color-output': () => (o.print.colors = colorsOf(c)),
    'monochrome-output': () => delete o.print.colors,
    tab: () => (o.indent = '\t'),
    indent: () => {
      const [text = ''] = value('indent', 1);
      const count = Number(text);
      if (count < 0) wrong(c, 'jq: Cannot indent less than zero');
      if (count > 7) wrong(c, 'jq: Cannot indent more than 7 characters');
      o.indent = ' '.repeat(count || 0);
    },
    unbuffered: () => {},
    seq: () => (o.sequence = true),
    'from-file': () => (fromFile = ''),
    'exit-status': () => (o.exitStatus = true),
    arg: () => {
      const [name = '', text = ''] = value('arg', 2);
      bind(name, text);
    },
    argjson: () => {
      const [name = '', text = ''] = value('argjson', 2);
      bind(name, parsedJson(c, text, 'argjson'));
    },
    slurpfile: () => {
      const [name = '', path = ''] = value('slurpfile', 2);
      bind(name, allValues(c, path));
    },
    rawfile: () => {
      const [name = '', path = ''] = value('rawfile', 2);
      bind(name, fileText(c, path));
    },
    args: () => (rest = 'args'),
    jsonargs: () => (rest = 'jsonargs'),
    version: () => {
      c.out('jq-1.7.1\n');
      c.exit(0);
    },
    help: () => {
      c.out(help);
      c.exit(0);
    },
  };
  const apply = (name: string, shown: string): void => {
    if (refused.test(name)) c.fail(`drydock: jq ${shown} is not simulated`, 2);
    if (!Object.hasOwn(set, name)) wrong(c, `jq: Unknown option: ${shown}`);
    set[name]!();
  };
  while (args.length > 0) {
    const arg = args.shift()!;
    if (!only && arg === '--') only = true;
    else if (!only && arg.startsWith('--')) apply(arg.slice(2), arg);
    else if (!only && arg.startsWith('-') && arg.length > 1)
      for (const one of arg.slice(1)) apply(letters[one] ?? one, arg);
    else if (o.filter === undefined && fromFile === undefined) o.filter = arg;
    else if (fromFile === '') fromFile = arg;
    else if (rest === 'files') o.files.push(arg);
    else o.positional.push(rest === 'args' ? arg : parsedJson(c, arg, 'jsonargs'));
  }
  if (fromFile) {
    // A filter that was taken for one is a file.
    if (o.filter !== undefined) o.files.unshift(fromFile);
    o.filter = fileText(c, o.filter ?? fromFile);
  }
  return o;
}

/** JQ_COLORS replaces the first of the colours. */
function colorsOf(c: Command): readonly string[] {
  const own = c.sys.env.JQ_COLORS?.split(':') ?? [];
  return defaultColors.map((color, i) => (own[i] !== undefined && /^[0-9;]*$/.test(own[i]!) ? own[i]! : color));
}

/** Text of what is read, all files one after the other. */
async function inputText(c: Command, files: readonly string[]): Promise<{ name: Json; text: string }[]> {
  const decoder = new TextDecoder();
  if (files.length === 0) {
    let text = '';
    for (let bytes = await c.sys.read(0); bytes.length > 0; bytes = await c.sys.read(0))
      text += decoder.decode(bytes, { stream: true });
    return [{ name: null, text }];
  }
  return files.flatMap((name) => {
    const text = readText(c.sys, name);
    if (text !== undefined) return [{ name, text }];
    c.errorText(`jq: error: Could not open file ${name}: No such file or directory\n`);
    c.status = 2;
    return [];
  });
}

const definitions = parseDefinitions(prelude);

class Inputs {
  file: Json = null;
  line = 0;
  private readonly reader = new JsonReader();

  constructor(
    private readonly texts: readonly { name: Json; text: string }[],
    private readonly options: Options,
  ) {}

  *values(): Generator<Json> {
    const { slurp, rawInput } = this.options;
    const all = rawInput ? this.lines() : this.parsed();
    if (!slurp) yield* all;
    else if (rawInput) yield this.texts.map(({ text }) => text).join('');
    else yield [...all];
  }

  private *lines(): Generator<Json> {
    const text = this.texts.map((one) => one.text).join('');
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    yield* lines;
  }

  private *parsed(): Generator<Json> {
    for (const { name, text } of this.texts) {
      this.file = name;
      // Line by line, as errors tell how many have been read.
      for (const line of text.replace(/^\ufeff/, '').match(/[^\n]*\n|[^\n]+/g) ?? []) {
        if (line.endsWith('\n')) this.line++;
        yield* this.reader.read(line);
      }
    }
    yield* this.reader.end();
  }
}

export async function jq(c: Command): Promise<number> {
  const o = readOptions(c);
  if (o.filter === undefined) {
    if (c.sys.isatty(0) && c.sys.isatty(1)) {
      c.errorText(short);
      return 2;
    }
    o.filter = '.';
  }
  const program = compile(c, o.filter);
  o.variables.set(
    'ARGS',
    new Map<string, Json>([
      ['positional', o.positional],
      ['named', o.named],
    ]),
  );
  o.variables.set('__prog_args', o.positional);
  const inputs = new Inputs(
    o.nullInput && o.files.length === 0 && !/\binputs?\b/.test(o.filter) ? [] : await inputText(c, o.files),
    o,
  );
  const queue = inputs.values();
  const evaluator = new Evaluator(
    {
      inputs: queue,
      env: new Map(Object.entries(c.sys.env)),
      now: () => c.sys.now().sec + c.sys.now().nsec / 1e9,
      debug: (text) => c.errorText(text),
      fileName: () => inputs.file,
      line: () => inputs.line,
    },
    builtins,
    definitions,
  );
  let last: Json | undefined;
  let scope: ReturnType<Evaluator['scope']>;
  try {
    scope = evaluator.scope(program, o.variables);
  } catch (error) {
    return notCompiled(c, error, o.filter);
  }
  const run = async (input: Json): Promise<void> => {
    try {
      for (const value of evaluator.values(program, scope, input)) {
        last = value;
        emit(c, o, value);
        await c.drain();
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      const at = o.nullInput ? '<unknown>' : `${inputs.file ?? '<stdin>'}:${inputs.line}`;
      c.errorText(`jq: error (at ${at})${message(error)}\n`);
      c.status = 5;
    }
  };
  try {
    if (o.nullInput) await run(null);
    else for (const input of queue) await run(input);
  } catch (error) {
    if (error instanceof Halt) {
      c.errorText(error.output);
      return error.status;
    }
    if (error instanceof RangeError) c.fail('drydock: jq: too deep a recursion', 5);
    if (!(error instanceof ParseProblem)) throw error;
    c.errorText(`jq: parse error: ${error.message}\n`);
    return 2;
  }
  if (c.status !== 0 || !o.exitStatus) return c.status;
  return last === undefined ? 4 : truthy(last) ? 0 : 1;
}

const message = ({ value }: JqError): string =>
  typeof value === 'string'
    ? `: ${value}`
    : isObject(value) || Array.isArray(value)
      ? ` (not a string): ${print(value)}`
      : ` (not a string): ${excerpt(value)}`;

function compile(c: Command, filter: string): ReturnType<typeof parseProgram> {
  try {
    return parseProgram(filter);
  } catch (error) {
    notCompiled(c, error, filter);
    return c.exit(3);
  }
}

function notCompiled(c: Command, error: unknown, filter: string): number {
  if (!(error instanceof CompileError)) throw error;
  const hint = error.message.startsWith('syntax error') ? ' (Unix shell quoting issues?)' : '';
  c.errorText(`jq: error: ${error.message}${hint} at <top-level>, line 1:\n${filter}\njq: 1 compile error\n`);
  return 3;
}

function emit(c: Command, o: Options, value: Json): void {
  const text =
    o.raw && !o.print.ascii && typeof value === 'string' ? value : print(value, { ...o.print, indent: o.indent });
  c.out(`${o.sequence ? '\x1e' : ''}${text}${o.zero ? '\0' : o.join ? '' : '\n'}`);
}
