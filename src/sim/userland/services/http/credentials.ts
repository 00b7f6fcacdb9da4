/** HTTP Basic authentication (RFC 7617) against a file of htpasswd(1). */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { base64, fromBase64, fromUtf8, type HttpRequest, header, utf8 } from '../../../../spec/index.ts';

/** Undefined when the request carries none, or none that is well formed. */
export function basicCredentials(request: HttpRequest): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header(request, 'authorization') ?? '') ?? [];
  if (encoded === undefined) return undefined;
  try {
    const text = fromUtf8(fromBase64(encoded));
    const colon = text.indexOf(':');
    return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return undefined;
  }
}

/** The stored password of a user in an htpasswd file. */
export function storedPassword(file: string, user: string): string | undefined {
  for (const line of file.split('\n')) {
    if (!line.startsWith('#') && line.startsWith(`${user}:`)) return line.slice(user.length + 1).split(':')[0];
  }
  return undefined;
}

/**
 * Whether a password fits what is stored: `$apr1$`, `$1$`, `{SHA}`, `{PLAIN}`; `undefined` for a form that is not
 * simulated (bcrypt, crypt(3) of 13 characters).
 */
export function passwordFits(stored: string, password: string): boolean | undefined {
  if (stored.startsWith('{PLAIN}')) return stored.slice(7) === password;
  if (stored.startsWith('{SHA}')) return stored.slice(5) === base64(sha1(utf8(password)));
  const [, magic, salt] = /^(\$(?:apr1|1)\$)([^$]{1,8})\$/.exec(stored) ?? [];
  if (magic) return md5crypt(password, salt!, magic) === stored;
  return undefined;
}

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** crypt(3)'s MD5 scheme; Apache's apr1 is the same with another magic word. */
export function md5crypt(password: string, salt: string, magic: string): string {
  const key = utf8(password);
  const salted = utf8(salt);
  const inner = md5(concatBytes(key, salted, key));
  const parts: Uint8Array[] = [key, utf8(magic), salted];
  for (let left = key.length; left > 0; left -= 16) parts.push(inner.subarray(0, Math.min(16, left)));
  for (let bits = key.length; bits > 0; bits >>= 1) {
    parts.push(bits & 1 ? Uint8Array.of(0) : key.length > 0 ? key.subarray(0, 1) : Uint8Array.of(0));
  }
  let digest = md5(concatBytes(...parts));
  for (let round = 0; round < 1000; round++) {
    const odd = round & 1;
    digest = md5(
      concatBytes(
        odd ? key : digest,
        round % 3 ? salted : new Uint8Array(),
        round % 7 ? key : new Uint8Array(),
        odd ? digest : key,
      ),
    );
  }
  return `${magic}${salt}$${encode(digest)}`;
}

function encode(digest: Uint8Array): string {
  const groups = [0, 1, 2, 3, 4].map((i) => [digest[i]!, digest[i + 6]!, digest[i === 4 ? 5 : i + 12]!]);
  return `${groups.map(([a, b, c]) => sixes((a! << 16) | (b! << 8) | c!, 4)).join('')}${sixes(digest[11]!, 2)}`;
}

function sixes(value: number, count: number): string {
  let out = '';
  for (let i = 0; i < count; i++) out += alphabet[(value >> (6 * i)) & 63];
  return out;
}
