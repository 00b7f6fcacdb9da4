/** Images of the catalogue as they run: what their packages link and their entrypoints say. */
import { beforeAll, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

let machine: Machine;

async function bash(line: string): Promise<string> {
  let text = '';
  const into = (bytes: Uint8Array) => {
    text += new TextDecoder().decode(bytes);
  };
  await machine.execute(['/bin/bash', '-c', line], { stdout: into, stderr: into });
  return text;
}

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await bash('for i in debian:bookworm-slim nginx nginx:alpine alpine; do docker pull -q $i; done');
}, 60_000);

it('commands that Debian links by update-alternatives are there', async () => {
  const line = "which awk && awk 'BEGIN { print 6 * 7 }' && readlink -f /usr/bin/pager";
  expect(await bash(`docker run --rm debian:bookworm-slim sh -c "${line}"`)).toBe('/usr/bin/awk\n42\n/usr/bin/more\n');
});

it('an editor that is installed provides its names, and takes them back', async () => {
  const line =
    'apt-get update >/dev/null; apt-get install -y vim-tiny nano; readlink -f /usr/bin/editor; apt-get remove -y nano >/dev/null; readlink -f /usr/bin/editor; echo | vi x';
  const printed = await bash(`docker run --rm debian:bookworm-slim sh -c '${line}' 2>&1`);
  expect(printed).toContain('using /usr/bin/vim.tiny to provide /usr/bin/vi (vi) in auto mode\n');
  expect(printed).toMatch(/\/usr\/bin\/nano\n(.*\n)*\/usr\/bin\/vim.tiny\n/);
  expect(printed).toContain('vi: needs a terminal with an editor behind it');
});

for (const image of ['nginx', 'nginx:alpine']) {
  it(`${image} configures itself, and says the version that is installed`, async () => {
    const name = image.replace(':', '-');
    await bash(`docker run -d --name ${name} -e WHO=me ${image}; sleep 1`);
    const log = await bash(`docker logs ${name}`);
    expect(log).toContain(
      '10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf',
    );
    expect(log).toContain('/docker-entrypoint.sh: Configuration complete; ready for start up\n');
    expect(await bash(`docker diff ${name}`)).toContain('C /etc/nginx/conf.d/default.conf\n');
    expect(await bash(`docker exec ${name} nginx -v`)).toBe('nginx version: nginx/1.29.0\n');
  });
}

it('templates become configuration', async () => {
  const template = 'server { listen 81; location / { return 200 "$WHO\\n"; } }';
  await bash(`mkdir -p t; echo '${template}' > t/a.conf.template`);
  await bash('docker run -d --name templates -e WHO=me -v $PWD/t:/etc/nginx/templates nginx; sleep 1');
  expect(await bash('docker exec templates curl -s localhost:81')).toBe('me\n');
});

it('what Alpine has and is not simulated says so', async () => {
  const line = 'getent passwd root; bc; scanelf; command -v hexedit';
  expect(await bash(`docker run --rm alpine sh -c '${line}' 2>&1`)).toBe(
    'root:x:0:0:root:/root:/bin/sh\nbc: drydock: the applet bc is not simulated\ndrydock: /usr/bin/scanelf: this program is not simulated\n',
  );
});

it('images that tutorials run to have a page', async () => {
  await bash('docker run -dp 8086:80 docker/welcome-to-docker; docker run -dp 8087:5000 mikesir87/cats:1.0; sleep 1');
  expect(await bash('curl -s localhost:8086 | grep h1; curl -s localhost:8087 | grep h1')).toBe(
    '<h1>Welcome to Docker</h1>\n<h1>Random cat</h1>\n',
  );
});

