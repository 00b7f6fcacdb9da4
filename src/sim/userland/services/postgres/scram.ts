/** SCRAM-SHA-256 (RFC 5802, RFC 7677) and the older md5, both sides. */
import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { base64, fromBase64, utf8 } from '../../../../spec/index.ts';

const mac = (key: Uint8Array, data: string | Uint8Array): Uint8Array =>
  hmac(sha256, key, typeof data === 'string' ? utf8(data) : data);
const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ b[i]!);

export const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** What pg_authid.rolpassword holds. */
export interface Verifier {
  iterations: number;
  salt: string;
  storedKey: Uint8Array;
  serverKey: Uint8Array;
}

export function readVerifier(stored: string): Verifier | undefined {
  const [, iterations, salt, storedKey, serverKey] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$/.exec(stored) ?? [];
  if (!serverKey) return undefined;
  return {
    iterations: Number(iterations),
    salt: salt!,
    storedKey: fromBase64(storedKey!),
    serverKey: fromBase64(serverKey),
  };
}

/** `a=1,b=2` */
export const attributes = (message: string): Map<string, string> =>
  new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));

/** The server's answer to a last message of a client, or undefined when the proof is wrong. */
export function serverFinal(verifier: Verifier, firstBare: string, first: string, final: string): string | undefined {
  const proof = attributes(final).get('p') ?? '';
  const withoutProof = final.slice(0, final.lastIndexOf(',p='));
  const said = `${firstBare},${first},${withoutProof}`;
  const key = xor(fromBase64(proof), mac(verifier.storedKey, said));
  return same(sha256(key), verifier.storedKey) ? `v=${base64(mac(verifier.serverKey, said))}` : undefined;
}

/** The client's last message. */
export function clientFinal(password: string, firstBare: string, serverFirst: string): string {
  const told = attributes(serverFirst);
  const options = { c: Number(told.get('i')), dkLen: 32 };
  const salted = pbkdf2(sha256, utf8(password.normalize('NFKC')), fromBase64(told.get('s')!), options);
  const clientKey = mac(salted, 'Client Key');
  const withoutProof = `c=biws,r=${told.get('r')}`;
  const signature = mac(sha256(clientKey), `${firstBare},${serverFirst},${withoutProof}`);
  return `${withoutProof},p=${base64(xor(clientKey, signature))}`;
}

/** `md5` and a digest, as pg_authid has it and, salted once more, as it is sent. */
export const md5Password = (password: string, user: string): string => `md5${bytesToHex(md5(utf8(password + user)))}`;
export function md5Answer(stored: string, salt: Uint8Array): string {
  const inner = utf8(stored.slice(3));
  const all = new Uint8Array(inner.length + salt.length);
  all.set(inner);
  all.set(salt, inner.length);
  return `md5${bytesToHex(md5(all))}`;
}
