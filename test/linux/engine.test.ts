/** `drydock run --engine linux`: a script on this machine's kernel, and nothing of it left afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { busyboxTar, call, must, type Told } from '../real/real-docker.ts';

const program = new URL('../../bin/drydock.js', import.meta.url).pathname;
const needs = { programs: ['runc', 'perl', 'ip', 'iptables', 'unshare', 'nsenter', 'busybox', 'tar'], root: true };

describeWith(needs, 'drydock run --engine linux', () => {
  let work: string;
  let registry: ChildProcess;
  let port: string;
  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'drydock-engine-'));
    await busyboxTar(work);
    port = String(20_000 + (process.pid % 20_000));
    const args = ['registry', '--listen', `127.0.0.1:${port}`, '--dir', join(work, 'registry')];
    registry = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => registry.stdout!.once('data', resolve));
  });
  afterAll(() => {
    registry?.kill('SIGTERM');
    rmSync(work, { recursive: true, force: true });
  });

  const run = (script: string): Promise<Told> =>
    call(process.execPath, [program, 'run', '--engine', 'linux', '-'], {
      input: script,
      env: { REGISTRY: `localhost:${port}` },
    });
  const base = () => `set -e\ndocker import -c 'CMD ["sh"]' ${work}/busybox.tar busybox:latest >/dev/null\n`;

  it('pushes to our registry and pulls from it on a fresh host, builds, runs and commits', async () => {
    const pushed = await run(`${base()}docker tag busybox $REGISTRY/busybox:1\ndocker push -q $REGISTRY/busybox:1`);
    expect(pushed).toMatchObject({ stderr: '', exit: 0 });
    const told = await run(`
      set -e
      docker pull -q $REGISTRY/busybox:1
      mkdir -p ${work}/context && cd ${work}/context
      printf 'FROM %s/busybox:1\\nRUN echo built > /built && rm /bin/yes\\nCMD ["cat","/built"]\\n' $REGISTRY > Dockerfile
      docker build -q -t kit . > /dev/null
      DOCKER_BUILDKIT=0 docker build -q -t classic . > /dev/null 2>&1
      docker run --rm kit
      docker run --rm classic
      docker run --name changed classic sh -c 'echo more > /more; exit 4' || echo "status $?"
      docker diff changed
      docker commit changed third > /dev/null
      docker run --rm third cat /built /more
      ! docker run --rm third test -e /bin/yes
    `);
    expect(told.stderr).toBe('');
    const lines = told.stdout.split('\n').slice(1);
    expect(lines).toEqual(['built', 'built', 'status 4', 'A /more', 'built', 'more', '']);
    expect(told.exit).toBe(0);
  });

  it('streams, exec, terminals, volumes, published ports, names on networks', async () => {
    const told = await run(`${base()}
      echo typed | docker run -i --rm busybox cat
      docker run -d --name web -p 127.0.0.1:${Number(port) + 1}:80 busybox sh -c 'echo page > /index.html; exec httpd -f -p 80 -h /' >/dev/null
      sleep 0.3
      wget -qO- http://127.0.0.1:${Number(port) + 1}/
      docker exec web sh -c 'echo inside; exit 3' || echo "status $?"
      docker exec -t web tty | tr -d '\\r'
      docker run --rm -v vol:/v busybox sh -c 'echo kept > /v/f'
      docker run --rm -v vol:/v busybox cat /v/f
      docker network create back >/dev/null
      docker run -d --name one --network back busybox sleep 100 >/dev/null
      docker run --rm --network back busybox ping -c 1 one | grep received
      docker run --rm --hostname me busybox hostname
      docker run --rm -m 16m busybox sh -c 'x=0123456789; while :; do x=$x$x; done' || echo "status $?"
      docker rm -f web one
    `);
    expect(told.stderr).toBe('');
    expect(told.stdout.split('\n')).toEqual([
      'typed',
      'page',
      'inside',
      'status 3',
      '/dev/pts/0',
      'kept',
      '1 packets transmitted, 1 packets received, 0% packet loss',
      'me',
      'status 137',
      'web',
      'one',
      '',
    ]);
  });

  it("has runc's errors, and the script's exit status", async () => {
    const told = await run(`${base()}docker run --rm busybox nosuch`);
    expect(told.stderr).toContain(
      'unable to start container process: exec: "nosuch": executable file not found in $PATH',
    );
    expect(told.exit).toBe(127);
  });

  const leftovers = async () => ({
    mounts: readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => line.includes('drydock')),
    links: (await must('ip', ['-br', 'link'])).split('\n').filter((line) => /^(docker0|br-|dd)/.test(line)),
    rules: (await must('iptables', ['-t', 'nat', '-S'])).split('\n').filter((line) => line.includes('docker0')),
  });

  it('leaves no mount, link, rule or state behind', async () => {
    const before = await leftovers();
    await run(`${base()}docker run -d busybox sleep 1000`);
    expect(await leftovers()).toEqual(before);
  });

  it('what an engine that was killed has left goes at the next start', async () => {
    const before = await leftovers();
    // The engine is the parent of the shims: the process that listens on the socket.
    const killed = await run(`${base()}docker run -d --name left busybox sleep 1000
      docker inspect -f '{{.State.Pid}}' left > ${work}/pid
      shim=$(awk '{print $4}' /proc/$(cat ${work}/pid)/stat); kill -KILL $(awk '{print $4}' /proc/$shim/stat)`);
    expect(killed.exit).toBe(0);
    await run('docker version');
    expect(existsSync(`/proc/${readFileSync(join(work, 'pid'), 'utf8').trim()}`)).toBe(false);
    expect(await leftovers()).toEqual(before);
  });

  it('says what it needs', async () => {
    writeFileSync(join(work, 'script'), 'true');
    const told = await call('setpriv', [
      '--reuid=65534',
      '--clear-groups',
      process.execPath,
      program,
      'run',
      '--engine',
      'linux',
      '/dev/null',
    ]);
    expect(told).toMatchObject({ stderr: 'drydock run: --engine linux needs root on Linux\n', exit: 2 });
  });
});
