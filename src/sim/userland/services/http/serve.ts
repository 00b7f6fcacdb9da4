/** What the HTTP servers share: listening, a loop of accepted connections, answering with a file. */
import {
  type Content,
  type HttpRequest,
  type HttpResponse,
  header,
  isErrno,
  SliceContent,
} from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { socketDuplex } from '../../../net/http-client.ts';
import { serveConnection } from '../../../net/http-connection.ts';
import { RpmDatabase } from '../../packages/rpm/database.ts';
import { httpDate } from './date.ts';

export interface Client {
  address: string;
  port: number;
  /** Address and port it came to. */
  local: { address: string; port: number };
}

/** Bound and listening. Throws EADDRINUSE, EACCES, EADDRNOTAVAIL. */
export function listenOn(sys: Sys, family: 'inet' | 'inet6', address: string, port: number): number {
  const fd = sys.socket(family, 'stream');
  try {
    sys.setsockopt(fd, 'SO_REUSEADDR', 1);
    sys.bind(fd, { family, address, port });
    sys.listen(fd, 511);
    return fd;
  } catch (error) {
    sys.close(fd);
    throw error;
  }
}

/** Accepts until `stopped`; each connection is served beside the others. Resolves when told to stop. */
export async function acceptLoop(
  sys: Sys,
  fd: number,
  stopped: () => boolean,
  handler: (request: HttpRequest, client: Client) => Promise<HttpResponse>,
): Promise<void> {
  while (!stopped()) {
    try {
      const { fd: connection, peer } = await sys.accept(fd);
      const local = sys.getsockname(connection);
      const client: Client = { ...inet(peer), local: inet(local) };
      void serveConnection(socketDuplex(sys, connection), (request) => handler(request, client), client.address);
    } catch (error) {
      if (!isErrno(error)) throw error;
      if (error.code === 'EBADF') return;
    }
  }
}

const inet = (address: ReturnType<Sys['getsockname']>): { address: string; port: number } =>
  address.family === 'unix'
    ? { address: 'unix:', port: 0 }
    : { address: address.address.replace(/^::ffff:/, ''), port: address.port };

export interface FoundFile {
  content: Content;
  mtime: { sec: number; nsec: number };
  ino: number;
}

/** A regular file's data by reference. Throws Errno (ENOENT, EACCES ...); undefined for a directory. */
export function openFile(sys: Sys, path: string): FoundFile | undefined {
  const fd = sys.openSync(path);
  try {
    const { mtime, ino } = sys.fstat(fd);
    const content = sys.fileContent(fd);
    return content && { content, mtime, ino };
  } finally {
    sys.close(fd);
  }
}

/** 200, 206, 304 or 416 for a file (RFC 9110, 13 and 14). `etag` has its quotes. */
export function fileResponse(
  request: HttpRequest,
  file: FoundFile,
  etag: string,
  headers: [string, string][],
): HttpResponse {
  const modified = httpDate(file.mtime);
  const validators: [string, string][] = [
    ['Last-Modified', modified],
    ['ETag', etag],
  ];
  const noneMatch = header(request, 'if-none-match');
  const same = noneMatch
    ? noneMatch.split(/\s*,\s*/).some((tag) => tag === etag || tag === '*' || tag === `W/${etag}`)
    : header(request, 'if-modified-since') === modified;
  if (same) return { status: 304, headers: [...headers.filter(([name]) => name !== 'Content-Type'), ...validators] };
  const { size } = file.content;
  const range = /^bytes=(\d*)-(\d*)$/.exec(header(request, 'range') ?? '');
  if (!range || (range[1] === '' && range[2] === '')) {
    const all: [string, string][] = [...headers, ['Content-Length', String(size)], ...validators];
    return { status: 200, headers: [...all, ['Accept-Ranges', 'bytes']], body: file.content };
  }
  const start = range[1] === '' ? Math.max(0, size - Number(range[2])) : Number(range[1]);
  const end = range[1] === '' || range[2] === '' ? size - 1 : Math.min(size - 1, Number(range[2]));
  if (start > end || start >= size) return { status: 416, headers: [...headers, ['Content-Range', `bytes */${size}`]] };
  return {
    status: 206,
    headers: [
      ...headers,
      ['Content-Length', String(end - start + 1)],
      ...validators,
      ['Content-Range', `bytes ${start}-${end}/${size}`],
    ],
    body: new SliceContent(file.content, start, end - start + 1),
  };
}

/** The path of a request without `.` and `..`; undefined when it would leave the root or is not well encoded. */
export function cleanPath(target: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(target.split(/[?#]/)[0]!);
  } catch {
    return undefined;
  }
  if (!path.startsWith('/') || path.includes('\0')) return undefined;
  const out: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    if (segment === '..') {
      if (out.length === 0) return undefined;
      out.pop();
      if (last) out.push('');
    } else if (segment === '.' || (segment === '' && !last)) {
      if (last) out.push('');
    } else out.push(segment);
  }
  return `/${out.join('/')}`;
}

export const escapeHtml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** Version of an installed package by dpkg's, apk's or rpm's database, upstream part: `1.22.1`. */
export function upstreamVersion(sys: Sys, names: readonly string[], otherwise: string): string {
  for (const [path, form] of [
    [
      '/var/lib/dpkg/status',
      (name: string) => new RegExp(`^Package: ${name}\\n(?:.+\\n)*?Version: (?:\\d+:)?([\\d.]+)`, 'm'),
    ],
    ['/lib/apk/db/installed', (name: string) => new RegExp(`^P:${name}\\nV:([\\d.]+)`, 'm')],
  ] as const) {
    const text = readWhole(sys, path);
    for (const name of names) {
      const found = text && form(name).exec(text)?.[1];
      if (found) return found;
    }
  }
  const { packages } = new RpmDatabase(sys);
  return packages.find(({ name }) => names.includes(name))?.version ?? otherwise;
}

function readWhole(sys: Sys, path: string): string | undefined {
  try {
    const file = openFile(sys, path);
    return file && new TextDecoder().decode(file.content.read(0, file.content.size));
  } catch (error) {
    if (isErrno(error)) return undefined;
    throw error;
  }
}
