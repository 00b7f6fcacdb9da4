import { reserved } from './syntax/words.ts';

/** How shells write a string so that they could read it again. */

const ansi: Record<string, string> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '\x1b': '\\E',
};

const octal = (code: number): string => `\\${code.toString(8).padStart(3, '0')}`;

export const ansiQuote = (text: string): string =>
  `$'${text
    .replace(/['\\]/g, '\\$&')
    .replace(/[\x00-\x1f\x7f]/g, (c) => ansi[c] ?? octal(c.charCodeAt(0)))
    .replace(/[\udc80-\udcff]/g, (c) => octal(c.charCodeAt(0) - 0xdc00))}'`;

export const singleQuote = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

/** Always quoted: `set` in bash for odd values, ${x@Q}, declare uses double quotes (see quoteDeclare). */
export const quoteReusable = (text: string): string =>
  /[\x00-\x1f\x7f\udc80-\udcff]/.test(text) ? ansiQuote(text) : singleQuote(text);

/** Only where needed: `set -x`, `set`, alias lists of bash. */
export const quoteIfNeeded = (text: string): string => {
  if (text === '') return "''";
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) return ansiQuote(text);
  if (!/[^\w@%+=:,./^-]/.test(text.replace(/[^\x00-\x7f]/g, 'a')) && !/^[~#]/.test(text)) return text;
  return singleQuote(text);
};

/** A name in an error of bash's. */
export const quoteUnprintable = (text: string): string => (/[\x00-\x1f\x7f]/.test(text) ? ansiQuote(text) : text);

/** `declare -p`: in double quotes. */
export const quoteDeclare = (text: string): string =>
  /[\x00-\x08\x0a-\x1f\x7f]/.test(text) ? ansiQuote(text) : `"${text.replace(/["\\$`]/g, '\\$&')}"`;

/** dash's and ash's `set`, `export -p`, `alias`: single quotes, with "'" for an apostrophe. */
export const quoteAlmquist = (text: string): string => {
  const runs = text.split(/('+)/).filter((r) => r !== '');
  if (runs.length === 0) return "''";
  if (text[0] === "'") runs.unshift('');
  return runs.map((r) => (r[0] === "'" ? `"${r}"` : `'${r}'`)).join('');
};

/** ash's set -x: quotes what holds anything but the plainest characters. */
export const quoteAshTrace = (text: string): string =>
  // Looks for one odd character: a regular expression that takes all of a long value overflows its stack.
  /[^\w/.,:@%+\]-]/.test(text) || reserved.has(text) ? quoteAlmquist(text) : text;

/** bash's set -x: what the shell would read otherwise in single quotes, what cannot be printed as $'...'. */
export const quoteTrace = (text: string): string => {
  if (text === '') return "''";
  if (text === "'") return "\\'";
  if (/[ \t\n'"\\|&;()<>!{}*[\]?^$`]|^~|[=:]~|^#|(?<=[ \t])#/.test(text)) return singleQuote(text);
  return /[\x00-\x1f\x7f\udc80-\udcff]/.test(text) ? ansiQuote(text) : text;
};
