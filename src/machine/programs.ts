/** The program table of the simulated host: the userland, the shells, and what only this room can offer. */
import {
  ash,
  bash,
  dash,
  type LazyProgram,
  nodePrograms,
  type Program,
  type ProgramTable,
  postgresPrograms,
  programs,
  pythonPrograms,
} from '../sim/index.ts';
import { editorProgram } from './editor-program.ts';
import { hostPackagePrograms } from './host-packages.ts';
import type { MachineOptions } from './machine.ts';
import type { RunningRegistry } from './registries.ts';

/** Program name -> where it lies on the host. */
export const ownPrograms: Readonly<Record<string, string>> = {
  docker: '/usr/bin/docker',
  'docker-init': '/usr/bin/docker-init',
  'docker-registry': '/usr/bin/docker-registry',
  vi: '/usr/bin/vi',
  vim: '/usr/bin/vim',
  nano: '/usr/bin/nano',
  edit: '/usr/bin/edit',
  bash: '/usr/bin/bash',
  dash: '/usr/bin/sh',
  busybox: '/usr/bin/busybox',
  'git/2.39.5': '/usr/bin/git',
};

export function programTable(
  { edit, assets }: Pick<MachineOptions, 'edit' | 'assets'>,
  hold: () => () => void,
  registries: Set<RunningRegistry>,
): ProgramTable {
  const interpreters = [...pythonPrograms(assets, hold), ...nodePrograms(assets, hold)];
  const table = new Map([...programs(), ...interpreters, ...postgresPrograms(assets, hold)]);
  table.set('bash', bash).set('dash', dash).set('ash', ash);
  table.set('docker', { load: async () => (await import('./docker-program.ts')).dockerProgram(hold) });
  table.set('docker-registry', {
    load: async () => (await import('./registry-program.ts')).registryProgram(registries),
  });
  for (const name of ['vi', 'vim', 'nano', 'edit']) table.set(name, editorProgram(name, edit));
  for (const name of ['busybox', 'busybox-greeting', 'busybox-musl'])
    table.set(name, withVi(table.get(name)!, editorProgram('vi', edit)));
  for (const [name, program] of hostPackagePrograms(table)) table.set(name, program);
  return table;
}

/** BusyBox's applet vi is the editor too. */
const withVi = (whole: Program | LazyProgram, vi: Program): LazyProgram => ({
  load: async () => {
    const busybox = 'load' in whole ? await whole.load() : whole;
    return (sys) => (/(^|\/)vi$/.test(sys.argv[0] ?? '') ? vi(sys) : busybox(sys));
  },
});
