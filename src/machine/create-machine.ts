import { createTrace } from '../trace/index.ts';
import { registerCompletion } from './completion.ts';
import { Host } from './host.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { MemoryMachine } from './memory-machine.ts';
import { preload } from './preload.ts';

/**
 * Boots a host. Resolves when a terminal can be opened: a prompt does not wait for the engine's code to arrive, which is
 * loaded when something first asks for the engine. With idle time skipped nobody watches, and it is there from the start.
 */
export async function createMachine(options: MachineOptions): Promise<Machine> {
  const trace = createTrace();
  registerCompletion();
  const machine = new MemoryMachine(options, trace, new Host(options, trace, options.from));
  if (options.pace === 'skip') await machine.started();
  if (!options.from) await preload(machine, options.preload ?? []);
  return machine;
}
