import { describe, expect, test } from 'vitest';
import { emptyConfig } from '../../src/builder/config.ts';
import { applyChanges, BuildError } from '../../src/builder/index.ts';
import { FakeBackend, type FakeRun } from './fake-backend.ts';
import { runBuild } from './run-build.ts';

const ok: FakeRun = () => 0;
const image = (backend: FakeBackend, id: string | undefined) =>
  backend.images.get(id as `sha256:${string}`)!.image.config;

describe('classic builder', () => {
  test('history as the recording of 22-build-instructions has it', async () => {
    const backend = new FakeBackend(ok);
    const Dockerfile = [
      ...['FROM busybox', 'MAINTAINER Old Style <old@example.org>', 'LABEL one=1 two="2 2" \\', '      three=3'],
      ...['ENV A=1 B="b b" C=c\\ c', 'ENV OLD old style value', 'ARG VERSION=1.0', 'ARG NODEFAULT', 'RUN echo "$A"'],
      ...['RUN ["echo", "exec form $A"]', 'WORKDIR /w', 'WORKDIR sub', 'COPY --chown=nobody:users dir /owneddir'],
      ...['COPY ["a.txt", "/with space/"]', 'VOLUME /vol1 /vol2', 'VOLUME ["/vol3"]', 'EXPOSE 80 443/tcp 53/udp'],
      ...['HEALTHCHECK --interval=5s --timeout=3s --start-period=1s --retries=2 CMD cat /x || exit 1'],
      ...[
        'SHELL ["/bin/sh", "-ec"]',
        'RUN echo shell',
        'ONBUILD RUN echo trigger',
        'ENTRYPOINT ["echo", "entry"]',
        'CMD ["cmd"]',
      ],
    ].join('\n');
    const files = { Dockerfile, 'a.txt': 'a\n', dir: null, 'dir/d': 'd\n', 'dir/sub': null, 'dir/sub/s': 's\n' };
    const { imageId } = await runBuild(backend, files);
    expect(
      image(backend, imageId)
        .history!.slice(1)
        .map((entry) => entry.created_by),
    ).toEqual([
      '/bin/sh -c #(nop)  MAINTAINER Old Style <old@example.org>',
      '/bin/sh -c #(nop)  LABEL one=1 two=2 2 three=3',
      '/bin/sh -c #(nop)  ENV A=1 B=b b C=c c',
      '/bin/sh -c #(nop)  ENV OLD=old style value',
      '/bin/sh -c #(nop)  ARG VERSION=1.0',
      '/bin/sh -c #(nop)  ARG NODEFAULT',
      '|1 VERSION=1.0 /bin/sh -c echo "$A"',
      '|1 VERSION=1.0 echo exec form $A',
      '/bin/sh -c #(nop) WORKDIR /w',
      '/bin/sh -c #(nop) WORKDIR /w/sub',
      // The hashes are the real daemon's for these files.
      '/bin/sh -c #(nop) COPY --chown=nobody:usersdir:af5f68a22811d84856f5e4159d903cd26bfba1380de73efdaf1ce2c3b5dde458 in /owneddir ',
      '/bin/sh -c #(nop) COPY file:a596f0888def06c3cad1442667ede22d419985a1c8a3155b838b650c4cf52ecc in /with space/ ',
      '/bin/sh -c #(nop)  VOLUME [/vol1 /vol2]',
      '/bin/sh -c #(nop)  VOLUME [/vol3]',
      '/bin/sh -c #(nop)  EXPOSE 443/tcp 53/udp 80',
      `/bin/sh -c #(nop)  HEALTHCHECK &{["CMD-SHELL" "cat /x || exit 1"] "5s" "3s" "1s" '\\x02'}`,
      '/bin/sh -ec #(nop)  SHELL [/bin/sh -ec]',
      '|1 VERSION=1.0 /bin/sh -ec echo shell',
      '/bin/sh -ec #(nop)  ONBUILD RUN echo trigger',
      '/bin/sh -ec #(nop)  ENTRYPOINT ["echo" "entry"]',
      '/bin/sh -ec #(nop)  CMD ["cmd"]',
    ]);
    const tree = backend.tree(image(backend, imageId).rootfs.diff_ids).listing();
    expect(tree).toContain('owneddir/ 755 65534:100');
    expect(tree).toContain('owneddir/sub/s 644 65534:100');
    expect(tree).toContain('with space/a.txt 644 0:0');
  });

  test('cache: same again is a hit, a changed file misses with its reason', async () => {
    const backend = new FakeBackend(ok);
    const Dockerfile = 'FROM busybox\nRUN one\nCOPY f /f\nRUN two\n';
    const first = await runBuild(backend, { Dockerfile, f: '1' });
    expect((await runBuild(backend, { Dockerfile, f: '1' })).imageId).toBe(first.imageId);
    const events: string[] = [];
    backend.tracer.on('build.step', (event) => events.push(`${event.cache} ${event.reason}`));
    const { text } = await runBuild(backend, { Dockerfile, f: '2' });
    expect(text.match(/Using cache/g)).toHaveLength(1);
    expect(events.slice(2)).toEqual([
      'miss COPY f /f: what COPY copies to /f changed',
      'miss RUN two: an earlier step of this stage was not cached',
    ]);
  });

  test('build arguments', async () => {
    const backend = new FakeBackend(ok);
    const Dockerfile = 'ARG TAG=latest\nFROM busybox:${TAG}\nARG TAG\nARG HTTP_PROXY\nRUN echo $TAG\n';
    const { text, imageId } = await runBuild(
      backend,
      { Dockerfile },
      { buildargs: { HTTP_PROXY: 'http://p', NOT: '1' } },
    );
    expect(text).toContain('[Warning] One or more build-args [NOT] were not consumed\n');
    expect(image(backend, imageId).history!.at(-1)!.created_by).toBe(
      '|2 HTTP_PROXY=http://p TAG=latest /bin/sh -c echo $TAG',
    );
  });

  test('stages, --target, --label, -q, tags', async () => {
    const backend = new FakeBackend(ok);
    const Dockerfile = 'FROM busybox AS a\nCOPY f /f\nFROM scratch\nCOPY --from=a /f /g\nCOPY --from=0 /f /h\n';
    const files = { Dockerfile, f: 'x' };
    const { imageId } = await runBuild(backend, files);
    expect(backend.tree(image(backend, imageId).rootfs.diff_ids).listing()).toEqual(['g 644 0:0', 'h 644 0:0']);
    const { text } = await runBuild(backend, files, {
      target: 'A',
      labels: { z: '', x: "it's" },
      t: ['app', 'other/app:3'],
    });
    expect(text).toMatch(/Step 3\/4 : LABEL x=it's\n.*Step 4\/4 : LABEL z=\n/s);
    expect(text).toMatch(/Successfully tagged app:latest\nSuccessfully tagged other\/app:3\n$/);
    const quiet = await runBuild(backend, files, { q: true });
    expect(quiet.text).toBe(`${quiet.imageId}\n`);
  });

  test('ONBUILD runs in the child, .dockerignore hides its own file', async () => {
    const backend = new FakeBackend(ok);
    await runBuild(backend, { Dockerfile: 'FROM busybox\nONBUILD COPY . /src\n' }, { t: ['parent'] });
    const child = { Dockerfile: 'FROM parent\nRUN x\n', '.dockerignore': 'Dockerfile\n.dockerignore\n', a: 'a' };
    const { text, imageId } = await runBuild(backend, child);
    expect(text).toContain('Step 1/2 : FROM parent\n# Executing 1 build trigger\n ---> ');
    const names = backend
      .tree(image(backend, imageId).rootfs.diff_ids)
      .listing()
      .filter((line) => line.startsWith('src'));
    expect(names).toEqual(['src/ 755 0:0', 'src/a 644 0:0']);
  });

  test('a failed step leaves its container unless --force-rm', async () => {
    const backend = new FakeBackend(() => 3);
    await runBuild(backend, { Dockerfile: 'FROM busybox\nRUN x\n' });
    expect(backend.containers.size).toBe(1);
    await runBuild(backend, { Dockerfile: 'FROM busybox\nRUN x\n' }, { forcerm: true });
    expect(backend.containers.size).toBe(1);
  });
});

describe('--change', () => {
  test('instructions on a config', () => {
    const config = applyChanges(emptyConfig, ['ENV A=1', 'CMD ["x"]', 'ENTRYPOINT ["e"]', 'EXPOSE 80', 'WORKDIR /w']);
    expect(config).toMatchObject({
      Env: ['A=1'],
      Cmd: ['x'],
      Entrypoint: ['e'],
      ExposedPorts: { '80/tcp': {} },
      WorkingDir: '/w',
    });
  });
  test.each([
    ['RUN x', 'run is not a valid change command'],
    ['BOGUS', 'bogus is not a valid change command'],
  ])('%s', (change, message) => expect(() => applyChanges(emptyConfig, [change])).toThrow(new BuildError(message)));
});
