import { base64, fromBase64, fromUtf8, type HttpResponse, utf8 } from '../spec/index.ts';

/** `WWW-Authenticate` (RFC 9110 11.6.1), as registries use it: one challenge per header. */
export interface Challenge {
  /** In lower case: bearer, basic. */
  scheme: string;
  parameters: Record<string, string>;
}

export function parseChallenge(value: string): Challenge {
  const [scheme, rest = ''] = split(value.trim());
  const parameters: Record<string, string> = {};
  for (const match of rest.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    parameters[match[1]!.toLowerCase()] = match[3] ?? match[2]!.replace(/\\(.)/g, '$1');
  }
  return { scheme: scheme.toLowerCase(), parameters };
}

/** Challenges of a 401, strongest first: a token is asked for before a password is shown. */
export function challengesOf(response: HttpResponse): Challenge[] {
  const challenges = response.headers
    .filter(([name]) => name.toLowerCase() === 'www-authenticate')
    .map(([, value]) => parseChallenge(value));
  return challenges.sort((a, b) => Number(b.scheme === 'bearer') - Number(a.scheme === 'bearer'));
}

export function formatChallenge(scheme: string, parameters: Record<string, string | undefined>): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return `${scheme} ${pairs.map(([key, value]) => `${key}="${value}"`).join(',')}`;
}

/** User and password of an `Authorization: Basic` value. */
export function parseBasic(value: string | undefined): Credentials | undefined {
  const match = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(value ?? '');
  if (!match) return undefined;
  try {
    const text = fromUtf8(fromBase64(match[1]!));
    const colon = text.indexOf(':');
    return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return undefined;
  }
}

export function formatBasic({ username, password }: Credentials): string {
  return `Basic ${base64(utf8(`${username}:${password}`))}`;
}

export interface Credentials {
  username: string;
  password: string;
}

function split(text: string): [string, string?] {
  const space = text.indexOf(' ');
  return space < 0 ? [text] : [text.slice(0, space), text.slice(space + 1)];
}
