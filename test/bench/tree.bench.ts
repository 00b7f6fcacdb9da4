import { bench, describe } from 'vitest';
import { nodeWorld } from '../../src/companion/node-world.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { textContent } from '../../src/spec/index.ts';

/** A tree as large as a student's node_modules, on a host that has busybox. */
async function withTree(files: number): Promise<Machine> {
  const machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await sh(machine, 'docker pull -q busybox && mkdir -p /root/tree/context');
  for (let i = 0; i < files; i++) {
    machine.writeFile(`/root/tree/context/d${Math.floor(i / 100)}/f${i}`, textContent(`file ${i}\n`));
  }
  machine.writeFile('/root/tree/Dockerfile', textContent('FROM busybox\nCOPY context /context\n'));
  return machine;
}

/** Runs a line on the host; a bench whose command fails measures nothing. */
async function sh(machine: Machine, line: string): Promise<void> {
  let said = '';
  const stderr = (bytes: Uint8Array) => {
    said += new TextDecoder().decode(bytes);
  };
  const status = await machine.run(['/bin/bash', '-c', `cd /root; ${line}`], { stdout() {}, stderr });
  if (status !== 0) throw new Error(`${line}: exit ${status}: ${said}`);
}

const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 };

for (const files of [1000, 100_000]) {
  describe(`a tree of ${files.toLocaleString('en')} files`, () => {
    const made = withTree(files);
    made.catch(() => {}); // each bench says so
    bench('find', async () => sh(await made, 'test $(find tree -type f | wc -l) -gt 999'), once);
    bench('tar', async () => sh(await made, 'tar cf /dev/null tree'), once);
    bench('docker build: COPY, classic', async () => sh(await made, 'DOCKER_BUILDKIT=0 docker build -q tree'), once);
    bench('docker build: COPY, BuildKit', async () => sh(await made, 'docker build -q --no-cache tree'), once);
    bench('docker build: COPY, cached', async () => sh(await made, 'docker build -q tree'), once);
  });
}
