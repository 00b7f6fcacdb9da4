/** psql's connection and state: runs statements, prints what they give. */
import { isErrno, utf8 } from '../../../../../spec/index.ts';
import type { Sys } from '../../../../kernel/sys.ts';
import { Server, type Target } from '../client/server.ts';
import { Fields, type Message, message, readReport, readRow, text } from '../wire.ts';
import { reportText } from './report.ts';
import { type Format, render, type Table } from './table.ts';

export interface Result {
  columns: { name: string; type: number }[];
  rows: (string | null)[][];
}

export interface Answer {
  results: Result[];
  error?: Map<string, string>;
}

/** int2, int4, int8, oid, xid, cid, float4, float8, money, numeric, xid8. */
const numeric = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700, 5069]);

export const numberColumns = (columns: Result['columns']): boolean[] => columns.map(({ type }) => numeric.has(type));

export class Session {
  server: Server | undefined;
  readonly variables = new Map<string, string>([
    ['AUTOCOMMIT', 'on'],
    ['PROMPT1', '%/%R%x%# '],
    ['PROMPT2', '%/%R%x%# '],
    ['VERBOSITY', 'default'],
  ]);
  format: Format = {
    ...{ style: 'aligned', border: 1, expanded: 'off', tuplesOnly: false, footer: true, nullText: '' },
    ...{ fieldSeparator: '|', recordSeparator: '\n' },
  };
  quiet = false;
  timing = false;
  interactive = false;
  /** The file that is read and the line in it. */
  input: { name: string; line: number } | undefined;
  /** Where rows go: \o. */
  output: number | undefined;
  echoErrors = true;
  /** \gx, \gset and the like, for the next statement. */
  next: { expanded?: boolean; set?: string; exec?: boolean; to?: string } = {};

  constructor(readonly sys: Sys) {}

  out(data: string | Uint8Array): Promise<void> {
    return this.sys.write(this.output ?? 1, data);
  }

  /** On standard error, with the place in a file. */
  complain(said: string): Promise<void> {
    const { input } = this;
    return this.sys.write(2, `${input ? `psql:${input.name}:${input.line}: ` : ''}${said}`);
  }

  async connect(target: Target): Promise<void> {
    this.server = await Server.connect(this.sys, target);
    const { user, database, host, port } = target;
    for (const [name, value] of Object.entries({ USER: user, DBNAME: database, HOST: host ?? '', PORT: String(port) }))
      this.variables.set(name, value);
    this.variables.set('ENCODING', this.server.parameters.get('client_encoding') ?? 'UTF8');
  }

  /** Runs one statement of the user's; false when it failed. */
  async execute(query: string): Promise<boolean> {
    const { next } = this;
    this.next = {};
    if (this.variables.has('ECHO') && /^(all|queries)$/.test(this.variables.get('ECHO')!)) await this.out(`${query}\n`);
    const begun = this.sys.monotonic();
    const kept = { format: this.format, output: this.output };
    if (next.expanded) this.format = { ...this.format, expanded: 'on' };
    if (next.to) this.output = this.sys.openSync(next.to, { access: 'write', create: true, truncate: true }, 0o644);
    let failed: boolean;
    try {
      failed = next.set !== undefined || next.exec ? await this.collect(query, next) : await this.show(query);
    } finally {
      if (next.to && this.output !== undefined) this.sys.close(this.output);
      Object.assign(this, kept);
    }
    if (this.timing) await this.out(`Time: ${(this.sys.monotonic() - begun).toFixed(3)} ms\n`);
    return !failed;
  }

  private async show(query: string): Promise<boolean> {
    return (await this.ask(query, (result, tag, copied) => this.printed(result, tag, copied))).error !== undefined;
  }

  /** \gset and \gexec. */
  private async collect(query: string, { set, exec }: Session['next']): Promise<boolean> {
    const { results, error } = await this.ask(query);
    const result = results.at(-1);
    if (error || !result) return error !== undefined;
    if (exec) {
      for (const value of result.rows.flat()) if (value !== null && !(await this.execute(value))) return true;
      return false;
    }
    if (result.rows.length !== 1) {
      await this.complain(
        result.rows.length === 0 ? 'no rows returned for \\gset\n' : 'more than one row returned for \\gset\n',
      );
      return true;
    }
    result.columns.forEach(({ name }, i) => {
      const value = result.rows[0]![i];
      if (typeof value === 'string') this.variables.set(set! + name, value);
      else this.variables.delete(set! + name);
    });
    return false;
  }