it("Docker's hardened images want a login, and have no shell", async () => {
  expect(await bash('docker pull dhi.io/python:3.13 2>&1')).toContain("may require 'docker login'");
  await bash('docker login dhi.io -u me --password-stdin <<< pw; docker pull -q dhi.io/python:3.13');
  expect(await bash('docker images dhi.io/python --format "{{.Tag}} {{.Size}}"')).toBe('3.13 41MB\n');
  expect(await bash('docker run --rm dhi.io/python:3.13 sh 2>&1')).toContain('exec: "sh": executable file not found');
  expect(await bash('docker search dhi')).not.toContain('dhi.io');
});

it('build --output gives files to the client, and makes no image', async () => {
  await bash(`mkdir export; cd export; echo hi > hi
printf 'FROM alpine AS build\\nRUN mkdir /out && echo bin > /out/app && chmod 750 /out/app && ln -s app /out/l\\nFROM scratch AS files\\nCOPY --from=build /out /\\nCOPY hi /etc/hi\\n' > Dockerfile`);
  const before = await bash('docker images -aq');
  const printed = await bash('cd export; docker build --progress=plain --target=files -o /root/made/here . 2>&1');
  expect(printed).toMatch(
    /\n#\d+ exporting to client directory\n#\d+ copying files 7B [\d.]+s done\n#\d+ DONE [\d.]+s\n$/,
  );
  expect(await bash('cd /root/made/here; cat app etc/hi; readlink l; stat -c %a app')).toBe('bin\nhi\napp\n750\n');
  expect(await bash('cd export; docker build -q -o - . | tar t')).toBe('app\netc/\netc/hi\nl\n');
  expect(await bash('cd export; docker build -q -o type=tar,dest=x.tar .; tar xOf x.tar etc/hi')).toBe('hi\n');
  expect(await bash('docker images -aq')).toBe(before);
  expect(await bash('cd export; docker build -o hi . 2>&1')).toBe(
    'ERROR: failed to build: destination directory "hi" is a file\n',
  );
});

it('a container reaches hosts that texts ping; what they would serve is refused by name', async () => {
  const said = await bash('docker run --rm alpine sh -c "ping -c1 -q www.github.com; wget -qO- http://google.com"');
  expect(said).toContain('1 packets transmitted, 1 packets received, 0% packet loss');
  expect(said).toContain('501 Not Implemented');
});

it('postgres sets itself up once, takes init files, and keeps its data in a volume', async () => {
  expect(await bash('docker run --rm postgres:18-alpine 2>&1 | grep ^Error')).toBe(
    'Error: Database is uninitialized and superuser password is not specified.\n',
  );
  await bash("mkdir /init && echo 'CREATE TABLE t AS SELECT generate_series(1, 5) AS g' > /init/1.sql");
  const run = 'docker run -d --name db -v data:/var/lib/postgresql -v /init:/docker-entrypoint-initdb.d';
  await bash(`${run} -e POSTGRES_USER=app -e POSTGRES_PASSWORD=x postgres:18-alpine; sleep 3`);
  const log = await bash('docker logs db');
  expect(log).toContain('docker-entrypoint.sh: running /docker-entrypoint-initdb.d/1.sql\n');
  expect(log).toContain('\nSELECT 5\n');
  expect(log).toContain('\nPostgreSQL init process complete; ready for start up.\n');
  const count = "psql -U app -h localhost -tAc 'SELECT count(*) FROM t'";
  expect(await bash(`docker exec -e PGPASSWORD=x db ${count}`)).toBe('5\n');
  await bash(`docker rm -f db; ${run} postgres:18-alpine; sleep 2`);
  expect(await bash('docker logs db')).toContain('appears to contain a database; Skipping initialization');
  expect(await bash(`docker exec db ${count}`)).toBe('5\n');
  expect(await bash('docker stop db; docker inspect -f {{.State.ExitCode}} db')).toBe('db\n0\n');
}, 60_000);

it('releases that texts pin are there, up to the newest of their branch', async () => {
  expect(await bash('docker run --rm alpine:3.9.3 cat /etc/alpine-release 2>/dev/null')).toBe('3.9.3\n');
  expect(await bash('docker pull -q alpine:3.9.7')).toContain('manifest for alpine:3.9.7 not found');
});

