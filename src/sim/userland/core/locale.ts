import type { Sys } from '../../kernel/sys.ts';

/** Whether LC_ALL, LC_CTYPE or LANG, the first that is set, name a UTF-8 locale. */
export function isUtf8(sys: Sys): boolean {
  const { env } = sys;
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
