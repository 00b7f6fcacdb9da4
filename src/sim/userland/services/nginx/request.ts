/** One request through a server's directives: rewrite, access, content, error page, log. */
import {
  emptyContent,
  type HttpRequest,
  type HttpResponse,
  header,
  isContent,
  isErrno,
  textContent,
} from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { basicCredentials } from '../http/credentials.ts';
import { httpDate, logDate } from '../http/date.ts';
import { type Client, cleanPath, type FoundFile, fileResponse, openFile } from '../http/serve.ts';
import { authorized } from './authorize.ts';
import { type Directive, find, findAll } from './config.ts';
import { gzipped } from './gzip.ts';
import { chooseLocation, compilePattern, type Location, type VirtualServer } from './location.ts';
import { type ErrorLog, errorLine, type Level, type Logs, wants } from './log.ts';
import { indexPage, specialPage } from './pages.ts';
import { proxy } from './proxy.ts';

/** What all requests of a worker share. */
export interface Site {
  http: Directive[];
  logs: Logs;
  errorLog(scopes: readonly Directive[][]): ErrorLog;
  /** `nginx/1.22.1`. */
  product: string;
  types: ReadonlyMap<string, string>;
}

/** Internal redirects are followed this often: ngx_http_request_t.uri_changes. */
const maximumRedirects = 10;

export class Exchange {
  /** Decoded, without arguments. */
  uri: string;
  args: string;
  readonly variables = new Map<string, string>();
  location: Location | undefined;
  private captures: RegExpExecArray | undefined;
  private redirects = 0;
  /** From another server: error_page leaves it alone unless proxy_intercept_errors. */
  private proxied = false;

  constructor(
    readonly sys: Sys,
    readonly site: Site,
    readonly server: VirtualServer,
    readonly request: HttpRequest,
    readonly client: Client,
    private readonly number: number,
  ) {
    const question = request.target.indexOf('?');
    this.uri = cleanPath(request.target) ?? '';
    this.args = question < 0 ? '' : request.target.slice(question + 1);
  }

  async run(): Promise<HttpResponse> {
    const plain = this.uri === '' ? this.page(400) : await this.answer();
    const response = await this.errorPage(plain);
    const complete = this.complete(gzipped(this, response));
    await this.accessLog(complete);
    return complete;
  }

  /** Directive lists from the outermost scope to the innermost. */
  get scopes(): Directive[][] {
    return this.location ? [...this.server.scopes, ...this.location.outer, this.location.block] : this.server.scopes;
  }
  /** The nearest directive of a name. */
  nearest(name: string): Directive | undefined {
    for (const scope of this.scopes.toReversed()) {
      const found = find(scope, name);
      if (found) return found;
    }
    return undefined;
  }
  /** All of a name in the nearest scope that has any. */
  nearestAll(name: string): Directive[] {
    return (
      this.scopes
        .toReversed()
        .map((scope) => findAll(scope, name))
        .find((found) => found.length > 0) ?? []
    );
  }

  private async answer(): Promise<HttpResponse> {
    const early = this.rewrite(this.server.block);
    if (early instanceof Object) return early;
    return this.atLocation();
  }

  private async atLocation(): Promise<HttpResponse> {
    for (;;) {
      if (this.redirects++ > maximumRedirects) {
        await this.error('error', `rewrite or internal redirection cycle while processing "${this.uri}"`);
        return this.page(500);
      }
      const match = chooseLocation(this.server.locations, this.uri);
      this.location = match?.location;
      this.captures = match?.captures ?? this.captures;
      if (this.redirects === 1 && this.location && find(this.location.block, 'internal')) return this.page(404);
      const rewritten = this.location ? this.rewrite(this.location.block) : undefined;
      if (rewritten === 'again') continue;
      if (rewritten) return rewritten;
      return this.content();
    }
  }

  /** A response, `again` when the location must be chosen anew, undefined to go on. */
  private rewrite(block: readonly Directive[]): HttpResponse | 'again' | undefined {
    for (const { name, args, block: inner, file, line } of block) {
      if (name === 'set') this.variables.set(args[0]!.replace(/^\$/, ''), this.expand(args[1]!));
      else if (name === 'return') return this.returned(args);
      else if (name === 'break') return undefined;
      else if (name === 'if' && this.condition(args, `${file}:${line}`)) {
        const result = this.rewrite(inner!);
        if (result) return result;
      } else if (name === 'rewrite') {
        const captures = compilePattern(args[0]!, false, `${file}:${line}`).exec(this.uri);
        if (!captures) continue;
        this.captures = captures;
        const to = this.expand(args[1]!);
        const flag = args[2];
        if (flag === 'redirect' || flag === 'permanent' || /^https?:/.test(to)) {
          return this.redirect(flag === 'permanent' ? 301 : 302, to);
        }
        const [path, query] = to.split('?');
        this.uri = path!;
        if (query !== undefined) this.args = query;
        if (flag === 'break') return undefined;
        return 'again';
      }
    }
    return undefined;
  }

