import type { Sys } from './sys.ts';

/**
 * A program: what a file that is executed turns out to be. Returns its exit status (0..255). It must reach the world by
 * `sys` only. One object may run as many processes at once; state belongs in `main`.
 */
export type Program = (sys: Sys) => Promise<number> | number;

/**
 * Program name -> program, or how to load it. Names are `<suite>/<command>`: `coreutils/ls`, `bash`, `dash`,
 * `nginx`; `busybox` is one program that looks at argv[0]. What program a file *is* stands in the file (see
 * `executable.ts`): the kernel asks this table, nobody else does.
 */
export type ProgramTable = ReadonlyMap<string, Program | LazyProgram>;

/** A program that is loaded when it is first run. Loading takes no time of the simulated host. */
export interface LazyProgram {
  load(): Promise<Program>;
}
