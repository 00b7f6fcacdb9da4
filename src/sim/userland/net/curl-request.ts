/** What curl's options make of a request: method, headers, body. */
import { decodeText, encodeText, fromBinary } from '../core/bytes.ts';
import type { Command } from '../core/command.ts';
import type { CurlOptions } from './curl-options.ts';
import { base64, type Url } from './url.ts';

export interface CurlRequest {
  method: string;
  headers: [string, string][];
  body: Uint8Array | undefined;
  /** Added to the target (-G). */
  query: string;
}

export class CurlSettings {
  constructor(private readonly options: CurlOptions) {}
  has(...names: string[]): boolean {
    return this.options.given.some(({ name }) => names.includes(name));
  }
  value(name: string): string | undefined {
    return this.values(name).at(-1);
  }
  values(name: string): string[] {
    return this.options.given.filter((one) => one.name === name).map((one) => one.value);
  }
  seconds(name: string): number | undefined {
    const text = this.value(name);
    return text === undefined ? undefined : Number(text) * 1000;
  }
  get list(): CurlOptions['given'] {
    return this.options.given;
  }
}

const dataNames = new Set(['data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode', 'json']);

async function dataOf(c: Command, settings: CurlSettings): Promise<string | undefined> {
  let out: string | undefined;
  for (const { name, value } of settings.list) {
    if (!dataNames.has(name)) continue;
    const piece = await onePiece(c, name, value);
    out = out === undefined ? piece : `${out}${name === 'json' ? '' : '&'}${piece}`;
  }
  return out;
}

async function onePiece(c: Command, name: string, value: string): Promise<string> {
  if (name === 'data-urlencode') {
    const equals = value.indexOf('=');
    return equals < 0
      ? encodeURIComponent(value)
      : `${value.slice(0, equals + (equals > 0 ? 1 : 0))}${encodeURIComponent(value.slice(equals + 1))}`;
  }
  if (name === 'data-raw' || !value.startsWith('@')) return encodeText(value);
  try {
    const text = await c.readFile(value.slice(1));
    return name === 'data-binary' || name === 'json' ? text : text.replace(/[\r\n]/g, '');
  } catch {
    c.errorText(`Warning: Couldn't read data from file "${value.slice(1)}", this makes an empty \nWarning: POST.\n`);
    return '';
  }
}

/** multipart/form-data of the -F options. */
async function formOf(c: Command, settings: CurlSettings): Promise<{ type: string; body: string } | undefined> {
  const parts = settings.list.filter(({ name }) => name === 'form' || name === 'form-string');
  if (parts.length === 0) return undefined;
  const random = [...c.sys.random(8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const boundary = `------------------------${random}`;
  let body = '';
  for (const { name, value } of parts) {
    const [, key, given] = /^([^=]*)=(.*)$/s.exec(value) ?? [];
    if (key === undefined) c.fail('Illegally formatted input field!', 2);
    body += `--${boundary}\r\nContent-Disposition: form-data; name="${encodeText(key!)}"`;
    const file = name === 'form' && /^[@<]/.test(given!) ? given!.slice(1).replace(/;.*/, '') : undefined;
    if (file === undefined) body += `\r\n\r\n${encodeText(given!)}\r\n`;
    else {
      const text = await readUpload(c, file);
      if (given!.startsWith('@'))
        body += `; filename="${file.slice(file.lastIndexOf('/') + 1)}"\r\nContent-Type: application/octet-stream`;
      body += `\r\n\r\n${text}\r\n`;
    }
  }
  return { type: `multipart/form-data; boundary=${boundary}`, body: `${body}--${boundary}--\r\n` };
}

async function readUpload(c: Command, path: string): Promise<string> {
  try {
    return await c.readFile(path);
  } catch (error) {
    c.errorText(`curl: (26) Failed to open/read local data from file/application\n`);
    void error;
    return c.exit(26);
  }
}

/** Headers in curl's order; -H replaces, `Name:` removes, `Name;` sends it empty. */
export async function curlRequest(c: Command, settings: CurlSettings, url: Url): Promise<CurlRequest> {
  const form = await formOf(c, settings);
  const data = await dataOf(c, settings);
  const upload = settings.value('upload-file');
  const uploaded = upload === undefined ? undefined : await readUpload(c, upload);
  const asQuery = settings.has('get') && data !== undefined;
  const body = uploaded ?? form?.body ?? (asQuery ? undefined : data);
  const usual = settings.has('head') ? 'HEAD' : uploaded !== undefined ? 'PUT' : body === undefined ? 'GET' : 'POST';
  const custom = await customHeaders(c, settings);
  const user = settings.value('user') ?? (url.user === undefined ? undefined : decodeURIComponent(url.user));
  const token = settings.value('oauth2-bearer');
  const json = settings.has('json');
  const own: [string, string | undefined][] = [
    ['Host', url.authority],
    ['Authorization', user !== undefined ? `Basic ${base64(encodeText(user))}` : token && `Bearer ${token}`],
    ['Range', settings.value('range') && `bytes=${settings.value('range')}`],
    ['User-Agent', settings.value('user-agent') ?? 'curl/7.88.1'],
    ['Accept', json ? 'application/json' : '*/*'],
    ['Referer', settings.value('referer')],
    ['Cookie', settings.value('cookie')],
  ];
  const framed: [string, string | undefined][] = [
    ['Content-Length', body === undefined ? undefined : String(body.length)],
    [
      'Content-Type',
      form?.type ??
        (json
          ? 'application/json'
          : body !== undefined && uploaded === undefined
            ? 'application/x-www-form-urlencoded'
            : undefined),
    ],
  ];
  const replaced = new Set(custom.map(([name]) => name.toLowerCase()));
  const kept = (list: [string, string | undefined][]) =>
    list.filter(
      (one): one is [string, string] => one[1] !== undefined && one[1] !== '' && !replaced.has(one[0].toLowerCase()),
    );
  const host = custom.filter(([name, value]) => name.toLowerCase() === 'host' && value !== undefined) as [
    string,
    string,
  ][];
  const rest = custom.filter(([name, value]) => name.toLowerCase() !== 'host' && value !== undefined) as [
    string,
    string,
  ][];
  return {
    method: settings.value('request') ?? usual,
    headers: [...host, ...kept(own), ...rest, ...kept(framed)],
    body: body === undefined ? undefined : fromBinary(body),
    query: asQuery ? decodeText(data!) : '',
  };
}

/** Undefined value: the header is left out. */
async function customHeaders(c: Command, settings: CurlSettings): Promise<[string, string | undefined][]> {
  const lines: string[] = [];
  for (const value of settings.values('header')) {
    if (value.startsWith('@')) lines.push(...(await c.readFile(value.slice(1))).split(/\r?\n/).filter(Boolean));
    else lines.push(value);
  }
  return lines.flatMap((line): [string, string | undefined][] => {
    const [, name, mark, value] = /^([^:;]+)([:;])\s*(.*)$/s.exec(line) ?? [];
    if (name === undefined) return [];
    return [[name, mark === ';' ? '' : value === '' ? undefined : value]];
  });
}
