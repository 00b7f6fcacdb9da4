/** BusyBox httpd: files of a directory over HTTP, one process per connection. */
import {
  BytesContent,
  type Content,
  emptyContent,
  type HttpRequest,
  type HttpResponse,
  isErrno,
  textContent,
} from '../../../spec/index.ts';
import type { Sys } from '../../kernel/sys.ts';
import { socketDuplex } from '../../net/http-client.ts';
import { serveConnection } from '../../net/http-connection.ts';
import type { CommandSpec } from '../core/command.ts';
import { httpDate } from '../services/http/date.ts';

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  txt: 'text/plain',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  svg: 'image/svg+xml',
};

export const httpd: CommandSpec = {
  name: 'httpd',
  applet: true,
  async run(c) {
    const o = c.options({ busybox: 'i f v p: h: u: r: c: e: d: m:' });
    const [, host, port] = /^(?:(.*):)?(\d+)$/.exec(o.value('p') ?? '80') ?? [];
    if (port === undefined) c.usage();
    try {
      c.sys.chdir(o.value('h') ?? '.');
    } catch (error) {
      c.fail(`can't change directory to '${o.value('h')}': ${c.reason(error)}`);
    }
    const fd = c.sys.socket('inet', 'stream');
    try {
      c.sys.bind(fd, { family: 'inet', address: host || '0.0.0.0', port: Number(port) });
    } catch (error) {
      c.fail(`bind: ${c.reason(error)}`);
    }
    c.sys.listen(fd, 9);
    if (o.has('f')) return serve(c.sys, fd, o.has('v'));
    // Without -f the server lives on in the background.
    c.sys.fork((sys) => {
      sys.setsid();
      return serve(sys, fd, false);
    });
    return 0;
  },
};

async function serve(sys: Sys, fd: number, verbose: boolean): Promise<number> {
  sys.signal(17, 'ignore');
  for (;;) {
    const connection = await sys.accept(fd);
    const { peer } = connection;
    const name = peer.family === 'unix' ? '' : `[::ffff:${peer.address}]:${peer.port}`;
    sys.fork(async (child) => {
      child.close(fd);
      await serveConnection(
        socketDuplex(child, connection.fd),
        (request) => answer(child, request, name, verbose),
        name,
      );
      return 0;
    });
    sys.close(connection.fd);
  }
}

async function answer(sys: Sys, request: HttpRequest, peer: string, verbose: boolean): Promise<HttpResponse> {
  const response = respond(sys, request);
  if (verbose) await sys.write(2, `${peer}: response:${response.status}\n`);
  return response;
}

function respond(sys: Sys, request: HttpRequest): HttpResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return page(sys, 501, 'Not Implemented', 'The requested method is not recognized');
  const path = decodeURIComponent(request.target.replace(/[?#].*/, ''));
  if (!path.startsWith('/') || path.split('/').includes('..'))
    return page(sys, 400, 'Bad Request', 'Unsupported method');
  const file = `.${path}${path.endsWith('/') ? 'index.html' : ''}`;
  try {
    const stat = sys.stat(file);
    if ((stat.mode & 0o170000) === 0o040000) {
      return { status: 302, headers: [...firstHeaders(sys), ['Content-type', 'text/html'], ['Location', `${path}/`]] };
    }
    const type = types[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    const headers: [string, string][] = [
      ...firstHeaders(sys),
      ['Content-type', type],
      ['Accept-Ranges', 'bytes'],
      ['Last-Modified', httpDate(stat.mtime)],
      ['ETag', `"${stat.mtime.sec.toString(16)}-${stat.size.toString(16)}"`],
    ];
    return { status: 200, headers, body: contentOf(sys, file) };
  } catch (error) {
    if (isErrno(error, 'EACCES')) return page(sys, 403, 'Forbidden', '');
    if (isErrno(error)) return page(sys, 404, 'Not Found', 'The requested URL was not found');
    throw error;
  }
}

/** In the order in which busybox writes them. */
const firstHeaders = (sys: Sys): [string, string][] => [
  ['Date', httpDate(sys.now())],
  ['Connection', 'close'],
];

function contentOf(sys: Sys, file: string): Content {
  const fd = sys.openSync(file);
  try {
    const { size } = sys.fstat(fd);
    return sys.fileContent(fd) ?? (size ? new BytesContent(sys.pread(fd, 0, size)) : emptyContent);
  } finally {
    sys.close(fd);
  }
}

function page(sys: Sys, status: number, title: string, text: string): HttpResponse {
  const body = `<HTML><HEAD><TITLE>${status} ${title}</TITLE></HEAD>\n<BODY><H1>${status} ${title}</H1>\n${text}\n</BODY></HTML>\n`;
  return {
    status,
    headers: [...firstHeaders(sys), ['Content-type', 'text/html']],
    body: textContent(body),
  };
}
