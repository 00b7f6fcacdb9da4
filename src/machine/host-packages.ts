import { type LazyProgram, type ProgramTable, packageProgramPaths } from '../sim/index.ts';

const hostName = (program: string): string => `host/${program}`;

/** The host's own apt and dpkg; pip comes with Python. */
const tools = Object.entries(packageProgramPaths).filter(([, program]) => program !== 'pip');

/** Program name -> where it lies on the host. */
export const packageTools: readonly (readonly [path: string, program: string])[] = tools.map(([path, program]) => [
  path,
  hostName(program),
]);

/**
 * Package tools as the host has them.
 *
 * Differs from Linux: what the host's package tools know and where they fetch from is written when one of them is first
 * run, since the start of the page does not wait for 600 KB that few need.
 */
export function hostPackagePrograms(table: ProgramTable): [name: string, program: LazyProgram][] {
  return [...new Set(tools.map(([, program]) => program))].map((program) => [
    hostName(program),
    {
      load: async () => {
        const fill = await (await import('./package-database.ts')).packageDatabase();
        const own = table.get(program)!;
        const run = 'load' in own ? await own.load() : own;
        return (sys) => {
          fill(sys);
          return run(sys);
        };
      },
    },
  ]);
}
