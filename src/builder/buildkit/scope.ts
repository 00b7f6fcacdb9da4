import { expandWord, type WordOptions } from '../../dockerfile/index.ts';
import { envLookup } from '../config.ts';
import type { State } from './state.ts';

const argEntries = (state: State): string[] =>
  [...state.args.visible(state.config.Env ?? [])].map(([key, value]) => `${key}=${value}`);

/** Environment of a RUN: the config's, then the build arguments. */
export const environment = (state: State): string[] => [...(state.config.Env ?? []), ...argEntries(state)];

export function expander(state: State, mark: string) {
  const lookup = envLookup(state.config.Env, argEntries(state));
  return (word: string, options: WordOptions = {}) => expandWord(word, lookup, { escape: mark, ...options });
}

/** A step's name in the progress: its text with the keyword in capitals and the variables that are set filled in. */
export function shownCommand(state: State, source: string, mark: string): string {
  const upper = source.replace(/^\S+/, (keyword) => keyword.toUpperCase());
  try {
    return expander(state, mark)(upper, { rawQuotes: true, rawEscapes: true, skipUnset: true }).text;
  } catch {
    return upper;
  }
}
