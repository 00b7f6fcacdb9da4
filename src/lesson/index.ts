/**
 * lesson: the format of lessons, and goals checked on state (`Inspection`, layer changes, host files), never on what
 * was typed.
 *
 * Knows no machine and no screen: who runs a lesson hands it a `World`.
 */
export * from './check.ts';
export * from './format.ts';
export * from './parse.ts';
