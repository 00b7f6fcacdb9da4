/** `docker manifest`: lists made by the client, pushed to the Hub, pulled by platform. */
import { beforeAll, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

let machine: Machine;

async function bash(line: string) {
  const out = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
    out[name] += new TextDecoder().decode(bytes);
  };
  const end = await machine.execute(['/bin/bash', '-c', line], { stdout: into('stdout'), stderr: into('stderr') });
  return { ...out, ...end };
}

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await bash('docker pull busybox; docker tag busybox student/bb:1; docker login -u student --password-stdin <<< pw');
  await bash('docker push student/bb:1');
}, 60_000);

it('a list is made, annotated and pushed; its images are mounted from where they were', async () => {
  expect((await bash('docker manifest create student/list:1 student/bb:1')).stdout).toBe(
    'Created manifest list docker.io/student/list:1\n',
  );
  expect((await bash('docker manifest create student/list:1 student/bb:1')).stderr).toBe(
    'refusing to amend an existing manifest list with no --amend flag\n',
  );
  expect((await bash('docker manifest annotate student/list:1 student/bb:1 --arch bogus')).stderr).toBe(
    'manifest entry for image has unsupported os/arch combination: /bogus\n',
  );
  await bash('docker manifest annotate student/list:1 student/bb:1 --arch arm64 --variant v8');
  const local = await bash('docker manifest inspect student/list:1');
  expect(JSON.parse(local.stdout).manifests[0].platform).toEqual({ architecture: 'arm64', os: 'linux', variant: 'v8' });
  const pushed = await bash('docker manifest push --purge student/list:1');
  expect(pushed.stdout).toMatch(
    /^Pushed ref docker\.io\/student\/list@(sha256:\w{64}) with digest: \1\nsha256:\w{64}\n$/,
  );
  expect((await bash('docker manifest rm student/list:1')).stderr).toBe('No such manifest: docker.io/student/list:1\n');
  expect((await bash('docker manifest inspect student/list:1')).stdout).toBe(local.stdout);
  const pulled = await bash('docker pull --platform linux/arm64 student/list:1');
  expect(pulled.stdout).toContain(`Digest: ${pushed.stdout.trim().split('\n').at(-1)}`);
  expect((await bash('docker pull student/list:1')).stderr).toContain('no matching manifest for linux/amd64');
});

it('a single image is told as its registry has it, with --verbose by its descriptor', async () => {
  const plain = await bash('docker manifest inspect student/bb:1');
  expect(plain.stdout).toMatch(/^\{\n\t"schemaVersion": 2,\n\t"mediaType"/);
  const [ref, descriptor] = Object.entries(JSON.parse((await bash('docker manifest inspect -v student/bb:1')).stdout));
  expect(ref).toEqual(['Ref', 'docker.io/student/bb:1']);
  expect(descriptor![1]).toMatchObject({ platform: { architecture: 'amd64', os: 'linux' } });
  expect((await bash('docker manifest inspect student/bb:nosuch')).stderr).toBe(
    'no such manifest: docker.io/student/bb:nosuch\n',
  );
});
