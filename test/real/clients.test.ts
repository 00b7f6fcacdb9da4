/** Our CLI against a real dockerd, and a real CLI against our engine. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { has } from '../../scripts/tools.mjs';
import { describeWith } from '../needs.ts';
import { busyboxTar, call, drydock, must, type Server, startDockerd, startDrydock } from './real-docker.ts';

const docker = process.env.DOCKER_CLI ?? 'docker';
const version = has('docker') ? execFileSync(docker, ['--version'], { encoding: 'utf8' }).trim() : '';
let work: string;
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'drydock-clients-'));
  mkdirSync(join(work, 'context'));
  writeFileSync(join(work, 'context/Dockerfile'), 'FROM busybox\nCOPY note /note\nRUN echo built > /built\n');
  writeFileSync(join(work, 'context/note'), 'a note\n');
  await busyboxTar(work);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

// The texts we print are those of one version of the CLI: only that one prints the same.
const same = version.startsWith('Docker version 28.2.2,');
const suite = same
  ? describeWith
  : (_: object, name: string, body: () => void) => describe.skip(`${name} (skipped: docker is not 28.2.2)`, body);

suite({ programs: ['dockerd', 'busybox', 'curl', 'tar'], root: true }, 'our CLI and the real one, on a dockerd', () => {
  let server: Server;
  /** From when on every age is told in minutes. */
  let settled: number;
  const host = () => ({ env: { DOCKER_HOST: `unix://${server.socket}` } });
  beforeAll(async () => {
    server = await startDockerd();
    const run = (...args: string[]) => must(docker, args, host());
    await run('import', '-c', 'CMD ["sh"]', join(work, 'busybox.tar'), 'busybox:latest');
    await run('tag', 'busybox', 'other/name:2');
    await run('run', '-d', '--name', 'web', '-p', '8080:80', '-v', 'vol:/v', '-e', 'A=b', 'busybox', 'sleep', '1000');
    await run('run', '--name', 'gone', 'busybox', 'sh', '-c', 'echo out; echo err >&2; echo x > /file; exit 3').catch(
      () => {},
    );
    await run('network', 'create', 'backend');
    settled = Date.now() + 75_000;
  });
  afterAll(() => server?.stop());

  const calls: string[][] = [
    ['images'],
    ['images', '--digests', '--no-trunc'],
    ['ps', '-a'],
    ['ps', '-aq', '--no-trunc'],
    ['version'],
    ['inspect', 'web'],
    ['inspect', 'busybox'],
    ['inspect', '-f', '{{json .Config}}', 'web'],
    ['inspect', 'nosuch'],
    ['history', 'busybox'],
    ['logs', 'gone'],
    ['diff', 'gone'],
    ['port', 'web'],
    ['volume', 'ls'],
    ['volume', 'inspect', 'vol'],
    ['network', 'ls'],
    ['network', 'inspect', 'bridge'],
    ['exec', 'web', 'echo', 'hi'],
    ['exec', 'web', 'nosuch'],
    ['run', '--rm', 'busybox', 'nosuch'],
    ['run', '--rm', 'busybox', 'sh', '-c', 'echo out; echo err >&2; exit 5'],
    ['stop', 'nosuch'],
    ['rmi', 'nosuch'],
    ['images', '--bad'],
  ];
  for (const args of calls) {
    it(`docker ${args.join(' ')}`, async () => {
      // A second may pass in between ("2 seconds ago"); on a busy machine it does so every time, until the ages are
      // told in minutes. And dockerd gives the names of one image in no fixed order (it keeps them in a Go map). So one
      // of many pairs of calls must agree.
      for (let round = 1; ; round++) {
        const theirs = await call(docker, args, host());
        const ours = await drydock('docker', '-H', `unix://${server.socket}`, ...args);
        if (isDeepStrictEqual(ours, theirs)) return;
        if (round >= 20 && Date.now() > settled) expect(ours).toEqual(theirs);
      }
    });
  }
});

