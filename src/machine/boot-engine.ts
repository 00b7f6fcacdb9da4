import { createServer } from '../api/index.ts';
import { type Catalog, openCatalog, type Userland } from '../catalog/index.ts';
import { createEngine, createInspector, type Engine, type EnginePorts } from '../engine/index.ts';
import type { Clock } from '../port/index.ts';
import {
  type BootedKernel,
  busyboxFiles,
  forkTree,
  gitProgramPaths,
  hostFiles,
  MemoryBlobBacking,
  MemoryMounter,
  MemoryRecordStore,
  MemorySnapshotter,
  MountedFilesystem,
  MountNamespace,
  nodeProgramPaths,
  PathContext,
  packageProgramPaths,
  postgresProgramPaths,
  pythonProgramPaths,
  SeededEntropy,
  SimNetwork,
  SimRuntime,
  serviceProgramPaths,
} from '../sim/index.ts';
import type { Fetch, Handler } from '../spec/index.ts';
import { silent, type Tracer } from '../trace/index.ts';
import { type Hub, type HubStores, openHub } from './hub.ts';
import { connectInternet, engineFetch } from './internet.ts';
import type { MachineOptions } from './machine.ts';
import { type BuildRequest, BuildWatch } from './rebuild.ts';
import type { EngineSnapshot, Snapshot } from './snapshot.ts';
import type { StepGate } from './step-gate.ts';
import { CallTrace } from './trace-calls.ts';
import { HttpTrace } from './trace-http.ts';

/** What comes after the prompt: a host is there before its engine is. */
export interface EngineParts {
  engine: Engine;
  /** The Engine API. */
  api: Handler;
  hub: Hub | undefined;
  /** What POST /build was last sent. */
  lastBuild(): BuildRequest | undefined;
  /** By reference. */
  snapshot(): EngineSnapshot;
  /** The engine of an earlier moment, to be looked at. */
  at(snapshot: Snapshot): Pick<Engine, 'inspect' | 'layerChanges' | 'layerFile' | 'overlayOf'> & {
    hub: Hub | undefined;
    files: PathContext;
  };
}

interface BootOptions {
  options: MachineOptions;
  kernel: BootedKernel;
  tracer: Tracer;
  clock: Clock;
  gate: StepGate;
  /** What to go on from. */
  from: Snapshot | undefined;
}

/** Starts dockerd and the internet behind it on a booted host. */
export async function bootEngine(boot: BootOptions): Promise<EngineParts> {
  const { options, kernel, tracer, from } = boot;
  const http = new HttpTrace(tracer, boot.gate);
  const calls = new CallTrace(tracer);
  const builds = new BuildWatch();
  const stores = storesOf(from?.engine);
  const hub = openHubFor(boot, stores.hub);
  const entropy = new SeededEntropy(`engine:${options.seed ?? 1}`);
  if (from?.engine) entropy.restore(from.engine.entropy);
  const ports = enginePorts(boot, stores, entropy, engineFetch(kernel, hub, http), calls);
  const engine = await createEngine(ports, { resume: Boolean(from?.engine) });
  // What it took to start again what ran is not part of the history: ids go on as they would have.
  if (from?.engine) entropy.restore(from.engine.entropy);
  connectInternet(kernel, hub, options, userland());
  return {
    engine,
    api: builds.on(http.between('docker', 'engine', createServer(calls.between('api', 'engine', engine)))),
    hub,
    lastBuild: () => builds.last,
    snapshot: () => ({
      entropy: entropy.state(),
      blobs: stores.blobs.snapshot(),
      records: stores.records.snapshot(),
      hub: { blobs: stores.hub.blobs.snapshot(), records: stores.hub.records.snapshot() },
    }),
    at(snapshot) {
      const past = storesOf(snapshot.engine);
      const host = viewOf(snapshot, boot);
      const looking = enginePorts(
        { ...boot, tracer: silent },
        past,
        entropyOf(snapshot),
        ports.fetch,
        new CallTrace(silent),
        host,
      );
      return { ...createInspector(looking), hub: openHubFor(boot, past.hub), files: host };
    },
  };
}

