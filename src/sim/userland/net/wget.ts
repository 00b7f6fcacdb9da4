/** wget: GNU Wget 1.21.3 and BusyBox. */
import { isErrno } from '../../../spec/index.ts';
import type { Head } from '../../net/http.ts';
import { encodeText, fromBinary } from '../core/bytes.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { strftime, zoneOf } from '../core/dates.ts';
import { busyboxSize } from '../core/numbers.ts';
import type { Options } from '../core/options.ts';
import { headerOf, Transfer, TransferError } from './http-transfer.ts';
import { base64, fileNameOf, joinUrl, parseUrl, type Url, urlText } from './url.ts';

const maximumRedirects = 20;

interface Job {
  quiet: boolean;
  /** GNU -nv: one line per document. */
  terse: boolean;
  showHeaders: boolean;
  spider: boolean;
  /** '-' for standard output. */
  output: string | undefined;
  directory: string;
  headers: [string, string][];
  body: string | undefined;
  method: string | undefined;
  agent: string;
  timeoutMs: number | undefined;
  tries: number;
  user: string | undefined;
}

const gnu =
  'q,quiet nv,no-verbose v,verbose O,output-document= o,output-file= a,append-output= S,server-response spider T,timeout= t,tries= ' +
  'c,continue P,directory-prefix= header= post-data= post-file= method= body-data= U,user-agent= no-check-certificate user= password= ' +
  'http-user= http-password= show-progress progress= N,timestamping nc,no-clobber r,recursive n: 4,inet4-only 6,inet6-only ' +
  'max-redirect= connect-timeout= read-timeout= dns-timeout= waitretry= w,wait= retry-connrefused content-disposition i,input-file= no-proxy ' +
  'no-cache no-cookies no-hsts secure-protocol= ca-certificate= E,adjust-extension k,convert-links p,page-requisites l,level= np,no-parent x,force-directories nd,no-directories';
const busybox =
  'q/quiet c S/server-response O/output-document: o/output-file: P/directory-prefix: U/user-agent: T/timeout: t/tries: Y: ' +
  'spider header= post-data= post-file= no-check-certificate quiet server-response output-document= timeout= tries= user-agent= n: directory-prefix= no-clobber continue';

export const wget: CommandSpec = {
  name: 'wget',
  suite: 'wget',
  applet: true,
  usageStatus: 2,
  usageHint: "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
  async run(c) {
    const o = c.options({ gnu, busybox });
    for (const name of ['recursive', 'input-file', 'page-requisites'])
      if (o.has(name)) c.fail(`drydock: wget --${name} is not simulated`);
    const job = await jobOf(c, o);
    if (o.operands.length === 0) {
      if (c.bb) c.usage();
      c.error('missing URL');
      c.errorText(this.usageHint!);
      return 1;
    }
    for (const text of o.operands) {
      const status = await new WgetDocument(c, job).run(text);
      if (status) c.status = status;
      if (status && c.bb) break;
    }
    return c.status;
  },
};

async function jobOf(c: Command, o: Options): Promise<Job> {
  const minus = o.values('n');
  const postFile = o.value('post-file');
  const seconds = o.value('timeout') ?? o.value('connect-timeout');
  const user = o.value('user') ?? o.value('http-user');
  return {
    quiet: o.has('quiet'),
    terse: minus.includes('v') || o.has('no-verbose'),
    showHeaders: o.has('server-response'),
    spider: o.has('spider'),
    output: o.value('output-document'),
    directory: o.value('directory-prefix') ?? '',
    headers: o.values('header').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
    body: postFile === undefined ? (o.value('post-data') ?? o.value('body-data')) : await c.readFile(postFile),
    method: o.value('method'),
    agent: o.value('user-agent') ?? (c.bb ? 'Wget' : 'Wget/1.21.3'),
    timeoutMs: seconds === undefined || Number(seconds) === 0 ? undefined : Number(seconds) * 1000,
    tries: Number(o.value('tries') ?? 20) || Number.POSITIVE_INFINITY,
    user: user === undefined ? undefined : `${user}:${o.value('password') ?? o.value('http-password') ?? ''}`,
  };
}

class WgetDocument {
  private redirects = 0;
  private previous: string | undefined;
  private opened = false;

