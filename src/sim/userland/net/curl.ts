/** curl 7.88.1. */
import { isErrno } from '../../../spec/index.ts';
import type { Head } from '../../net/http.ts';
import type { Command, CommandSpec } from '../core/command.ts';
import { curlOptions, tryHelp } from './curl-options.ts';
import { type CurlRequest, CurlSettings, curlRequest } from './curl-request.ts';
import { writeOut } from './curl-write-out.ts';
import { headerOf, Transfer, TransferError } from './http-transfer.ts';
import { fileNameOf, joinUrl, parseUrl, type Url, urlText } from './url.ts';

/** Ends one transfer with curl's exit code and text. */
class CurlError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** What -w can tell of a transfer. */
export interface Outcome {
  url: string;
  method: string;
  head: Head | undefined;
  remoteIp: string;
  remotePort: number;
  redirects: number;
  redirectUrl: string;
  downloaded: number;
  uploaded: number;
  headerBytes: number;
  connectMs: number;
  totalMs: number;
  exitCode: number;
  error: string;
  file: string;
}

const maximumRedirects = 50;

export const curl: CommandSpec = {
  name: 'curl',
  suite: 'curl',
  shortName: true,
  async run(c) {
    const options = curlOptions(c);
    const settings = new CurlSettings(options);
    for (const name of ['config', 'proxy', 'cookie-jar', 'continue-at', 'trace', 'trace-ascii'])
      if (settings.has(name)) c.fail(`drydock: curl --${name} is not simulated`, 2);
    if (options.urls.length === 0) {
      c.errorText(`curl: no URL specified!\n${tryHelp}`);
      return 2;
    }
    let status = 0;
    for (const [index, text] of options.urls.entries()) {
      const attempts = 1 + Number(settings.value('retry') ?? 0);
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const transfer = new CurlTransfer(c, settings, index);
        status = await transfer.run(text);
        if (!transfer.transient || attempt === attempts) break;
        await retryPause(c, settings, attempt, attempts, transfer.retryReason);
      }
    }
    return status;
  },
};

async function retryPause(
  c: Command,
  settings: CurlSettings,
  attempt: number,
  attempts: number,
  reason: string,
): Promise<void> {
  const seconds = Number(settings.value('retry-delay') ?? 0) || 2 ** (attempt - 1);
  const left = attempts - attempt;
  if (!settings.has('silent') || settings.has('show-error'))
    c.errorText(
      `Warning: Problem: ${reason}. Will retry in ${seconds} seconds. ${left} ${left === 1 ? 'retry' : 'retries'} left.\n`,
    );
  await c.flush();
  await c.sys.sleep(seconds * 1000);
}

class CurlTransfer {
  /** --retry would try again. */
  transient = false;
  retryReason = '';
  private readonly outcome: Outcome = {
    url: '',
    method: '',
    head: undefined,
    remoteIp: '',
    remotePort: 0,
    redirects: 0,
    redirectUrl: '',
    downloaded: 0,
    uploaded: 0,
    headerBytes: 0,
    connectMs: 0,
    totalMs: 0,
    exitCode: 0,
    error: '',
    file: '',
  };
  private readonly started: number;
  private output: number | undefined;
  private meterShown = false;

  constructor(
    private readonly c: Command,
    private readonly settings: CurlSettings,
    private readonly index: number,
  ) {
    this.started = c.sys.monotonic();
  }

  private get verbose(): boolean {
    return this.settings.has('verbose');
  }
  private note(text: string): void {
    if (this.verbose) this.c.errorText(`* ${text}\n`);
  }

  async run(text: string): Promise<number> {
    const { c, settings, outcome } = this;
    try {
      await this.follow(text);
    } catch (error) {
      const { code, message } = this.failure(error);
      outcome.exitCode = code;
      outcome.error = message;
      if (!settings.has('silent') || settings.has('show-error')) {
        if (this.meterShown && code !== 6) c.errorText('\n');
        c.errorText(`curl: (${code}) ${message}\n`);
      }
    }
    if (this.output !== undefined && this.output !== 1) c.sys.close(this.output);
    outcome.totalMs = c.sys.monotonic() - this.started;
    const format = settings.value('write-out');
    if (format !== undefined) await writeOut(c, format, outcome);
    await c.flush();
    return outcome.exitCode;
  }