const storesOf = (from: EngineSnapshot | undefined) => ({
  blobs: new MemoryBlobBacking(from?.blobs),
  records: new MemoryRecordStore(from?.records),
  hub: { blobs: new MemoryBlobBacking(from?.hub.blobs), records: new MemoryRecordStore(from?.hub.records) },
});

type Stores = ReturnType<typeof storesOf>;

/** The disk of an earlier moment, as root sees it; nothing else is mounted. */
function viewOf({ disk }: Snapshot, { clock, kernel }: BootOptions): PathContext {
  const mount = new MountedFilesystem(forkTree(disk, clock).root, '/dev/vda1');
  const at = { mount, inode: mount.root };
  const { cred } = kernel.kernelTask.paths;
  return new PathContext({ namespace: new MountNamespace(mount), root: at, cwd: at, cred, umask: 0o022 });
}

function entropyOf({ entropy }: Snapshot): SeededEntropy {
  const copy = new SeededEntropy(0);
  copy.restore(entropy);
  return copy;
}

function enginePorts(
  { options, kernel, tracer, clock, gate }: BootOptions,
  { records, blobs }: Stores,
  entropy: SeededEntropy,
  fetch: Fetch,
  calls: CallTrace,
  host: PathContext = kernel.kernelTask.paths,
): EnginePorts {
  const pause = async (): Promise<void> => {
    const release = clock.hold();
    await options.breathe();
    release();
    await gate.passed();
  };
  const mounter = new MemoryMounter({ host, tracer, allocateDev: () => kernel.core.newDev() });
  const snapshotter = new MemorySnapshotter({ host, records, entropy, clock, pause });
  return {
    snapshotter: calls.between('engine', 'snapshotter', gate.before(snapshotter)),
    unwatched: snapshotter,
    mounter,
    runtime: calls.between('engine', 'runtime', gate.before(new SimRuntime(kernel))),
    network: gate.before(new SimNetwork(kernel)),
    clock,
    entropy,
    blobs,
    records,
    tracer,
    fetch,
    pause,
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
  };
}

function openHubFor({ options: { internet = 'hub' }, clock }: BootOptions, stores: HubStores): Hub | undefined {
  const now = () => clock.now();
  if (internet === 'none') return undefined;
  if (internet === 'hub') return openHub({ catalog: library(), now, stores });
  return openHub({
    accounts: internet.accounts,
    entries: internet.entries,
    fixedIndex: internet.fixedIndex,
    now,
    stores,
  });
}

let opened: Catalog | undefined;

/** What the Hub sells is the same for every machine: made once. */
export function library(): Catalog {
  opened ??= openCatalog(userland());
  return opened;
}

/** The catalogue with every digest computed from the bytes: for whoever writes or checks its lock. */
export const openUnlockedCatalog = () => openCatalog(userland(), { lock: false });

/** Programs under the names that packages give to update-alternatives, which links them. */
const variants: Readonly<Record<string, string>> = {
  '/usr/bin/mawk': 'mawk/awk',
  // Differs from Linux: gawk is the same awk, without its extensions.
  '/usr/bin/gawk': 'mawk/awk',
  '/usr/bin/which.debianutils': 'debianutils/which',
  '/usr/bin/nc.openbsd': 'netcat/nc',
  '/usr/bin/nc.traditional': 'netcat/nc',
  '/usr/bin/vim.basic': 'vim',
  '/usr/bin/vim.tiny': 'vi',
  '/usr/bin/nano': 'nano',
  '/usr/bin/figlet-figlet': 'figlet',
  '/usr/games/cowsay': 'cowsay',
};

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
    ...variants,
    ...packageProgramPaths,
    ...gitProgramPaths,
    ...serviceProgramPaths,
    ...pythonProgramPaths,
    ...nodeProgramPaths,
    ...postgresProgramPaths,
  }))
    known.set(path, name);
  const applets = busyboxFiles('alpine').flatMap((file) => (file.link ? [file.path.slice(1)] : []));
  return { programAt: (path) => known.get(path), applets };
}
