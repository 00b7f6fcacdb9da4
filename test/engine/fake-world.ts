/** An engine over the in-memory filesystem and a runtime that only pretends: `echo`, `false`, `sleep`, `cat`. */
import { type Backend, createServer } from '../../src/api/index.ts';
import { TarContent, tarEntry } from '../../src/archive/index.ts';
import { MemoryRecords } from '../../src/content/index.ts';
import { createEngine, type EnginePorts } from '../../src/engine/index.ts';
import {
  type Bundle,
  type ExitStatus,
  type Network,
  type Runtime,
  RuntimeError,
  type Stdio,
  type Task,
} from '../../src/port/index.ts';
import { MemoryMounter } from '../../src/sim/mounter.ts';
import { MemorySnapshotter } from '../../src/sim/snapshotter.ts';
import { VfsTree } from '../../src/sim/vfs/index.ts';
import { type Body, bodyText, type Content, type Digest, jsonBody, textContent, utf8 } from '../../src/spec/index.ts';
import { silent } from '../../src/trace/index.ts';
import { random, world } from '../vfs/world.ts';

class FakeRuntime implements Runtime {
  readonly name = 'runc';
  private pid = 100;
  async create(id: string, { spec }: Bundle, stdio: Stdio): Promise<Task> {
    const [command = '', ...args] = spec.process.args;
    if (!['echo', 'false', 'sleep', 'cat'].includes(command)) {
      throw new RuntimeError(
        `runc create failed: unable to start container process: exec: "${command}": executable file not found in $PATH`,
        127,
      );
    }
    let finish: (status: ExitStatus) => void = () => {};
    const ended = new Promise<ExitStatus>((resolve) => {
      finish = resolve;
    });
    const pid = ++this.pid;
    const task: Task = {
      id,
      pid,
      wait: () => ended,
      async kill(signal) {
        finish({ code: 128 + signal, signal });
      },
      async resize() {},
      async start() {
        void (async () => {
          if (command === 'echo') await stdio.stdout(utf8(`${args.join(' ')}\n`));
          if (command === 'cat')
            for (let b = await stdio.stdin?.read(); b; b = await stdio.stdin?.read()) await stdio.stdout(b);
          if (command !== 'sleep') finish({ code: command === 'false' ? 1 : 0 });
        })();
      },
      exec: async () => task,
      async pause() {},
      async resume() {},
      processes: async () => [],
      stats: async () => {
        throw new Error('no stats');
      },
      async update() {},
      async delete() {},
    };
    return task;
  }
  async list(): Promise<string[]> {
    return [];
  }
}

const fakeNetwork: Network = {
  routeBy: async () => {},
  rename: async () => {},
  async createBridge() {},
  async deleteBridge() {},
  createSandbox: async (id) => ({ path: `/var/run/docker/netns/${id.slice(0, 12)}` }),
  async deleteSandbox() {},
  async connect() {},
  async disconnect() {},
  async publish() {},
  async unpublish() {},
  hostPortTaken: async () => false,
};

export async function fakeWorld(seed = 7) {
  const w = world();
  const pick = random(seed);
  const entropy = { bytes: (length: number) => Uint8Array.from({ length }, () => pick(256)) };
  const records = new MemoryRecords();
  const blobs = new Map<Digest, Content>();
  let dev = 40;
  let ms = 0;
  const clock = {
    now: () => ({ sec: 1_795_000_000 + Math.floor(++ms / 1000), nsec: (ms % 1000) * 1_000_000 }),
    monotonic: () => ms,
    timer: (delay: number, fire: () => void) => {
      const handle = setTimeout(fire, delay > 1000 ? 5 : 1);
      return () => clearTimeout(handle);
    },
    hold: () => () => {},
  };
  const ports: EnginePorts = {
    snapshotter: new MemorySnapshotter({ host: w.host, records: new MemoryRecords(), entropy, clock }),
    mounter: new MemoryMounter({ host: w.host, tracer: silent, allocateDev: () => ++dev }),
    runtime: new FakeRuntime(),
    network: fakeNetwork,
    clock,
    entropy,
    blobs: {
      get: (digest) => blobs.get(digest),
      put: (digest, content) => void blobs.set(digest, content),
      delete: (digest) => void blobs.delete(digest),
      list: () => [...blobs.keys()],
    },
    records,
    tracer: silent,
    fetch: async () => {
      throw new Error('dial tcp: lookup nosuch: no such host');
    },
    hostTree: new VfsTree(w.host.resolve('/').inode),
    facts: {
      hostname: 'vm',
      kernelRelease: '6.1.0',
      machine: 'x86_64',
      cpus: 2,
      memory: 1 << 30,
      operatingSystem: 'Debian',
      osVersion: '12',
      cgroupVersion: '2',
      backingFilesystem: 'extfs',
    },
  };
  const engine = await createEngine(ports);
  const backend: Backend = engine;
  const handler = createServer(backend);
  return { engine, handler, ports, request: requester(handler) };
}

type Parsed = ReturnType<typeof JSON.parse>;

const requester =
  (handler: ReturnType<typeof createServer>) =>
  async (method: string, target: string, body?: unknown): Promise<{ status: number; text: string; json: Parsed }> => {
    const raw = body !== undefined && typeof body === 'object' && body !== null && 'read' in body;
    const response = await handler({
      method,
      target,
      headers: body === undefined || raw ? [] : [['Content-Type', 'application/json']],
      ...(body === undefined ? {} : { body: raw ? (body as Body) : jsonBody(body) }),
    });
    const text = await bodyText(response.body);
    const json =
      text.startsWith('{') || text.startsWith('[') ? JSON.parse(text.trim().split('\r\n').at(-1)!) : undefined;
    return { status: response.status, text, json };
  };

/** A root filesystem with /etc/passwd and one program. */
export const rootfs = (): Content =>
  new TarContent([
    tarEntry({ name: 'etc/', type: 'directory', mode: 0o755 }),
    tarEntry({ name: 'etc/passwd', content: textContent('root:x:0:0:root:/root:/bin/sh\n') }),
    tarEntry({ name: 'bin/', type: 'directory', mode: 0o755 }),
    tarEntry({ name: 'bin/echo', mode: 0o755, content: textContent('echo') }),
  ]);
