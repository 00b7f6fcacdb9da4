import type { LazyProgram, Program, ProgramTable } from '../kernel/program.ts';
import type { BusyboxBuild } from './busybox/busybox.ts';
import { commandNames } from './command-names.ts';
import { gitPrograms } from './git/index.ts';
import { helloWorld } from './hello-world.ts';
import { packagePrograms } from './packages/index.ts';
import { containerInit } from './process/init.ts';
import { servicePrograms } from './services/index.ts';

const image = '1.37.0 (2024-09-26 21:31:42 UTC)';

const builds: Readonly<Record<string, BusyboxBuild>> = {
  busybox: { version: image, musl: false },
  'busybox-greeting': { version: image, musl: false, greets: true },
  'busybox-musl': { version: '1.36.1 (2024-06-10 07:11:47 UTC)', musl: true },
};

/**
 * Every program: `<suite>/<command>` of the GNU family, `busybox` (glibc, as in the busybox image), `busybox-greeting` (a build whose shell greets) and `busybox-musl` (as Alpine's).
 */
export function programs(): ProgramTable {
  const table = new Map<string, Program | LazyProgram>([...packagePrograms, ...servicePrograms, ...gitPrograms]);
  for (const { suite, name } of commandNames) {
    if (suite)
      table.set(`${suite}/${name}`, {
        load: async () => (await import('./loaded-command.ts')).gnuCommand(suite, name),
      });
  }
  for (const [name, build] of Object.entries(builds)) {
    table.set(name, { load: async () => (await import('./busybox/busybox.ts')).busyboxProgram(build) });
  }
  table.set('hello-world', helloWorld);
  table.set('docker-init', containerInit);
  table.set('figlet', { load: async () => (await import('./text-art/figlet.ts')).figletProgram });
  table.set('cowsay', { load: async () => (await import('./text-art/cowsay.ts')).cowsayProgram });
  return table;
}