  private condition(args: readonly string[], where: string): boolean {
    const words = args
      .join(' ')
      .replace(/^\(\s*|\s*\)$/g, '')
      .split(/\s+/);
    const value = this.expand(words[0]!);
    const [, operator, ...rest] = words;
    const other = this.expand(rest.join(' ').replace(/^["']|["']$/g, ''));
    switch (operator) {
      case undefined:
        return value !== '' && value !== '0';
      case '=':
        return value === other;
      case '!=':
        return value !== other;
      case '~':
      case '~*':
        this.captures = compilePattern(rest.join(' '), operator === '~*', where).exec(value) ?? this.captures;
        return compilePattern(rest.join(' '), operator === '~*', where).test(value);
      case '!~':
      case '!~*':
        return !compilePattern(rest.join(' '), operator === '!~*', where).test(value);
      default:
        return this.fileTest(words[0]!, this.expand(words[1]!));
    }
  }

  /** `-f PATH`, `!-d PATH`, `-e PATH`, `-x PATH`. */
  private fileTest(test: string, path: string): boolean {
    const kind = this.kind(path);
    const letter = test.replace('!', '');
    const holds =
      letter === '-f'
        ? kind === 'file'
        : letter === '-d'
          ? kind === 'directory'
          : letter === '-e'
            ? kind !== undefined
            : this.executable(path);
    return test.startsWith('!') ? !holds : holds;
  }

  private executable(path: string): boolean {
    try {
      this.sys.access(path, 1, true);
      return true;
    } catch (error) {
      if (isErrno(error)) return false;
      throw error;
    }
  }

  private returned(args: readonly string[]): HttpResponse {
    const url = /^\d+$/.test(args[0]!) ? args[1] : args[0];
    const status = /^\d+$/.test(args[0]!) ? Number(args[0]) : 302;
    if (status >= 301 && status <= 308 && url !== undefined) return this.redirect(status, this.expand(url));
    if (url === undefined) return this.page(status);
    const type = this.nearest('default_type')?.args[0] ?? 'text/plain';
    return { status, headers: [['Content-Type', type]], body: textContent(this.expand(url)) };
  }

  /** Absolute, unless `absolute_redirect off`. */
  redirect(status: number, to: string): HttpResponse {
    const shown = this.client.local.port !== 80 && this.nearest('port_in_redirect')?.args[0] !== 'off';
    const port = shown ? `:${this.client.local.port}` : '';
    const absolute = this.nearest('absolute_redirect')?.args[0] !== 'off';
    const url = to.startsWith('/') && absolute ? `http://${this.variable('host')}${port}${to}` : to;
    const page = this.page(status);
    return { ...page, headers: [...page.headers, ['Location', url]] };
  }

  page(status: number): HttpResponse {
    return specialPage(status, this.nearest('server_tokens')?.args[0] === 'off' ? 'nginx' : this.site.product);
  }

  private async content(): Promise<HttpResponse> {
    if (!(await this.allowed())) return this.page(403);
    const refusal = (await authorized(this)) ?? (await this.tooLarge());
    if (refusal) return refusal;
    const upstream = this.location && find(this.location.block, 'proxy_pass');
    if (upstream) {
      const response = await proxy(this, upstream);
      this.proxied = response.status !== 502 && this.nearest('proxy_intercept_errors')?.args[0] !== 'on';
      return response;
    }
    const tries = this.nearest('try_files');
    if (tries) return this.tryFiles(tries.args);
    return this.static();
  }

  private async allowed(): Promise<boolean> {
    const rules = this.scopes
      .toReversed()
      .map((scope) => scope.filter(({ name }) => name === 'allow' || name === 'deny'));
    for (const { name, args } of rules.find((found) => found.length > 0) ?? []) {
      if (!inNetwork(this.client.address, args[0]!)) continue;
      if (name === 'allow') return true;
      await this.error('error', 'access forbidden by rule');
      return false;
    }
    return true;
  }

  /** `alias` replaces what the location matched; `root` is put before the whole. */
  file(uri = this.uri): string {
    const alias = this.location && find(this.location.block, 'alias');
    if (alias) {
      const to = this.expand(alias.args[0]!);
      return this.location!.pattern ? to : to + uri.slice(this.location!.path.length);
    }
    return `${this.expand(this.nearest('root')?.args[0] ?? '/etc/nginx/html').replace(/\/$/, '')}${uri}`;
  }

  private kind(path: string): 'file' | 'directory' | undefined {
    try {
      return (this.sys.stat(path).mode & 0o170000) === 0o040000 ? 'directory' : 'file';
    } catch (error) {
      if (isErrno(error)) return undefined;
      throw error;
    }
  }

  /** client_max_body_size: 1m unless set; 0 is no limit. */
  private async tooLarge(): Promise<HttpResponse | undefined> {
    const limit = bytesOf(this.nearest('client_max_body_size')?.args[0] ?? '1m');
    const length = Number(header(this.request, 'content-length') ?? 0);
    if (limit === 0 || length <= limit) return undefined;
    await this.error('error', `client intended to send too large body: ${length} bytes`);
    return this.page(413);
  }

  private async tryFiles(args: readonly string[]): Promise<HttpResponse> {
    for (const one of args.slice(0, -1)) {
      const uri = this.expand(one);
      const wanted = uri.endsWith('/') ? 'directory' : 'file';
      if (this.kind(this.file(uri)) !== wanted) continue;
      this.uri = uri;
      return this.static();
    }
    const last = args.at(-1)!;
    if (last.startsWith('=')) return this.page(Number(last.slice(1)));
    if (last.startsWith('@')) {
      this.location = this.server.locations.find((one) => one.path === last);
      const rewritten = this.location && this.rewrite(this.location.block);
      return rewritten instanceof Object ? rewritten : this.location ? this.content() : this.page(500);
    }
    const [path, query] = this.expand(last).split('?');
    this.uri = path!;
    if (query !== undefined) this.args = query;
    return this.atLocation();
  }

  private async static(): Promise<HttpResponse> {
    if (!/^(GET|HEAD|POST)$/.test(this.request.method)) return this.page(405);
    if (this.uri.endsWith('/')) return this.directory();
    const path = this.file();
    if (this.kind(path) === 'directory') {
      return this.redirect(301, `${encodeURI(this.uri)}/${this.args ? `?${this.args}` : ''}`);
    }
    if (this.request.method === 'POST') return this.page(405);
    return this.serveFile(path);
  }

  private async directory(): Promise<HttpResponse> {
    const names = this.nearest('index')?.args ?? ['index.html'];
    for (const name of names) {
      const uri = name.startsWith('/') ? name : this.uri + this.expand(name);
      if (this.kind(this.file(uri)) !== 'file') continue;
      this.uri = uri;
      return this.atLocation();
    }
    const path = this.file();
    if (this.kind(path) !== 'directory') {
      await this.error('error', `"${path}${names[0]}" is not found (2: No such file or directory)`);
      return this.page(404);
    }
    if (this.nearest('autoindex')?.args[0] !== 'on') {
      await this.error('error', `directory index of "${path}" is forbidden`);
      return this.page(403);
    }
    return {
      status: 200,
      headers: [['Content-Type', 'text/html']],
      body: textContent(indexPage(this.sys, path.replace(/\/$/, ''), this.uri)),
    };
  }

  private async serveFile(path: string): Promise<HttpResponse> {
    let file: FoundFile | undefined;
    try {
      file = openFile(this.sys, path);
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (error.code !== 'ENOENT' || this.nearest('log_not_found')?.args[0] !== 'off') {
        await this.error('error', `open() "${path}" failed (${error.errno}: ${error.message})`);
      }
      return this.page(error.code === 'EACCES' ? 403 : 404);
    }
    if (!file) return this.page(403);
    const etag = `"${file.mtime.sec.toString(16)}-${file.content.size.toString(16)}"`;
    const response = fileResponse(this.request, file, etag, [['Content-Type', this.mimeType(path)]]);
    if (this.nearest('etag')?.args[0] !== 'off') return response;
    return { ...response, headers: response.headers.filter(([name]) => name !== 'ETag') };
  }

  private mimeType(path: string): string {
    const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase();
    const own = this.nearest('types')?.block;
    const type = own
      ? own.find(({ args }) => extension !== undefined && args.includes(extension))?.name
      : extension && this.site.types.get(extension);
    const found = type || this.nearest('default_type')?.args[0] || 'text/plain';
    const charset = this.nearest('charset')?.args[0];
    return charset && charset !== 'off' && found.startsWith('text/') ? `${found}; charset=${charset}` : found;
  }

  /** `error_page 404 /404.html`: the page's own location answers, with the status of the error. */
  private async errorPage(response: HttpResponse): Promise<HttpResponse> {
    if (this.proxied || response.status < 300 || response.status === 304) return response;
    for (const { args } of this.nearestAll('error_page')) {
      const codes = args.slice(0, -1).filter((arg) => !arg.startsWith('='));
      if (!codes.includes(String(response.status))) continue;
      const to = this.expand(args.at(-1)!);
      if (/^https?:/.test(to)) return this.redirect(302, to);
      const given = args.find((arg) => arg.startsWith('='));
      if (to.startsWith('@')) this.location = this.server.locations.find((one) => one.path === to);
      else this.uri = to;
      const page = to.startsWith('@') ? await this.content() : await this.atLocation();
      const status = given === undefined ? response.status : given === '=' ? page.status : Number(given.slice(1));
      if (page.status >= 300) return response;
      return { ...page, status };
    }
    return response;
  }

  /** The headers that every response of nginx has, in its order. */
  private complete(response: HttpResponse): HttpResponse {
    const server = this.nearest('server_tokens')?.args[0] === 'off' ? 'nginx' : this.site.product;
    const headers: [string, string][] = [
      ['Server', server],
      ['Date', httpDate(this.sys.now())],
      ...response.headers.map(([name, value]): [string, string] => [name, value]),
    ];
    const { body } = response;
    if (response.status !== 304 && response.status !== 204 && header(response, 'content-length') === undefined) {
      if (!body || isContent(body)) headers.splice(3, 0, ['Content-Length', String(body?.size ?? 0)]);
    }
    // The connection's own server says `close` where it closes.
    if (!/\bclose\b/i.test(header(this.request, 'connection') ?? '')) headers.push(['Connection', 'keep-alive']);
    headers.push(...expiry(this.nearest('expires')?.args, response.status, this.sys.now()));
    for (const { args } of this.nearestAll('add_header')) {
      const [name, value, always] = args;
      if (always === 'always' || [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(response.status)) {
        headers.push([name!, this.expand(value!)]);
      }
    }
    this.variables.set('status', String(response.status));
    const sent =
      this.request.method === 'HEAD' || response.status === 304
        ? 0
        : Number(header({ headers }, 'content-length') ?? 0);
    this.variables.set('body_bytes_sent', String(sent));
    return { ...response, headers, body: body ?? emptyContent };
  }

  private async accessLog(response: HttpResponse): Promise<void> {
    void response;
    for (const { args } of this.nearestAll('access_log')) {
      const [path, format = 'combined'] = args;
      if (path === 'off') return;
      const own = findAll(this.site.http, 'log_format').find((one) => one.args[0] === format);
      const words = own?.args.slice(1).filter((arg) => !arg.startsWith('escape='));
      await this.site.logs.line(this.sys, path!, this.expand(words?.join('') ?? combined, '-'));
    }
  }

  async error(level: Level, text: string): Promise<void> {
    const log = this.site.errorLog(this.scopes);
    if (!wants(log, level)) return;
    const { method, target } = this.request;
    const host = header(this.request, 'host');
    const more = `*${this.number} ${text}, client: ${this.client.address}, server: ${this.server.names[0] ?? ''}, request: "${method} ${target} HTTP/1.1"${host ? `, host: "${host}"` : ''}`;
    await this.site.logs.line(this.sys, log.path, errorLine(this.sys, level, more));
  }

  /** Variables replaced; `absent` for those that have no value. */
  expand(text: string, absent = ''): string {
    return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string, plain: string) => {
      const value = this.variable(braced ?? plain);
      return value === undefined || value === '' ? absent : value;
    });
  }

  /** `map SOURCE $name { ... }`: exact values first, then patterns in order, then the default. */
  private mapped(name: string): string | undefined {
    const map = findAll(this.site.http, 'map').find((one) => one.args[1] === `$${name}`);
    if (!map) return undefined;
    const value = this.expand(map.args[0]!);
    const rows = map.block!;
    const exact = rows.find((row) => row.name.replace(/^\\/, '') === value && row.name !== 'default');
    const pattern = rows.find(({ name: key, file, line }) => {
      const [, tilde, text] = /^(~\*?)(.+)$/.exec(key) ?? [];
      return tilde !== undefined && compilePattern(text!, tilde === '~*', `${file}:${line}`).test(value);
    });
    const row = exact ?? pattern ?? rows.find((one) => one.name === 'default');
    return row ? this.expand(row.args[0] ?? '') : '';
  }

  variable(name: string): string | undefined {
    if (/^\d$/.test(name)) return this.captures?.[Number(name)];
    const known = this.variables.get(name) ?? this.captures?.groups?.[name];
    if (known !== undefined) return known;
    if (name.startsWith('http_')) return header(this.request, name.slice(5).replaceAll('_', '-'));
    if (name.startsWith('arg_')) return new URLSearchParams(this.args).get(name.slice(4)) ?? '';
    return builtins[name]?.(this) ?? this.mapped(name);
  }
}

/** `k`, `m`, `g` as nginx reads sizes. */
function bytesOf(text: string): number {
  const [, number, unit = ''] = /^(\d+)([kmg]?)$/i.exec(text) ?? [];
  return Number(number) * ({ '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[unit.toLowerCase()] ?? 1);
}

/** `expires 30d`: the two headers that say how long a response keeps. */
function expiry(
  args: readonly string[] | undefined,
  status: number,
  now: { sec: number; nsec: number },
): [string, string][] {
  const value = args?.at(-1) ?? 'off';
  if (value === 'off' || ![200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(status)) return [];
  if (value === 'epoch')
    return [
      ['Expires', 'Thu, 01 Jan 1970 00:00:01 GMT'],
      ['Cache-Control', 'no-cache'],
    ];
  if (value === 'max') {
    return [
      ['Expires', 'Thu, 31 Dec 2037 23:55:55 GMT'],
      ['Cache-Control', 'max-age=315360000'],
    ];
  }
  const units: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86400, w: 604800, M: 2592000, y: 31536000 };
  const total = [...value.replace(/^-/, '').matchAll(/(\d+)([smhdwMy]?)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * units[unit!]!,
    0,
  );
  const seconds = value.startsWith('-') ? -total : total;
  return [
    ['Expires', httpDate({ ...now, sec: now.sec + seconds })],
    ['Cache-Control', seconds < 0 ? 'no-cache' : `max-age=${seconds}`],
  ];
}

const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

const builtins: Readonly<Record<string, (exchange: Exchange) => string | undefined>> = {
  uri: (e) => e.uri,
  document_uri: (e) => e.uri,
  args: (e) => e.args,
  query_string: (e) => e.args,
  is_args: (e) => (e.args ? '?' : ''),
  request_uri: (e) => e.request.target,
  request_method: (e) => e.request.method,
  request: (e) => `${e.request.method} ${e.request.target} HTTP/1.1`,
  host: (e) => (header(e.request, 'host') ?? e.server.names[0] ?? '').replace(/:\d+$/, '').toLowerCase(),
  remote_user: (e) => basicCredentials(e.request)?.user,
  remote_addr: (e) => e.client.address,
  remote_port: (e) => String(e.client.port),
  server_addr: (e) => e.client.local.address,
  server_port: (e) => String(e.client.local.port),
  server_name: (e) => e.server.names[0] ?? '',
  server_protocol: () => 'HTTP/1.1',
  scheme: () => 'http',
  document_root: (e) => e.nearest('root')?.args[0],
  request_filename: (e) => e.file(),
  time_local: (e) => logDate(e.sys.now()),
  time_iso8601: (e) => `${new Date(e.sys.now().sec * 1000).toISOString().slice(0, 19)}+00:00`,
  msec: (e) => `${e.sys.now().sec}.000`,
  request_time: () => '0.000',
  hostname: (e) => e.sys.uname().nodename,
  nginx_version: (e) => e.site.product.split('/')[1],
  pid: (e) => String(e.sys.pid),
  content_type: (e) => header(e.request, 'content-type'),
  content_length: (e) => header(e.request, 'content-length'),
  proxy_add_x_forwarded_for: (e) => [header(e.request, 'x-forwarded-for'), e.client.address].filter(Boolean).join(', '),
  proxy_host: (e) => e.variables.get('proxy_host'),
};

function inNetwork(address: string, network: string): boolean {
  if (network === 'all') return true;
  const [base, bits = '32'] = network.split('/');
  const number = (ip: string): number => ip.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const shift = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / shift) === Math.floor(number(base!) / shift);
}