  constructor(
    private readonly c: Command,
    private readonly job: Job,
  ) {}

  private say(text: string): void {
    if (!this.job.quiet && !(this.job.terse && !this.c.bb)) this.c.errorText(text);
  }
  private now(): string {
    return strftime('%Y-%m-%d %H:%M:%S', this.c.sys.now().sec, 0, zoneOf(this.c.sys));
  }

  async run(text: string): Promise<number> {
    const { c, job } = this;
    if (job.spider && !c.bb) this.say('Spider mode enabled. Check if remote file exists.\n');
    let next: string | undefined = text;
    try {
      while (next !== undefined) {
        const url = parseUrl(next);
        if (!url) return this.badUrl(next);
        if (url.scheme !== 'http' && url.scheme !== 'https') {
          if (c.bb) return c.fail(`not an http or ftp url: ${next}`);
          c.errorText(`${next}: Unsupported scheme \u2018${url.scheme}\u2019.\n`.replace(/[\u2018\u2019]/g, "'"));
          return 1;
        }
        next = await this.fetch(url);
      }
      return 0;
    } catch (error) {
      if (error instanceof Refused) return error.status;
      throw error;
    }
  }

  private badUrl(text: string): number {
    if (this.c.bb) this.c.fail(`bad address '${text.replace(/^[a-z]+:\/\//, '')}'`);
    this.c.errorText(`${text}: Invalid host name.\n`);
    return 1;
  }

  /** The address that a redirection names, if it is one. */
  private async fetch(url: Url): Promise<string | undefined> {
    const transfer = await this.connect(url);
    try {
      const method =
        this.job.method ?? (this.job.body !== undefined ? 'POST' : this.job.spider && !this.c.bb ? 'HEAD' : 'GET');
      const body = this.job.body === undefined ? undefined : fromBinary(encodeText(this.job.body));
      await transfer.send(`${method} ${url.target} HTTP/1.1`, this.headers(url, body), body);
      if (!this.c.bb) this.say(`HTTP request sent, awaiting response... `);
      const head = await this.reply(transfer);
      const location = this.judge(url, head);
      if (location !== undefined) return location;
      if (this.job.spider) this.exists(head);
      else await this.save(url, transfer, head, method);
      return undefined;
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      if (this.c.bb) throw this.refuse('error getting response');
      this.say(error.kind === 'empty' ? 'No data received.\n' : `Read error (${error.cause.message}) in headers.\n`);
      this.say('Giving up.\n\n');
      throw new Refused(4);
    } finally {
      transfer.close();
    }
  }

  private refuse(message: string, status = 1): Refused {
    this.c.error(message, 0);
    return new Refused(status);
  }

  private headers(url: Url, body: Uint8Array | undefined): [string, string][] {
    const { job, c } = this;
    const user = url.user ?? job.user;
    const given = new Set(job.headers.map(([name]) => name.toLowerCase()));
    const authorization: [string, string][] =
      user === undefined ? [] : [['Authorization', `Basic ${base64(encodeText(user))}`]];
    const content: [string, string][] =
      body === undefined
        ? []
        : [
            ['Content-Type', 'application/x-www-form-urlencoded'],
            ['Content-Length', String(body.length)],
          ];
    const own: [string, string][] = c.bb
      ? [['Host', url.authority], ['User-Agent', job.agent], ['Connection', 'close'], ...authorization, ...content]
      : [
          ['Host', url.authority],
          ['User-Agent', job.agent],
          ['Accept', '*/*'],
          ['Accept-Encoding', 'identity'],
          ...authorization,
          ['Connection', 'Keep-Alive'],
          ...content,
        ];
    return [...own.filter(([name]) => !given.has(name.toLowerCase())), ...job.headers];
  }

  private async connect(url: Url): Promise<Transfer> {
    const { c, job } = this;
    const place = `${url.host}:${url.port}`;
    let tried = '';
    if (!c.bb) {
      this.say(`--${this.now()}--  ${urlText(url)}\n`);
      if (this.previous === place) this.say(`Reusing existing connection to ${place}.\n`);
      else if (!/^[\d.]+$/.test(url.host)) this.say(`Resolving ${url.host} (${url.host})... `);
    }
    try {
      const transfer = await Transfer.connect(c.sys, url, {
        connectTimeoutMs: job.timeoutMs,
        deadline: job.timeoutMs === undefined ? undefined : c.sys.monotonic() + job.timeoutMs,
        trying: (address, port) => {
          tried = address;
          this.trying(url, address, port, this.previous === place);
        },
      });
      if (!c.bb && this.previous !== place) this.say('connected.\n');
      this.previous = place;
      return transfer;
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      return this.connectFailed(url, error, tried);
    }
  }

