/** Keeping: snapshots as chunks in a store, as a file, in a link; what is damaged is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMachine, type Machine, type Snapshot, Timeline } from '../../src/machine/index.ts';
import {
  DataError,
  Keeper,
  loadSnapshot,
  MemoryStore,
  readRecording,
  readShareFragment,
  readWorkspace,
  replay,
  shareFragment,
  writeWorkspace,
} from '../../src/machine/time-tools.ts';
import type { Inspection } from '../../src/trace/index.ts';

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const boot = (from?: Snapshot, seed = 1) =>
  createMachine({
    pace: 'skip',
    seed,
    from,
    breathe,
    realTimer: (ms, fire) => {
      const timer = setTimeout(fire, ms);
      return () => clearTimeout(timer);
    },
  });

async function run(machine: Machine, script: string): Promise<string> {
  let out = '';
  const take = (bytes: Uint8Array) => {
    out += new TextDecoder().decode(bytes);
  };
  await machine.run(['/bin/bash', '-c', script], { stdout: take, stderr: take });
  return out;
}

const durable = ({ processes: _processes, cgroups: _cgroups, netNamespaces: _net, ...inspection }: Inspection) => ({
  ...inspection,
  containers: inspection.containers.map(({ pid, ...rest }) => ({ ...rest, runs: pid > 0 })),
});

const look = `find / -xdev -not -path '/var/run/*' -not -path '/root/.bash*' | sort | xargs -d '\\n' ls -ldi | md5sum
docker images --digests --no-trunc; docker ps -a --no-trunc --format '{{.ID}} {{.Image}} {{.Status}}'; docker run --rm site cat /site/index.html | md5sum`;

let machine: Machine;
beforeAll(async () => {
  machine = await boot();
  await run(
    machine,
    `mkdir -p /root/site; head -c 300000 /dev/urandom > /root/site/index.html; ln /root/site/index.html /root/hard
     printf 'FROM alpine\\nCOPY site /site\\nRUN apk add --no-cache curl; rm /etc/motd\\n' > /root/Dockerfile
     docker build -q -t site /root; docker run -d --name up site sleep 1d; setfattr -n user.x -v 1 /root/hard
     echo pw | docker login -u me --password-stdin; docker tag site me/site; docker push -q me/site`,
  );
}, 60_000);
afterAll(() => machine.shutdown());

describe('a store', () => {
  it('gives back everything that was saved, and a save costs what changed', async () => {
    const store = new MemoryStore();
    const commits: number[] = [];
    const commit = store.commit.bind(store);
    store.commit = async (fresh, ...rest) => {
      commits.push(fresh.size);
      await commit(fresh, ...rest);
    };
    const keeper = new Keeper(store, { seed: 1, breathe });
    await keeper.save(() => machine.snapshot());
    await run(machine, 'echo new > /root/new');
    await keeper.save(() => machine.snapshot());
    expect(commits[1]).toBeLessThan(6);

    const moment = machine.snapshot();
    const before = durable(await machine.inspect());
    const saw = await run(machine, look);
    const { snapshot, head } = (await loadSnapshot(store))!;
    const other = await boot(snapshot);
    expect(durable(await other.inspect())).toEqual(before);
    expect(await run(other, look)).toBe(saw);
    // What is loaded can be saved again, and brings nothing new.
    const again = new Keeper(store, { seed: 1, breathe, loaded: head });
    await again.save(() => snapshot);
    expect(commits.at(-1)).toBeLessThan(8);
    await other.shutdown();
    await machine.restore(moment);
  }, 60_000);

  it('has what an undo brought back, and is left whole by a save that fails', async () => {
    const store = new MemoryStore();
    const keeper = new Keeper(store, { seed: 1, breathe });
    const first = machine.snapshot();
    await keeper.save(() => first);
    await run(machine, 'rm /root/hard /root/site/index.html; echo $RANDOM > /root/x');
    await keeper.save(() => machine.snapshot());
    await keeper.save(() => first);
    expect((await loadSnapshot(store))!.head.chunks.length).toBeGreaterThan(10);
    const commit = store.commit.bind(store);
    store.commit = async () => {
      throw new Error('disk on fire');
    };
    await expect(keeper.save(() => machine.snapshot())).rejects.toThrow('disk on fire');
    store.commit = commit;
    const other = await boot((await loadSnapshot(store))!.snapshot);
    expect(await run(other, 'ls /root')).toBe(await run(await boot(first), 'ls /root'));
    await other.shutdown();
    await machine.restore(first);
  }, 60_000);

  it('refuses what is damaged', async () => {
    const store = new MemoryStore();
    await new Keeper(store, { seed: 1, breathe }).save(() => machine.snapshot());
    const chunks = store.chunks.bind(store);
    store.chunks = async (keys) => chunks(keys.slice(1));
    await expect(loadSnapshot(store)).rejects.toThrow(DataError);
    store.head = async () => new TextEncoder().encode('{"format":"drydock-workspace","version":99}');
    await expect(loadSnapshot(store)).rejects.toThrow('newer drydock');
  });
});

describe('a workspace file', () => {
  it('carries the state to another machine', async () => {
    const moment = machine.snapshot();
    const file = await writeWorkspace(moment, 1);
    const { snapshot, seed } = await readWorkspace(file);
    // Idle time is skipped: each is looked at as soon as it is there.
    await machine.restore(moment);
    const before = durable(await machine.inspect());
    const saw = await run(machine, look);
    const other = await boot(snapshot, seed);
    expect(durable(await other.inspect())).toEqual(before);
    expect(await run(other, look)).toBe(saw);
    await other.shutdown();
  }, 60_000);

  it('is refused when it is cut, changed or something else', async () => {
    const bytes = new Uint8Array(await (await writeWorkspace(machine.snapshot(), 1)).arrayBuffer());
    let seed = 11;
    const next = (below: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below;
    const bad = [bytes.slice(0, 5), bytes.slice(0, bytes.length >> 1), new Uint8Array(100)];
    for (let i = 0; i < 6; i++) {
      const changed = bytes.slice();
      changed[8 + next(changed.length - 8)]! ^= 1 << next(8);
      bad.push(changed);
    }
    for (const one of bad) {
      const outcome = await readWorkspace(new Blob([one as BlobPart])).catch((error: Error) => error);
      // A bit of the gzip header that says nothing may change without harm.
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DataError);
    }
    await expect(readWorkspace(new Blob(['hello']))).rejects.toThrow('this is no drydock workspace');
  }, 60_000);

  it('of more bytes than a workspace may have is not unpacked to its end', async () => {
    const zeros = new Blob([new Uint8Array(5 << 20)]);
    const packed = await new Response(zeros.stream().pipeThrough(new CompressionStream('gzip'))).blob();
    const bomb = new Blob(['DRYDOCK\n', packed]);
    await expect(readWorkspace(bomb, 2 << 20)).rejects.toThrow('over 2 MiB');
  });
});

describe('a recording', () => {
  const recording = async (json: string, length = json.length): Promise<Blob> => {
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, length, true);
    return new Blob(['DRYREC1\n', size, json, await writeWorkspace(machine.snapshot(), 1)]);
  };

  it('is read with what it may hold, and refused when it is something else', async () => {
    const line = { line: 'ls', terminal: 'pts/0', afterMs: 1e12, more: 1 };
    const { lines } = await readRecording(await recording(JSON.stringify({ version: 1, lines: [line] })));
    expect(lines).toEqual([{ line: 'ls', terminal: 'pts/0', afterMs: 60_000 }]);
    await expect(readRecording(await recording('{}', 0xffffffff))).rejects.toThrow('no drydock recording');
    await expect(readRecording(await recording('{"lines": 7}'))).rejects.toThrow('damaged');
    await expect(readRecording(await recording('{"lines": []}', 5))).rejects.toThrow('damaged');
    await expect(readRecording(new Blob(['DRYREC1']))).rejects.toThrow('no drydock recording');
  });
});

describe('a share link', () => {
  it('replays to the same ids and digests', async () => {
    const made = await boot(undefined, 5);
    const timeline = new Timeline(made);
    const terminal = made.openTerminal({ columns: 80, rows: 24, onData() {} });
    const lines = [
      'docker pull -q alpine',
      'docker ps',
      'docker run -it --name in alpine',
      'exit',
      'docker run -d alpine true',
    ];
    const typed = lines.map((line, index) => ({ line, terminal: index === 3 ? 'x:pts/0' : 'pts/0' }));
    await replay(made, terminal, { lines: typed, sleep });
    const shared = timeline.typedLines()!;
    expect(shared.map(({ line }) => line)).toEqual(lines);
    const fragment = shareFragment({ seed: 5, lines: shared, lesson: 'hello' })!;
    const read = readShareFragment(`#${fragment}`)!;
    expect([read.seed, read.lesson]).toEqual([5, 'hello']);
    const other = await boot(undefined, read.seed);
    const told: string[] = [];
    await replay(other, other.openTerminal({ columns: 80, rows: 24, onData() {} }), {
      ...read,
      sleep,
      progress: (_done, line) => told.push(line),
    });
    expect(told).toEqual(lines);
    const ids = async (one: Machine) => (await one.inspect()).containers.map(({ id, name }) => [id, name]);
    expect(await ids(other)).toEqual(await ids(made));
    await Promise.all([made.shutdown(), other.shutdown()]);
  }, 60_000);

  it('is refused when damaged, and not made when too long', () => {
    expect(readShareFragment('#lesson=hello')).toBeUndefined();
    expect(() => readShareFragment('#s=1.AAAA')).toThrow('damaged');
    expect(() => readShareFragment('#s=2.AAAA')).toThrow('newer');
    const noise = Array.from({ length: 40_000 }, (_, i) => ({ line: `echo ${Math.sin(i)}`, terminal: '' }));
    expect(shareFragment({ seed: 1, lines: noise })).toBeUndefined();
    const line = Array.from({ length: 30_000 }, (_, i) => String.fromCharCode(33 + ((i * 7919) % 90))).join('');
    expect(
      shareFragment({ seed: 1, lines: [{ line: line + Math.sqrt(2) + [...line].reverse().join(''), terminal: '' }] }),
    ).toSatisfy((fragment: string | undefined) => fragment === undefined || fragment.length <= 8000);
  });
});
