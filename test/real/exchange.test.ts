/** Images that go between our engine and a real dockerd, as `docker save` writes them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { busyboxTar, drydock, must, mustDrydock, type Server, startDockerd, startDrydock } from './real-docker.ts';

const dockerfile = `FROM busybox
COPY note /note
RUN mkdir /d && echo one > /d/one && ln /d/one /d/two && rm /bin/yes
ENV A=b
CMD ["cat", "/note"]
`;

describeWith({ programs: ['dockerd', 'busybox', 'curl', 'tar', 'unshare', 'ip'], root: true }, 'with a dockerd', () => {
  let work: string;
  let ours: Server;
  let theirs: Server;
  /** Our CLI against one of them. */
  const at = (server: Server, ...args: string[]) => mustDrydock('docker', '-H', `unix://${server.socket}`, ...args);

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'drydock-exchange-'));
    mkdirSync(join(work, 'context'));
    writeFileSync(join(work, 'context/Dockerfile'), dockerfile);
    writeFileSync(join(work, 'context/note'), 'a note\n');
    await busyboxTar(work);
    [ours, theirs] = await Promise.all([startDrydock('memory'), startDockerd()]);
    for (const server of [ours, theirs]) {
      await at(server, 'import', '-c', 'CMD ["sh"]', join(work, 'busybox.tar'), 'busybox:latest');
    }
  });
  afterAll(async () => {
    await ours?.stop();
    await theirs?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  const identity = '{{.Id}} {{json .RootFS.Layers}} {{json .Config.Cmd}} {{json .Config.Env}}';

  it('what we build and save loads there with the same ID and diffIDs, and runs', async () => {
    for (const [name, options] of [
      ['kit', []],
      ['classic', ['--network=none']],
    ] as const) {
      process.env.DOCKER_BUILDKIT = name === 'kit' ? '1' : '0';
      await at(ours, 'build', '-q', ...options, '-t', `${name}:1`, join(work, 'context'));
      await at(ours, 'save', '-o', join(work, `${name}.tar`), `${name}:1`);
      expect(await at(theirs, 'load', '-i', join(work, `${name}.tar`))).toBe(`Loaded image: ${name}:1\n`);
      const image = await at(ours, 'inspect', '-f', identity, `${name}:1`);
      expect(await at(theirs, 'inspect', '-f', identity, `${name}:1`)).toBe(image);
      expect(await at(theirs, 'run', '--rm', '--network=none', `${name}:1`)).toBe('a note\n');
      const listed = await at(
        theirs,
        'run',
        '--rm',
        '--network=none',
        `${name}:1`,
        'sh',
        '-c',
        'ls /d; test -e /bin/yes; echo $?',
      );
      expect(listed).toBe('one\ntwo\n1\n');
    }
    delete process.env.DOCKER_BUILDKIT;
  });

  it('what it builds and saves loads here with the same ID; its files are listed per layer', async () => {
    process.env.DOCKER_BUILDKIT = '0';
    await at(theirs, 'build', '-q', '-t', 'real:1', join(work, 'context'));
    delete process.env.DOCKER_BUILDKIT;
    await at(theirs, 'save', '-o', join(work, 'real.tar'), 'real:1');
    expect(await at(ours, 'load', '-i', join(work, 'real.tar'))).toBe('Loaded image: real:1\n');
    const image = await at(theirs, 'inspect', '-f', identity, 'real:1');
    expect(await at(ours, 'inspect', '-f', identity, 'real:1')).toBe(image);
    const [report] = JSON.parse(await mustDrydock('image', 'inspect-archive', '--json', join(work, 'real.tar')));
    expect(image).toContain(report.id);
    const layers = report.layers
      .slice(1)
      .map((layer: { changes: { path: string; kind: string; target?: string }[] }) =>
        layer.changes.map(({ path, kind, target }) => `${kind} ${path}${target ? ` -> ${target}` : ''}`),
      );
    expect(layers).toEqual([
      ['added /note'],
      ['changed /bin', 'deleted /bin/yes', 'added /d', 'added /d/one', 'added /d/two -> d/one'],
    ]);
  });

  it('skopeo agrees on the digests of what we save', async () => {
    const told = JSON.parse(await must('skopeo', ['inspect', `docker-archive:${join(work, 'kit.tar')}`]));
    expect(told.Layers).toEqual(JSON.parse(await at(ours, 'inspect', '-f', '{{json .RootFS.Layers}}', 'kit:1')));
  });

  it('a corrupt archive is refused by both with the same words', async () => {
    const bad = join(work, 'bad.tar');
    writeFileSync(bad, 'this is not a tar archive'.repeat(100));
    const told = [];
    for (const server of [ours, theirs])
      told.push(await drydock('docker', '-H', `unix://${server.socket}`, 'load', '-i', bad));
    expect(told[0]).toEqual(told[1]);
    expect(told[0]!.exit).toBe(1);
  });
});
