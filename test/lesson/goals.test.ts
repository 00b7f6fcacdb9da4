/** Each part of each goal, against a host where it holds, with a value for which it does not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuildLog, type Goal, reached, type World, worldOf } from '../../src/lesson/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

let machine: Machine;
let world: World;

const dockerfile = `FROM alpine
LABEL team=red
ENV A=1 B=2
WORKDIR /srv
COPY secret /secret
RUN rm /secret
RUN echo made > /made
USER nobody
VOLUME /data
EXPOSE 8080
HEALTHCHECK CMD wget -q localhost
ENTRYPOINT ["echo"]
CMD ["hello"]
`;

const script = `set -e
mkdir app; cd app
cat > Dockerfile <<'E'
${dockerfile}E
echo s3cr3t > secret
docker build -q -t team/app .
echo other > secret
docker build -q -t team/app:2 . 
docker build -q . 
docker network create -d bridge blue
docker volume create notes
docker run --name done alpine sh -c 'echo written in the log; exit 3' || true
docker run -d --name web --network blue -p 8080:80 -m 64m --pids-limit 20 --restart on-failure -u 1000 -e K=v \
  -v notes:/notes -v /root/app:/app:ro alpine sh -c 'echo dear > /notes/diary || true; mkdir -p /tmp/w; echo served > /tmp/w/index.html; exec httpd -f -p 80 -h /tmp/w'
docker exec -u 0 web sh -c 'echo dear > /notes/diary; rm /etc/motd; echo x > /etc/new'
docker run -d --name beside --pid container:web alpine sleep 1000
echo 'http: { addr: ":5000" }' > /root/registry.yml
docker-registry serve /root/registry.yml >/dev/null 2>&1 &
sleep 1
docker tag team/app localhost:5000/team/app
docker tag team/app:2 localhost:5000/team/two
docker push -q localhost:5000/team/app
docker push -q localhost:5000/team/two
`;

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  const builds = new BuildLog(machine.trace);
  let output = '';
  const take = (bytes: Uint8Array) => {
    output += new TextDecoder().decode(bytes);
  };
  const status = await machine.run(['/bin/bash', '-c', script], { stdout: take, stderr: take });
  expect(status, output).toBe(0);
  world = await worldOf(machine, builds.records);
}, 120_000);
afterAll(() => machine.shutdown());

/** What holds, and what each part would be if it did not. */
const holding: [Goal, Record<string, unknown>][] = [
  [
    {
      image: {
        reference: 'team/app',
        from: 'alpine',
        layersAbove: 3,
        layersAtMost: 5,
        sizeBelow: 50e6,
        sizeAbove: 1e6,
        layerContains: '/made',
        buried: '/secret',
        notInLayers: '/never',
        without: 'n0t-th3re',
        exposes: '8080',
        cmd: ['hello'],
        entrypoint: ['echo'],
        env: ['A=1', 'B'],
        user: 'nobody',
        workdir: '/srv',
        volume: '/data',
        labels: { team: 'red' },
        healthcheck: 'wget',
      },
    },
    {
      reference: 'team/other',
      from: 'team/app:2',
      layersAbove: 9,
      layersAtMost: 2,
      sizeBelow: 1e6,
      sizeAbove: 50e6,
      layerContains: '/nosuch',
      buried: '/made',
      notInLayers: '/secret',
      without: 's3cr3t',
      exposes: '80',
      cmd: [],
      entrypoint: ['cat'],
      env: ['A=2'],
      user: 'root',
      workdir: '/',
      volume: '/other',
      labels: { team: 'blue' },
      healthcheck: 'curl',
    },
  ],
  [{ image: { absent: true, reference: 'nosuch' } }, { reference: 'alpine' }],
  [
    { container: { name: 'done', exitCode: 3, status: 'exited', logs: 'in the log' } },
    { exitCode: 0, logs: 'nothing' },
  ],
  [
    {
      container: {
        name: 'web',
        image: 'alpine',
        status: 'running',
        changed: '/etc/new',
        deleted: '/etc/motd',
        port: '80',
        hostPort: '8080',
        oomKilled: false,
        restart: 'on-failure',
        memory: 64 * 2 ** 20,
        pidsLimit: 20,
        readOnly: false,
        user: '1000',
        env: ['K=v'],
        network: 'blue',
        volume: 'notes',
        mountedAt: '/notes',
      },
    },
    {
      image: 'team/app',
      status: 'exited',
      changed: '/nosuch',
      deleted: '/etc/passwd',
      port: '81',
      hostPort: '80',
      oomKilled: true,
      restart: 'no',
      memory: 1,
      pidsLimit: 3,
      readOnly: true,
      user: '0',
      env: ['K=w'],
      network: 'red',
      volume: 'other',
      mountedAt: '/app',
    },
  ],
  [{ container: { name: 'web', bind: '/root/app', mountedAt: '/app' } }, { bind: '/root', mountedAt: '/notes' }],
  [{ file: { path: '/root/app/secret', contains: 'other' } }, { path: '/nosuch', contains: 's3cr3t' }],
  [
    { network: { name: 'blue', driver: 'bridge', containers: ['web'] } },
    { name: 'red', driver: 'null', containers: ['done'] },
  ],
  [
    { volume: { name: 'notes', holds: 'diary', contains: 'dear', container: 'web' } },
    { name: 'no', holds: 'x', contains: 'y', container: 'done' },
  ],
  [
    { build: { succeeded: true, allHit: true, hit: ['COPY secret', 'RUN rm'] } },
    { succeeded: false, hit: ['RUN nosuch'] },
  ],
  [
    { process: { name: 'httpd', container: 'web', pid: 1, uid: 1000, own: ['pid', 'net', 'mnt'] } },
    { name: 'sleep', container: 'beside', pid: 2, uid: 0, own: ['user'] },
  ],
  [
    { process: { name: 'sleep', args: '1000', shared: ['pid'], with: 'web' } },
    { args: '7', shared: ['mnt'], with: 'done' },
  ],
  [{ process: { absent: true, name: 'nosuch' } }, { name: 'httpd' }],
  [
    {
      cgroup: {
        container: 'web',
        memoryMax: 64 * 2 ** 20,
        pidsMax: 20,
        frozen: false,
        oomKilled: false,
        holds: 'httpd',
      },
    },
    { container: 'done', memoryMax: 1, pidsMax: 1, frozen: true, oomKilled: true, holds: 'sleep' },
  ],
  [
    { http: { port: 8080, path: '/index.html', contains: 'served' } },
    { port: 8081, path: '/nosuch', contains: 'nothing', status: 404, refused: true },
  ],
  [{ http: { port: 8081, refused: true } }, { port: 8080 }],
  [{ exec: { run: 'test -d app' } }, { run: 'test -d nosuch' }],
  [
    {
      registry: {
        host: 'localhost:5000',
        repository: 'team/app',
        sameAs: 'localhost:5000/team/app',
        sharesLayersWith: 'team/two',
      },
    },
    { host: 'localhost:5001', repository: 'no', sameAs: 'alpine', sharesLayersWith: 'none', tag: '9' },
  ],
];

describe.each(holding)('%o', (goal, otherwise) => {
  it('holds', async () => expect(await reached(goal, world)).toBe(true));
  it.each(Object.entries(otherwise))('not with %s %s', async (part, value) => {
    const [[kind, body]] = Object.entries(goal) as [[string, object]];
    expect(await reached({ [kind]: { ...body, [part]: value } } as unknown as Goal, world)).toBe(false);
  });
});

it('combines', async () => {
  const yes: Goal = { file: { path: '/etc/passwd' } };
  const no: Goal = { file: { path: '/nosuch' } };
  const holds = (goal: Goal) => reached(goal, world);
  expect(await holds({ all: [yes, { not: no }] })).toBe(true);
  expect(await holds({ all: [yes, no] })).toBe(false);
  expect(await holds({ any: [no, yes] })).toBe(true);
  expect(await holds({ any: [no, { not: yes }] })).toBe(false);
});