  private failure(error: unknown): { code: number; message: string } {
    if (error instanceof CurlError) return { code: error.code, message: error.message };
    if (!(error instanceof TransferError)) throw error;
    const url = parseUrl(this.outcome.url);
    const after = Math.round(error.elapsedMs);
    const refused = isErrno(error.cause, 'ECONNREFUSED');
    this.transient =
      error.kind === 'timeout' ||
      this.settings.has('retry-all-errors') ||
      (refused && this.settings.has('retry-connrefused'));
    this.retryReason = error.kind === 'timeout' ? 'timeout' : refused ? 'connection refused' : '(retrying all errors)';
    if (error.kind === 'resolve') return { code: 6, message: `Could not resolve host: ${url?.host}` };
    if (error.kind === 'timeout' && this.outcome.remotePort)
      return {
        code: 28,
        message: `Operation timed out after ${after} milliseconds with ${this.outcome.downloaded} bytes received`,
      };
    if (error.kind === 'timeout' && this.settings.has('max-time'))
      return { code: 28, message: `Connection timed out after ${after} milliseconds` };
    if (error.kind === 'timeout') {
      const reason = this.settings.has('connect-timeout') ? 'Timeout was reached' : "Couldn't connect to server";
      return { code: 28, message: `Failed to connect to ${url?.host} port ${url?.port} after ${after} ms: ${reason}` };
    }
    if (error.kind === 'tls') return { code: 35, message: 'error:0A00010B:SSL routines::wrong version number' };
    if (error.kind === 'empty') return { code: 52, message: 'Empty reply from server' };
    if (error.kind === 'reset') return { code: 56, message: `Recv failure: ${error.cause.message}` };
    if (error.kind === 'bad') return { code: 1, message: 'Received HTTP/0.9 when not allowed' };
    if (error.kind === 'cut')
      return { code: 18, message: `transfer closed with ${this.missing()} bytes remaining to read` };
    const place = this.settings.value('unix-socket') ?? `${url?.host} port ${url?.port} after ${after} ms`;
    if (this.settings.has('unix-socket')) return { code: 7, message: `Couldn't connect to server` };
    return { code: 7, message: `Failed to connect to ${place}: Couldn't connect to server` };
  }

  private missing(): number {
    const { head, downloaded } = this.outcome;
    return Number((head && headerOf(head, 'content-length')) ?? 0) - downloaded;
  }

  /** The request, and those that redirections lead to. */
  private async follow(text: string): Promise<void> {
    const { settings, outcome } = this;
    const limit = Number(settings.value('max-redirs') ?? maximumRedirects);
    let next: string | undefined = text;
    let after: string | undefined;
    this.meter();
    while (next !== undefined) {
      const url = this.urlOf(next);
      outcome.url = /^[a-z]+:\/\//i.test(next) ? next : urlText(url);
      const request = await curlRequest(this.c, settings, url);
      if (after !== undefined && request.body && !/^(307|308)$/.test(after)) dropBody(request, settings.has('request'));
      next = await this.once(url, request);
      after = outcome.head?.start[1];
      if (next !== undefined && ++outcome.redirects > limit)
        throw new CurlError(47, `Maximum (${limit}) redirects followed`);
    }
  }

  private urlOf(text: string): Url {
    const url = parseUrl(text);
    if (!url) throw new CurlError(3, 'URL using bad/illegal format or missing URL');
    if (url.scheme !== 'http' && url.scheme !== 'https')
      throw new CurlError(1, `Protocol "${url.scheme}" not supported or disabled in libcurl`);
    return url;
  }

