import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseScenario, type Scenario } from '../scenario.ts';
import type { ScenarioHost, Told } from '../scenario-host.ts';
import { oneOf, parse, UsageError } from '../usage.ts';

/** `drydock transcript FILE.txt`: one JSON line per command: cmd, stdout, stderr, exit. */
export async function transcript(args: string[]): Promise<number> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { engine: { type: 'string' }, busybox: { type: 'string' } },
  });
  const [file] = positionals;
  if (!file) throw new UsageError('needs a FILE.txt');
  const scenario = read(file);
  const host = await openHost(
    oneOf(values.engine, ['memory', 'linux', 'docker'] as const, '--engine'),
    scenario,
    file,
    values.busybox,
  );
  try {
    return await play(scenario, host);
  } finally {
    await host.close();
  }
}

function read(file: string): Scenario {
  try {
    return parseScenario(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function openHost(
  engine: 'memory' | 'linux' | 'docker',
  scenario: Scenario,
  file: string,
  busybox?: string,
): Promise<ScenarioHost> {
  const archive = busybox ?? resolve(dirname(file), '..', 'busybox.tar.gz');
  if (!existsSync(archive))
    throw new UsageError(
      `a scenario begins with a busybox image, and there is none at ${archive}: --busybox FILE.tar.gz`,
    );
  const { memoryHost, realHost } = await import('../scenario-host.ts');
  return engine === 'memory' ? memoryHost(scenario, archive) : realHost(engine, archive);
}

async function play(scenario: Scenario, host: ScenarioHost): Promise<number> {
  let timeout = 60_000;
  let status = 0;
  for (const step of scenario.steps) {
    if (step.kind === 'timeout') timeout = step.seconds * 1000;
    else if (step.kind === 'env') host.env[step.name] = step.value;
    else if (step.kind === 'write') host.write(step.path, step.text);
    else {
      const told = await host.run(step.command, timeout);
      if (step.kind === 'command') process.stdout.write(`${JSON.stringify({ cmd: step.command, ...asJson(told) })}\n`);
      else if (told.exit !== 0) {
        status = 1;
        process.stderr.write(
          `drydock transcript: set-up failed (${told.exit}): ${step.command}\n${new TextDecoder().decode(told.stderr)}`,
        );
      }
    }
  }
  return status;
}

const asJson = (told: Told) => ({
  stdout: text(told.stdout),
  stderr: text(told.stderr),
  exit: told.signal ? `signal ${told.signal}` : told.exit,
});

/** UTF-8 as text, anything else as base64. */
function text(bytes: Uint8Array): string | { base64: string } {
  const decoded = Buffer.from(bytes).toString('utf8');
  return Buffer.from(decoded, 'utf8').equals(bytes) ? decoded : { base64: Buffer.from(bytes).toString('base64') };
}
