/** psql's backslash commands. */
import { isErrno } from '../../../../../spec/index.ts';
import { readText } from '../../../packages/sys-files.ts';
import { askPassword } from '../client/options.ts';
import { ConnectionProblem, readConnectionString, targetOf } from '../client/server.ts';
import { identifier, literal } from '../cluster.ts';
import * as describing from './describe.ts';
import { commandWords, type Scanner } from './scanner.ts';
import type { Session } from './session.ts';

/** `quit`: psql ends; `failed`: told already. */
export type Outcome = 'done' | 'failed' | 'quit';

export interface Place {
  session: Session;
  scanner: Scanner;
  /** Reads a file's commands. */
  include(path: string): Promise<boolean>;
}

/** Commands of the real psql that are not here. */
const others =
  /^(bind|bind_named|close_prepared|copyright|crosstabview|dA\w*|da|db|dc|dC|dD|dF\w*|dl|dL|do\w*|dO|dP\w*|drds|drg|dR\w*|dX|dy|des|det|deu|dew|dconfig|ddp|dd|e|edit|ef|ev|elif|else|endif|errverbose|getenv|gdesc|getresults|h|help|H|html|if|lo_\w+|parse|prompt|sendpipeline|setenv|sf|sv|s|startpipeline|endpipeline|flushrequest|flush|syncpipeline|T|C|watch)\+?$/;

const on = (value: boolean): string => (value ? 'on' : 'off');
const truth = (word: string | undefined, now: boolean): boolean =>
  word === undefined ? !now : /^(on|true|yes|1|t|y)$/i.test(word);

