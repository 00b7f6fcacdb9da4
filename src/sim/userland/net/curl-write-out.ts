/** curl -w: variables of a transfer. */
import { encodeText } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';
import type { Outcome } from './curl.ts';
import { headerOf } from './http-transfer.ts';

const seconds = (ms: number): string => (ms / 1000).toFixed(6);

const variables: Record<string, (o: Outcome) => string> = {
  http_code: (o) => (o.head?.start[1] ?? '0').padStart(3, '0'),
  response_code: (o) => (o.head?.start[1] ?? '0').padStart(3, '0'),
  http_version: (o) => o.head?.start[0].replace('HTTP/', '') ?? '0',
  content_type: (o) => (o.head && headerOf(o.head, 'content-type')) ?? '',
  errormsg: (o) => o.error,
  exitcode: (o) => String(o.exitCode),
  filename_effective: (o) => o.file,
  method: (o) => o.method,
  num_connects: (o) => String(o.redirects + 1),
  num_redirects: (o) => String(o.redirects),
  redirect_url: (o) => o.redirectUrl,
  remote_ip: (o) => o.remoteIp,
  remote_port: (o) => String(o.remotePort),
  scheme: (o) => (o.url.startsWith('https') ? 'HTTPS' : 'HTTP'),
  size_download: (o) => String(o.downloaded),
  size_header: (o) => String(o.headerBytes),
  size_upload: (o) => String(o.uploaded),
  speed_download: (o) => String(o.totalMs > 0 ? Math.floor((o.downloaded * 1000) / o.totalMs) : 0),
  time_appconnect: () => seconds(0),
  time_connect: (o) => seconds(o.connectMs),
  time_namelookup: () => seconds(0),
  time_pretransfer: (o) => seconds(o.connectMs),
  time_redirect: () => seconds(0),
  time_starttransfer: (o) => seconds(o.totalMs),
  time_total: (o) => seconds(o.totalMs),
  url: (o) => o.url,
  url_effective: (o) => o.url,
};

/** The format, or with `@file` the file that holds it (`@-` is standard input). */
export async function writeOut(c: Command, format: string, outcome: Outcome): Promise<void> {
  const text = format.startsWith('@') ? await c.readFile(format.slice(1)) : encodeText(format);
  const out = text.replace(/\\([nrt])|%%|%\{(header_json|[^}]*)\}/g, (whole, letter, name) => {
    if (letter) return { n: '\n', r: '\r', t: '\t' }[letter as 'n' | 'r' | 't'];
    if (whole === '%%') return '%';
    if (name === 'header_json') return headerJson(outcome);
    if (name === 'stderr' || name === 'stdout' || name === 'onerror') return '';
    const value = variables[name];
    if (!value) c.errorText(`curl: unknown --write-out variable: '${name}'\n`);
    return value ? encodeText(value(outcome)) : '';
  });
  c.raw(out);
}

function headerJson({ head }: Outcome): string {
  const all = new Map<string, string[]>();
  for (const [name, value] of head?.headers ?? []) {
    const key = name.toLowerCase();
    all.set(key, [...(all.get(key) ?? []), value]);
  }
  return `{${[...all].map(([name, values]) => `"${name}":${JSON.stringify(values)}`).join(',\n')}\n}`;
}
