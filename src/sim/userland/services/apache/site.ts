/** What httpd answers: virtual hosts, Directory sections, Alias, DirectoryIndex, listings, logs. */
import { type HttpRequest, type HttpResponse, header, isErrno, textContent } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { reasons } from '../../../net/http.ts';
import { isDirectory, readText } from '../../packages/sys-files.ts';
import { basicCredentials, passwordFits, storedPassword } from '../http/credentials.ts';
import { apacheDate, httpDate, logDate } from '../http/date.ts';
import { type Client, cleanPath, escapeHtml, fileResponse, openFile } from '../http/serve.ts';
import { all, type Entry, last } from './config.ts';
import { proxy, proxyFor } from './proxy.ts';
import { rulesFor } from './rules.ts';

const explanations: Readonly<Record<number, (uri: string) => string>> = {
  301: () => '<p>The document has moved.</p>',
  400: () => '<p>Your browser sent a request that this server could not understand.<br />\n</p>',
  403: () => "<p>You don't have permission to access this resource.</p>",
  401: () =>
    "<p>This server could not verify that you\nare authorized to access the document\nrequested.  Either you supplied the wrong\ncredentials (e.g., bad password), or your\nbrowser doesn't understand how to supply\nthe credentials required.</p>",
  404: () => '<p>The requested URL was not found on this server.</p>',
  500: () =>
    '<p>The server encountered an internal error or\nmisconfiguration and was unable to complete\nyour request.</p>',
  502: () => '<p>The proxy server received an invalid\nresponse from an upstream server.<br />\n</p>',
  503: () =>
    '<p>The server is temporarily unable to service your\nrequest due to maintenance downtime or capacity\nproblems. Please try again later.</p>',
  405: () => '<p>The requested method is not allowed for this URL.</p>',
};

export class Site {
  private readonly fds = new Map<string, number>();
  private readonly types = new Map<string, string>();