  private trying(url: Url, address: string, port: number, again: boolean): void {
    const { c } = this;
    if (c.bb) {
      if (!again) this.say(`Connecting to ${url.authority} (${address}:${port})\n`);
      return;
    }
    if (again) return;
    if (address !== url.host) this.say(`${address}\n`);
    this.say(
      address === url.host
        ? `Connecting to ${address}:${port}... `
        : `Connecting to ${url.host} (${url.host})|${address}|:${port}... `,
    );
  }

  private connectFailed(url: Url, error: TransferError, address: string): never {
    const { c } = this;
    const reason = error.cause.message;
    if (c.bb) {
      if (error.kind === 'resolve') throw this.refuse(`bad address '${url.authority}'`);
      if (error.kind === 'tls') throw this.refuse('error getting response: Connection reset by peer');
      if (error.kind === 'timeout' && this.job.timeoutMs !== undefined) throw this.refuse('download timed out');
      throw this.refuse(`can't connect to remote host (${address}): ${reason}`);
    }
    if (error.kind === 'resolve') {
      this.say(`failed: ${reason}.\n`);
      if (!this.job.quiet) c.errorText(`wget: unable to resolve host address ${this.quoted(url.host)}\n`);
    } else if (error.kind === 'tls') {
      this.say('connected.\n');
      if (!this.job.quiet)
        c.errorText(
          'OpenSSL: error:0A00010B:SSL routines::wrong version number\nUnable to establish SSL connection.\n',
        );
    } else this.say(`failed: ${reason}.\n`);
    throw new Refused(4);
  }

