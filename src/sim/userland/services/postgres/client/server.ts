/** A client's connection, as libpq makes it. */
import { base64, fromUtf8, isErrno, utf8 } from '../../../../../spec/index.ts';
import type { Sys } from '../../../../kernel/sys.ts';
import { ResolveError, resolveHost } from '../../../../net/resolve.ts';
import { idsByName } from '../../../packages/sys-files.ts';
import { clientFinal, md5Answer, md5Password } from '../scram.ts';
import { Fields, int32, joinBytes, type Message, MessageReader, message, readReport, text } from '../wire.ts';

export interface Target {
  /** Undefined or beginning with a slash: the unix socket of that directory. */
  host?: string;
  port: number;
  user: string;
  database: string;
  password?: string;
  /** Parameters of the start-up packet beyond those. */
  application: string;
}

export class ConnectionProblem extends Error {
  constructor(
    text: string,
    /** A password was asked for, and there was none. */
    readonly wantsPassword = false,
    /** The server answered. */
    readonly answered = false,
  ) {
    super(text);
  }
}

export const socketDirectory = '/var/run/postgresql';

export const userName = (sys: Sys): string =>
  [...idsByName(sys, '/etc/passwd')].find(([, id]) => id === sys.cred.euid)?.[0] ?? String(sys.cred.euid);

/** What the environment says of where to connect. */
export const environmentTarget = ({ env }: Sys): Partial<Target> => ({
  ...(env.PGHOST && { host: env.PGHOST }),
  ...(env.PGPORT && { port: Number(env.PGPORT) }),
  ...(env.PGUSER && { user: env.PGUSER }),
  ...(env.PGDATABASE && { database: env.PGDATABASE }),
  ...(env.PGPASSWORD && { password: env.PGPASSWORD }),
});

/** `postgresql://user:password@host:port/database?…` or `name=value …`; undefined for a plain name. */
export function readConnectionString(value: string): Partial<Target> | undefined {
  const [, rest] = /^postgres(?:ql)?:\/\/(.*)$/s.exec(value) ?? [];
  const given: Record<string, string> = {};
  if (rest !== undefined) {
    const [, auth = '', place = '', path = '', query = ''] =
      /^(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? [];
    const [user, password] = auth.split(':').map(decodeURIComponent);
    const [, host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(place) ?? [];
    Object.assign(
      given,
      user && { user },
      password && { password },
      host && { host },
      port && { port },
      path && { dbname: decodeURIComponent(path) },
    );
    for (const pair of query.split('&').filter(Boolean)) {
      const [name, text = ''] = pair.split('=').map(decodeURIComponent);
      given[name!] = text;
    }
  } else if (value.includes('=')) {
    for (const [, name, quoted, plain] of value.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S*))/g))
      given[name!] = quoted?.replace(/\\(.)/g, '$1') ?? plain!;
  } else return undefined;
  const { host, port, user, password, dbname } = given;
  return {
    ...(host && { host }),
    ...(port && { port: Number(port) }),
    ...(user && { user }),
    ...(password && { password }),
    ...(dbname && { database: dbname }),
  };
}

const withDefaults = (sys: Sys, given: Partial<Target>, application: string): Target => {
  const merged = { ...environmentTarget(sys), ...given };
  const user = merged.user || userName(sys);
  return { port: 5432, application, ...merged, user, database: merged.database || user };
};

export const targetOf = (sys: Sys, application: string, given: Partial<Target>): Target =>
  withDefaults(sys, given, application);

/** `connection to server at "db" (172.17.0.2), port 5432 failed: ` */
function failure(target: Target, address: string | undefined, reason: string): string {
  const { host, port } = target;
  if (address === undefined) {
    return `connection to server on socket "${host ?? socketDirectory}/.s.PGSQL.${port}" failed: ${reason}`;
  }
  const place = host === address ? `"${host}"` : `"${host}" (${address})`;
  return `connection to server at ${place}, port ${port} failed: ${reason}`;
}

export class Server {
  readonly parameters = new Map<string, string>();
  pid = 0;
  /** As ReadyForQuery says it. */
  state = 'I';
  address: string | undefined;
  passwordUsed = false;
  private reader!: MessageReader;

  private constructor(
    private readonly sys: Sys,
    readonly target: Target,
    readonly fd: number,
  ) {
    this.reader = new MessageReader(sys, fd);
  }