  /** Where to go on, if anywhere. */
  private async once(url: Url, request: CurlRequest): Promise<string | undefined> {
    const { c, settings, outcome } = this;
    const transfer = await this.connect(url);
    try {
      const target = url.target + (request.query ? `${url.target.includes('?') ? '&' : '?'}${request.query}` : '');
      const version = settings.has('http1.0') ? 'HTTP/1.0' : 'HTTP/1.1';
      const start = `${request.method} ${target} ${version}`;
      if (this.verbose)
        c.errorText(
          `${[start, ...request.headers.map(([k, v]) => `${k}: ${v}`), ''].map((line) => `> ${line}\r\n`).join('')}`,
        );
      outcome.method = request.method;
      outcome.uploaded = request.body?.length ?? 0;
      await transfer.send(start, request.headers, request.body);
      const head = await transfer.head();
      outcome.head = head;
      return await this.receive(url, request, transfer, head);
    } finally {
      transfer.close();
    }
  }

  private async connect(url: Url): Promise<Transfer> {
    const { c, settings, outcome } = this;
    const maximum = settings.seconds('max-time');
    const unixSocket = settings.value('unix-socket');
    outcome.remotePort = 0;
    await c.flush();
    const transfer = await Transfer.connect(c.sys, resolved(url, settings), {
      connectTimeoutMs: settings.seconds('connect-timeout'),
      deadline: maximum === undefined ? undefined : this.started + maximum,
      unixSocket,
      trying: (address, port) => this.note(`  Trying ${address}:${port}...`),
    });
    outcome.connectMs = c.sys.monotonic() - this.started;
    outcome.remoteIp = unixSocket === undefined ? transfer.address : '';
    outcome.remotePort = unixSocket === undefined ? url.port : 1;
    if (unixSocket !== undefined) this.note(`  Trying ${unixSocket}:0...`);
    this.note(
      unixSocket === undefined
        ? `Connected to ${url.host} (${transfer.address}) port ${url.port} (#0)`
        : `Connected to ${url.host} (${unixSocket}) port 0 (#0)`,
    );
    return transfer;
  }

  private async receive(url: Url, request: CurlRequest, transfer: Transfer, head: Head): Promise<string | undefined> {
    const { c, settings, outcome } = this;
    const lines = [head.start.join(' ').trimEnd(), ...head.headers.map(([name, value]) => `${name}: ${value}`), ''];
    const text = lines.map((line) => `${line}\r\n`).join('');
    outcome.headerBytes += text.length;
    if (this.verbose) c.errorText(lines.map((line) => `< ${line}\r\n`).join(''));
    const status = Number(head.start[1]);
    const location = status >= 300 && status < 400 ? headerOf(head, 'location') : undefined;
    outcome.redirectUrl = location === undefined ? '' : joinUrl(url, location);
    const moving = location !== undefined && settings.has('location', 'location-trusted');
    if (status >= 400 && settings.has('fail')) {
      this.transient = [408, 429, 500, 502, 503, 504].includes(status);
      this.retryReason = 'HTTP error';
      throw new CurlError(22, `The requested URL returned error: ${status}`);
    }
    const dump = settings.value('dump-header');
    if (dump !== undefined) await this.dump(dump, text);
    if (settings.has('include', 'head')) await this.write(new TextEncoder().encode(text));
    await this.content(transfer, head, request.method, moving);
    this.note(`Connection #0 to host ${url.host} left intact`);
    if (status >= 400 && settings.has('fail-with-body'))
      throw new CurlError(22, `The requested URL returned error: ${status}`);
    if (!moving) return undefined;
    this.note(`Issue another request to this URL: '${outcome.redirectUrl}'`);
    return outcome.redirectUrl;
  }

  private async content(transfer: Transfer, head: Head, method: string, discard: boolean): Promise<void> {
    const { outcome, c } = this;
    let first = true;
    for await (const piece of transfer.body(head, method)) {
      if (discard) continue;
      if (first && this.verbose && !c.sys.isatty(this.output ?? 1)) c.errorText(`{ [${piece.length} bytes data]\n`);
      first = false;
      outcome.downloaded += piece.length;
      await this.write(piece);
    }
    if (!discard) this.meterEnd(head, method);
    // An empty body still makes the file.
    if (!discard && first && this.file() !== undefined) await this.write(new Uint8Array(0));
  }

  private async dump(path: string, text: string): Promise<void> {
    if (path === '-') return this.write(new TextEncoder().encode(text));
    const fd = await this.c.sys.open(path, { access: 'write', create: true, append: true }, 0o644);
    await this.c.sys.write(fd, text);
    this.c.sys.close(fd);
  }