  /** In a UTF-8 locale GNU wget's quotes are curly. */
  private quoted(text: string): string {
    const { LC_ALL, LC_CTYPE, LANG } = this.c.sys.env;
    return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '') ? `\u2018${text}\u2019` : `'${text}'`;
  }

  private async reply(transfer: Transfer): Promise<Head> {
    const head = await transfer.head();
    const { c } = this;
    const lines = [head.start.join(' ').trimEnd(), ...head.headers.map(([name, value]) => `${name}: ${value}`)];
    if (this.job.showHeaders && !this.job.quiet) {
      if (c.bb) c.errorText(lines.map((line) => `  ${line}\n`).join(''));
      else this.say(`\n${lines.map((line) => `  ${line}\n`).join('')}`);
    } else if (!c.bb) this.say(`${head.start.slice(1).join(' ')}\n`);
    return head;
  }

  private judge(url: Url, head: Head): string | undefined {
    const { c } = this;
    const status = Number(head.start[1]);
    const location = status >= 300 && status < 400 ? headerOf(head, 'location') : undefined;
    if (location !== undefined) {
      if (++this.redirects > (c.bb ? 5 : maximumRedirects)) {
        if (c.bb) throw this.refuse('too many redirections');
        this.say(`${maximumRedirects} redirections exceeded.\n`);
        throw new Refused(8);
      }
      if (!c.bb) this.say(`Location: ${location} [following]\n`);
      return joinUrl(url, location);
    }
    if (status < 400) return undefined;
    if (c.bb) throw this.refuse(`server returned error: ${head.start.join(' ')}`);
    if (this.job.spider) this.say('Remote file does not exist -- broken link!!!\n\n');
    else if (status === 401) this.say('\nUsername/Password Authentication Failed.\n');
    else {
      const text = `${this.now()} ERROR ${status}: ${head.start[2]}.\n`;
      if (this.job.terse) c.errorText(`${urlText(url)}:\n${text}`);
      else this.say(`${text}\n`);
    }
    throw new Refused(status === 401 ? 6 : 8);
  }

  private exists(head: Head): void {
    if (this.c.bb) {
      this.say('remote file exists\n');
      return;
    }
    this.length(head);
    this.say('Remote file exists.\n\n');
  }

  private length(head: Head): void {
    const length = headerOf(head, 'content-length');
    const type = headerOf(head, 'content-type')?.replace(/;.*/, '');
    const size =
      length === undefined ? 'unspecified' : Number(length) < 1024 ? length : `${length} (${rough(Number(length))})`;
    this.say(`Length: ${size}${type ? ` [${type}]` : ''}\n`);
  }

  private async save(url: Url, transfer: Transfer, head: Head, method: string): Promise<void> {
    const { c, job } = this;
    const toStdout = job.output === '-';
    const name =
      job.output ?? this.freeName(`${job.directory ? `${job.directory}/` : ''}${fileNameOf(url) || 'index.html'}`);
    if (!c.bb) this.length(head);
    const fd = toStdout ? 1 : await this.create(name);
    if (c.bb) this.say(toStdout ? 'writing to stdout\n' : `saving to '${name}'\n`);
    else this.say(`Saving to: ${this.quoted(toStdout ? 'STDOUT' : name)}\n`);
    await c.flush();
    const started = c.sys.monotonic();
    let size = 0;
    for await (const piece of transfer.body(head, method)) {
      await c.sys.write(fd, piece);
      size += piece.length;
    }
    if (!toStdout) c.sys.close(fd);
    this.done(url, name, toStdout, size, c.sys.monotonic() - started, headerOf(head, 'content-length'));
  }

  /** GNU keeps what is there and numbers the new one; BusyBox refuses. */
  private freeName(name: string): string {
    if (!this.there(name)) return name;
    if (this.c.bb) throw this.refuse(`can't open '${name}': File exists`);
    for (let i = 1; ; i++) if (!this.there(`${name}.${i}`)) return `${name}.${i}`;
  }
  private there(name: string): boolean {
    try {
      this.c.sys.lstat(name);
      return true;
    } catch {
      return false;
    }
  }

  private async create(name: string): Promise<number> {
    try {
      return await this.c.sys.open(name, { access: 'write', create: true, truncate: !this.opened }, 0o666);
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (this.c.bb) throw this.refuse(`can't open '${name}': ${error.message}`);
      this.c.errorText(`${name}: ${error.message}\n\nCannot write to ${this.quoted(name)} (${error.message}).\n`);
      throw new Refused(3);
    }
  }

  private done(url: Url, name: string, toStdout: boolean, size: number, ms: number, length: string | undefined): void {
    const { c, job } = this;
    if (c.bb) {
      const shown = (toStdout ? '-' : name.slice(name.lastIndexOf('/') + 1)).slice(0, 20).padEnd(20);
      this.say(
        `${shown} 100% |${'*'.repeat(32)}|${size < 100000 ? String(size).padStart(6) : busyboxSize(size).padStart(6)}  0:00:00 ETA\n`,
      );
      this.say(toStdout ? 'written to stdout\n' : `'${name}' saved\n`);
      return;
    }
    const seconds = Math.max(ms, 0.001) / 1000;
    const speed = rate(size / seconds);
    const share = length === undefined ? `[${size}]` : `[${size}/${length}]`;
    if (job.terse && !job.quiet)
      c.errorText(`${this.now()} URL:${urlText(url)} ${share} -> "${toStdout ? '-' : name}" [1]\n`);
    this.say(`\n     0K${' '.repeat(51)}100% ${speed.short}=${seconds < 0.01 ? '0' : seconds.toFixed(2)}s\n\n`);
    const what = toStdout ? 'written to stdout' : `${this.quoted(name)} saved`;
    this.say(`${this.now()} (${speed.long}) - ${what} ${share}\n\n`);
  }
}

class Refused extends Error {
  constructor(readonly status: number) {
    super('refused');
  }
}

const rough = (bytes: number): string => {
  const units = 'KMG';
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1000 && unit < 2) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${units[unit]}`;
};

function rate(bytesPerSecond: number): { short: string; long: string } {
  const units = ['B/s', 'KB/s', 'MB/s', 'GB/s'];
  let value = bytesPerSecond;
  let unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit++;
  }
  const digits = value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
  return { short: `${digits}${['', 'K', 'M', 'G'][unit]}`.padStart(5), long: `${digits} ${units[unit]}` };
}
