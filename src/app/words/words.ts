import type { LanguageCode } from '../i18n.ts';

/** The words of one part of the page, in every language; a key missing in one is a type error. */
export const wordsOf = <T extends object>(en: T, zh: NoInfer<T>): Record<LanguageCode, T> => ({ en, zh });
