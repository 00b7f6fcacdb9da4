/**
 * A running cluster: the one server process there is, and who has it now.
 *
 * Differs from PostgreSQL: there is one backend. Sessions take turns: a transaction has it to its end, others wait. What
 * belongs to a session is put away and brought back when another one's turn comes: settings, role, prepared statements.
 * Temporary tables, advisory locks and LISTEN are the backend's, and a session of another database ends them.
 */
import type { Sys } from '../../../kernel/sys.ts';
import { Backend } from './backend.ts';
import type { ServerCode } from './files.ts';
import { type Message, message, messagesIn, readReport, readRow, text } from './wire.ts';

/** One client's share of the backend. */
export interface Session {
  pid: number;
  user: string;
  database: string;
  /** Settings that the session made, with its role; they are set when its turn comes. */
  settings: [name: string, value: string][];
  /** Name -> the Parse message that made it, as the backend knows it. */
  statements: Map<string, Uint8Array>;
  /** The backend that its statements are in. */
  prepared?: Backend;
}

export class SqlError extends Error {
  constructor(readonly fields: Map<string, string>) {
    super(fields.get('M'));
  }
}

export const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export interface ClusterOptions {
  sys: Sys;
  code: ServerCode;
  directory: string;
  /** `name=value` of the command line. */
  settings: readonly string[];
  log(line: string): void;
  /** Stops the host's clock, until what it gives is called. */
  hold: () => () => void;
  /** The backend has started: what it wrote for its own use may be put right. */
  started(): void;
}

export class Cluster {
  private backend: Backend | undefined;
  /** Makes the superuser's session of whatever it was. */
  private back = '';
  private current: Session | undefined;
  /** From one database to another: for the client the server neither stops nor starts. */
  private switching = false;
  private turn: Promise<void> = Promise.resolve();
  private holder: Session | undefined;
  private release: (() => void) | undefined;
  /**
   * The session whose turn it is does nothing in its transaction. Who only asks whether the server is there (pg_isready in
   * a health check) is told what was found before then, and need not wait for it.
   */
  idleInTransaction = false;
  private readonly answers = new Map<string, (string | null)[][]>();
  /** User and database -> what a client was told last at its start. */
  readonly greetings = new Map<string, Uint8Array>();
  /** Set at the end: nothing is answered any more. */
  closed = false;

  constructor(private readonly options: ClusterOptions) {}

  /** Who speaks in the log. */
  get speaker(): number | undefined {
    return this.current?.pid;
  }

  async open(database: string): Promise<void> {
    const { sys, code, directory, settings, hold, started } = this.options;
    const log = (line: string): void => {
      if (!this.switching || /\b(FATAL|PANIC): /.test(line)) this.options.log(line);
    };
    this.backend = await Backend.start(sys, code, directory, database, settings, log, hold);
    started();
    // Its own name: alone, it has none to go back to by RESET.
    const [[owner]] = (await this.query('SELECT rolname FROM pg_catalog.pg_authid WHERE oid = 10')) as [[string]];
    this.back = `SET SESSION AUTHORIZATION ${identifier(owner)}; RESET ALL`;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.backend?.close();
    this.backend = undefined;
  }

  /** Waits for the session's turn; it keeps it until {@link pass}. */
  async take(session: Session): Promise<void> {
    if (this.holder === session) return;
    const before = this.turn;
    let release!: () => void;
    this.turn = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    this.holder = session;
    this.idleInTransaction = false;
    this.release = release;
  }

  pass(session: Session): void {
    if (this.holder !== session) return;
    this.holder = undefined;
    this.release?.();
  }

  /** Runs messages of a session whose turn it is. */
  async run(session: Session, messages: Uint8Array): Promise<Uint8Array> {
    await this.enter(session);
    return this.backend!.run(messages);
  }

  /** Queries of the server's own, as the superuser, in whatever database is open. */
  async ask(query: string): Promise<(string | null)[][]> {
    const before = this.idleInTransaction ? this.answers.get(query) : undefined;
    if (before) return before;
    const own: Session = { pid: 0, user: '', database: '', settings: [], statements: new Map() };
    await this.take(own);
    try {
      await this.leave();
      const rows = await this.query(query);
      if (query.startsWith('SELECT ')) this.answers.set(query, rows);
      return rows;
    } finally {
      this.pass(own);
    }
  }

  /** The session is over. */
  async forget(session: Session, inTransaction: boolean): Promise<void> {
    // It has put nothing into the backend, or somebody else's turn has put it away.
    if (this.current !== session && session.statements.size === 0) return;
    await this.take(session);
    try {
      if (this.closed) return;
      if (this.current === session) {
        if (inTransaction) await this.query('ROLLBACK');
        await this.query(`${this.back}; DISCARD TEMP; UNLISTEN *`);
        this.current = undefined;
      }
      if (session.prepared === this.backend)
        for (const name of session.statements.keys()) await this.backend!.run(closeStatement(name));
    } finally {
      this.pass(session);
    }
  }

  private async query(query: string): Promise<(string | null)[][]> {
    const answer = messagesIn(await this.backend!.run(message('Q', text(query))));
    const failed = answer.find(({ type }) => type === 'E');
    if (failed) throw new SqlError(readReport(failed.body));
    return answer.filter(({ type }) => type === 'D').map(({ body }) => readRow(body));
  }

  /** Puts away what the session before has set. */
  private async leave(): Promise<void> {
    const { current } = this;
    if (!current) return;
    const rows = await this.query(
      "SELECT name, setting FROM pg_settings WHERE source = 'session' UNION ALL SELECT 'role', current_setting('role')",
    );
    current.settings = rows.map(([name, value]) => [name!, value!]);
    await this.query(this.back);
    this.current = undefined;
  }

  private async enter(session: Session): Promise<void> {
    if (this.current === session && this.backend?.database === session.database) return;
    await this.leave();
    if (this.backend?.database !== session.database) {
      this.switching = true;
      await this.backend?.close();
      await this.open(session.database).finally(() => {
        this.switching = false;
      });
    }
    const settings = session.settings.map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, false)`);
    await this.query(
      `SET SESSION AUTHORIZATION ${identifier(session.user)}${settings.length > 0 ? `; SELECT ${settings.join()}` : ''}`,
    );
    this.current = session;
    if (session.prepared === this.backend) return;
    session.prepared = this.backend;
    for (const parse of session.statements.values()) await this.backend!.run(parse);
  }
}

const closeStatement = (name: string): Uint8Array => {
  const letter = new Uint8Array([83]);
  return new Uint8Array([...message('C', letter, text(name)), ...message('S')]);
};

/** A session's own names of prepared statements: what others prepare under the same name is another. */
export function renamed(session: Session, { type, body, whole }: Message): Uint8Array {
  const mine = (name: string): string => (name === '' ? '' : `${session.pid}:${name}`);
  const cut = (from: number): [name: string, rest: Uint8Array] => {
    const end = body.indexOf(0, from);
    return [new TextDecoder().decode(body.subarray(from, end)), body.subarray(end + 1)];
  };
  if (type === 'P') {
    const [name, rest] = cut(0);
    return name === '' ? whole : message('P', text(mine(name)), rest);
  }
  if (type === 'B') {
    const end = body.indexOf(0) + 1;
    const [name, rest] = cut(end);
    return name === '' ? whole : message('B', body.subarray(0, end), text(mine(name)), rest);
  }
  if ((type === 'D' || type === 'C') && body[0] === 83) {
    const [name, rest] = cut(1);
    return name === '' ? whole : message(type, body.subarray(0, 1), text(mine(name)), rest);
  }
  return whole;
}
