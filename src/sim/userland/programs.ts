import type { LazyProgram, Program, ProgramTable } from '../kernel/program.ts';
import { busyboxProgram } from './busybox/busybox.ts';
import { commands } from './commands.ts';
import { gnuProgram } from './core/command.ts';
import { gnuTexts } from './gnu-texts.ts';
import { helloWorld } from './hello-world.ts';
import { packagePrograms } from './packages/index.ts';
import { servicePrograms } from './services/index.ts';

/**
 * Every program: `<suite>/<command>` of the GNU family, `busybox` (glibc, as Debian's busybox-static and the busybox
 * image), `busybox-greeting` (a build whose shell greets) and `busybox-musl` (as Alpine's).
 */
export function programs(): ProgramTable {
  const table = new Map<string, Program | LazyProgram>([...packagePrograms, ...servicePrograms]);
  for (const spec of commands) {
    if (spec.suite) table.set(`${spec.suite}/${spec.name}`, gnuProgram(spec, gnuTexts));
  }
  table.set('busybox', busyboxProgram({ banner: 'Debian 1:1.35.0-4+deb12u1+b1', musl: false }));
  table.set('busybox-greeting', busyboxProgram({ banner: 'Debian 1:1.35.0-4+deb12u1+b1', musl: false, greets: true }));
  table.set('busybox-musl', busyboxProgram({ banner: '2022-11-19 10:13:10 UTC', musl: true }));
  table.set('hello-world', helloWorld);
  return table;
}
