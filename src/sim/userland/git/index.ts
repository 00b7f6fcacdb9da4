/**
 * git: repositories whose bytes are git's own, so that the real one reads them, on the process's system calls. Loaded
 * when it is first run.
 *
 * isomorphic-git was measured for it: 84 KB packed (50 KB for reading and writing objects alone), no access to the index
 * (stages of a conflict, ls-files), no reference logs, no transport but smart HTTP, line differences other than git's.
 * What it would have saved are `store/objects.ts` and `store/pack.ts`, which need fflate and a SHA-1 that are here anyway.
 */
import type { LazyProgram } from '../../kernel/program.ts';

/** Of Debian 12, of Alpine, of CentOS 7. Differs from Linux: all of them behave as 2.39 does. */
const versions = ['2.39.5', '2.49.0', '1.8.3.1'];

export const gitPrograms: ReadonlyMap<string, LazyProgram> = new Map(
  versions.map((version) => [`git/${version}`, { load: async () => (await import('./main.ts')).gitProgram(version) }]),
);

/** Path in a Debian system -> program. */
export const gitProgramPaths: Readonly<Record<string, string>> = {
  '/usr/bin/git': 'git/2.39.5',
  '/usr/lib/git-core/git': 'git/2.39.5',
};
