/** URLs as curl and wget take them: the scheme may be missing. */
export interface Url {
  scheme: string;
  /** `user:password`, as given. */
  user: string | undefined;
  host: string;
  port: number;
  /** As in the Host header: without the scheme's own port. */
  authority: string;
  /** Path and query. */
  target: string;
}

const ports: Record<string, number> = { http: 80, https: 443, ftp: 21 };

/** Undefined when there is no host or the port is none. */
export function parseUrl(text: string): Url | undefined {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?([^#]*)/i.exec(text);
  if (!match) return undefined;
  const [, given, user, host, portText, rest] = match;
  const scheme = (given ?? 'http').toLowerCase();
  const port = portText ? Number(portText) : (ports[scheme] ?? 0);
  if (!host || port > 65535 || /[\s]/.test(host)) return undefined;
  const path = rest === '' || rest!.startsWith('?') ? `/${rest}` : rest!;
  if (!path.startsWith('/')) return undefined;
  return {
    scheme,
    user,
    host: host.replace(/^\[|\]$/g, ''),
    port,
    authority: port === ports[scheme] ? host : `${host}:${port}`,
    target: path.replace(/ /g, '%20'),
  };
}

export const urlText = (url: Url): string => `${url.scheme}://${url.authority}${url.target}`;

/** Where a Location header leads, seen from `base`. */
export function joinUrl(base: Url, location: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return location;
  if (location.startsWith('//')) return `${base.scheme}:${location}`;
  const origin = `${base.scheme}://${base.authority}`;
  if (location.startsWith('/')) return origin + location;
  const directory = base.target.replace(/[?].*/, '').replace(/[^/]*$/, '');
  return `${origin}${directory}${location}`;
}

/** Name of the file that a URL is saved under; '' when the path ends in a slash. */
export function fileNameOf(url: Url): string {
  const path = url.target.replace(/\?.*/, '');
  return path.slice(path.lastIndexOf('/') + 1);
}

/** RFC 4648 base 64 of a binary string. */
export function base64(binary: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let out = '';
  for (let i = 0; i < binary.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => (i + k < binary.length ? binary.charCodeAt(i + k) : undefined));
    const bits = ((a ?? 0) << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += digits[bits >> 18]! + digits[(bits >> 12) & 63]!;
    out += (b === undefined ? '=' : digits[(bits >> 6) & 63]!) + (c === undefined ? '=' : digits[bits & 63]!);
  }
  return out;
}
