import { createServer, type ServerOptions } from '../api/index.ts';
import { openCatalog, type Userland } from '../catalog/index.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import {
  BootedKernel,
  busyboxFiles,
  hostFiles,
  hostNameserver,
  MemoryBlobBacking,
  MemoryMounter,
  MemoryRecordStore,
  MemorySnapshotter,
  MemTree,
  packageProgramPaths,
  SeededEntropy,
  SimNetwork,
  SimRuntime,
  serviceProgramPaths,
  VirtualClock,
} from '../sim/index.ts';
import { type Handler, timespecFromMs } from '../spec/index.ts';
import { createTrace, type Trace } from '../trace/index.ts';
import { mountCgroupV1 } from './cgroup-v1.ts';
import { registerCompletion } from './completion.ts';
import { fillHostRoot } from './host-root.ts';
import { type Hub, openHub } from './hub.ts';
import { connectInternet, engineFetch } from './internet.ts';
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
  engine: Engine;
  api: Handler;
  hub: Hub | undefined;
}

/** Boots a host. Resolves when a terminal can be opened. */
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
  const hub = openHubFor(options, clock);
  const engine = await bootEngine(options, kernel, trace, clock, hub);
  const api = createServer(engine, apiOptions);
  kernel.serveHttp({ unix: '/var/run/docker.sock' }, api);
  connectInternet(kernel, hub, options.internet, userland());
  registerCompletion();
  const machine = new MemoryMachine({ trace, clock, kernel, engine, api, hub });
  await preload(machine, options.preload ?? []);
  return machine;
}

const apiOptions: Partial<ServerOptions> = {};

function bootHost(options: MachineOptions, tracer: Trace, clock: VirtualClock): BootedKernel {
  const hostname = options.hostname ?? 'dock';
  const kernel = new BootedKernel({
    clock,
    entropy: new SeededEntropy(`kernel:${options.seed ?? 1}`),
    tracer,
    root: new MemTree({ type: 'ext4', dev: 0xfe01, clock }),
    hostname,
    programs: programTable(options.edit),
    breathe: options.breathe,
  });
  const nameserver = options.nameserver ?? hostNameserver;
  fillHostRoot(kernel.kernelTask.paths, { hostname, nameserver, extra: ownPrograms });
  if (options.cgroups === 1) mountCgroupV1(kernel.sys);
  if (options.uplink === false) kernel.sys.netlink.deleteRoute('default');
  return kernel;
}

function bootEngine(
  options: MachineOptions,
  kernel: BootedKernel,
  tracer: Trace,
  clock: VirtualClock,
  hub: Hub | undefined,
): Promise<Engine> {
  const entropy = new SeededEntropy(`engine:${options.seed ?? 1}`);
  const host = kernel.kernelTask.paths;
  const records = new MemoryRecordStore();
  const mounter = new MemoryMounter({ host, tracer, allocateDev: () => kernel.core.newDev() });
  return createEngine({
    snapshotter: new MemorySnapshotter({ host, records, entropy, clock }),
    mounter,
    runtime: new SimRuntime(kernel),
    network: new SimNetwork(kernel),
    clock,
    entropy,
    blobs: new MemoryBlobBacking(),
    records,
    tracer,
    fetch: engineFetch(kernel, hub),
    hostTree: mounter.directory('/'),
    facts: {
      hostname: options.hostname ?? 'dock',
      kernelRelease: kernel.core.release,
      machine: 'x86_64',
      cpus: kernel.core.cpus,
      memory: kernel.core.memory,
      operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
      osVersion: '12',
      cgroupVersion: options.cgroups === 1 ? '1' : '2',
      backingFilesystem: 'extfs',
    },
  });
}

function openHubFor({ internet = 'hub' }: MachineOptions, clock: VirtualClock): Hub | undefined {
  const now = () => clock.now();
  if (internet === 'none') return undefined;
  if (internet === 'hub') return openHub({ catalog: openCatalog(userland()), now });
  return openHub({ accounts: internet.accounts, entries: internet.entries, now });
}

/** The catalogue with every digest computed from the bytes: for whoever writes or checks its lock. */
export const openUnlockedCatalog = () => openCatalog(userland(), { lock: false });

/** What the catalogue must know of our userland: which program stands where. */
function userland(): Userland {
  const known = new Map(hostFiles().map((file) => [file.path, file.program]));
  for (const [name, path] of [
    ['bash', '/usr/bin/bash'],
    ['dash', '/usr/bin/dash'],
  ] as const) {
    known.set(path, name);
  }
  for (const [path, name] of Object.entries({ ...packageProgramPaths, ...serviceProgramPaths })) known.set(path, name);
  const applets = busyboxFiles('alpine').flatMap((file) => (file.link ? [file.path.slice(1)] : []));
  return { programAt: (path) => known.get(path), applets };
}
