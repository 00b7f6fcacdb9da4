import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** Serves a built site: GET and HEAD, nothing above `root`; what has a digest in its name may be kept forever. */
export function serveStatic(root: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const path = pathOf(incoming.url ?? '/');
  const file = path === undefined ? undefined : join(root, path === '/' ? 'index.html' : path);
  const stats = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
  if (!file || !stats?.isFile() || !['GET', 'HEAD'].includes(incoming.method ?? '')) {
    outgoing.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found\n');
    return;
  }
  outgoing.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Length': stats.size,
    'Cache-Control': path!.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  });
  if (incoming.method === 'HEAD') outgoing.end();
  else createReadStream(file).pipe(outgoing);
}

/** The decoded, normalised path; undefined when it is not one (bad escapes, climbing, a NUL). */
function pathOf(url: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(url.split(/[?#]/)[0]!));
    return path.startsWith('/') && !path.includes('\0') && !path.split('/').includes('..') ? path : undefined;
  } catch {
    return undefined;
  }
}
