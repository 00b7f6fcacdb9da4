/** The program table of the simulated host: the userland, the shells, and what only this room can offer. */
import { ash, bash, dash, type ProgramTable, type PythonPort, programs, pythonPrograms } from '../sim/index.ts';
import { editorProgram } from './editor-program.ts';
import type { EditRequest } from './machine.ts';

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
};

export function programTable(
  edit: ((request: EditRequest) => Promise<void>) | undefined,
  python: PythonPort | undefined,
): ProgramTable {
  const table = new Map([...programs(), ...pythonPrograms(python)]);
  table.set('bash', bash).set('dash', dash).set('ash', ash);
  table.set('docker', { load: async () => (await import('./docker-program.ts')).dockerProgram });
  table.set('docker-registry', { load: async () => (await import('./registry-program.ts')).registryProgram });
  for (const name of ['vi', 'vim', 'nano', 'edit']) table.set(name, editorProgram(name, edit));
  return table;
}