describeWith(
  { programs: ['docker', 'busybox', 'curl', 'tar'] },
  `${version || 'docker'} on our engine in memory`,
  () => {
    let server: Server;
    const run = (args: string[], input = '') =>
      call(docker, args, { input, env: { DOCKER_HOST: `unix://${server.socket}`, DOCKER_BUILDKIT: '0' } });
    const text = async (...args: string[]) => {
      const { stdout, stderr, exit } = await run(args);
      if (exit !== 0) throw new Error(`${args.join(' ')}: exit ${exit}: ${stderr}`);
      return stdout;
    };
    beforeAll(async () => {
      server = await startDrydock('memory');
      await text('import', '-c', 'CMD ["sh"]', join(work, 'busybox.tar'), 'busybox:latest');
    });
    afterAll(() => server?.stop());

    it('version and info', async () => {
      expect(await text('version', '-f', '{{.Server.Version}} {{.Server.APIVersion}}')).toBe('20.10.24+dfsg1 1.41\n');
      expect(await text('info', '-f', '{{.Driver}}')).toBe('overlay2\n');
    });
    it('images, pull and history', async () => {
      expect(await text('pull', 'alpine')).toContain('Status: Downloaded newer image for alpine:latest\n');
      expect(await text('images', '--format', '{{.Repository}}:{{.Tag}}')).toBe('busybox:latest\nalpine:latest\n');
      expect(await text('history', '-q', 'busybox')).toMatch(/^[0-9a-f]{12}\n$/);
    });
    it('run, with its streams and status', async () => {
      const told = await run(['run', '--rm', 'busybox', 'sh', '-c', 'echo out; echo err >&2; exit 5']);
      expect(told).toEqual({ stdout: 'out\n', stderr: 'err\n', exit: 5 });
      expect(await run(['run', '--rm', '-i', 'busybox', 'cat'], 'typed\n')).toEqual({
        stdout: 'typed\n',
        stderr: '',
        exit: 0,
      });
      expect((await run(['run', '--rm', 'busybox', 'nosuch'])).exit).toBe(127);
    });
    it('a container in the background: exec, logs, cp, top, stop, rm', async () => {
      await text('run', '-d', '--name', 'web', 'busybox', 'sh', '-c', 'echo started; sleep 1000');
      expect(await text('exec', 'web', 'echo', 'hi')).toBe('hi\n');
      expect((await run(['exec', 'web', 'sh', '-c', 'exit 7'])).exit).toBe(7);
      expect(await text('logs', 'web')).toBe('started\n');
      await text('cp', join(work, 'context/note'), 'web:/copied');
      expect(await text('exec', 'web', 'cat', '/copied')).toBe('a note\n');
      await text('cp', 'web:/copied', join(work, 'back'));
      expect(readFileSync(join(work, 'back'), 'utf8')).toBe('a note\n');
      expect(await text('diff', 'web')).toBe('A /copied\n');
      expect(await text('top', 'web')).toContain('sleep 1000');
      expect(await text('stop', '-t', '1', 'web')).toBe('web\n');
      expect(await text('ps', '-a', '--format', '{{.Names}} {{.Status}}')).toMatch(/^web Exited \(137\)/);
      expect(await text('commit', 'web', 'from-web')).toMatch(/^sha256:[0-9a-f]{64}\n$/);
      expect(await text('rm', 'web')).toBe('web\n');
    });
    it('what streams: logs -f, stats and events, each until it is told to end', async () => {
      await text('run', '-d', '--name', 'ticks', 'busybox', 'sh', '-c', 'while :; do echo tick; sleep 1; done');
      const shell = (line: string) =>
        call('bash', ['-c', line.replaceAll('docker', docker)], { env: { DOCKER_HOST: `unix://${server.socket}` } });
      expect((await shell('timeout 3 docker logs -f ticks')).stdout).toMatch(/^tick\n(tick\n)+$/);
      expect((await shell("docker stats --no-stream --format '{{.Name}} {{.PIDs}}' ticks")).stdout).toBe('ticks 2\n');
      const told = await shell(
        "(sleep 1; docker rm -f ticks >&2) & timeout 4 docker events --since 0s --format '{{.Action}}'; wait",
      );
      expect(told.stdout.split('\n')).toEqual(expect.arrayContaining(['kill', 'die', 'destroy']));
      expect((await shell("docker events --since 1m --until 0s --format '{{.Action}}'")).stdout).toContain('destroy');
    });
    it.skipIf(!has('script'))('a terminal: its size, its keys, the status of what ran in it', async () => {
      const line = `(sleep 1; printf 'stty size\\nexit 3\\n'; sleep 1) | script -qec 'stty rows 33 cols 77; ${docker} run --rm -it busybox sh' /dev/null`;
      const told = await call('bash', ['-c', line], { env: { DOCKER_HOST: `unix://${server.socket}` } });
      expect(told.stdout).toContain('33 77');
      expect(told.exit).toBe(3);
    });
    it('build in the classic form', async () => {
      expect(await text('build', '-t', 'app', join(work, 'context'))).toContain('Successfully tagged app:latest\n');
      expect(await text('run', '--rm', 'app', 'cat', '/note', '/built')).toBe('a note\nbuilt\n');
    });
    it('save and load', async () => {
      const id = await text('images', '-q', '--no-trunc', 'app');
      await text('save', '-o', join(work, 'app.tar'), 'app');
      await text('rmi', 'app');
      expect(await text('load', '-i', join(work, 'app.tar'))).toContain('Loaded image: app:latest\n');
      expect(await text('images', '-q', '--no-trunc', 'app')).toBe(id);
    });
    it('errors have our texts and its exit status', async () => {
      expect((await run(['inspect', 'nosuch'])).exit).toBe(1);
      expect((await run(['rm', 'nosuch'])).stderr).toContain('No such container: nosuch');
    });
  },
);
