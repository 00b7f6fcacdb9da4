import type { Healthcheck } from '../spec/index.ts';
import { fromUtf8, rfc3339Nano } from '../spec/index.ts';
import type { Container } from './container.ts';
import type { Daemon } from './daemon.ts';
import { execProcess } from './runtime-spec.ts';

// moby daemon/health.go
const defaults = { interval: 30_000, timeout: 30_000, retries: 3 };
const maximumOutput = 4096;
const maximumLog = 5;

const milliseconds = (nanoseconds: number | undefined, fallback: number): number =>
  nanoseconds ? nanoseconds / 1e6 : fallback;

/** Begins to probe a container that has just started. */
export function startHealthChecks(daemon: Daemon, container: Container): void {
  const check = container.record.config.Healthcheck;
  if (!check?.Test?.length || check.Test[0] === 'NONE') return;
  container.state.health = { Status: 'starting', FailingStreak: 0, Log: [] };
  schedule(daemon, container, check);
}

export function stopHealthChecks(container: Container): void {
  // Nobody looks any more: unhealthy, as moby has it for compatibility.
  if (container.cancelHealth && container.state.health) container.state.health.Status = 'unhealthy';
  container.cancelHealth?.();
  container.cancelHealth = undefined;
}

function schedule(daemon: Daemon, container: Container, check: Healthcheck): void {
  container.cancelHealth = daemon.ports.clock.timer(milliseconds(check.Interval, defaults.interval), () => {
    void probe(daemon, container, check).finally(() => {
      if (container.task && container.cancelHealth) schedule(daemon, container, check);
    });
  });
}

async function probe(daemon: Daemon, container: Container, check: Healthcheck): Promise<void> {
  const [kind, ...rest] = check.Test!;
  const args = kind === 'CMD-SHELL' ? [...(container.record.config.Shell ?? ['/bin/sh', '-c']), ...rest] : rest;
  const started = daemon.ports.clock.now();
  daemon.containerEvent(container, `exec_create: ${args.join(' ')}`);
  const { code, output } = await run(daemon, container, args, milliseconds(check.Timeout, defaults.timeout));
  record(daemon, container, check, {
    Start: rfc3339Nano(started),
    End: daemon.now(),
    ExitCode: code,
    Output: output,
  });
}

async function run(
  daemon: Daemon,
  container: Container,
  args: string[],
  timeout: number,
): Promise<{ code: number; output: string }> {
  let output = '';
  const collect = (bytes: Uint8Array): void => {
    if (output.length < maximumOutput) output += fromUtf8(bytes);
  };
  try {
    const spec = await execProcess(daemon, container, { Cmd: args });
    const process = await container.task!.exec(spec, { stdin: null, stdout: collect, stderr: collect });
    let expired = false;
    const cancel = daemon.ports.clock.timer(timeout, () => {
      expired = true;
      void process.kill(9).catch(() => {});
    });
    const { code } = await process.wait();
    cancel();
    return expired
      ? { code: -1, output: `Health check exceeded timeout (${timeout / 1000}s)` }
      : { code, output: output.slice(0, maximumOutput) };
  } catch (error) {
    return { code: -1, output: error instanceof Error ? error.message : String(error) };
  }
}

function record(
  daemon: Daemon,
  container: Container,
  check: Healthcheck,
  result: { Start: string; End: string; ExitCode: number; Output: string },
): void {
  const health = container.state.health;
  if (!health || !container.task) return;
  health.Log = [...(health.Log ?? []), result].slice(-maximumLog);
  const before = health.Status;
  if (result.ExitCode === 0) {
    health.FailingStreak = 0;
    health.Status = 'healthy';
  } else if (
    before !== 'starting' ||
    Date.parse(result.Start) - Date.parse(container.state.startedAt) >= milliseconds(check.StartPeriod, 0)
  ) {
    health.FailingStreak++;
    if (health.FailingStreak >= (check.Retries || defaults.retries)) health.Status = 'unhealthy';
  }
  daemon.save(container);
  if (health.Status !== before) daemon.containerEvent(container, `health_status: ${health.Status}`);
}
