/** How the page looks and moves, kept for the next visit. There is no sound: nothing to turn off. */
import { type LanguageCode, preferredLanguage } from './i18n.ts';

export type Theme = 'dark' | 'light' | 'system';
export type Motion = 'system' | 'reduced' | 'full';

export interface Settings {
  language: LanguageCode;
  theme: Theme;
  /** Pixels of the terminal's letters. */
  terminalSize: number;
  /** Everything around the terminal, in percent. */
  pageSize: number;
  motion: Motion;
}

export const terminalSizes = [11, 12, 13, 14, 16, 18, 22] as const;
export const pageSizes = [90, 100, 115, 130, 150] as const;

const key = 'drydock.settings';

export function readSettings(): Settings {
  const fallback: Settings = {
    language: preferredLanguage(),
    theme: 'system',
    terminalSize: 13,
    pageSize: 100,
    motion: 'system',
  };
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Settings>) };
  } catch {
    return fallback; // storage is off (private mode) or holds something else
  }
}

export function writeSettings(settings: Settings): void {
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // Storage is off: the setting holds for this visit.
  }
}

/** Whether little should move. */
export const movesLittle = ({ motion }: Settings): boolean =>
  motion === 'reduced' || (motion === 'system' && matchMedia('(prefers-reduced-motion: reduce)').matches);
