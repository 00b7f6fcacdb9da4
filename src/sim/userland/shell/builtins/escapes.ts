import { decodeBytes, encodeText } from '../../core/escaped-bytes.ts';
import type { Dialect } from '../dialect.ts';

/** Backslash escapes of echo, printf and printf's %b. Results hold one code unit per byte above 0x7f as U+DCxx. */

const simple: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

export const byteChar = (code: number): string => String.fromCharCode(code < 0x80 ? code : 0xdc00 + code);

/** ash knows \x only. */
const hexadecimal = (rest: string, dialect: Dialect): RegExpExecArray | null => {
  if (dialect.bash) return /^x([\da-fA-F]{1,2})|^u([\da-fA-F]{1,4})|^U([\da-fA-F]{1,8})/.exec(rest);
  return dialect.name === 'ash' ? /^x([\da-fA-F]{1,2})/.exec(rest) : null;
};

export interface Escaped {
  text: string;
  /** `\c` was met: no more output. */
  stop: boolean;
}

/** `octal0`: octal as \0nnn (echo, %b), else \nnn (printf formats). */
export const unescapeText = (source: string, octal0: boolean, dialect: Dialect): Escaped => {
  const { bash } = dialect;
  let text = '';
  for (let i = 0; i < source.length; i++) {
    if (source[i] !== '\\' || i + 1 >= source.length) {
      text += source[i];
      continue;
    }
    const rest = source.slice(i + 1);
    // Only echo and %b know \c; a format prints it as it stands.
    if (rest[0] === 'c' && (octal0 || dialect.name === 'ash')) return { text, stop: true };
    const octal = (octal0 ? /^0[0-7]{0,3}|^[1-7][0-7]{0,2}/ : /^[0-7]{1,3}/).exec(rest);
    const hex = hexadecimal(rest, dialect);
    if (octal) {
      text += byteChar(Number.parseInt(octal[0], 8) & 255);
      i += octal[0].length;
    } else if (hex) {
      text += hex[1] ? byteChar(Number.parseInt(hex[1], 16)) : codePoint(Number.parseInt(hex[2] ?? hex[3]!, 16));
      i += hex[0].length;
    } else if (simple[rest[0]!] !== undefined && (bash || rest[0] !== 'E')) {
      text += simple[rest[0]!];
      i++;
    } else {
      text += source[i];
    }
  }
  return { text, stop: false };
};

/** The inside of `$'...'`: bytes where bytes are named, `\\cx` a control character. */
export const ansiUnescape = (source: string): string => {
  const pattern = /\\([0-7]{1,3}|x[\da-fA-F]{1,2}|u[\da-fA-F]{1,4}|U[\da-fA-F]{1,8}|c[\s\S]|[\s\S])/g;
  let bytes = false;
  const text = source.replace(pattern, (whole, body: string) => {
    const code = /^[0-7]/.test(body)
      ? Number.parseInt(body, 8) & 255
      : /^x./.test(body)
        ? Number.parseInt(body.slice(1), 16)
        : undefined;
    if (code !== undefined) {
      if (code >= 0x80) bytes = true;
      return byteChar(code);
    }
    if (/^[uU]./.test(body)) return codePoint(Number.parseInt(body.slice(1), 16));
    if (body[0] === 'c' && body.length > 1) return String.fromCharCode(body.toUpperCase().charCodeAt(1) & 0x1f);
    if (simple[body] !== undefined) return simple[body];
    return /['"?]/.test(body) ? body : whole;
  });
  const end = text.indexOf('\0');
  const whole = end < 0 ? text : text.slice(0, end);
  return bytes ? decodeBytes(encodeText(whole)) : whole;
};

/** What is beyond Unicode is written as the bytes that its bits would take. */
const codePoint = (code: number): string => {
  if (code <= 0x10ffff) return String.fromCodePoint(code);
  const tail = [18, 12, 6, 0].map((shift) => 0x80 | ((code >> shift) & 0x3f));
  return code < 0x200000
    ? [0xf0 | (code >> 18), ...tail.slice(1)].map(byteChar).join('')
    : [0xf8 | ((code >> 24) & 3), ...tail].map(byteChar).join('');
};
