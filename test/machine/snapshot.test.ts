/** Snapshots of a whole machine: what comes back, what does not leak, what it costs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMachine, type Machine, type Snapshot } from '../../src/machine/index.ts';
import { contentText, textContent } from '../../src/spec/index.ts';
import type { Inspection } from '../../src/trace/index.ts';

const boot = (from?: Snapshot) =>
  createMachine({
    pace: 'skip',
    from,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
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

/** Without what a new process has anew. */
const durable = ({ processes: _processes, cgroups: _cgroups, netNamespaces: _net, ...inspection }: Inspection) => ({
  ...inspection,
  containers: inspection.containers.map(({ pid, ...rest }) => ({ ...rest, runs: pid > 0 })),
});

let machine: Machine;
beforeAll(async () => {
  machine = await boot();
  await run(machine, 'docker pull -q alpine; docker pull -q nginx');
}, 60_000);
afterAll(() => machine.shutdown());

describe('a snapshot', () => {
  it('brings back images, containers, networks, volumes, files, pushes and accounts, and what ran runs again', async () => {
    await run(
      machine,
      `docker network create lab; docker volume create data
       docker run -d --name web --network lab -p 8080:80 -p 80 nginx
       docker run -d --name box -v data:/data alpine sh -c 'echo kept > /data/f; exec sleep 1d'
       docker pause box; docker create --name idle alpine
       echo pw | docker login -u me --password-stdin; docker tag alpine me/a; docker push -q me/a
       mkdir /root/app; echo one > /root/app/file; sleep 5`,
    );
    const before = durable(await machine.inspect());
    const ps = await run(machine, "docker ps -a --format '{{.ID}} {{.Names}} {{.Ports}}'; docker network inspect lab");
    const moment = machine.snapshot();
    await run(
      machine,
      'docker rm -f web box idle; docker network rm lab; docker volume rm data; docker rmi nginx me/a; rm -rf /root/app; docker logout',
    );
    expect(durable(await machine.inspect())).not.toEqual(before);
    await machine.restore(moment);
    expect(durable(await machine.inspect())).toEqual(before);
    expect(
      await run(machine, "docker ps -a --format '{{.ID}} {{.Names}} {{.Ports}}'; docker network inspect lab"),
    ).toBe(ps);
    expect(await run(machine, 'cat /root/app/file; docker unpause box; docker exec box cat /data/f')).toBe(
      'one\nbox\nkept\n',
    );
    expect(await run(machine, 'sleep 1; curl -s localhost:8080 | grep -c Welcome')).not.toBe('0\n');
    expect(await run(machine, 'docker rm -f web box idle > /dev/null; docker push -q me/a')).toContain('me/a');
  });

  it('is not reached by later writes, and can be looked at without going there', async () => {
    await run(machine, 'docker run --name was alpine sh -c "echo a > /f"; echo a > /root/f');
    const moment = machine.snapshot();
    const past = machine.at(moment);
    const then = durable(await machine.inspect());
    const { id } = (await machine.inspect()).containers.at(-1)!;
    const changes = await machine.layerChanges(id);
    await run(machine, 'docker start was; docker rm was; echo b > /root/f; docker run --name then alpine true');
    machine.writeFile('/root/g', textContent('g'));
    expect(durable(await past.inspect())).toEqual(then);
    expect(await past.layerChanges(id)).toEqual(changes);
    expect(contentText((await past.layerFile(id, '/f'))!)).toBe('a\n');
    expect(contentText(machine.readFile('/root/f')!)).toBe('b\n');
    await machine.restore(moment);
    expect(contentText(machine.readFile('/root/f')!)).toBe('a\n');
    expect(machine.readFile('/root/g')).toBeUndefined();
  });

  it('leads to the same ids and digests each time, also on another machine', async () => {
    const moment = machine.snapshot();
    const script = 'docker run -d alpine true; printf "FROM alpine\\nRUN echo 1 > /1\\n" | docker build -q -';
    const first = await run(machine, script);
    await machine.restore(moment);
    expect(await run(machine, script)).toBe(first);
    const other = await boot(moment);
    expect(await run(other, script)).toBe(first);
    await other.shutdown();
  });

  it('holds under random commands: restore gives what was, in any order', async () => {
    const commands = [
      'docker run -d alpine sleep 1d',
      'docker run --name c$RANDOM alpine sh -c "date > /d"',
      'docker rm -f $(docker ps -aq | head -1)',
      'docker volume create; docker network create n$RANDOM',
      'docker commit $(docker ps -aq | head -1) img',
      'echo $RANDOM >> /root/log; ln -f /root/log /root/log2; mv /root/log2 /root/log3',
      'docker stop -t 0 $(docker ps -q | head -1)',
      'rm -rf /root/d; mkdir -p /root/d/e; echo x > /root/d/e/f',
    ];
    let seed = 7;
    const next = (below: number) => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below;
    const kept: { moment: Snapshot; inspection: unknown; files: string }[] = [];
    const files = () => run(machine, 'find /root -not -name ".bash*" | sort | xargs ls -ldi; cat /root/log');
    for (let step = 0; step < 14; step++) {
      await run(machine, commands[next(commands.length)]!);
      await run(machine, 'sleep 1');
      kept.push({ inspection: durable(await machine.inspect()), files: await files(), moment: machine.snapshot() });
      if (step % 3 !== 2) continue;
      const { moment, inspection, files: were } = kept[next(kept.length)]!;
      await machine.restore(moment);
      expect(durable(await machine.inspect())).toEqual(inspection);
      expect(await files()).toBe(were);
    }
  }, 60_000);
});
