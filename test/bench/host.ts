import { nodeWorld } from '../../src/companion/node-world.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';

export const boot = (): Promise<Machine> => createMachine({ ...nodeWorld, pace: 'skip' });

/** Runs a line on the host; a bench whose command fails measures nothing. */
export async function sh(machine: Machine, line: string): Promise<void> {
  let said = '';
  const stderr = (bytes: Uint8Array) => {
    said += new TextDecoder().decode(bytes);
  };
  const status = await machine.run(['/bin/bash', '-c', line], { stdout() {}, stderr });
  if (status !== 0) throw new Error(`${line}: exit ${status}: ${said}`);
}