export async function runCommand(place: Place, text: string): Promise<Outcome> {
  const { session } = place;
  const [, name = '', rest = ''] = /^(\S[^\s\\'"]*|)(.*)$/s.exec(text) ?? [];
  const words = commandWords(rest, (key) => session.variables.get(key));
  const done = await run(place, name, words, rest);
  if (done !== undefined) return done;
  if (others.test(name)) await session.complain(`drydock: psql \\${name} is not simulated\n`);
  else {
    await session.complain(`invalid command \\${name}\n`);
    if (session.interactive) await session.sys.write(2, 'Try \\? for help.\n');
  }
  return 'failed';
}

async function run(place: Place, name: string, words: string[], rest: string): Promise<Outcome | undefined> {
  const { session } = place;
  const ok = (done: boolean): Outcome => (done ? 'done' : 'failed');
  const say = async (line: string): Promise<Outcome> => {
    if (!session.quiet) await session.out(`${line}\n`);
    return 'done';
  };
  const described = describeCommand(session, name, words);
  if (described) return ok(await described);
  switch (name) {
    case 'q':
    case 'quit':
      return 'quit';
    case '?':
      await session.out(help);
      return 'done';
    case 'c':
    case 'connect':
      return ok(await reconnect(session, words));
    case 'conninfo':
      return ok(await describing.connectionInfo(session));
    case 'x': {
      session.format.expanded =
        words[0] === 'auto' ? 'auto' : truth(words[0], session.format.expanded === 'on') ? 'on' : 'off';
      return say(expandedText(session));
    }
    case 't':
      session.format.tuplesOnly = truth(words[0], session.format.tuplesOnly);
      return say(`Tuples only is ${on(session.format.tuplesOnly)}.`);
    case 'a':
      session.format.style = session.format.style === 'aligned' ? 'unaligned' : 'aligned';
      return say(`Output format is ${session.format.style}.`);
    case 'f':
      if (words[0] !== undefined) session.format.fieldSeparator = words[0];
      return say(`Field separator is "${session.format.fieldSeparator}".`);
    case 'timing':
      session.timing = truth(words[0], session.timing);
      return say(`Timing is ${on(session.timing)}.`);
    case 'pset':
      return ok(await pset(session, words, say));
    case 'set':
      return setVariable(session, words);
    case 'unset':
      session.variables.delete(words[0] ?? '');
      return 'done';
    case 'echo':
    case 'qecho':
    case 'warn': {
      const bare = words[0] === '-n' ? words.slice(1).join(' ') : `${words.join(' ')}\n`;
      if (name === 'warn') await session.sys.write(2, bare);
      else if (name === 'qecho') await session.out(bare);
      else await session.sys.write(1, bare);
      return 'done';
    }
    case 'i':
    case 'ir':
    case 'include':
    case 'include_relative':
      if (words[0] === undefined) {
        await session.complain(`\\${name}: missing required argument\n`);
        return 'failed';
      }
      return ok(await place.include(words[0]));
    case 'o':
    case 'out':
      return ok(await redirect(session, words[0]));
    case 'cd':
      return ok(await changeDirectory(session, words[0]));
    case '!':
      return ok(await shell(session, rest.trim()));
    case 'p':
    case 'print':
      await session.sys.write(
        1,
        place.scanner.buffer ? `${place.scanner.buffer.replace(/\n$/, '')}\n` : 'Query buffer is empty.\n',
      );
      return 'done';
    case 'r':
    case 'reset':
      place.scanner.reset();
      return say('Query buffer reset (cleared).');
    case 'g':
    case 'gx':
    case 'gset':
    case 'gexec':
      return send(place, name, words);
    case 'encoding':
      if (words[0] === undefined) await session.out(`${session.variables.get('ENCODING')}\n`);
      return 'done';
    case 'password':
      return ok(await changePassword(session, words[0]));
    case 'copy':
      return ok(await copy(place, rest));
    default:
      return undefined;
  }
}

function describeCommand(session: Session, name: string, words: readonly string[]): Promise<boolean> | undefined {
  const more = name.includes('+');
  const system = name.includes('S');
  const bare = name.replace(/[+S]/g, '');
  const [pattern] = words;
  if (/^d[tvmisE]+$/.test(bare)) return describing.listRelations(session, bare.slice(1), pattern, more, system);
  switch (bare) {
    case 'd':
      return pattern === undefined
        ? describing.listRelations(session, '', undefined, more, system)
        : describing.describe(session, pattern, more);
    case 'l':
    case 'list':
      return describing.listDatabases(session, pattern, more);
    case 'du':
    case 'dg':
      return describing.listRoles(session, pattern, more);
    case 'dn':
      return describing.listSchemas(session, pattern, more);
    case 'df':
      return describing.listFunctions(session, pattern);
    case 'dx':
      return describing.listExtensions(session, pattern);
    case 'dp':
    case 'z':
      return describing.listPrivileges(session, pattern);
    case 'dT':
      return describing.listTypes(session, pattern);
    default:
      return undefined;
  }
}

const expandedText = ({ format }: Session): string =>
  format.expanded === 'auto' ? 'Expanded display is used automatically.' : `Expanded display is ${format.expanded}.`;

async function pset(
  session: Session,
  words: readonly string[],
  say: (line: string) => Promise<Outcome>,
): Promise<boolean> {
  const [option, value] = words;
  const { format } = session;
  switch (option) {
    case 'format':
      if (value === 'aligned' || value === 'unaligned' || value === 'csv' || value === 'wrapped') format.style = value;
      else if (value !== undefined) {
        await session.complain(`drydock: psql \\pset format ${value} is not simulated\n`);
        return false;
      }
      await say(`Output format is ${format.style}.`);
      return true;
    case 'border':
      if (value !== undefined) format.border = Math.min(2, Number(value));
      await say(`Border style is ${format.border}.`);
      return true;
    case 'null':
      if (value !== undefined) format.nullText = value;
      await say(`Null display is "${format.nullText}".`);
      return true;
    case 'expanded':
    case 'x':
      format.expanded = value === 'auto' ? 'auto' : truth(value, format.expanded === 'on') ? 'on' : 'off';
      await say(expandedText(session));
      return true;
    case 'tuples_only':
    case 't':
      format.tuplesOnly = truth(value, format.tuplesOnly);
      await say(`Tuples only is ${on(format.tuplesOnly)}.`);
      return true;
    case 'footer':
      format.footer = truth(value, format.footer);
      await say(`Default footer is ${on(format.footer)}.`);
      return true;
    case 'fieldsep':
      if (value !== undefined) format.fieldSeparator = value;
      await say(`Field separator is "${format.fieldSeparator}".`);
      return true;
    case 'recordsep':
      if (value !== undefined) format.recordSeparator = value;
      return true;
    case 'title':
      format.title = value;
      await say(value === undefined ? 'Title is unset.' : `Title is "${value}".`);
      return true;
    case 'pager':
      // Differs from PostgreSQL: there is no pager.
      await say('Pager usage is off.');
      return true;
    default:
      await session.complain(`\\pset: unknown option: ${option ?? ''}\n`);
      return false;
  }
}

async function setVariable(session: Session, words: readonly string[]): Promise<Outcome> {
  const { variables, sys } = session;
  if (words.length > 0) variables.set(words[0]!, words.slice(1).join(''));
  else {
    const lines = [...variables].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name} = '${value}'\n`);
    await sys.write(1, lines.join(''));
  }
  return 'done';
}

async function send({ session, scanner }: Place, name: string, words: readonly string[]): Promise<Outcome> {
  const found = scanner.finish();
  const query = found.kind === 'statement' ? found.text.trim() : '';
  if (query === '') return 'done';
  if (name === 'gx') session.next = { expanded: true };
  else if (name === 'gset') session.next = { set: words[0] ?? '' };
  else if (name === 'gexec') session.next = { exec: true };
  else if (words[0]?.startsWith('|')) {
    await session.complain('drydock: psql \\g | is not simulated\n');
    return 'failed';
  } else if (words[0] !== undefined) session.next = { to: words[0] };
  return (await session.execute(query)) ? 'done' : 'failed';
}

async function reconnect(session: Session, words: readonly string[]): Promise<boolean> {
  const old = session.server?.target;
  const given = (at: number): string | undefined => (words[at] === '-' ? undefined : words[at]);
  const [database, user, host, port] = [0, 1, 2, 3].map(given);
  const string = database === undefined ? undefined : readConnectionString(database);
  const target = targetOf(session.sys, 'psql', {
    ...old,
    ...(string ?? (database !== undefined && { database })),
    ...(user !== undefined && { user, ...(user !== old?.user && { password: session.sys.env.PGPASSWORD }) }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: Number(port) }),
  });
  const before = session.server;
  try {
    await session.connect(target).catch(async (error) => {
      if (!(error instanceof ConnectionProblem && error.wantsPassword && session.interactive)) throw error;
      await session.connect({
        ...target,
        password: await askPassword(session.sys, `Password for user ${target.user}: `),
      });
    });
  } catch (error) {
    if (!(error instanceof ConnectionProblem)) throw error;
    await session.complain(`${session.interactive ? '' : '\\connect: '}${error.message}\n`);
    if (session.interactive) await session.sys.write(2, before ? 'Previous connection kept\n' : '');
    else {
      await before?.end();
      session.server = undefined;
    }
    return false;
  }
  await before?.end();
  if (session.quiet) return true;
  const { target: now, address } = session.server!;
  const moved = now.host !== old?.host || now.port !== old?.port;
  const place =
    moved && now.host !== undefined && !now.host.startsWith('/')
      ? ` on host "${now.host}"${address !== now.host ? ` (address "${address}")` : ''} at port "${now.port}"`
      : '';
  await session.out(`You are now connected to database "${now.database}" as user "${now.user}"${place}.\n`);
  return true;
}

async function redirect(session: Session, path: string | undefined): Promise<boolean> {
  if (session.output !== undefined) session.sys.close(session.output);
  session.output = undefined;
  if (path === undefined) return true;
  if (path.startsWith('|')) {
    await session.complain('drydock: psql \\o | is not simulated\n');
    return false;
  }
  try {
    session.output = session.sys.openSync(
      path,
      { access: 'write', create: true, truncate: true, cloexec: true },
      0o644,
    );
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    await session.complain(`${path}: ${error.message}\n`);
    return false;
  }
}

async function changeDirectory(session: Session, path: string | undefined): Promise<boolean> {
  try {
    session.sys.chdir(path ?? session.sys.env.HOME ?? '/');
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    await session.complain(`\\cd: could not change directory to "${path}": ${error.message}\n`);
    return false;
  }
}

async function shell({ sys }: Session, command: string): Promise<boolean> {
  const program = sys.env.SHELL ?? '/bin/sh';
  const pid = await sys.spawn(program, command ? [program, '-c', command] : [program]);
  return (await sys.wait(pid))?.code === 0;
}

async function changePassword(session: Session, role: string | undefined): Promise<boolean> {
  const user = role ?? session.server?.target.user ?? '';
  const first = await askPassword(session.sys, `Enter new password for user "${user}": `);
  const second = await askPassword(session.sys, 'Enter it again: ');
  if (first !== second) {
    await session.complain("Passwords didn't match.\n");
    return false;
  }
  return (await session.ask(`ALTER USER ${identifier(user)} PASSWORD ${literal(first)}`)).error === undefined;
}

/** \copy: COPY with a file of the client's. */
async function copy({ session }: Place, rest: string): Promise<boolean> {
  const [, what, way, file, options = ''] =
    /^\s*(\(.*\)|.+?)\s+(from|to)\s+('(?:[^']|'')*'|\S+)(.*)$/is.exec(rest.replace(/\s+$/, '')) ?? [];
  if (!what) {
    await session.complain('\\copy: parse error at end of line\n');
    return false;
  }
  const path = file!.replace(/^'|'$/g, '').replaceAll("''", "'");
  const from = /^from$/i.test(way!);
  const own = /^p?std(in|out)$/i.test(path);
  const query = `COPY ${what} ${from ? 'FROM STDIN' : 'TO STDOUT'}${options.replace(/;\s*$/, '')}`;
  if (own) return session.execute(query);
  const { output, copySource, sys } = session;
  try {
    if (from) {
      const text = readText(sys, path);
      if (text === undefined) {
        await session.complain(`${path}: No such file or directory\n`);
        return false;
      }
      const lines = text.replace(/\n$/, '').split('\n');
      session.copySource = async () => lines.shift();
      return await session.execute(query);
    }
    session.output = sys.openSync(path, { access: 'write', create: true, truncate: true }, 0o644);
    let tag = '';
    const { error } = await session.ask(query, async (_result, said) => {
      tag = said;
    });
    sys.close(session.output);
    session.output = output;
    if (!error && !session.quiet) await session.out(`${tag}\n`);
    return error === undefined;
  } catch (error) {
    if (!isErrno(error)) throw error;
    await session.complain(`${path}: ${error.message}\n`);
    return false;
  } finally {
    Object.assign(session, { output, copySource });
  }
}

const help = `General
  \\g [FILE]              execute query (and send result to file)
  \\gexec                 execute query, then execute each value in its result
  \\gset [PREFIX]         execute query and store result in psql variables
  \\gx [FILE]             as \\g, but forces expanded output mode
  \\q                     quit psql

Query Buffer
  \\p                     show the contents of the query buffer
  \\r                     reset (clear) the query buffer

Input/Output
  \\copy ...              perform SQL COPY with data stream to the client host
  \\echo [-n] [STRING]    write string to standard output
  \\i FILE                execute commands from file
  \\o [FILE]              send all query results to file
  \\qecho [-n] [STRING]   write string to \\o output stream
  \\warn [-n] [STRING]    write string to standard error

Informational
  (options: S = show system objects, + = additional detail)
  \\d[S+]                 list tables, views, and sequences
  \\d[S+]  NAME           describe table, view, sequence, or index
  \\df[S+] [PATTERN]      list functions
  \\di[S+] [PATTERN]      list indexes
  \\dm[S+] [PATTERN]      list materialized views
  \\dn[S+] [PATTERN]      list schemas
  \\dp     [PATTERN]      list table, view, and sequence access privileges
  \\ds[S+] [PATTERN]      list sequences
  \\dt[S+] [PATTERN]      list tables
  \\dT[S+] [PATTERN]      list data types
  \\du[S+] [PATTERN]      list roles
  \\dv[S+] [PATTERN]      list views
  \\dx[+]  [PATTERN]      list extensions
  \\l[+]   [PATTERN]      list databases

Formatting
  \\a                     toggle between unaligned and aligned output mode
  \\f [STRING]            show or set field separator for unaligned query output
  \\pset [NAME [VALUE]]   set table output option
  \\t [on|off]            show only rows
  \\x [on|off|auto]       toggle expanded output

Connection
  \\c {[DBNAME|- USER|- HOST|- PORT|-] | conninfo}
                         connect to new database
  \\conninfo              display information about current connection
  \\encoding              show client encoding
  \\password [USERNAME]   securely change the password for a user

Operating System
  \\cd [DIR]              change the current working directory
  \\timing [on|off]       toggle timing of commands
  \\! [COMMAND]           execute command in shell or start interactive shell

Variables
  \\set [NAME [VALUE]]    set internal variable, or list all if no parameters
  \\unset NAME            unset (delete) internal variable
`;
