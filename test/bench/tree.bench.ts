/**
 * Many files, through what goes over all of them: the cost is to grow as their number does, so ten times as many are to
 * take about ten times as long. In processor time.
 */
import { bench, describe } from 'vitest';
import type { Machine } from '../../src/machine/index.ts';
import { textContent } from '../../src/spec/index.ts';
import { cpuNow } from './cpu-clock.ts';
import { boot, sh } from './host.ts';

/** A tree as large as a student's node_modules, on a host that has busybox. */
async function withTree(files: number): Promise<Machine> {
  const machine = await boot();
  await sh(machine, 'docker pull -q busybox && mkdir -p /root/tree/context');
  for (let i = 0; i < files; i++) {
    machine.writeFile(`/root/tree/context/d${Math.floor(i / 100)}/f${i}`, textContent(`file ${i}\n`));
  }
  machine.writeFile('/root/tree/Dockerfile', textContent('FROM busybox\nCOPY context /context\n'));
  return machine;
}

const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, now: cpuNow };

const lines = {
  find: 'test $(find tree -type f | wc -l) -gt 999',
  tar: 'tar cf /dev/null tree',
  'docker build: COPY, classic': 'DOCKER_BUILDKIT=0 docker build -q tree',
  'docker build: COPY, BuildKit': 'docker build -q --no-cache tree',
  'docker build: COPY, cached': 'docker build -q tree',
};

for (const files of [10_000, 100_000]) {
  describe(`a tree of ${files.toLocaleString('en')} files`, () => {
    let machine: Promise<Machine> | undefined;
    for (const [name, line] of Object.entries(lines)) {
      bench(name, async () => sh(await machine!, `cd /root; ${line}`), {
        ...once,
        setup: async () => void (await (machine ??= withTree(files))),
      });
    }
  });
}
