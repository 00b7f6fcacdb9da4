/** Bad input: the real Docker's words and exit status, and the state as it was. Texts: recordings of docker 28.2.2. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

let machine: Machine;

async function bash(line: string) {
  const out = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
    out[name] += new TextDecoder().decode(bytes);
  };
  const exit = await machine.run(['/bin/bash', '-c', line], { stdout: into('stdout'), stderr: into('stderr') });
  return { ...out, exit };
}

/** What must not change: images, containers, layers, networks, files of the working directory. */
const state = async () => {
  const { images, containers, layers, networks, volumes } = await machine.inspect();
  const stable = containers.map(({ id, name, status, layer }) => ({ id, name, status, layer }));
  return JSON.stringify({ images, stable, layers: layers.map((layer) => layer.chainId), networks, volumes });
};

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await bash('docker pull busybox; docker run -d --name web -p 8080:80 busybox sleep 100000; mkdir c; echo x > c/file');
  const damage = 'printf "\\377\\377\\377\\377" | dd of=damaged.tar bs=1 seek=600000 conv=notrunc';
  await bash(`docker pull alpine; docker save alpine -o damaged.tar; docker rmi alpine; ${damage}`);
}, 60_000);

const run = "\n\nRun 'docker run --help' for more information\n";

const cases: { what: string; line: string; exit: number; stderr: string | RegExp }[] = [
  {
    what: 'an unknown command',
    line: 'docker nosuchcommand',
    exit: 1,
    stderr: "docker: unknown command: docker nosuchcommand\n\nRun 'docker --help' for more information\n",
  },
  {
    what: 'an unknown flag',
    line: 'docker run --nosuchflag busybox',
    exit: 125,
    stderr: `unknown flag: --nosuchflag\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]${run}`,
  },
  {
    what: 'a missing argument',
    line: 'docker stop',
    exit: 1,
    stderr:
      "docker: 'docker stop' requires at least 1 argument\n\nUsage:  docker stop [OPTIONS] CONTAINER [CONTAINER...]\n\nSee 'docker stop --help' for more information\n",
  },
  {
    what: 'no such image',
    line: 'docker run --rm nosuchuser/nosuch:tag',
    exit: 125,
    stderr: `Unable to find image 'nosuchuser/nosuch:tag' locally\ndocker: Error response from daemon: pull access denied for nosuchuser/nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied${run}`,
  },
  { what: 'no such object', line: 'docker inspect nosuch', exit: 1, stderr: 'Error: No such object: nosuch\n' },
  {
    what: 'a malformed Dockerfile',
    line: "printf 'FORM busybox\\n' | DOCKER_BUILDKIT=0 docker build -f - c",
    exit: 1,
    stderr: /Error response from daemon: dockerfile parse error line 1: unknown instruction: FORM\n$/,
  },
  {
    what: 'a corrupt archive',
    line: 'echo junk | docker load',
    exit: 1,
    stderr: 'Error processing tar file(exit status 1): unexpected EOF\n',
  },
  {
    what: 'a damaged layer',
    line: 'docker load -i damaged.tar',
    exit: 1,
    stderr: /^invalid diffID for layer 0: expected "sha256:[0-9a-f]{64}", got "sha256:[0-9a-f]{64}"\n$/,
  },
  {
    what: 'a name that is taken',
    line: 'docker run -d --name web busybox sleep 1',
    exit: 125,
    stderr:
      /^docker: Error response from daemon: Conflict\. The container name "\/web" is already in use by container "[0-9a-f]{64}"\. You have to remove \(or rename\) that container to be able to reuse that name\.\n\nRun 'docker run --help' for more information\n$/,
  },
];

describe('bad input', () => {
  for (const { what, line, exit, stderr } of cases) {
    it(`${what}: the real message, and nothing changed`, async () => {
      const before = await state();
      const told = await bash(line);
      if (typeof stderr === 'string') expect(told.stderr).toBe(stderr);
      else expect(told.stderr).toMatch(stderr);
      expect(told.exit).toBe(exit);
      expect(await state()).toBe(before);
    });
  }

  it('a port in use: the real message; the container exists but does not run, as in life', async () => {
    const told = await bash('docker run -d --name s2 -p 8080:80 busybox sleep 100');
    expect(told.stderr).toMatch(
      /^docker: Error response from daemon: driver failed programming external connectivity on endpoint s2 \([0-9a-f]{64}\): Bind for 0\.0\.0\.0:8080 failed: port is already allocated\n/,
    );
    expect(told.exit).toBe(125);
    expect((await bash('docker inspect -f "{{.State.Status}}" s2')).stdout).toBe('created\n');
    expect((await bash('docker inspect -f "{{.State.Status}}" web')).stdout).toBe('running\n');
  });
});