  /** Throws {@link ConnectionProblem}, its message as libpq has it. */
  static async connect(sys: Sys, target: Target): Promise<Server> {
    const { host } = target;
    if (host === undefined || host.startsWith('/')) return Server.local(sys, target);
    let addresses: string[];
    try {
      addresses = await resolveHost(sys, host);
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error;
      throw new ConnectionProblem(`could not translate host name "${host}" to address: Name or service not known`);
    }
    if (host === 'localhost' && addresses.length === 1) addresses.unshift('::1');
    const reasons: string[] = [];
    for (const address of addresses) {
      const fd = sys.socket(address.includes(':') ? 'inet6' : 'inet', 'stream');
      try {
        await sys.connect(fd, { family: address.includes(':') ? 'inet6' : 'inet', address, port: target.port });
      } catch (error) {
        sys.close(fd);
        if (!isErrno(error)) throw error;
        const hint = '\n\tIs the server running on that host and accepting TCP/IP connections?';
        reasons.push(failure(target, address, error.message + (error.code === 'ECONNREFUSED' ? hint : '')));
        continue;
      }
      const server = new Server(sys, target, fd);
      server.address = address;
      await server.begin();
      return server;
    }
    throw new ConnectionProblem(reasons.join('\n'));
  }

  private static async local(sys: Sys, target: Target): Promise<Server> {
    const fd = sys.socket('unix', 'stream');
    try {
      await sys.connect(fd, { family: 'unix', path: `${target.host ?? socketDirectory}/.s.PGSQL.${target.port}` });
    } catch (error) {
      sys.close(fd);
      if (!isErrno(error)) throw error;
      const hint = '\n\tIs the server running locally and accepting connections on that socket?';
      const shown = error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? hint : '';
      throw new ConnectionProblem(failure(target, undefined, error.message + shown));
    }
    const server = new Server(sys, target, fd);
    await server.begin();
    return server;
  }

  private async begin(): Promise<void> {
    const { user, database, application } = this.target;
    const pairs = { user, database, application_name: application, client_encoding: 'UTF8' };
    const parameters = Object.entries(pairs).flatMap(([name, value]) => [text(name), text(value)]);
    await this.send(message('', int32(3 << 16), ...parameters, utf8('\0')));
    try {
      for (;;) {
        const one = await this.next();
        if (!one)
          throw this.problem(
            'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.',
          );
        if (one.type === 'E') {
          const fields = readReport(one.body);
          throw this.problem(
            `${fields.get('S')}:  ${fields.get('M')}${fields.has('D') ? `\nDETAIL:  ${fields.get('D')}` : ''}`,
            false,
            true,
          );
        }
        if (one.type === 'R') await this.authenticate(new Fields(one.body));
        if (one.type === 'K') this.pid = new Fields(one.body).int32();
        if (one.type === 'Z') return;
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  private problem(reason: string, wantsPassword = false, answered = false): ConnectionProblem {
    return new ConnectionProblem(failure(this.target, this.address, reason), wantsPassword, answered);
  }

  private async authenticate(fields: Fields): Promise<void> {
    const kind = fields.int32();
    if (kind === 0) return;
    const { password, user } = this.target;
    if (password === undefined) throw this.problem('fe_sendauth: no password supplied', true, true);
    this.passwordUsed = true;
    if (kind === 3) return this.send(message('p', text(password)));
    if (kind === 5) return this.send(message('p', text(md5Answer(md5Password(password, user), fields.bytes(4)))));
    if (kind !== 10) throw this.problem(`authentication method ${kind} not supported`, false, true);
    const bare = `n=,r=${base64(this.sys.random(18))}`;
    const first = utf8(`n,,${bare}`);
    await this.send(message('p', text('SCRAM-SHA-256'), int32(first.length), first));
    const challenge = await this.sasl();
    if (!challenge) return;
    await this.send(message('p', utf8(clientFinal(password, bare, fromUtf8(challenge.bytes())))));
    await this.sasl();
  }

  private async sasl(): Promise<Fields | undefined> {
    const one = await this.next();
    if (one?.type === 'E') {
      const report = readReport(one.body);
      throw this.problem(`${report.get('S')}:  ${report.get('M')}`, false, true);
    }
    if (one?.type !== 'R') return undefined;
    const fields = new Fields(one.body);
    fields.int32();
    return fields;
  }

  send(...parts: Uint8Array[]): Promise<void> {
    return this.sys.write(this.fd, joinBytes(parts));
  }

  /** Keeps what parameters and states are told; undefined when the server went. */
  async next(): Promise<Message | undefined> {
    let one: Message | undefined;
    try {
      one = await this.reader.next();
    } catch (error) {
      if (!isErrno(error) || isErrno(error, 'EINTR')) throw error;
    }
    if (one?.type === 'S') {
      const fields = new Fields(one.body);
      const name = fields.text();
      this.parameters.set(name, fields.text());
    }
    if (one?.type === 'Z') this.state = String.fromCharCode(one.body[0]!);
    return one;
  }

  close(): void {
    this.sys.close(this.fd);
  }

  async end(): Promise<void> {
    try {
      await this.send(message('X'));
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
    this.close();
  }
}
