import type { Machine, MachineOptions } from './machine.ts';

/** Boots a host. */
export async function createMachine(_options: MachineOptions): Promise<Machine> {
  throw new Error('the machine is being put together');
}
