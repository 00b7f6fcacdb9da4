/** One client: start, proof of who it is, and its messages until it goes. */
import { base64, fromUtf8, isErrno, utf8 } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { readText } from '../../packages/sys-files.ts';
import { type Cluster, literal, renamed, type Session, SqlError } from './cluster.ts';
import { methodFor, readHba } from './hba.ts';
import { attributes, clientFinal, md5Answer, md5Password, readVerifier, serverFinal, type Verifier } from './scram.ts';
import { Fields, int32, joinBytes, type Message, MessageReader, message, messagesIn, report, text } from './wire.ts';

/** Ends the connection. */
export class Fatal extends Error {
  constructor(
    readonly code: string,
    text: string,
    readonly detail?: string,
  ) {
    super(text);
  }
}

export interface Host {
  cluster: Cluster;
  directory: string;
  /** Why no one may connect now. */
  refusal(): string | undefined;
  log(pid: number, level: string, text: string): Promise<void>;
}

const codes = { ssl: 80877103, gss: 80877104, cancel: 80877102 };

/** What a client is told at the start; the rest of the protocol's parameters it hears of as they change. */
const told = [
  ...['application_name', 'client_encoding', 'DateStyle', 'default_transaction_read_only', 'in_hot_standby'],
  ...['integer_datetimes', 'IntervalStyle', 'is_superuser', 'scram_iterations', 'search_path', 'server_encoding'],
  ...['server_version', 'session_authorization', 'standard_conforming_strings', 'TimeZone'],
];

export class Connection {
  private readonly reader: MessageReader;
  private readonly session: Session;
  /** As ReadyForQuery says it: I, T, E. */
  private state = 'I';
  private batch: Uint8Array[] = [];

  constructor(
    private readonly sys: Sys,
    private readonly host: Host,
    private readonly fd: number,
    /** Undefined: by the unix socket. */
    private readonly peer: { address: string; port: number } | undefined,
  ) {
    this.reader = new MessageReader(sys, fd);
    this.session = { pid: sys.pid, user: '', database: '', settings: [], statements: new Map() };
  }

  async serve(): Promise<number> {
    const { host, session } = this;
    let entered = false;
    try {
      const parameters = await this.greeting();
      if (!parameters) return 0;
      await this.admit(parameters);
      entered = true;
      await this.begin(parameters);
      for (let one = await this.next(); one && one.type !== 'X'; one = await this.next()) await this.take(one);
      return 0;
    } catch (error) {
      if (error instanceof Fatal) await this.refuse(error);
      else if (error instanceof SqlError) await this.refuse(new Fatal(error.fields.get('C') ?? 'XX000', error.message));
      else if (!isErrno(error)) throw error;
      return 1;
    } finally {
      // The postmaster's own calls: this process may be gone.
      if (entered) await host.cluster.forget(session, this.state !== 'I');
    }
  }

  private async next(): Promise<Message | undefined> {
    this.title(
      this.state === 'I' ? 'idle' : this.state === 'T' ? 'idle in transaction' : 'idle in transaction (aborted)',
    );
    let one: Message | undefined;
    for (let waiting = true; waiting; ) {
      try {
        one = await this.reader.next();
        waiting = false;
      } catch (error) {
        if (!isErrno(error, 'EINTR')) throw error;
        waiting = !this.host.refusal();
      }
    }
    if (this.host.refusal()) throw new Fatal('57P01', 'terminating connection due to administrator command');
    return one;
  }

  private title(doing: string): void {
    const { user, database } = this.session;
    const from = this.peer ? `${this.peer.address}(${this.peer.port})` : '[local]';
    this.sys.setTitle([`postgres: ${user} ${database} ${from} ${doing}`]);
  }

  /** The start-up packet's parameters; undefined when the client went, or only wanted to cancel. */
  private async greeting(): Promise<Map<string, string> | undefined> {
    for (;;) {
      const first = await this.reader.next(false);
      if (!first) return undefined;
      const fields = new Fields(first.body);
      const code = fields.int32();
      if (code === codes.ssl || code === codes.gss) {
        await this.sys.write(this.fd, 'N');
        continue;
      }
      // Differs from PostgreSQL: a statement runs in one go here; there is nothing to cancel.
      if (code === codes.cancel) return undefined;
      const [major, minor] = [code >> 16, code & 0xffff];
      if (major !== 3)
        throw new Fatal('0A000', `unsupported frontend protocol ${major}.${minor}: server supports 3.0 to 3.2`);
      if (minor > 0) await this.sys.write(this.fd, message('v', int32(0), int32(0)));
      const parameters = new Map<string, string>();
      for (let name = fields.text(); name !== ''; name = fields.text()) parameters.set(name, fields.text());
      return parameters;
    }
  }

