/** What a container sees and how its failures read, on a host of cgroup v1 without uplink. Texts: recordings. */
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

/** A container that no skipping of idle time ends. */
const waits = "sh -c 'mkfifo /f; exec cat /f'";

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip', cgroups: 1, uplink: false, nameserver: '10.255.255.53' });
  await bash(`docker pull busybox; docker run -d --name web busybox ${waits}; echo x > file`);
}, 60_000);

const printed: [line: string, stdout: string][] = [
  ['docker run --rm busybox ps', 'PID   USER     COMMAND\n    1 root     ps\n'],
  [
    "docker run --rm --tmpfs /t:size=1m busybox grep ' /t ' /proc/mounts",
    'tmpfs /t tmpfs rw,nosuid,nodev,noexec,relatime,size=1024k 0 0\n',
  ],
  ['docker run --rm --memory 64m busybox cat /sys/fs/cgroup/memory/memory.limit_in_bytes', '67108864\n'],
  ['docker run --rm --sysctl net.ipv4.ip_forward=0 busybox cat /proc/sys/net/ipv4/ip_forward', '0\n'],
  [
    "docker run --rm -h my.host.name busybox sh -c 'tail -1 /etc/hosts | cut -f2; dnsdomainname'",
    'my.host.name my\nhost.name\n',
  ],
  ['docker run --rm --domainname example.org -h h busybox dnsdomainname', 'example.org\n'],
  ['docker exec -u nosuch web id', 'unable to find user nosuch: no matching entries in passwd file\r\n'],
];
for (const [line, stdout] of printed) {
  it(line, async () => expect((await bash(line)).stdout).toBe(stdout));
}

it('a file mounted on a directory', async () => {
  const { stderr, code } = await bash('docker run --rm -v /root/file:/etc busybox true');
  expect(stderr).toContain('error mounting "/root/file" to rootfs at "/etc": mount /root/file:/etc');
  expect(stderr).toContain('flags: 0x5000: not a directory: unknown: Are you trying to mount a directory');
  expect(code).toBe(125);
});

it('a name that cannot be looked up', async () => {
  const { stderr } = await bash('docker pull example.com/x');
  expect(stderr).toContain('on 10.255.255.53:53: dial udp 10.255.255.53:53: connect: network is unreachable');
});

it('timeout -s KILL ends itself too', async () => {
  expect((await bash('timeout -s KILL 1 docker attach web')).signal).toBe(9);
});

it('a container that waits to be restarted is stopped, and that is told', async () => {
  const line =
    'docker run -d --name again --restart always busybox false; sleep 3; docker stop again; docker events --since 0 --until 0s --filter container=again --filter event=stop --format {{.Action}}; docker rm again';
  expect((await bash(line)).stdout.split('\n').slice(1)).toEqual(['again', 'stop', 'again', '']);
});

it('detach keys let go of the terminal', async () => {
  const keys = "(sleep 1; printf '\\x10\\x11'; sleep 1) | script -qec 'docker run -it --name det busybox sh' /dev/null";
  expect((await bash(`${keys}; docker ps --format '{{.Names}}'`)).stdout).toMatch(/det\nweb\n$/);
});

it('a pulled image is pruned with its tag and its digest', async () => {
  const { stdout, stderr, code } = await bash('docker pull -q hello-world; docker image prune -af');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout).toMatch(/untagged: hello-world:latest\nuntagged: hello-world@sha256:\w{64}\ndeleted: sha256:/);
});

it('what the daemon does is told as the real one tells it', async () => {
  await bash(
    'docker volume create dv; docker run -d --name ev -v dv:/d busybox sleep 1000; docker cp ev:/etc/passwd .',
  );
  await bash('docker commit ev ci; docker top ev; docker rm -f ev');
  const { stdout } = await bash(
    "docker events --since 1h --until 0s --filter container=ev --filter volume=dv --format '{{.Type}} {{.Action}}'",
  );
  expect(stdout).toBe('');
  const volume = await bash("docker events --since 1h --until 0s --filter volume=dv --format '{{.Action}}' | xargs");
  expect(volume.stdout).toBe('create create mount mount unmount unmount\n');
  const own = await bash("docker events --since 1h --until 0s --filter container=ev --format '{{.Action}}' | xargs");
  expect(own.stdout).toBe('create start archive-path pause commit unpause top kill die destroy\n');
  expect((await bash('timeout 1 docker events')).code).toBe(124);
});