  constructor(
    private readonly sys: Sys,
    private readonly entries: readonly Entry[],
    private readonly root: string,
    private readonly product: string,
    private readonly errorLog: number,
    /** Reads an .htaccess file; throws when there is something wrong in it. */
    private readonly readOverride: (sys: Sys, path: string) => Entry[],
  ) {
    const path = last(entries, 'typesconfig')?.args[0] ?? '/etc/mime.types';
    for (const line of (readText(sys, path.startsWith('/') ? path : `${root}/${path}`) ?? '').split('\n')) {
      const [type = '', ...extensions] = line.replace(/#.*/, '').trim().split(/\s+/);
      for (const extension of extensions) this.types.set(extension, type);
    }
    for (const [extension, type] of basicTypes) if (!this.types.has(extension)) this.types.set(extension, type);
  }

  /** As root, before the children give up their rights. */
  openLogs(): void {
    const hosts = all(this.entries, 'virtualhost').flatMap((one) => one.inner!);
    for (const { name, args } of [...this.entries, ...hosts]) {
      if ((name === 'customlog' || name === 'errorlog') && !args[0]!.startsWith('|') && !this.fds.has(args[0]!)) {
        const path = args[0]!.startsWith('/') ? args[0]! : `${this.root}/${args[0]}`;
        this.fds.set(args[0]!, this.sys.openSync(path, { access: 'write', create: true, append: true }, 0o644));
      }
    }
  }

  async answer(sys: Sys, request: HttpRequest, client: Client): Promise<HttpResponse> {
    const host = this.virtualHost(request, client.local.port);
    const response = await this.errorDocument(sys, host, request, client);
    const tokens = last(this.entries, 'servertokens')?.args[0]?.toLowerCase() ?? 'os';
    const server = /^prod/.test(tokens) ? 'Apache' : this.product;
    const headers: [string, string][] = [
      ['Date', httpDate(sys.now())],
      ['Server', server],
      ...response.headers.map(([name, value]): [string, string] => [name, value]),
    ];
    const complete = { ...response, headers };
    await this.log(sys, host, request, client, complete);
    return complete;
  }

  /** Directives of the virtual host that fits, then those of the server. */
  private virtualHost(request: HttpRequest, port: number): Entry[] {
    const name = (header(request, 'host') ?? '').replace(/:\d+$/, '').toLowerCase();
    const hosts = all(this.entries, 'virtualhost').filter(({ args }) => {
      const wanted = /:(\d+|\*)$/.exec(args[0] ?? '')?.[1];
      return wanted === undefined || wanted === '*' || Number(wanted) === port;
    });
    const fits = (one: Entry): boolean =>
      one.inner!.some(
        ({ name: key, args }) => /^server(name|alias)$/.test(key) && args.some((arg) => arg.toLowerCase() === name),
      );
    const chosen = hosts.find(fits) ?? hosts[0];
    return [...this.entries, ...(chosen?.inner ?? [])];
  }

  /** `ErrorDocument 404 "text"`, `/page.html` of this site, or a URL elsewhere. */
  private async errorDocument(sys: Sys, host: Entry[], request: HttpRequest, client: Client): Promise<HttpResponse> {
    const response = await this.find(sys, host, request, client);
    if (response.status < 400) return response;
    const own = all(host, 'errordocument').findLast(({ args }) => args[0] === String(response.status))?.args[1];
    if (own === undefined || own.toLowerCase() === 'default') return response;
    if (/^https?:/.test(own)) return this.moved(host, request, client, 302, own);
    if (!own.startsWith('/')) {
      const headers = response.headers.filter(([name]) => name.toLowerCase() !== 'content-type');
      const body = textContent(own);
      return {
        status: response.status,
        headers: [...headers, ['Content-Type', 'text/html; charset=iso-8859-1']],
        body,
      };
    }
    const page = await this.find(sys, host, { ...request, method: 'GET', target: own }, client);
    return page.status === 200 ? { ...page, status: response.status } : response;
  }

  private async find(sys: Sys, host: Entry[], request: HttpRequest, client: Client): Promise<HttpResponse> {
    const uri = cleanPath(request.target);
    if (uri === undefined) return this.page(host, request, client, 400, '');
    if (!/^(GET|HEAD|POST|OPTIONS)$/.test(request.method) && !proxyFor(host, uri))
      return this.page(host, request, client, 405, uri);
    const redirect = redirection(host, uri);
    if (redirect) return this.moved(host, request, client, redirect.status, redirect.to);
    const upstream = proxyFor(host, uri);
    if (upstream) {
      const answer = await proxy(sys, host, request, client, uri, upstream);
      if (typeof answer !== 'string') return answer;
      await this.error(sys, 'proxy:error', client, answer);
      return this.page(host, request, client, answer.startsWith('(') ? 503 : 502, uri);
    }
    return this.map(sys, host, request, client, uri);
  }

  private async map(sys: Sys, host: Entry[], request: HttpRequest, client: Client, uri: string): Promise<HttpResponse> {
    const alias = all(host, 'alias').find(
      ({ args }) => uri === args[0] || uri.startsWith(`${args[0]!.replace(/\/$/, '')}/`),
    );
    const documents = last(host, 'documentroot')?.args[0] ?? `${this.root}/htdocs`;
    let path = alias ? alias.args[1]! + uri.slice(alias.args[0]!.length) : documents.replace(/\/$/, '') + uri;
    let rules: Entry[];
    try {
      rules = rulesFor(sys, host, path, uri, (file) => this.readOverride(sys, file));
    } catch (error) {
      if (!(error instanceof Error) || isErrno(error)) throw error;
      await this.error(sys, 'core:alert', client, error.message);
      return this.page(host, request, client, 500, uri);
    }
    const access = authorization(sys, rules, request, client);
    if (access === 'unknown') {
      await this.error(sys, 'authn_file:error', client, 'drydock: this form of password is not simulated');
      return this.page(host, request, client, 500, uri);
    }
    if (access === 'ask') {
      const page = this.page(host, request, client, 401, uri);
      const realm = last(rules, 'authname')?.args[0] ?? '';
      return { ...page, headers: [['WWW-Authenticate', `Basic realm="${realm}"`], ...page.headers] };
    }
    if (access === 'denied') {
      await this.error(sys, 'authz_core:error', client, `AH01630: client denied by server configuration: ${path}`);
      return this.page(host, request, client, 403, uri);
    }
    if (isDirectory(sys, path)) {
      if (!uri.endsWith('/'))
        return this.moved(host, request, client, 301, `http://${header(request, 'host')}${encodeURI(uri)}/`);
      const names = [...(last(rules, 'directoryindex')?.args ?? last(host, 'directoryindex')?.args ?? ['index.html'])];
      const index = names.find((name) => regular(sys, path + name));
      if (!index) return this.listing(sys, host, request, client, path, uri, rules);
      path += index;
    }
    return withHeaders(await this.file(sys, host, request, client, path, uri, rules), [...host, ...rules]);
  }

  private async file(
    sys: Sys,
    host: Entry[],
    request: HttpRequest,
    client: Client,
    path: string,
    uri: string,
    rules: readonly Entry[],
  ): Promise<HttpResponse> {
    try {
      const file = openFile(sys, path);
      if (!file) return this.page(host, request, client, 403, uri);
      const micros = file.mtime.sec * 1e6 + Math.floor(file.mtime.nsec / 1000);
      const etag = `"${file.content.size.toString(16)}-${micros.toString(16)}"`;
      const type = this.typeOf(path, [...host, ...rules]);
      return fileResponse(request, file, etag, type ? [['Content-Type', type]] : []);
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (error.code !== 'EACCES') return this.page(host, request, client, 404, uri);
      await this.error(
        sys,
        'core:error',
        client,
        `(13)Permission denied: AH00132: file permissions deny server access: ${path}`,
      );
      return this.page(host, request, client, 403, uri);
    }
  }

  private typeOf(path: string, rules: readonly Entry[]): string | undefined {
    const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
    const own = all(rules, 'addtype').findLast(({ args }) =>
      args.slice(1).some((one) => one.replace(/^\./, '').toLowerCase() === extension),
    );
    const type = own?.args[0] ?? this.types.get(extension);
    const charset = last(rules, 'adddefaultcharset')?.args[0] ?? 'off';
    if (!type || !/^text\/(plain|html)$/.test(type) || charset.toLowerCase() === 'off') return type;
    return `${type};charset=${charset.toLowerCase() === 'on' ? 'iso-8859-1' : charset}`;
  }

  private async listing(
    sys: Sys,
    host: Entry[],
    request: HttpRequest,
    client: Client,
    path: string,
    uri: string,
    rules: readonly Entry[],
  ): Promise<HttpResponse> {
    const options = last(rules, 'options')?.args ?? [];
    if (!options.some((one) => /^\+?(indexes|all)$/i.test(one))) {
      await this.error(
        sys,
        'autoindex:error',
        client,
        `AH01276: Cannot serve directory ${path}: No matching DirectoryIndex (index.html) found, and server-generated directory index forbidden by Options directive`,
      );
      return this.page(host, request, client, 403, uri);
    }
    const names = sys.readdir(path).filter(({ name }) => !name.startsWith('.'));
    const rows = names
      .map(({ name, type }) => (type === 0o040000 ? `${name}/` : name))
      .sort()
      .map((name) => `<li><a href="${encodeURI(name)}"> ${escapeHtml(name)}</a></li>\n`);
    const parent = uri === '/' ? '' : '<li><a href="../"> Parent Directory</a></li>\n';
    const title = `Index of ${escapeHtml(uri.replace(/(.)\/$/, '$1'))}`;
    const text = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n<h1>${title}</h1>\n<ul>${parent}${rows.join('')}</ul>\n</body></html>\n`;
    return { status: 200, headers: [['Content-Type', 'text/html;charset=UTF-8']], body: textContent(text) };
  }

  private moved(host: Entry[], request: HttpRequest, client: Client, status: number, to: string): HttpResponse {
    const page = this.page(host, request, client, status, to);
    return { ...page, headers: [['Location', to], ...page.headers] };
  }

  private page(
    host: readonly Entry[],
    request: HttpRequest,
    client: Client,
    status: number,
    uri: string,
  ): HttpResponse {
    const title = `${status} ${reasons[status] ?? ''}`;
    const name = (header(request, 'host') ?? last(host, 'servername')?.args[0] ?? client.local.address).replace(
      /:\d+$/,
      '',
    );
    const signature =
      last(host, 'serversignature')?.args[0]?.toLowerCase() === 'off'
        ? ''
        : `<hr>\n<address>${this.product} Server at ${escapeHtml(name)} Port ${client.local.port}</address>\n`;
    const text = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${title}</title>\n</head><body>\n<h1>${reasons[status] ?? ''}</h1>\n${explanations[status]?.(uri) ?? ''}\n${signature}</body></html>\n`;
    return { status, headers: [['Content-Type', 'text/html; charset=iso-8859-1']], body: textContent(text) };
  }

  private async error(sys: Sys, module: string, client: Client, text: string): Promise<void> {
    await sys.write(
      this.errorLog,
      `[${apacheDate(sys.now())}] [${module}] [pid ${sys.pid}:tid ${sys.pid}] [client ${client.address}:${client.port}] ${text}\n`,
    );
  }

  private async log(
    sys: Sys,
    host: readonly Entry[],
    request: HttpRequest,
    client: Client,
    response: HttpResponse,
  ): Promise<void> {
    const size =
      request.method === 'HEAD' || response.status === 304
        ? 0
        : Number((response.body as { size?: number } | undefined)?.size ?? 0);
    for (const { args } of all(host, 'customlog')) {
      const fd = this.fds.get(args[0]!);
      const format =
        all(host, 'logformat').find((one) => one.args[1] === args[1])?.args[0] ?? args[1] ?? '%h %l %u %t "%r" %>s %b';
      if (fd === undefined) continue;
      const text = format.replace(
        /%(?:>|<)?(?:\{([^}]+)\})?([a-zA-Z%])/g,
        (_, name: string | undefined, letter: string) =>
          field(letter, name, sys, request, client, response.status, size),
      );
      await sys.write(fd, `${text}\n`);
    }
  }
}

