/** What the world outside the engine does better: encodings, digests, URLs, the forms of dates and numbers. */
import { hmac } from '@noble/hashes/hmac.js';
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { Sys } from '../../../kernel/sys.ts';
import type { Value } from '../engine.ts';
import { CallError, type Calls } from '../event-loop.ts';

const digests = { md5, ripemd160, sha1, sha224, sha256, sha384, sha512 };

function digestNamed(name: Value) {
  const found = digests[String(name).toLowerCase().replace('-', '') as keyof typeof digests];
  if (!found) throw new CallError('ERR_OSSL_EVP_UNSUPPORTED', 'Digest method not supported');
  return found;
}

function parseUrl(text: string, base: string | undefined): Value {
  try {
    return parts(new URL(text, base));
  } catch {
    throw new CallError('ERR_INVALID_URL', 'Invalid URL');
  }
}

const parts = (url: URL): Value => ({
  href: url.href,
  origin: url.origin,
  protocol: url.protocol,
  username: url.username,
  password: url.password,
  host: url.host,
  hostname: url.hostname,
  port: url.port,
  pathname: url.pathname,
  search: url.search,
  hash: url.hash,
});

export function textCalls(_sys: Sys): Calls {
  return {
    now: {
      decode: (bytes, encoding, fatal, ignoreBom) => {
        try {
          const options = { fatal: fatal === true, ignoreBOM: ignoreBom === true };
          return new TextDecoder((encoding as string) ?? 'utf-8', options).decode(bytes as Uint8Array);
        } catch (error) {
          if (error instanceof RangeError) {
            throw new CallError('ERR_ENCODING_NOT_SUPPORTED', `The "${encoding}" encoding is not supported`);
          }
          throw new CallError(
            'ERR_ENCODING_INVALID_ENCODED_DATA',
            `The encoded data was not valid for encoding ${encoding}`,
          );
        }
      },
      encode: (text) => new TextEncoder().encode(text as string),
      latin1: (bytes) => {
        let out = '';
        const all = bytes as Uint8Array;
        for (let at = 0; at < all.length; at += 8192) out += String.fromCharCode(...all.subarray(at, at + 8192));
        return out;
      },
      hash: (name, bytes) => digestNamed(name)(bytes as Uint8Array),
      hmac: (name, key, bytes) => hmac(digestNamed(name), key as Uint8Array, bytes as Uint8Array),
      hashes: () => Object.keys(digests),
      pbkdf2: (name, password, salt, rounds, length) =>
        pbkdf2(digestNamed(name), password as Uint8Array, salt as Uint8Array, {
          c: rounds as number,
          dkLen: length as number,
        }),
      scrypt: (password, salt, length, N, r, p) =>
        scrypt(password as Uint8Array, salt as Uint8Array, {
          N: N as number,
          r: r as number,
          p: p as number,
          dkLen: length as number,
        }),
      'url.parse': (text, base) => parseUrl(text as string, base as string | undefined),
      'url.set': (href, name, value) => {
        const url = new URL(href as string);
        (url as unknown as Record<string, string>)[name as string] = value as string;
        return parts(url);
      },
      'intl.number': (value, locale, options) =>
        new Intl.NumberFormat((locale as string) || 'en-US', (options ?? {}) as Intl.NumberFormatOptions).format(
          value as number,
        ),
      'intl.date': (ms, locale, options) => {
        const given = (options ?? {}) as Intl.DateTimeFormatOptions;
        return new Intl.DateTimeFormat((locale as string) || 'en-US', { timeZone: 'UTC', ...given }).format(
          ms as number,
        );
      },
      'intl.compare': (a, b, locale, options) =>
        (a as string).localeCompare(
          b as string,
          (locale as string) || 'en-US',
          (options ?? {}) as Intl.CollatorOptions,
        ),
      'intl.plural': (value, locale, options) =>
        new Intl.PluralRules((locale as string) || 'en-US', (options ?? {}) as Intl.PluralRulesOptions).select(
          value as number,
        ),
    },
    later: {},
  };
}
