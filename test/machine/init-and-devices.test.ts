/** What containers are given by options: an init, devices, the namespaces and networks of others. */
import { beforeAll, expect, it } from 'vitest';
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

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await bash('docker pull busybox');
});

it('--init puts docker-init first, and ends as the command does', async () => {
  const { stdout, exit } = await bash("docker run --rm --init busybox sh -c 'cat /proc/1/comm; exit 7'");
  expect(stdout).toBe('docker-init\n');
  expect(exit).toBe(7);
});

it('docker-init hands signals on: a command that would ignore TERM as pid 1 ends', async () => {
  await bash('docker run -d --name with --init busybox sleep 1000; docker run -d --name without busybox sleep 1000');
  await bash('docker stop -t 3 with without');
  const { stdout } = await bash("docker inspect -f '{{.State.ExitCode}}' with without");
  expect(stdout).toBe('143\n137\n');
});

it('--device takes the node of the host, which lies on a mount of its own', async () => {
  const { stdout } = await bash(
    "docker run --rm --device /dev/null:/dev/other busybox sh -c 'stat -c %t:%T /dev/other'",
  );
  expect(stdout).toBe('1:3\n');
  const missing = await bash('docker run --rm --device /dev/nosuch busybox true');
  expect(missing.stderr).toContain(
    'error gathering device information while adding custom device "/dev/nosuch": no such file or directory',
  );
});

it('--pid container: the process is born in the other namespace, and seen there', async () => {
  await bash(
    'docker run -d --name first busybox sleep 1d; docker run -d --name guest --pid container:first busybox sleep 2d',
  );
  const { stdout } = await bash('docker exec first ps -o pid,args');
  expect(stdout).toMatch(/^ +1 sleep 1d\n +2 sleep 2d\n/m);
});

it('a container that joins a user network while it runs finds the names of that network', async () => {
  await bash('docker run -d --name late busybox sleep infinity; docker network create shop');
  await bash('docker run -d --name db --network shop busybox sleep infinity; docker network connect shop late');
  const { stdout } = await bash('docker exec late cat /etc/resolv.conf; docker exec late ping -c 1 db');
  expect(stdout).toContain('nameserver 127.0.0.11\n');
  expect(stdout).toContain('1 packets received');
});