  private file(): string | undefined {
    const { settings, outcome } = this;
    const outputs = settings.values('output');
    const named = outputs[this.index] ?? (outputs.length === 1 && this.index === 0 ? outputs[0] : undefined);
    if (named !== undefined) return named === '-' ? undefined : named;
    if (!settings.has('remote-name', 'remote-name-all')) return undefined;
    const name = fileNameOf(parseUrl(outcome.url)!);
    if (name === '') throw new CurlError(23, 'Failed writing received data to disk/application');
    return name;
  }

  private async write(bytes: Uint8Array): Promise<void> {
    const { c, settings } = this;
    await c.flush();
    if (this.output === undefined) {
      const file = this.file();
      const directory = settings.value('output-dir');
      this.outcome.file = file === undefined ? '' : directory === undefined ? file : `${directory}/${file}`;
      if (file === undefined) this.output = 1;
      else {
        try {
          this.output = await c.sys.open(this.outcome.file, { access: 'write', create: true, truncate: true }, 0o666);
        } catch (error) {
          if (!isErrno(error)) throw error;
          c.errorText(`Warning: Failed to open the file ${this.outcome.file}: ${error.message}\n`);
          throw new CurlError(23, 'Failure writing output to destination');
        }
      }
    }
    if (bytes.length) await c.sys.write(this.output, bytes);
  }

  /** The progress meter: shown unless the body goes to a terminal. */
  private meter(): void {
    const { c, settings } = this;
    const toTerminal = c.sys.isatty(1) && !settings.has('output', 'remote-name');
    if (settings.has('silent', 'no-progress-meter') || toTerminal) return;
    this.meterShown = true;
    c.errorText(meterTitle + meterLine(0, 0, 0, 0));
  }

  private meterEnd(head: Head, method: string): void {
    if (!this.meterShown) return;
    const total = Number(headerOf(head, 'content-length') ?? this.outcome.downloaded);
    const got = this.outcome.downloaded;
    const ms = Math.max(1, this.c.sys.monotonic() - this.started);
    const speed = Math.floor((got * 1000) / ms);
    this.c.errorText(`${meterLine(method === 'HEAD' ? 0 : 100, total, got, speed)}\n`);
  }
}

const meterTitle =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n' +
  '                                 Dload  Upload   Total   Spent    Left  Speed\n';

/** Five columns for a number of bytes, as curl's max5data. */
function five(bytes: number): string {
  if (bytes < 100000) return String(bytes).padStart(5);
  if (bytes < 10000 * 1024) return `${String(Math.floor(bytes / 1024)).padStart(4)}k`;
  if (bytes < 100 * 1024 * 1024) return `${(bytes / 1048576).toFixed(1).padStart(4)}M`;
  return `${String(Math.floor(bytes / 1048576)).padStart(4)}M`;
}

function meterLine(percent: number, total: number, got: number, speed: number): string {
  const share = String(percent).padStart(3);
  return `\r${share} ${five(total)}  ${share} ${five(got)}    0     0  ${five(speed)}      0 --:--:-- --:--:-- --:--:-- ${five(speed)}`;
}

function dropBody(request: CurlRequest, keepMethod: boolean): void {
  request.body = undefined;
  request.headers = request.headers.filter(([name]) => !/^content-(length|type)$/i.test(name));
  if (!keepMethod) request.method = 'GET';
}

/** --resolve HOST:PORT:ADDRESS and --connect-to HOST1:PORT1:HOST2:PORT2. */
function resolved(url: Url, settings: CurlSettings): Url {
  for (const entry of settings.values('resolve')) {
    const [host, port, address] = entry.replace(/^[+-]/, '').split(':');
    if (host === url.host && Number(port) === url.port && address) return { ...url, host: address };
  }
  for (const entry of settings.values('connect-to')) {
    const [host, port, toHost, toPort] = entry.split(':');
    if ((host === '' || host === url.host) && (port === '' || Number(port) === url.port))
      return { ...url, host: toHost || url.host, port: Number(toPort) || url.port };
  }
  return url;
}