it('the way out is by the first network in the order of names; its names are the container’s too', async () => {
  await bash(`docker network create zz; docker run -d --name w2 --network zz --hostname bee busybox ${waits}`);
  const gateway = async () => (await bash("docker exec w2 ip route | grep default | cut -d' ' -f5")).stdout;
  expect(await gateway()).toBe('eth0\n');
  await bash('docker network connect bridge w2');
  expect(await gateway()).toBe('eth1\n');
  await bash('docker network disconnect bridge w2');
  expect(await gateway()).toBe('eth0\n');
  expect((await bash('docker run --rm --network zz busybox ping -c 1 bee | head -1')).stdout).toMatch(
    /^PING bee \(172\.\d+\.0\.2\)/,
  );
});

it('whoever looks at it is not told of, and what is the same is the same object', async () => {
  const before = await machine.inspect();
  const told: string[] = [];
  const stop = machine.trace.on((event) => void told.push(event.type));
  const now = await machine.inspect();
  await machine.layerChanges(now.containers[0]!.id);
  expect((await machine.look('web', '/etc/passwd'))?.merged).toBe('file');
  stop();
  expect(told).toEqual([]);
  expect(now.layers.every((layer, at) => layer === before.layers[at])).toBe(true);
  expect(now.images.every((image, at) => image === before.images[at])).toBe(true);
});

it('a container of the host’s network is on it, without an address', async () => {
  await bash('docker run -d --name open --network host busybox sleep 1000');
  const { stdout } = await bash(
    "docker network inspect host -f '{{range .Containers}}{{.Name}} {{len .EndpointID}} [{{.IPv4Address}}]{{end}}'; docker inspect -f '{{.NetworkSettings.SandboxKey}}' open",
  );
  expect(stdout).toBe('open 64 []\n/var/run/docker/netns/default\n');
  await bash('docker rm -f open');
  expect((await bash("docker network inspect host -f '{{len .Containers}}'")).stdout).toBe('0\n');
});

for (const buildkit of ['0', '1']) {
  it(`COPY --from is built anew when what it copies has changed, DOCKER_BUILDKIT=${buildkit}`, async () => {
    const dockerfile = 'FROM busybox AS base\\nCOPY main /m\\nFROM busybox\\nCOPY --from=base /m /n\\n';
    const build = `DOCKER_BUILDKIT=${buildkit} docker build -q -t stages s; docker run --rm stages cat /n`;
    const all = `mkdir -p s; printf '${dockerfile}' >s/Dockerfile; echo one >s/main; ${build}; echo two >s/main; ${build}`;
    expect((await bash(all)).stdout.replace(/sha256:.*\n/g, '')).toBe('one\ntwo\n');
  });
}

it('an address that the host has not cannot be published on', async () => {
  const { stderr, code } = await bash(
    'docker run --name off -p 1.2.3.4:80:80 busybox true; r=$?; docker rm off; exit $r',
  );
  expect(stderr).toContain('listen tcp4 1.2.3.4:80: bind: cannot assign requested address');
  expect(code).toBe(125);
});

it('an address on the default bridge is refused when the container starts', async () => {
  const { stdout, stderr } = await bash('docker create --name fixed --ip 172.17.0.99 busybox; docker start fixed');
  expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
  expect(stderr).toContain('user specified IP address is supported on user defined networks only');
});

it('a loaded image knows what it was built on when that was saved with it', async () => {
  const build = 'docker create --name base busybox; docker commit base up:1; docker create --name top up:1 true';
  const reload = 'docker commit top up:2; docker rm base top; docker save -o up.tar up:1 up:2; docker rmi up:2 up:1';
  const after = 'docker load -i up.tar; docker rmi up:1; docker rmi up:2';
  const { stdout } = await bash(`(${build}; ${reload}) >/dev/null; (${after}) | grep -c ^Deleted`);
  expect(stdout).toBe('2\n');
});

it('an official image that is not here says so; an image that nobody has is denied', async () => {
  expect((await bash('docker pull mysql')).stderr).toBe(
    'Error response from daemon: drydock: the official image mysql is not simulated\n',
  );
  expect((await bash('docker pull nosuchthing')).stderr).toContain('pull access denied for nosuchthing');
});

it('docker/whalesay', async () => {
  const { stdout } = await bash('docker run --rm docker/whalesay cowsay boo');
  expect(stdout).toMatch(/^ _____\n< boo >\n -----\n {4}\\\n/);
  expect(stdout).toContain('[##][##][##][##]');
});
