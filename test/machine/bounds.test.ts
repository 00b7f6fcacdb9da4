/** What holds a container or a flood in its bounds, on the whole machine. */
import { beforeAll, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

let machine: Machine;

async function bash(line: string): Promise<string> {
  let said = '';
  const into = (bytes: Uint8Array) => {
    said += new TextDecoder().decode(bytes);
  };
  await machine.execute(['/bin/bash', '-c', line], { stdout: into, stderr: into });
  return said;
}

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await bash('docker pull -q busybox; docker run -d --name web busybox sleep 100000; mkdir b');
}, 60_000);

const said: [what: string, line: string, output: string | RegExp][] = [
  [
    "the limits of a classic build are its containers'",
    `printf 'FROM busybox\\nRUN ulimit -n; cd /sys/fs/cgroup; cat memory.max cpu.weight cpuset.cpus; df /dev/shm | tail -1\\n' > b/Dockerfile
     DOCKER_BUILDKIT=0 docker build --ulimit nofile=77:88 -m 64m --cpu-shares 300 --cpuset-cpus 0 --shm-size 4m b 2>&1`,
    /\n77\n67108864\n12\n0\nshm +4096 /,
  ],
  [
    'a limit of descriptors and the size of /dev/shm reach a step of BuildKit',
    'docker build --progress plain --ulimit nofile=77:88 --shm-size 4m b 2>&1',
    / 77\n[\s\S]* shm +4096 /,
  ],
  [
    'a container past its memory is killed',
    "docker run --name oom -m 8m --tmpfs /t busybox dd if=/dev/zero of=/t/x bs=1M count=20; docker inspect -f '{{.State.OOMKilled}} {{.State.ExitCode}}' oom",
    'true 137\n',
  ],
  [
    'so is one whose shell or awk holds too much',
    `docker run --name shell -m 8m busybox sh -c 'x=1; while :; do x=$x$x; done'; docker inspect -f '{{.State.OOMKilled}} {{.State.ExitCode}}' shell
     docker run --rm -m 8m busybox awk 'BEGIN { while (1) a[i++] = "x" }'; echo $?`,
    'true 137\n137\n',
  ],
  [
    'without a limit the shell gives up before the page does',
    "bash -c 'x=1; while :; do x=$x$x; done'; echo $?",
    'bash: xrealloc: cannot allocate 67108864 bytes\n2\n',
  ],
  [
    'a fork bomb stays within --pids-limit',
    "docker run --rm --pids-limit 12 busybox sh -c 'b() { b | b & }; b; sleep 1; echo alive' 2>&1 | sort | uniq -c | sed 's/^ *[0-9]* //'",
    /alive\nsh: can't fork: Resource temporarily unavailable\n/,
  ],
  [
    'the masks of /proc stay',
    'docker run --rm busybox umount /proc/kcore',
    /can't unmount.*Operation not permitted\n$/,
  ],
  ['the host is not shut down', "docker run --rm busybox sh -c 'echo b > /proc/sysrq-trigger'", /sysrq-trigger: /],
  ['nothing is mounted', 'docker run --rm busybox mount -t tmpfs t /tmp', 'mount: permission denied (are you root?)\n'],
  [
    'unless with all rights',
    "docker run --rm --privileged busybox sh -c 'mount -t tmpfs t /tmp && echo mounted'",
    'mounted\n',
  ],
  [
    "the host's disk is not read, its processes not seen, its socket not reached",
    "docker run --rm busybox sh -c 'mknod /sda b 254 1; head -c 1 /sda; kill -9 500; echo /proc/[0-9]*; ls /var/run/docker.sock'",
    "head: /sda: Operation not permitted\nsh: can't kill pid 500: No such process\n/proc/1\nls: /var/run/docker.sock: No such file or directory\n",
  ],
  [
    'docker cp follows a symlink inside the container alone',
    'echo mine > f; docker exec web ln -s / /link; docker cp f web:/link/etc/mine; docker exec web cat /etc/mine; ls /etc/mine',
    /^mine\nls: cannot access '\/etc\/mine'/,
  ],
  [
    'docker cp refuses a name that leads out',
    'mkdir -p d; (cd d && tar cPf - ../f) | docker cp - web:/tmp; docker exec web ls /f',
    /Error processing tar file\(exit status 1\): "\.\.\/f" is outside of "\/tmp"\n[\s\S]*ls: \/f: No such file/,
  ],
  [
    'zeros fill the disk at no cost',
    'dd if=/dev/zero of=/zeros bs=1M count=2048 2>&1 | tail -1; rm /zeros',
    /^2147483648 bytes/,
  ],
];
for (const [what, line, output] of said) {
  it(what, async () => {
    const told = await bash(line);
    if (typeof output === 'string') expect(told.endsWith(output) ? output : told).toBe(output);
    else expect(told).toMatch(output);
  });
}

it('a program that only counts and one that only writes end at once when they are told to', async () => {
  let longest = 0;
  let last = performance.now();
  let on = true;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (on) setImmediate(look);
  };
  setImmediate(look);
  const real = await createMachine({ ...nodeWorld, pace: 'real' });
  for (const flood of ['while :; do :; done', 'exec yes > /dev/null', 'exec cat /dev/urandom > /dev/null']) {
    const ended = await real.execute(['/bin/bash', '-c', `timeout -s INT 0.2 bash -c '${flood}'; echo $?`], {
      stdout() {},
      stderr() {},
    });
    expect(ended.code).toBe(0);
  }
  on = false;
  await real.shutdown();
  expect(longest).toBeLessThan(2000); // 50 ms on a machine of its own
});
