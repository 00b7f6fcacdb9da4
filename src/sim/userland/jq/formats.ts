/** `@json`, `@csv`, `@base64` … */
import { base64, fromBase64, fromUtf8, utf8 } from '../../../spec/index.ts';
import { excerpt, isArray, JqError, type Json, kindOf, numberText, print, quote } from './value.ts';

export const textOf = (value: Json): string => (typeof value === 'string' ? value : print(value));

const html: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' };

const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

const formats: Readonly<Record<string, (value: Json) => string>> = {
  '@text': textOf,
  '@json': (value) => print(value),
  '@html': (value) => textOf(value).replace(/[<>&'"]/g, (c) => html[c]!),
  '@uri': (value) =>
    [...utf8(textOf(value))]
      .map((byte) => (/[A-Za-z0-9\-_.~]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : percent(byte)))
      .join(''),
  '@csv': (value) => row(value, 'csv', (text) => `"${text.replaceAll('"', '""')}"`, ','),
  '@tsv': (value) =>
    row(
      value,
      'tsv',
      (text) => text.replace(/[\\\t\n\r]/g, (c) => (c === '\\' ? '\\\\' : quote(c).slice(1, -1))),
      '\t',
    ),
  '@sh': (value) => (isArray(value) ? value : [value]).map(shellWord).join(' '),
  '@base64': (value) => base64(utf8(textOf(value))),
  '@base64d': (value) => {
    const text = textOf(value);
    try {
      return fromUtf8(fromBase64(text.replace(/=*$/, '').replace(/[^A-Za-z0-9+/]/g, '?')));
    } catch {
      throw new JqError(`string (${excerpt(text)}) is not valid base64 data`);
    }
  },
  '@base32': (value) => base32(utf8(textOf(value))),
};

export function formatText(name: string, value: Json): string {
  const format = Object.hasOwn(formats, name) ? formats[name]! : undefined;
  if (!format) throw new JqError(`${name.slice(1)} is not a valid format`);
  return format(value);
}

function row(value: Json, kind: string, text: (text: string) => string, separator: string): string {
  if (!isArray(value))
    throw new JqError(`${kindOf(value)} (${excerpt(value)}) cannot be ${kind}-formatted, only an array can be`);
  return value
    .map((one) => {
      if (one === null) return '';
      if (typeof one === 'boolean') return String(one);
      if (typeof one === 'number') return numberText(one);
      if (typeof one === 'string') return text(one);
      throw new JqError(`${kindOf(one)} (${excerpt(one)}) is not valid in a csv row`);
    })
    .join(separator);
}

function shellWord(value: Json): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "'\\''")}'`;
  if (value !== null && typeof value === 'object')
    throw new JqError(`${kindOf(value)} (${excerpt(value)}) can not be escaped for shell`);
  return print(value);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = bits.match(/.{1,5}/g) ?? [];
  const text = digits.map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}
