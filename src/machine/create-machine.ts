import { BootedKernel, hostNameserver, MemTree, SeededEntropy, VirtualClock } from '../sim/index.ts';
import { timespecFromMs } from '../spec/index.ts';
import { createTrace, type Trace } from '../trace/index.ts';
import type { EngineParts } from './boot-engine.ts';
import { mountCgroupV1 } from './cgroup-v1.ts';
import { registerCompletion } from './completion.ts';
import { fillHostRoot } from './host-root.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { MemoryMachine } from './memory-machine.ts';
import { preload } from './preload.ts';
import { ownPrograms, programTable } from './programs.ts';

/** 2025-07-01T09:00:00Z: the same on every day, so that digests and times are those on the teacher's slide. */
const defaultStart = Date.UTC(2025, 6, 1, 9);

/** Everything that one host is made of. */
export interface Parts {
  trace: Trace;
  clock: VirtualClock;
  kernel: BootedKernel;
  /** Loads and starts it at the first call; whoever needs it waits. */
  engine(): Promise<EngineParts>;
}

/**
 * Boots a host. Resolves when a terminal can be opened: a prompt does not wait for the engine's code to arrive, which is
 * loaded when something first asks for the engine. With idle time skipped nobody watches, and it is there from the start.
 */
export async function createMachine(options: MachineOptions): Promise<Machine> {
  const trace = createTrace();
  const clock = new VirtualClock({
    start: timespecFromMs(options.startMs ?? defaultStart),
    pace:
      options.pace === 'skip'
        ? { kind: 'skip', breathe: options.breathe }
        : { kind: 'real', hostTimer: options.realTimer },
  });
  const kernel = bootHost(options, trace, clock);
  let started: Promise<EngineParts> | undefined;
  const engine = (): Promise<EngineParts> => {
    started ??= import('./boot-engine.ts').then(({ bootEngine }) => bootEngine(options, kernel, trace, clock));
    return started;
  };
  kernel.serveHttp({ unix: '/var/run/docker.sock' }, async (request, context) =>
    (await engine()).api(request, context),
  );
  registerCompletion();
  const machine = new MemoryMachine({ trace, clock, kernel, engine });
  if (options.pace === 'skip') await engine();
  await preload(machine, options.preload ?? []);
  return machine;
}

function bootHost(options: MachineOptions, tracer: Trace, clock: VirtualClock): BootedKernel {
  const hostname = options.hostname ?? 'dock';
  const kernel = new BootedKernel({
    clock,
    entropy: new SeededEntropy(`kernel:${options.seed ?? 1}`),
    tracer,
    root: new MemTree({ type: 'ext4', dev: 0xfe01, clock }),
    hostname,
    programs: programTable(options.edit, options.python && { world: options.python, hold: () => clock.hold() }),
    breathe: options.breathe,
  });
  const nameserver = options.nameserver ?? hostNameserver;
  fillHostRoot(kernel.kernelTask.paths, { hostname, nameserver, extra: ownPrograms });
  if (options.cgroups === 1) mountCgroupV1(kernel.sys);
  if (options.uplink === false) kernel.sys.netlink.deleteRoute('default');
  return kernel;
}
