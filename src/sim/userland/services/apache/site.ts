/** What httpd answers: virtual hosts, Directory sections, Alias, DirectoryIndex, listings, logs. */
import { type HttpRequest, type HttpResponse, header, isErrno, textContent } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { reasons } from '../../../net/http.ts';
import { isDirectory, readText } from '../../packages/sys-files.ts';
import { apacheDate, httpDate, logDate } from '../http/date.ts';
import { type Client, cleanPath, escapeHtml, fileResponse, openFile } from '../http/serve.ts';
import { all, type Entry, last } from './config.ts';

const explanations: Readonly<Record<number, (uri: string) => string>> = {
  301: () => '<p>The document has moved.</p>',
  400: () => '<p>Your browser sent a request that this server could not understand.<br />\n</p>',
  403: () => "<p>You don't have permission to access this resource.</p>",
  404: () => '<p>The requested URL was not found on this server.</p>',
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
    const response = await this.find(sys, host, request, client);
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

  private async find(sys: Sys, host: Entry[], request: HttpRequest, client: Client): Promise<HttpResponse> {
    const uri = cleanPath(request.target);
    if (uri === undefined) return this.page(host, request, client, 400, '');
    if (!/^(GET|HEAD|POST|OPTIONS)$/.test(request.method)) return this.page(host, request, client, 405, uri);
    const redirect = all(host, 'redirect').find(({ args }) => uri.startsWith(args.at(-2)!));
    if (redirect) {
      const to = redirect.args.at(-1)! + uri.slice(redirect.args.at(-2)!.length);
      const status =
        redirect.args.length === 3
          ? ({ permanent: 301, temp: 302 }[redirect.args[0]!] ?? Number(redirect.args[0]))
          : 302;
      return this.moved(host, request, client, status, to);
    }
    return this.map(sys, host, request, client, uri);
  }

  private async map(sys: Sys, host: Entry[], request: HttpRequest, client: Client, uri: string): Promise<HttpResponse> {
    const alias = all(host, 'alias').find(
      ({ args }) => uri === args[0] || uri.startsWith(`${args[0]!.replace(/\/$/, '')}/`),
    );
    const documents = last(host, 'documentroot')?.args[0] ?? `${this.root}/htdocs`;
    let path = alias ? alias.args[1]! + uri.slice(alias.args[0]!.length) : documents.replace(/\/$/, '') + uri;
    const rules = this.directoryRules(host, path);
    if (!granted(rules, client)) {
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
    return this.file(sys, host, request, client, path, uri);
  }

  private async file(
    sys: Sys,
    host: Entry[],
    request: HttpRequest,
    client: Client,
    path: string,
    uri: string,
  ): Promise<HttpResponse> {
    try {
      const file = openFile(sys, path);
      if (!file) return this.page(host, request, client, 403, uri);
      const micros = file.mtime.sec * 1e6 + Math.floor(file.mtime.nsec / 1000);
      const etag = `"${file.content.size.toString(16)}-${micros.toString(16)}"`;
      const type = this.types.get(/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '');
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

  /** Directives of the Directory sections that hold a path, the shortest first. */
  private directoryRules(host: readonly Entry[], path: string): Entry[] {
    return all(host, 'directory')
      .filter(({ args }) => `${path}/`.startsWith(`${args[0]!.replace(/\/$/, '')}/`))
      .sort((a, b) => a.args[0]!.replace(/\/$/, '').length - b.args[0]!.replace(/\/$/, '').length)
      .flatMap((one) => one.inner!);
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

/** The last Require of the innermost section that has any; 2.2's Allow and Deny are not looked at. */
function granted(rules: readonly Entry[], client: Client): boolean {
  const rule = last(rules, 'require');
  if (!rule) return true;
  const [kind, ...args] = rule.args;
  if (kind === 'all') return args[0]?.toLowerCase() === 'granted';
  if (kind === 'ip') return args.some((one) => client.address.startsWith(one.replace(/\/.*/, '')));
  return kind === 'local' ? client.address === '127.0.0.1' : false;
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
