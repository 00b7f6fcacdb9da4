/** redis-cli(1): one command from its arguments, or lines from standard input, at a prompt when that is a terminal. */
import { isErrno } from '../../../../spec/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { ResolveError, resolveHost } from '../../../net/resolve.ts';
import { redisVersion } from './redis-server.ts';
import {
  encodeCommand,
  Failure,
  fromBytes,
  nilArray,
  type Received,
  RespReader,
  Simple,
  splitWords,
  toBytes,
} from './resp.ts';

interface Options {
  host: string;
  port: number;
  password?: string;
  database: number;
  repeat: number;
  interval: number;
  raw: boolean;
  failOnError: boolean;
  lastFromInput: boolean;
  command: string[];
}

export const redisCli: Program = async (sys) => {
  const options = await readOptions(sys);
  if (typeof options === 'number') return options;
  const client = new Client(sys, options);
  if (options.command.length > 0) {
    if (options.lastFromInput) options.command.push(await all(sys));
    return once(sys, client, options);
  }
  return session(sys, client, options);
};

async function readOptions(sys: Sys): Promise<Options | number> {
  const args = sys.argv.slice(1);
  const o: Options = {
    ...{ host: '127.0.0.1', port: 6379, database: 0, repeat: 1, interval: 0, raw: !sys.isatty(1) },
    ...{ failOnError: false, lastFromInput: false, command: [] },
  };
  if (sys.env.REDISCLI_AUTH) o.password = sys.env.REDISCLI_AUTH;
  while (args[0]?.startsWith('-')) {
    const arg = args.shift()!;
    if (arg === '-h') o.host = args.shift() ?? o.host;
    else if (arg === '-p') o.port = Number(args.shift());
    else if (arg === '-a' || arg === '--pass') o.password = args.shift() ?? '';
    else if (arg === '-n') o.database = Number(args.shift());
    else if (arg === '-r') o.repeat = Number(args.shift());
    else if (arg === '-i') o.interval = Number(args.shift()) * 1000;
    else if (arg === '--raw') o.raw = true;
    else if (arg === '--no-raw') o.raw = false;
    else if (arg === '-e') o.failOnError = true;
    else if (arg === '-x') o.lastFromInput = true;
    else if (arg === '--no-auth-warning' || arg === '-2') continue;
    else if (arg === '-v' || arg === '--version') {
      await sys.write(1, `redis-cli ${redisVersion(sys)}\n`);
      return 0;
    } else {
      await sys.write(2, `drydock: redis-cli ${arg} is not simulated\n`);
      return 1;
    }
  }
  return { ...o, command: args };
}

async function all(sys: Sys): Promise<string> {
  let out = '';
  for (;;) {
    const bytes = await sys.read(0);
    if (bytes.length === 0) return out;
    out += fromBytes(bytes);
  }
}

class Client {
  private fd: number | undefined;
  private reader = new RespReader();
  database: number;
  inTransaction = false;

  constructor(
    private readonly sys: Sys,
    private readonly options: Options,
  ) {
    this.database = options.database;
  }
  get connected(): boolean {
    return this.fd !== undefined;
  }

  /** The reason when it fails. */
  async connect(): Promise<string | undefined> {
    const { host, port, password } = this.options;
    try {
      const address = (await resolveHost(this.sys, host))[0]!;
      const fd = this.sys.socket('inet', 'stream');
      try {
        await this.sys.connect(fd, { family: 'inet', address, port });
      } catch (error) {
        this.sys.close(fd);
        throw error;
      }
      this.fd = fd;
    } catch (error) {
      if (error instanceof ResolveError) return 'Name or service not known';
      if (isErrno(error)) return error.message;
      throw error;
    }
    this.reader = new RespReader();
    if (password !== undefined) {
      const reply = await this.ask(['AUTH', password]);
      if (reply instanceof Failure) await this.sys.write(2, `AUTH failed: ${reply.message}\n`);
    }
    if (this.database !== 0) await this.ask(['SELECT', String(this.database)]);
    return undefined;
  }

  /** Undefined when the server went away. */
  async ask(words: readonly string[]): Promise<Received | undefined> {
    try {
      await this.sys.write(
        this.fd!,
        toBytes(encodeCommand(words.map((word) => fromBytes(new TextEncoder().encode(word))))),
      );
      return await this.next();
    } catch (error) {
      if (!isErrno(error)) throw error;
      this.close();
      return undefined;
    }
  }

  async next(): Promise<Received | undefined> {
    for (;;) {
      const reply = this.reader.next();
      if (reply !== undefined) return reply;
      const bytes = await this.sys.read(this.fd!);
      if (bytes.length === 0) {
        this.close();
        return undefined;
      }
      this.reader.feed(bytes);
    }
  }

  private close(): void {
    if (this.fd !== undefined) this.sys.close(this.fd);
    this.fd = undefined;
  }
}

const refusal = ({ host, port }: Options, reason: string): string =>
  `Could not connect to Redis at ${host}:${port}: ${reason}\n`;

