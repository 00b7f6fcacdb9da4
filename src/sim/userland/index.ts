/**
 * userland: the programs of the simulated Linux, each an async function on the system calls (`Sys`), and the lists of
 * which files a GNU system and a BusyBox system have.
 *
 * Two families share one core per command: GNU (coreutils, grep, sed, mawk, findutils, procps, util-linux, iproute2 as
 * Debian has them) and BusyBox 1.37. It knows nothing of containers, images or the machine, and reaches the world by
 * `Sys` only. The shells are in `shell/`.
 */
export { busyboxApplets } from './command-names.ts';
export type { Command, CommandSpec } from './core/command.ts';
export { findProgram } from './core/find-program.ts';
export { compileRegexp, RegexpError } from './core/regexp.ts';
export { gitProgramPaths } from './git/index.ts';
export { nodeProgramPaths, nodePrograms } from './node/index.ts';
export { packageProgramPaths } from './packages/index.ts';
export { busyboxFiles, gnuFiles, hostFiles, type ProgramFile } from './program-files.ts';
export { programs } from './programs.ts';
export * from './python/index.ts';
export { serviceProgramPaths } from './services/index.ts';
export { postgresProgramPaths, postgresPrograms } from './services/postgres/index.ts';