  /** Throws {@link Fatal} when it may not come in. */
  private async admit(parameters: ReadonlyMap<string, string>): Promise<void> {
    const { cluster, directory, refusal } = this.host;
    const user = parameters.get('user');
    if (!user) throw new Fatal('28000', 'no PostgreSQL user name specified in startup packet');
    const database = parameters.get('database') || user;
    const why = refusal();
    if (why) throw new Fatal('57P03', why);
    Object.assign(this.session, { user, database });
    const asking = { address: this.peer?.address, user, database };
    const lines = readHba(readText(this.sys, `${directory}/pg_hba.conf`) ?? '');
    const method = methodFor(lines, asking);
    const from = this.peer ? `host "${this.peer.address}"` : 'host "[local]"';
    const who = `${from}, user "${user}", database "${database}", no encryption`;
    if (method === undefined) throw new Fatal('28000', `no pg_hba.conf entry for ${who}`);
    if (method === 'reject') throw new Fatal('28000', `pg_hba.conf rejects connection for ${who}`);
    const [role] = await cluster.ask(
      `SELECT rolcanlogin, rolpassword FROM pg_catalog.pg_authid WHERE rolname = ${literal(user)}`,
    );
    if (method !== 'trust') await this.prove(method, user, role);
    if (!role) throw new Fatal('28000', `role "${user}" does not exist`);
    if (role[0] !== 't') throw new Fatal('28000', `role "${user}" is not permitted to log in`);
    const [found] = await cluster.ask(
      `SELECT datallowconn, has_database_privilege(${literal(user)}, oid, 'CONNECT') FROM pg_catalog.pg_database WHERE datname = ${literal(database)}`,
    );
    if (!found) throw new Fatal('3D000', `database "${database}" does not exist`);
    if (found[0] !== 't') throw new Fatal('55000', `database "${database}" is not currently accepting connections`);
    if (found[1] !== 't')
      throw new Fatal('42501', `permission denied for database "${database}"`, 'User does not have CONNECT privilege.');
  }

  private async prove(method: string, user: string, role: (string | null)[] | undefined): Promise<void> {
    if (!['scram-sha-256', 'md5', 'password'].includes(method))
      throw new Fatal('28000', `drydock: authentication method "${method}" is not simulated`);
    const stored = role?.[1] ?? '';
    const verifier = readVerifier(stored);
    const right = verifier
      ? method === 'password'
        ? await this.askPlain((password) => this.plainRight(password, verifier))
        : await this.scram(verifier)
      : await this.askOld(method, user, stored);
    if (right) return;
    const why = !role
      ? `Role "${user}" does not exist.`
      : stored === ''
        ? `User "${user}" has no password assigned.`
        : undefined;
    throw new Fatal('28P01', `password authentication failed for user "${user}"`, why);
  }

  private plainRight(password: string, verifier: Verifier): boolean {
    const first = `r=x,s=${verifier.salt},i=${verifier.iterations}`;
    return serverFinal(verifier, 'n=,r=x', first, clientFinal(password, 'n=,r=x', first)) !== undefined;
  }

  private async askPlain(check: (password: string) => Promise<boolean> | boolean): Promise<boolean> {
    await this.sys.write(this.fd, message('R', int32(3)));
    const answer = await this.password();
    return check(new Fields(answer).text());
  }

  private async askOld(method: string, user: string, stored: string): Promise<boolean> {
    if (method === 'scram-sha-256' || stored === '') {
      // Nothing to compare with: asked all the same, so that none learns which roles there are.
      const salt = base64(this.sys.random(16));
      await this.scram({ iterations: 4096, salt, storedKey: this.sys.random(32), serverKey: this.sys.random(32) });
      return false;
    }
    if (method === 'password') return this.askPlain((password) => md5Password(password, user) === stored);
    const salt = this.sys.random(4);
    await this.sys.write(this.fd, message('R', int32(5), salt));
    return new Fields(await this.password()).text() === md5Answer(stored, salt);
  }

  private async password(): Promise<Uint8Array> {
    const answer = await this.reader.next();
    if (answer?.type !== 'p')
      throw new Fatal('08P01', `expected password response, got message type ${answer?.type.charCodeAt(0) ?? -1}`);
    return answer.body;
  }

  private async scram(verifier: Verifier): Promise<boolean> {
    await this.sys.write(this.fd, message('R', int32(10), text('SCRAM-SHA-256'), utf8('\0')));
    const first = new Fields(await this.password());
    first.text();
    const given = fromUtf8(first.bytes(first.int32()));
    const bare = given.replace(/^[nyp](=[^,]*)?,[^,]*,/, '');
    const nonce = `${attributes(bare).get('r') ?? ''}${base64(this.sys.random(18))}`;
    const serverFirst = `r=${nonce},s=${verifier.salt},i=${verifier.iterations}`;
    await this.sys.write(this.fd, message('R', int32(11), utf8(serverFirst)));
    const final = serverFinal(verifier, bare, serverFirst, fromUtf8(await this.password()));
    if (final === undefined) return false;
    await this.sys.write(this.fd, message('R', int32(12), utf8(final)));
    return true;
  }

