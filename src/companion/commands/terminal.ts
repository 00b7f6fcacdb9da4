import { createMachine } from '../../machine/index.ts';
import { nodeWorld, writeTo } from '../node-world.ts';

/** `drydock`: a login shell on a fresh in-memory host, in the terminal it was started from. */
export async function terminal(): Promise<number> {
  const { stdin, stdout } = process;
  const machine = await createMachine({ ...nodeWorld, pace: 'real' });
  const size = () => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
  const shell = machine.openTerminal({ ...size(), onData: writeTo(stdout) });
  const resized = () => shell.resize(size().columns, size().rows);
  if (stdin.isTTY) stdin.setRawMode(true);
  stdout.on('resize', resized);
  stdin.on('data', (bytes: Uint8Array) => shell.write(bytes));
  stdin.on('end', () => shell.write(Uint8Array.of(4)));
  try {
    return await shell.ended;
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
    await machine.shutdown();
  }
}
