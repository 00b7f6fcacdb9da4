/**
 * lesson: the format of lessons, and goals checked on state (`Inspection`, layer changes, host files, the trace's
 * builds), never on what was typed.
 *
 * Knows no machine and no screen: who runs a lesson hands it a `LessonHost`, which a machine is.
 */
export * from './builds.ts';
export * from './check.ts';
export * from './demo.ts';
export * from './facts.ts';
export * from './format.ts';
export * from './goals.ts';
export * from './hand-in.ts';
export { commandsOf } from './import/command-lines.ts';
export { type ImportedLesson, importLesson, importLessons } from './import/index.ts';
export * from './lock.ts';
export * from './par.ts';
export * from './parse.ts';
export * from './play.ts';
export * from './progress.ts';
export { LessonError } from './schema.ts';
export * from './typist.ts';
export type { Variants } from './variants.ts';
export * from './world.ts';
export * from './write.ts';