  private async printed(result: Result | undefined, tag: string, copied: boolean): Promise<void> {
    // Of a COPY whose data went where the tag would go, there is none.
    if (copied) return;
    if (result)
      await this.print({
        columns: result.columns.map(({ name }) => name),
        right: numberColumns(result.columns),
        rows: result.rows,
      });
    if ((!result || /^(INSERT|UPDATE|DELETE|MERGE)\b/.test(tag)) && !this.quiet && tag !== '')
      await this.out(`${tag}\n`);
  }

  print(table: Table): Promise<void> {
    return this.out(render(table, this.format));
  }

  /** Sends a query; errors are printed. `each` is told of every command as it completes. */
  async ask(
    query: string,
    each: (result: Result | undefined, tag: string, copied: boolean) => Promise<void> = async () => undefined,
  ): Promise<Answer> {
    const { server } = this;
    const answer: Answer = { results: [] };
    if (!server) {
      await this.complain('You are currently not connected to a database.\n');
      return { results: [], error: new Map() };
    }
    let result: Result | undefined;
    let copied = false;
    try {
      await server.send(message('Q', text(query)));
    } catch (error) {
      if (!isErrno(error)) throw error;
    }
    for (;;) {
      const one = await this.nextMessage(server);
      if (!one) return { ...answer, error: await this.lost() };
      if (one.type === 'T') result = { columns: columnsOf(one), rows: [] };
      else if (one.type === 'D') result?.rows.push(readRow(one.body));
      else if (one.type === 'C') {
        await each(result, new Fields(one.body).text(), copied);
        copied = false;
        if (result) answer.results.push(result);
        result = undefined;
      } else if (one.type === 'E') {
        answer.error = readReport(one.body);
        if (this.echoErrors) await this.complain(reportText(answer.error, query, this.variables.get('VERBOSITY')));
      } else if (one.type === 'N') {
        await this.complain(reportText(readReport(one.body), query, this.variables.get('VERBOSITY')));
      } else if (one.type === 'G') await this.sendCopy(server);
      else if (one.type === 'H') copied = true;
      else if (one.type === 'd') await this.out(one.body);
      else if (one.type === 'Z') break;
    }
    this.variables.set('ERROR', answer.error ? 'true' : 'false');
    this.variables.set('SQLSTATE', answer.error?.get('C') ?? '00000');
    if (answer.error) this.variables.set('LAST_ERROR_MESSAGE', answer.error.get('M') ?? '');
    this.variables.set('ROW_COUNT', String(answer.results.at(-1)?.rows.length ?? 0));
    return answer;
  }

  /** A signal does not end a query here. */
  private async nextMessage(server: Server): Promise<Message | undefined> {
    for (;;) {
      try {
        return await server.next();
      } catch (error) {
        if (!isErrno(error, 'EINTR')) throw error;
      }
    }
  }

  private async lost(): Promise<Map<string, string>> {
    this.server?.close();
    this.server = undefined;
    const told =
      'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n';
    await this.complain(told);
    if (this.interactive) await this.sys.write(2, 'The connection to the server was lost. Attempting reset: Failed.\n');
    else
      await this.sys.write(
        2,
        `${this.input ? `psql:${this.input.name}:${this.input.line}: ` : 'psql: '}error: connection to server was lost\n`,
      );
    return new Map();
  }

  /** Where COPY FROM STDIN reads: the script itself, or what \copy opened. */
  copySource: () => Promise<string | undefined> = async () => undefined;

  private async sendCopy(server: Server): Promise<void> {
    for (let line = await this.copySource(); line !== undefined && line !== '\\.'; line = await this.copySource())
      await server.send(message('d', utf8(`${line}\n`)));
    await server.send(message('c'));
  }
}

function columnsOf({ body }: Message): Result['columns'] {
  const fields = new Fields(body);
  return Array.from({ length: fields.int16() }, () => {
    const name = fields.text();
    fields.int32();
    fields.int16();
    const type = fields.int32();
    fields.int16();
    fields.int32();
    fields.int16();
    return { name, type };
  });
}
