import type { Sys } from '../../kernel/sys.ts';

/**
 * Completes the argument `words[index]` of a command line whose `words[0]` is the command: the candidates that begin
 * with what is typed, whole; a candidate that ends in a space, '/' or '=' is taken as it stands, else a space follows.
 * Undefined: no opinion, complete file names.
 */
export type CompletionProvider = (sys: Sys, words: readonly string[], index: number) => Promise<string[] | undefined>;

/** Command name (basename) -> provider. `machine` registers docker's here before any shell starts. */
export type CompletionTable = Map<string, CompletionProvider>;

/** The table that the exported shells use. */
export const completionProviders: CompletionTable = new Map();
