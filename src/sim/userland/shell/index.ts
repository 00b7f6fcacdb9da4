/**
 * The shell: one interpreter with the personalities bash, dash and busybox ash. It sits on the system calls only, like
 * any program; the grammar is unbash's behind `syntax/grammar.ts`. It does not know which commands exist, nor docker:
 * completion of arguments comes from providers registered by name.
 */
export { type CompletionProvider, type CompletionTable, completionProviders } from './completion.ts';
export { ash, bash, dash, greetingAsh } from './main.ts';
