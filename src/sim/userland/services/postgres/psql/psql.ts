/** psql(1). */
import { fromUtf8, isErrno } from '../../../../../spec/index.ts';
import type { Program } from '../../../../kernel/program.ts';
import type { Sys } from '../../../../kernel/sys.ts';
import { readText } from '../../../packages/sys-files.ts';
import {
  askPassword,
  connectionOptions,
  type Given,
  readArguments,
  targetOptions,
  UsageError,
} from '../client/options.ts';
import { ConnectionProblem, readConnectionString, type Target, targetOf } from '../client/server.ts';
import { serverVersion } from '../config.ts';
import { runCommand } from './commands.ts';
import { type Found, Scanner } from './scanner.ts';
import { Session } from './session.ts';

const spec = {
  ...connectionOptions,
  ...{
    a: 'echo-all',
    A: 'no-align',
    b: 'echo-errors',
    c: 'command=',
    d: 'dbname=',
    e: 'echo-queries',
    E: 'echo-hidden',
  },
  ...{ f: 'file=', F: 'field-separator=', l: 'list', n: 'no-readline', o: 'output=', P: 'pset=', q: 'quiet' },
  ...{
    R: 'record-separator=',
    s: 'single-step',
    S: 'single-line',
    t: 'tuples-only',
    v: 'set=',
    V: 'version',
    x: 'expanded',
  },
  ...{
    X: 'no-psqlrc',
    z: 'field-separator-zero',
    '0': 'record-separator-zero',
    '1': 'single-transaction',
    '?': 'help',
  },
};
const more = ['csv', 'variable='];
const notHere = new Set(['echo-hidden', 'single-step', 'single-line', 'help']);

export const psql: Program = async (sys) => {
  let given: Given;
  try {
    given = readArguments(sys.argv.slice(1), spec, more);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await sys.write(2, `${sys.argv[0]}: ${error.message}\npsql: hint: Try "psql --help" for more information.\n`);
    return 1;
  }
  const session = new Session(sys);
  const actions: [kind: 'command' | 'file', value: string][] = [];
  for (const [name, value] of given.options) {
    if (notHere.has(name)) {
      await sys.write(2, `drydock: psql --${name} is not simulated\n`);
      return 1;
    }
    if (name === 'version') {
      await sys.write(1, `psql (PostgreSQL) ${serverVersion}\n`);
      return 0;
    }
    if (name === 'command' || name === 'file') actions.push([name, value]);
    else applyOption(session, name, value);
  }
  const target = targetOf(sys, 'psql', await namedTarget(given));
  const named = new Map(given.options);
  const bare = !named.has('dbname') && given.operands[0] === undefined && !sys.env.PGDATABASE;
  if (named.has('list') && bare) target.database = 'postgres';
  const code = await connect(session, target, named);
  if (code !== 0) return code;
  try {
    return await new Psql(session).run(named, actions);
  } finally {
    await session.server?.end();
  }
};

async function namedTarget(given: Given): Promise<Partial<Target>> {
  const named = new Map(given.options);
  const operands = [...given.operands];
  const database = named.get('dbname') ?? operands.shift();
  const user = named.get('username') ?? operands.shift();
  const string = database === undefined ? undefined : readConnectionString(database);
  return { ...(string ?? (database && { database })), ...targetOptions(given), ...(user && { user }) };
}

function applyOption(session: Session, name: string, value: string): void {
  const { format, variables } = session;
  const [, key, setting] = /^([^=]*)=?(.*)$/s.exec(value)!;
  if (name === 'no-align') format.style = 'unaligned';
  else if (name === 'csv') format.style = 'csv';
  else if (name === 'tuples-only') format.tuplesOnly = true;
  else if (name === 'expanded') format.expanded = 'on';
  else if (name === 'quiet') session.quiet = true;
  else if (name === 'field-separator') format.fieldSeparator = value;
  else if (name === 'record-separator') format.recordSeparator = value;
  else if (name === 'field-separator-zero') format.fieldSeparator = '\0';
  else if (name === 'record-separator-zero') format.recordSeparator = '\0';
  else if (name === 'set' || name === 'variable') variables.set(key!, setting!);
  else if (name === 'echo-all') variables.set('ECHO', 'all');
  else if (name === 'echo-queries') variables.set('ECHO', 'queries');
  else if (name === 'pset') {
    if (key === 'null') format.nullText = setting!;
    else if (key === 'border') format.border = Math.min(2, Number(setting));
    else if (key === 'footer') format.footer = setting !== 'off';
    else if (key === 'format' && setting === 'unaligned') format.style = 'unaligned';
    else if (key === 'format' && setting === 'csv') format.style = 'csv';
    else if (key === 'expanded') format.expanded = setting === 'off' ? 'off' : 'on';
    else if (key === 'tuples_only') format.tuplesOnly = setting !== 'off';
  }
}