function field(
  letter: string,
  name: string | undefined,
  sys: Sys,
  request: HttpRequest,
  client: Client,
  status: number,
  size: number,
): string {
  switch (letter) {
    case 'h':
    case 'a':
      return client.address;
    case 't':
      return `[${logDate(sys.now())}]`;
    case 'r':
      return `${request.method} ${request.target} HTTP/1.1`;
    case 's':
      return String(status);
    case 'b':
      return size === 0 ? '-' : String(size);
    case 'O':
    case 'B':
      return String(size);
    case 'i':
      return header(request, name ?? '') ?? '-';
    case 'p':
      return String(client.local.port);
    case 'v':
      return client.local.address;
    case '%':
      return '%';
    default:
      return '-';
  }
}

const regular = (sys: Sys, path: string): boolean => {
  try {
    return (sys.stat(path).mode & 0o170000) === 0o100000;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
};

/** The first Redirect that fits: mod_alias goes by the order of the file. */
function redirection(host: readonly Entry[], uri: string): { status: number; to: string } | undefined {
  for (const { name, args } of host) {
    if (!/^redirect(match|permanent|temp)?$/.test(name)) continue;
    const status = args.length === 3 ? (named[args[0]!.toLowerCase()] ?? Number(args[0])) : (named[name] ?? 302);
    const [from = '', to = ''] = args.slice(-2);
    if (name === 'redirectmatch') {
      const match = new RegExp(from).exec(uri);
      if (match) return { status, to: to.replace(/\$(\d)/g, (_, digit: string) => match[Number(digit)] ?? '') };
    } else if (uri.startsWith(from)) return { status, to: to + uri.slice(from.length) };
  }
  return undefined;
}

const named: Readonly<Record<string, number>> = { permanent: 301, temp: 302, seeother: 303, redirectpermanent: 301 };

/** Header of mod_headers: on what succeeds, and with `always` on the rest. */
function withHeaders(response: HttpResponse, rules: readonly Entry[]): HttpResponse {
  let headers = response.headers.map(([name, value]): [string, string] => [name, value]);
  for (const { args } of all(rules, 'header')) {
    const always = args[0]!.toLowerCase() === 'always';
    const [action = '', name = '', value = ''] = /^(always|onsuccess)$/i.test(args[0]!) ? args.slice(1) : args;
    if (!always && response.status >= 300) continue;
    const same = (one: [string, string]): boolean => one[0].toLowerCase() === name.toLowerCase();
    const before = headers.find(same);
    if (/^(set|unset)$/i.test(action)) headers = headers.filter((one) => !same(one));
    if (/^append$/i.test(action) && before) before[1] += `, ${value}`;
    else if (!/^unset$/i.test(action)) headers.push([name, value]);
  }
  return { ...response, headers };
}

/** The last Require of the innermost section that has any. */
function authorization(
  sys: Sys,
  rules: readonly Entry[],
  request: HttpRequest,
  client: Client,
): 'granted' | 'denied' | 'ask' | 'unknown' {
  const rule = last(rules, 'require');
  if (!rule) return 'granted';
  const [kind = '', ...args] = rule.args;
  const yes = (is: boolean) => (is ? 'granted' : 'denied');
  if (kind === 'all') return yes(args[0]?.toLowerCase() === 'granted');
  if (kind === 'ip') return yes(args.some((one) => client.address.startsWith(one.replace(/\/.*/, ''))));
  if (kind === 'local') return yes(client.address === '127.0.0.1');
  const given = basicCredentials(request);
  if (!given || (kind === 'user' && !args.includes(given.user))) return 'ask';
  const stored = storedPassword(readText(sys, last(rules, 'authuserfile')?.args[0] ?? '') ?? '', given.user);
  const fits = stored === undefined ? false : passwordFits(stored, given.password);
  return fits === undefined ? 'unknown' : fits ? 'granted' : 'ask';
}

const basicTypes: readonly (readonly [string, string])[] = [
  ['html', 'text/html'],
  ['htm', 'text/html'],
  ['css', 'text/css'],
  ['txt', 'text/plain'],
  ['js', 'text/javascript'],
  ['json', 'application/json'],
  ['xml', 'application/xml'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['svg', 'image/svg+xml'],
  ['ico', 'image/vnd.microsoft.icon'],
  ['pdf', 'application/pdf'],
];
