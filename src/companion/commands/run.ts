import { readFileSync } from 'node:fs';
import { createMachine } from '../../machine/index.ts';
import { textContent } from '../../spec/index.ts';
import { nodeWorld, writeTo } from '../node-world.ts';
import { oneOf, parse, UsageError } from '../usage.ts';

/**
 * `drydock run FILE`: FILE (`-`: stdin) as a bash script on a fresh in-memory host, or against the engine on real Linux;
 * its exit status is the script's.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { engine: { type: 'string' }, seed: { type: 'string' } },
  });
  const engine = oneOf(values.engine, ['memory', 'linux'] as const, '--engine');
  const [file, ...rest] = positionals;
  if (!file) throw new UsageError('needs a FILE (or - for stdin)');
  const script = readScript(file);
  if (engine === 'linux') {
    const { runOnLinux } = await import('../linux-host.ts');
    return runOnLinux(script, rest);
  }
  const machine = await createMachine({ ...nodeWorld, pace: 'skip', seed: Number(values.seed ?? 1) });
  try {
    machine.writeFile('/tmp/script', textContent(script));
    return await machine.run(['/bin/bash', '/tmp/script', ...rest], {
      stdout: writeTo(process.stdout),
      stderr: writeTo(process.stderr),
    });
  } finally {
    await machine.shutdown();
  }
}

function readScript(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