  private async begin(parameters: ReadonlyMap<string, string>): Promise<void> {
    const { sys, fd, session, host } = this;
    const known = new Set(['user', 'database', 'options', 'replication']);
    for (const [name, value] of parameters)
      if (!known.has(name) && !name.startsWith('_pq_.')) session.settings.push([name, value]);
    for (const [, name, value] of (parameters.get('options') ?? '').matchAll(/(?:-c\s*|--)([\w.]+)=(\S+)/g))
      session.settings.push([name!.replaceAll('-', '_'), value!]);
    const names = told.map(literal).join();
    const query = `SELECT name, pg_catalog.current_setting(name) FROM pg_catalog.unnest(ARRAY[${names}]) AS name`;
    const who = `${session.user}\0${session.database}`;
    let answer = host.cluster.idleInTransaction ? host.cluster.greetings.get(who) : undefined;
    if (!answer) {
      await host.cluster.take(session);
      try {
        answer = await host.cluster.run(session, message('Q', text(query)));
      } finally {
        host.cluster.pass(session);
      }
      host.cluster.greetings.set(who, answer);
    }
    const rows = messagesIn(answer).filter(({ type }) => type === 'D');
    const statuses = rows.map(({ body }) => {
      const fields = new Fields(body.subarray(2));
      const [name, value] = [fields.bytes(fields.int32()), fields.bytes(fields.int32())];
      return message('S', name, utf8('\0'), value, utf8('\0'));
    });
    const key = message('K', int32(sys.pid), sys.random(4));
    await sys.write(fd, joinBytes([message('R', int32(0)), ...statuses, key, message('Z', utf8('I'))]));
  }

  /** Gathers messages until they are to be answered. */
  private async take(one: Message): Promise<void> {
    if (one.type === 'Q' && copyFromInput.test(new Fields(one.body).text())) return this.copyIn(one);
    this.remember(one);
    this.batch.push(renamed(this.session, one));
    if (!'QSFH'.includes(one.type)) return;
    const batch = joinBytes(this.batch);
    this.batch = [];
    await this.run(batch);
  }

  private remember(one: Message): void {
    const { statements } = this.session;
    if (one.type === 'P' && one.body[0] !== 0) {
      const whole = renamed(this.session, one);
      statements.set(new Fields(whole.subarray(5)).text(), whole);
    } else if (one.type === 'C' && one.body[0] === 83) {
      statements.delete(new Fields(renamed(this.session, one).subarray(6)).text());
    }
  }

  private async run(batch: Uint8Array, without = ''): Promise<void> {
    const { cluster } = this.host;
    await cluster.take(this.session);
    cluster.idleInTransaction = false;
    this.title('active');
    let answer: Message[];
    try {
      answer = messagesIn(await cluster.run(this.session, batch));
    } catch (error) {
      cluster.pass(this.session);
      throw error;
    }
    const ready = answer.findLast(({ type }) => type === 'Z');
    if (ready) this.state = String.fromCharCode(ready.body[0]!);
    if (this.state === 'I' && (ready || answer.length === 0)) cluster.pass(this.session);
    else if (ready) cluster.idleInTransaction = true;
    const parts = answer.filter(({ type }) => type !== without).map(({ whole }) => whole);
    if (parts.length > 0) await this.sys.write(this.fd, joinBytes(parts));
  }

  /**
   * The server reads all of COPY's data in one go, so it is collected first. Differs from PostgreSQL: an error in the
   * command (no such table) is told when all data was sent.
   */
  private async copyIn(query: Message): Promise<void> {
    await this.sys.write(this.fd, message('G', utf8('\0'), new Uint8Array(2)));
    const data = [query.whole];
    for (;;) {
      const one = await this.reader.next();
      if (!one) throw new Fatal('08P01', 'unexpected EOF on client connection with an open transaction');
      data.push(one.whole);
      if (one.type === 'c' || one.type === 'f') break;
    }
    await this.run(joinBytes(data), 'G');
  }

  private async refuse({ code, message: said, detail }: Fatal): Promise<void> {
    await this.host.log(this.sys.pid, 'FATAL', said);
    if (detail && code === '28P01') await this.host.log(this.sys.pid, 'DETAIL', detail);
    const shown: Record<string, string> = detail && code !== '28P01' ? { D: detail } : {};
    try {
      await this.sys.write(this.fd, report('E', { S: 'FATAL', V: 'FATAL', C: code, M: said, ...shown }));
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
  }
}

const copyFromInput = /^\s*copy\s[^;]*\sfrom\s+stdin\b/i;