async function once(sys: Sys, client: Client, options: Options): Promise<number> {
  if (options.password !== undefined && !sys.env.REDISCLI_AUTH && !sys.argv.includes('--no-auth-warning')) {
    await sys.write(
      2,
      "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n",
    );
  }
  const reason = await client.connect();
  if (reason !== undefined) {
    await sys.write(2, refusal(options, reason));
    return 1;
  }
  for (let i = 0; options.repeat < 0 || i < options.repeat; i++) {
    if (i > 0 && options.interval > 0) await sys.sleep(options.interval);
    const code = await perform(sys, client, options, options.command);
    if (code !== 0) return code;
  }
  return 0;
}

/** Sends a command and prints what comes back; the exit status. */
async function perform(sys: Sys, client: Client, options: Options, words: readonly string[]): Promise<number> {
  const name = words[0]!.toLowerCase();
  const reply = await client.ask(words);
  if (reply === undefined) {
    if (name === 'shutdown') return 0;
    await sys.write(2, 'Error: Server closed the connection\n');
    return 1;
  }
  // These answer with a text that is meant to be read.
  const text = name === 'info' || (name === 'client' && /^(list|info)$/i.test(words[1] ?? ''));
  await print(sys, text ? { ...options, raw: true } : options, reply);
  if (!(reply instanceof Failure)) {
    if (name === 'select') client.database = Number(words[1]);
    if (name === 'multi') client.inTransaction = true;
    else if (name === 'exec' || name === 'discard') client.inTransaction = false;
  }
  if (/^p?subscribe$/.test(name) && !(reply instanceof Failure)) {
    if (!options.raw) await sys.write(1, 'Reading messages... (press Ctrl-C to quit)\n');
    for (let more = await client.next(); more !== undefined; more = await client.next())
      await print(sys, options, more);
  }
  return options.failOnError && reply instanceof Failure ? 1 : 0;
}

const print = (sys: Sys, { raw }: Options, reply: Received): Promise<void> =>
  sys.write(1, toBytes(raw ? `${plain(reply)}\n` : formatted(reply, '')));

function plain(reply: Received): string {
  if (reply === null || reply === nilArray) return '';
  if (reply instanceof Failure) return `${reply.message}\n`;
  if (reply instanceof Simple) return reply.text;
  if (typeof reply === 'object') return reply.map(plain).join('\n');
  return String(reply);
}

/** As a terminal gets it: types named, strings quoted, elements numbered under one another. */
export function formatted(reply: Received, prefix: string): string {
  if (reply === null || reply === nilArray) return '(nil)\n';
  if (typeof reply === 'number') return `(integer) ${reply}\n`;
  if (typeof reply === 'string') return `${quoted(reply)}\n`;
  if (reply instanceof Simple) return `${reply.text}\n`;
  if (reply instanceof Failure) return `(error) ${reply.message}\n`;
  if (reply.length === 0) return '(empty array)\n';
  const width = String(reply.length).length;
  const inner = prefix + ' '.repeat(width + 2);
  return reply
    .map((one, i) => `${i === 0 ? '' : prefix}${String(i + 1).padStart(width)}) ${formatted(one, inner)}`)
    .join('');
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x07': '\\a', '\b': '\\b' };

const quoted = (text: string): string =>
  `"${text.replace(/["\\]|[^\x20-\x7e]/g, (c) =>
    c === '"' || c === '\\' ? `\\${c}` : (named[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
  )}"`;

/** Lines of standard input, until it ends or says quit. */
async function session(sys: Sys, client: Client, options: Options): Promise<number> {
  const terminal = sys.isatty(0);
  const first = await client.connect();
  if (first !== undefined) {
    await sys.write(2, refusal(options, first));
    if (!terminal) return 1;
  }
  let code = 0;
  let rest = '';
  const prompt = async (): Promise<void> => {
    if (terminal) await sys.write(1, promptOf(client, options));
  };
  await prompt();
  for (;;) {
    const bytes = await sys.read(0);
    if (bytes.length === 0) break;
    rest += new TextDecoder().decode(bytes);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end).trim();
      rest = rest.slice(end + 1);
      if (/^(quit|exit)$/i.test(line)) return code;
      if (line !== '') code = await answer(sys, client, options, line);
      await prompt();
    }
  }
  if (rest.trim() !== '') code = await answer(sys, client, options, rest.trim());
  return code;
}

function promptOf(client: Client, { host, port }: Options): string {
  if (!client.connected) return 'not connected> ';
  const database = client.database === 0 ? '' : `[${client.database}]`;
  return `${host}:${port}${database}${client.inTransaction ? '(TX)' : ''}> `;
}

async function answer(sys: Sys, client: Client, options: Options, line: string): Promise<number> {
  const words = splitWords(line);
  if (!words) {
    await sys.write(1, 'Invalid argument(s)\n');
    return 0;
  }
  if (/^clear$/i.test(words[0]!)) {
    await sys.write(1, '\x1b[H\x1b[2J');
    return 0;
  }
  if (/^(help|\?)$/i.test(words[0]!)) {
    await sys.write(2, 'drydock: redis-cli help is not simulated\n');
    return 0;
  }
  const reason = client.connected ? undefined : await client.connect();
  if (reason !== undefined) {
    await sys.write(2, refusal(options, reason));
    return 1;
  }
  return perform(sys, client, options, words);
}
