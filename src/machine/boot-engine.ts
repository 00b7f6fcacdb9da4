import { createServer } from '../api/index.ts';
import { openCatalog, type Userland } from '../catalog/index.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import type { Clock } from '../port/index.ts';
import {
  type BootedKernel,
  busyboxFiles,
  hostFiles,
  MemoryBlobBacking,
  MemoryMounter,
  MemoryRecordStore,
  MemorySnapshotter,
  packageProgramPaths,
  pythonProgramPaths,
  SeededEntropy,
  SimNetwork,
  SimRuntime,
  serviceProgramPaths,
} from '../sim/index.ts';
import type { Handler } from '../spec/index.ts';
import type { Trace } from '../trace/index.ts';
import { type Hub, openHub } from './hub.ts';
import { connectInternet, engineFetch } from './internet.ts';
import type { MachineOptions } from './machine.ts';
import { HttpTrace } from './trace-http.ts';

/** What comes after the prompt: a host is there before its engine is. */
export interface EngineParts {
  engine: Engine;
  /** The Engine API. */
  api: Handler;
  hub: Hub | undefined;
}

/** Starts dockerd and the internet behind it on a booted host. */
export async function bootEngine(
  options: MachineOptions,
  kernel: BootedKernel,
  tracer: Trace,
  clock: Clock,
): Promise<EngineParts> {
  const hub = openHubFor(options, clock);
  const http = new HttpTrace(tracer);
  const engine = await startEngine(options, kernel, tracer, clock, hub, http);
  connectInternet(kernel, hub, options.internet, userland());
  return { engine, api: http.between('docker', 'engine', createServer(engine)), hub };
}

function startEngine(
  options: MachineOptions,
  kernel: BootedKernel,
  tracer: Trace,
  clock: Clock,
  hub: Hub | undefined,
  http: HttpTrace,
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
    fetch: engineFetch(kernel, hub, http),
    hostTree: mounter.directory('/'),
    ...(options.sourceDateEpoch === undefined ? {} : { sourceDateEpoch: { sec: options.sourceDateEpoch, nsec: 0 } }),
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

function openHubFor({ internet = 'hub' }: MachineOptions, clock: Clock): Hub | undefined {
  const now = () => clock.now();
  if (internet === 'none') return undefined;
  if (internet === 'hub') return openHub({ catalog: openCatalog(userland()), now });
  return openHub({ accounts: internet.accounts, entries: internet.entries, now });
}

/** The catalogue with every digest computed from the bytes: for whoever writes or checks its lock. */
export const openUnlockedCatalog = () => openCatalog(userland(), { lock: false });

/** What the catalogue must know of our userland: which program stands where. */
export function userland(): Userland {
  const known = new Map(hostFiles().map((file) => [file.path, file.program]));
  for (const [name, path] of [
    ['bash', '/usr/bin/bash'],
    ['dash', '/usr/bin/dash'],
  ] as const) {
    known.set(path, name);
  }
  for (const [path, name] of Object.entries({
    ...packageProgramPaths,
    ...serviceProgramPaths,
    ...pythonProgramPaths,
  }))
    known.set(path, name);
  const applets = busyboxFiles('alpine').flatMap((file) => (file.link ? [file.path.slice(1)] : []));
  return { programAt: (path) => known.get(path), applets };
}
