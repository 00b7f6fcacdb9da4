import { decodeBytes, encodeText } from '../core/escaped-bytes.ts';
import type { Shell } from './shell.ts';

/** Locales that a Debian system has without installing any. */
const known = /^(C|POSIX|C\.(utf8|UTF-8))$/i;

export const isKnownLocale = (name: string): boolean => name === '' || known.test(name);

const localeOf = (shell: Shell, category: string): string =>
  shell.vars.get('LC_ALL') || shell.vars.get(category) || shell.vars.get('LANG') || 'C';

/** Characters are bytes: in dash and busybox always, in bash where the locale is not UTF-8. */
export const byBytes = (shell: Shell): boolean => {
  if (!shell.dialect.bash) return true;
  const name = localeOf(shell, 'LC_CTYPE');
  return !/utf-?8/i.test(name) || !isKnownLocale(name);
};

/** Every byte beyond ASCII as a character of its own. */
export const toBytes = (text: string): string => {
  if (!/[^\x00-\x7f]/.test(text)) return text;
  return Array.from(encodeText(text), (b) => String.fromCharCode(b < 0x80 ? b : 0xdc00 + b)).join('');
};

export const fromBytes = (text: string): string =>
  /[\udc80-\udcff]/.test(text) ? decodeBytes(encodeText(text)) : text;

/** busybox counts characters in `${#x}`, where it otherwise knows bytes only. */
export const countsCharacters = (shell: Shell): boolean =>
  shell.dialect.name === 'ash' && /utf-?8/i.test(localeOf(shell, 'LC_CTYPE'));