it("a registry's accounts are made by htpasswd, as its image is called for", async () => {
  const made = await bash(
    'docker run --rm --entrypoint htpasswd httpd:2.4-alpine -Bbn moby gordon 2>/dev/null > pw; cat pw',
  );
  expect(made).toMatch(/^moby:\$2y\$05\$[./A-Za-z0-9]{53}\n\n$/);
  const mount = '-v $PWD/pw:/pw httpd:2.4-alpine htpasswd';
  expect(await bash(`docker run --rm ${mount} -vb /pw moby gordon`)).toBe('Password for user moby correct.\n');
  expect(await bash(`docker run --rm ${mount} -vb /pw moby no`)).toBe('password verification failed\n');
  expect(await bash(`docker run --rm ${mount} -b /pw other x; tail -1 pw`)).toMatch(
    /^Adding password for user other\nother:\$apr1\$.{8}\$.{22}\n$/,
  );
  expect(await bash(`docker run --rm ${mount} -D /pw moby; wc -l < pw`)).toBe('Deleting password for user moby\n2\n');
});

it('builders beside the daemon’s are refused by name', async () => {
  expect(await bash('docker buildx create --name mine --use')).toBe('drydock: docker buildx create is not simulated\n');
  expect(await bash('docker buildx bake -f x.hcl web')).toBe('drydock: docker buildx bake is not simulated\n');
  const plugin = '/usr/libexec/docker/cli-plugins/docker-buildx';
  expect(await bash(`mv ${plugin} /root/plugin; docker buildx ls; mv /root/plugin ${plugin}`)).toContain(
    'docker: unknown command: docker buildx',
  );
});

it('Compose goes by its old name, too', async () => {
  expect(await bash('docker-compose --version')).toBe('Docker Compose version v2.36.2\n');
  expect(await bash('docker-compose -f none.yaml ps')).toBe('open /root/none.yaml: no such file or directory\n');
});

it('a third Ctrl+C ends a client that waits for a container', async () => {
  const run = 'docker run --rm alpine sh -c "trap : INT; while :; do sleep 9; done" & sleep 1';
  expect(await bash(`${run}; for i in 1 2 3; do kill -INT $!; sleep 0.1; done; wait $!; echo $?`)).toBe(
    '\ngot 3 SIGTERM/SIGINTs, forcefully exiting\n1\n',
  );
});

it('servers that tell who was asked, and a client beside them', async () => {
  await bash('docker network create n; docker run -d --net n --name who traefik/whoami -name=me');
  const told = await bash('docker run --rm --net n curlimages/curl -s http://who/a?b 2>/dev/null');
  expect(told).toMatch(
    /^Name: me\nHostname: [\da-f]{12}\nIP: 127\.0\.0\.1\nIP: [\d.]+\nRemoteAddr: [\d.:]+\nGET \/a\?b HTTP/,
  );
  expect(await bash('docker run --rm hashicorp/http-echo 2>&1 | tail -1')).toBe('Missing -text option!\n');
});

it('stress takes memory until the limit of its container kills it', async () => {
  const run = 'docker run --rm -m 100m polinux/stress stress --vm 1';
  expect(await bash(`${run} --vm-bytes 200M 2>&1 | grep -v Pull | tail -3`)).toMatch(
    /^stress: FAIL: \[1\] \(415\) <-- worker \d+ got signal 9\nstress: WARN: \[1\] \(417\) now reaping child worker processes\nstress: FAIL: \[1\] \(451\) failed run completed in 0s\n$/,
  );
  expect(await bash(`${run} --vm-bytes 20M --vm-hang 0 --timeout 2`)).toBe(
    'stress: info: [1] dispatching hogs: 0 cpu, 0 io, 1 vm, 0 hdd\nstress: info: [1] successful run completed in 2s\n',
  );
});
