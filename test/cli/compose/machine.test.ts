/** What compose does that no recording shows: files that are watched, restarts that are followed, hooks, one-off options. */
import { beforeAll, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../../src/machine/index.ts';
import { textContent } from '../../../src/spec/index.ts';
import type { TraceEvent } from '../../../src/trace/index.ts';
import { nodeWorld } from '../../node-world.ts';

let machine: Machine;
const events: TraceEvent[] = [];

/** Runs lines in a project of its own; answers what they print on both streams. */
async function play(name: string, compose: string, lines: string): Promise<string> {
  let text = '';
  const into = (bytes: Uint8Array) => {
    text += new TextDecoder().decode(bytes);
  };
  const execute = (line: string) => machine.execute(['/bin/bash', '-c', line], { stdout: into, stderr: into });
  await execute(`mkdir -p /root/${name}`);
  machine.writeFile(`/root/${name}/compose.yaml`, textContent(compose));
  await execute(`cd /root/${name}; ${waits}${lines}`);
  return text.replace(/\r?\x1b\[2?K/g, '');
}

/** `at TEXT [COUNT]`: until the log in /tmp/log holds it. */
const waits = 'at() { until [ "$(grep -c "$1" /tmp/log)" -ge "${2:-1}" ]; do sleep 0.2; done; };';

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  machine.trace.on((event) => events.push(event));
}, 60_000);

it('an image that two services want comes once', async () => {
  const service = '{image: busybox, command: "true"}';
  await play(
    'twice',
    `services: {a: ${service}, b: ${service}, c: ${service}}`,
    'docker compose pull; docker compose up -d',
  );
  const blobs = events.filter((event) => event.type === 'blob' && event.state === 'done');
  expect(blobs).toHaveLength(1);
});

it('watch carries changes in, takes away what is gone, restarts, runs commands and builds anew', async () => {
  const compose = `services:
  web:
    build: {context: ., dockerfile_inline: "FROM busybox\\nCOPY src /www\\nCMD [\\"sleep\\",\\"1000\\"]"}
    stop_grace_period: 0s
    develop:
      watch:
        - {action: sync, path: ./src, target: /www, ignore: [tmp/]}
        - {action: sync+restart, path: ./conf, target: /conf}
        - {action: sync+exec, path: ./hook, target: /hook, exec: {command: [echo, hooked]}}
        - {action: rebuild, path: ./version}
`;
  const text = await play(
    'watched',
    compose,
    `mkdir src; echo one > src/page; echo '*.log' > .dockerignore
    docker compose watch > /tmp/log 2>&1 & at 'Watch enabled'
    echo two > src/page; echo more > src/more; mkdir src/tmp; echo no > src/tmp/x; at Syncing; sleep 1
    docker compose exec -T web sh -c 'cat /www/*'
    rm src/more; at Syncing 2; sleep 1; docker compose exec -T web ls /www
    mkdir conf; echo a > conf/a; at restarted; docker compose exec -T web cat /conf/a
    mkdir hook; echo h > hook/h; at hooked
    echo 2 > version; at 'successfully built'; until docker compose logs web >/dev/null && [ -n "$(docker compose ps -q web)" ]; do sleep 0.2; done
    kill -INT %1; wait; docker compose down -t 0; grep -v '^#\\|^$\\|^ ' /tmp/log`,
  );
  expect(text).toMatch(/^more\ntwo\npage\na\n/);
  expect(
    text.slice(text.indexOf('Compose can now')),
  ).toBe(`Compose can now delegate builds to bake for better performance.
Watch enabled
Syncing service "web" after 2 changes were detected
Syncing service "web" after 1 changes were detected
Syncing service "web" after 1 changes were detected
service(s) ["web"] restarted
Syncing service "web" after 1 changes were detected
hooked
Rebuilding service(s) ["web"] after changes were detected...
service(s) ["web"] successfully built
`);
});

it('every run of a container that restarts is shown; hooks speak under its name, and end no stop', async () => {
  const compose = `services:
  crash: {image: busybox, command: sh -c "echo boom; sleep 1; exit 3", restart: "on-failure:2"}
  hooks:
    image: busybox
    command: sh -c "sleep 1; echo over"
    post_start: [{command: [echo, begun]}]
    pre_stop: [{command: [echo, late]}]
`;
  const text = await play(
    'again',
    compose,
    'docker compose up 2>/dev/null; docker compose down >/dev/null 2>&1; echo $?',
  );
  const of = (name: string) => text.split('\n').filter((line) => line.startsWith(name));
  expect(of('crash-1')).toHaveLength(6);
  expect(of('crash-1')[4]).toMatch(/^crash-1 +\| boom$/);
  expect(of('hooks-1').map((line) => line.replace(/ +\|/, ' |'))).toEqual([
    'hooks-1 -> | begun',
    'hooks-1 | over',
    'hooks-1 exited with code 0',
  ]);
  expect(text.trimEnd().endsWith('\n0')).toBe(true);
});

it('run takes volumes, files of variables, ports and labels of the command line', async () => {
  const text = await play(
    'once',
    'services: {web: {image: busybox, ports: ["8081:80"], environment: {A: file}}}',
    `mkdir d; echo here > d/f; echo B=vars > vars
    docker compose run --rm -T -v ./d:/d:ro --env-from-file vars -e A=given web sh -c 'cat /d/f; echo $A $B; touch /d/x'
    docker compose run -d --name one -p 8082:80 -l a=b web httpd -f >/dev/null 2>&1
    docker inspect one --format '{{.HostConfig.PortBindings}} {{.Config.Labels.a}} {{index .Config.Labels "com.docker.compose.oneoff"}}'
    docker compose down -t 0 --remove-orphans >/dev/null 2>&1`,
  );
  expect(text).toContain('here\ngiven vars\ntouch: /d/x: Read-only file system\n');
  expect(text).toContain('map[80/tcp:[{ 8082}]] b True\n');
});

it('images that stand on the same layers are removed at the same time', async () => {
  const text = await play(
    'bare',
    'services: {web: {build: {context: ., dockerfile_inline: "FROM busybox\\nRUN echo a > /a"}, image: "web:1", command: sleep 9, stop_grace_period: 0s}}',
    `docker compose up -d >/dev/null 2>&1; docker compose commit web made:1 >/dev/null 2>&1
    docker compose down --rmi all >/dev/null 2>&1; echo $?; docker images --format '{{.Repository}}' | grep -E '^web|made'`,
  );
  expect(text).toBe('0\n');
});
