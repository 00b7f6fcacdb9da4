/** The engine over the real-Linux ports, in this process. */
import { mkdirSync } from 'node:fs';
import { createServer } from '../api/index.ts';
import { createEngine } from '../engine/index.ts';
import {
  DiskBlobBacking,
  DiskRecordStore,
  LinuxEntropy,
  LinuxMounter,
  LinuxNetwork,
  LinuxRuntime,
  LinuxSnapshotter,
  linuxClock,
  linuxFacts,
} from '../linux/index.ts';
import type { Handler } from '../spec/index.ts';
import { silent } from '../trace/index.ts';
import { nodeFetch } from './http-client.ts';
import { sourceDateEpoch } from './source-date-epoch.ts';

export interface LinuxEngine {
  handler: Handler;
  /** Ends all containers and takes down what was put up. */
  close(): Promise<void>;
}

/** `state` is where everything lives; it is seen as /var/lib/docker by whoever asks where things are. */
export async function createLinuxEngine(state: string): Promise<LinuxEngine> {
  mkdirSync(state, { recursive: true, mode: 0o711 });
  const runtime = new LinuxRuntime(`${state}/runtime`);
  const network = new LinuxNetwork(`${state}/network`);
  await runtime.sweep();
  await network.sweep();
  const records = new DiskRecordStore(`${state}/records`);
  const entropy = new LinuxEntropy();
  const given = sourceDateEpoch();
  const mounter = new LinuxMounter(`${state}/mounts`, (mounts) => runtime.mountedAt(mounts));
  const engine = await createEngine({
    snapshotter: new LinuxSnapshotter({ records, entropy, clock: linuxClock, root: `${state}/overlay2` }),
    mounter,
    runtime,
    network,
    clock: linuxClock,
    entropy,
    blobs: new DiskBlobBacking(`${state}/content`),
    records,
    tracer: silent,
    fetch: nodeFetch,
    hostTree: mounter.directory('/'),
    ...(given === undefined ? {} : { sourceDateEpoch: { sec: given, nsec: 0 } }),
    facts: linuxFacts(),
  });
  return {
    handler: createServer(engine),
    async close() {
      await runtime.close();
      await network.close();
    },
  };
}