async function connect(session: Session, target: Target, named: ReadonlyMap<string, string>): Promise<number> {
  const { sys } = session;
  const prompt = (): Promise<string> => askPassword(sys, `Password for user ${target.user}: `);
  try {
    if (named.has('password')) target.password = await prompt();
    try {
      await session.connect(target);
    } catch (error) {
      const asks = error instanceof ConnectionProblem && error.wantsPassword && !named.has('no-password');
      if (!asks || !hasTerminal(sys)) throw error;
      await session.connect({ ...target, password: await prompt() });
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ConnectionProblem)) throw error;
    await sys.write(2, `psql: error: ${error.message}\n`);
    return 2;
  }
}

function hasTerminal(sys: Sys): boolean {
  try {
    sys.close(sys.openSync('/dev/tty', { access: 'readwrite' }));
    return true;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}

class Psql {
  /** Of lines that are read: -c gives none. */
  private rest: string[] = [];
  private interrupted = false;

  constructor(private readonly session: Session) {}

  async run(
    named: ReadonlyMap<string, string>,
    actions: readonly (readonly ['command' | 'file', string])[],
  ): Promise<number> {
    const { session } = this;
    const { sys } = session;
    if (named.has('output')) {
      session.output = sys.openSync(named.get('output')!, { access: 'write', create: true, truncate: true }, 0o644);
    }
    if (named.has('list')) {
      return (await runCommand(this.place(new Scanner(this.lookup)), 'l')) === 'done' ? 0 : 1;
    }
    if (!named.has('no-psqlrc')) await this.startup();
    if (actions.length === 0) {
      const terminal = sys.isatty(0) && sys.isatty(1);
      return terminal ? this.interactive() : this.fromInput(undefined);
    }
    const together = named.has('single-transaction');
    if (together && !(await session.execute('BEGIN'))) return 1;
    let code = 0;
    for (const [kind, value] of actions) {
      code = kind === 'command' ? await this.one(value) : await this.fromInput(value);
      if (code !== 0 && (kind === 'file' || this.stops)) break;
      if (code !== 0 && kind === 'command' && this.stops) break;
    }
    if (together) await session.execute(code === 0 ? 'COMMIT' : 'ROLLBACK');
    return code;
  }

  private get stops(): boolean {
    return /^(on|1|true|yes)$/i.test(this.session.variables.get('ON_ERROR_STOP') ?? '');
  }
  private lookup = (name: string): string | undefined => this.session.variables.get(name);

  private place(scanner: Scanner) {
    return { session: this.session, scanner, include: (path: string) => this.include(path) };
  }

  private async startup(): Promise<void> {
    const home = this.session.sys.env.HOME;
    const text = home ? readText(this.session.sys, `${home}/.psqlrc`) : undefined;
    if (text !== undefined) await this.script(text, `${home}/.psqlrc`);
  }

  /** -c: one backslash command, or a string that is sent as it is. */
  private async one(text: string): Promise<number> {
    if (text.startsWith('\\')) {
      const scanner = new Scanner(this.lookup);
      return (await runCommand(this.place(scanner), text.slice(1))) === 'failed' ? 1 : 0;
    }
    return (await this.session.execute(text)) ? 0 : 1;
  }

  private async include(path: string): Promise<boolean> {
    const { session } = this;
    const text = readText(session.sys, path);
    if (text === undefined) {
      await session.complain(`${path}: No such file or directory\n`);
      return false;
    }
    return (await this.script(text, path)) === 0;
  }

  /** -f, or standard input that is no terminal. */
  private async fromInput(path: string | undefined): Promise<number> {
    const { session } = this;
    if (path === undefined || path === '-') {
      let text = '';
      for (let bytes = await session.sys.read(0); bytes.length > 0; bytes = await session.sys.read(0))
        text += fromUtf8(bytes);
      return this.script(text, path === undefined ? undefined : '<stdin>');
    }
    const text = readText(session.sys, path);
    if (text !== undefined) return this.script(text, path);
    await session.sys.write(2, `psql: error: ${path}: No such file or directory\n`);
    return 1;
  }

  /** 0, or 3 when an error stopped it. */
  private async script(text: string, name: string | undefined): Promise<number> {
    const { session } = this;
    const kept = { input: session.input, copySource: session.copySource };
    const outer = this.rest;
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    this.rest = lines;
    const scanner = new Scanner(this.lookup);
    session.input = name === undefined ? undefined : { name, line: 0 };
    session.copySource = async () => {
      if (session.input) session.input.line++;
      return lines.shift();
    };
    let code = 0;
    try {
      const act = (found: Found): Promise<boolean> =>
        this.act(scanner, found, (status) => {
          code = status;
        });
      while (lines.length > 0) {
        if (session.input) session.input.line++;
        const line = lines.shift()!;
        if (session.variables.get('ECHO') === 'all') await session.out(`${line}\n`);
        if (!(await scanner.line(line, act))) return code;
      }
      const left = scanner.buffer.trim();
      if (left !== '') await act({ kind: 'statement', text: left });
      return code;
    } finally {
      this.rest = outer;
      Object.assign(session, kept);
    }
  }

  /** False: no more is read. */
  private async act(scanner: Scanner, found: Found, end: (status: number) => void): Promise<boolean> {
    const { session } = this;
    if (found.kind === 'line') return true;
    if (found.kind === 'statement') {
      if (await session.execute(found.text)) return true;
    } else {
      const outcome = await runCommand(this.place(scanner), found.text);
      if (outcome === 'quit') return false;
      if (outcome === 'done') return true;
    }
    if (!session.server && !session.interactive) {
      end(2);
      return false;
    }
    if (!this.stops || session.interactive) return true;
    end(3);
    return false;
  }

  private async interactive(): Promise<number> {
    const { session } = this;
    const { sys } = session;
    session.interactive = true;
    if (!session.quiet) await sys.write(1, `psql (${serverVersion})\nType "help" for help.\n\n`);
    sys.signal(2, () => {
      this.interrupted = true;
    });
    const scanner = new Scanner(this.lookup);
    let typed = '';
    let ended = false;
    const act = async (found: Found): Promise<boolean> => {
      if (found.kind === 'command' && /^q(uit)?\b/.test(found.text)) ended = true;
      return this.act(scanner, found, () => undefined);
    };
    const readLine = async (prompt: string): Promise<string | undefined> => {
      await sys.write(1, prompt);
      while (!typed.includes('\n')) {
        const bytes = await sys.read(0);
        if (bytes.length === 0) return undefined;
        typed += fromUtf8(bytes);
      }
      const end = typed.indexOf('\n');
      const line = typed.slice(0, end);
      typed = typed.slice(end + 1);
      return line;
    };
    session.copySource = () => readLine('>> ');
    while (!ended) {
      try {
        const line = await readLine(this.prompt(scanner));
        if (line === undefined) {
          await sys.write(1, '\\q\n');
          break;
        }
        if (scanner.wants === '=' && /^\s*(help|quit|exit)\s*;?\s*$/.test(line)) {
          if (/help/.test(line)) await sys.write(1, helpWord);
          else break;
          continue;
        }
        await scanner.line(line, act);
      } catch (error) {
        if (!isErrno(error, 'EINTR') || !this.interrupted) throw error;
        this.interrupted = false;
        scanner.reset();
        typed = '';
        await sys.write(1, '\n');
      }
    }
    return 0;
  }

  private prompt(scanner: Scanner): string {
    const { server, variables } = this.session;
    const first = scanner.wants === '=';
    const form = variables.get(first ? 'PROMPT1' : 'PROMPT2') ?? '';
    const target = server?.target;
    const values: Record<string, () => string> = {
      '/': () => target?.database ?? '',
      '~': () => (target && target.database === target.user ? '~' : (target?.database ?? '')),
      n: () => target?.user ?? '',
      m: () => target?.host ?? '[local]',
      M: () => target?.host ?? '[local]',
      '>': () => String(target?.port ?? ''),
      R: () => (first ? (server ? '=' : '!') : scanner.wants),
      x: () => (!server ? '?' : server.state === 'T' ? '*' : server.state === 'E' ? '!' : ''),
      '#': () => (server?.parameters.get('is_superuser') === 'on' ? '#' : '>'),
      '%': () => '%',
      '[': () => '',
      ']': () => '',
    };
    return form.replace(/%(:\w+:|.)/g, (all, letter: string) => values[letter]?.() ?? all);
  }
}

const helpWord = `You are using psql, the command-line interface to PostgreSQL.
Type:  \\copyright for distribution terms
       \\h for help with SQL commands
       \\? for help with psql commands
       \\g or terminate with semicolon to execute query
       \\q to quit
`;
