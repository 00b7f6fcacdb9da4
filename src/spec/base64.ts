/** Bytes as text, as HTTP headers, config files and links carry them. */

/** Arguments that a call takes safely: they are on the stack. */
const run = 8192;

export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += run) binary += String.fromCharCode(...bytes.subarray(at, at + run));
  return btoa(binary);
}

/** RFC 4648 section 5, without padding. */
export const base64url = (bytes: Uint8Array): string =>
  base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** Of either alphabet, padded or not. Throws on what is none. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
