import { bench, describe } from 'vitest';
import { digestOfBytes } from '../../src/content/index.ts';
import { contentText, textContent } from '../../src/spec/index.ts';
import { boot, sh } from './host.ts';

/** FROM and ten steps: files that are made, changed and removed. */
const dockerfile = (salt: number) =>
  ['FROM busybox', `ENV SALT=${salt}`, ...Array.from({ length: 9 }, (_, i) => `RUN echo ${i} > /step${i}`)].join('\n');

let salt = 0;
const ready = boot().then(async (machine) => {
  await sh(machine, 'docker pull -q busybox && mkdir /root/ten');
  machine.writeFile('/root/ten/Dockerfile', textContent(dockerfile(0)));
  await sh(machine, 'docker build -q ten');
  await sh(machine, 'docker run -d --name many busybox sleep 100000');
  return machine;
});

const few = { iterations: 5, time: 0, warmupIterations: 1, warmupTime: 0 };

describe('engine', () => {
  bench('start', async () => void (await (await boot()).shutdown()), few);

  bench(
    '10-step build, uncached',
    async () => {
      const machine = await ready;
      machine.writeFile('/root/ten/Dockerfile', textContent(dockerfile(++salt)));
      await sh(machine, 'docker build -q ten');
    },
    few,
  );

  bench(
    '10-step build, cached',
    async () => {
      const machine = await ready;
      machine.writeFile('/root/ten/Dockerfile', textContent(dockerfile(0)));
      await sh(machine, 'docker build -q ten');
    },
    few,
  );
});

const files = 10_000;
const fileSize = 1000;

describe('commit of a layer with 10,000 files', () => {
  const filled = ready.then(async (machine) => {
    await sh(machine, "docker inspect -f '{{.GraphDriver.Data.UpperDir}}' many > /root/upper");
    const upper = contentText(machine.readFile('/root/upper')!).trim();
    for (let i = 0; i < files; i++) machine.writeFile(`${upper}/file${i}`, textContent(`${i}`.padEnd(fileSize)));
    return machine;
  });
  bench('docker commit', async () => sh(await filled, 'docker commit many big'), few);

  // A tar header and two blocks for each file: what of the commit is hashing.
  const archive = new Uint8Array(files * 3 * 512);
  bench('of it: sha256 of its archive', () => void digestOfBytes(archive), few);
});
