import { describe, expect, test } from 'vitest';
import type { SolveStatus, Vertex } from '../../src/spec/index.ts';
import { utf8 } from '../../src/spec/index.ts';
import { FakeBackend, type FakeRun } from './fake-backend.ts';
import { type Files, type Outcome, runBuild } from './run-build.ts';

const touch: FakeRun = ({ args, tree, out, mounts }) => {
  out(`${args.at(-1)}\n`);
  for (const mount of mounts) out(`${mount.type} ${mount.target}\n`);
  if (args.at(-1) === 'false') return 1;
  tree.writeFile(`ran-${args.at(-1)!.replace(/\W+/g, '-')}`, { size: 0, read: () => new Uint8Array() });
  return 0;
};

const build = (backend: FakeBackend, files: Files, options = {}) =>
  runBuild(backend, files, { version: '2', t: ['app'], ...options });

const traces = (outcome: Outcome): SolveStatus[] =>
  outcome.messages.flatMap((message) =>
    'aux' in message && message.id === 'moby.buildkit.trace' ? [message.aux as SolveStatus] : [],
  );

/** Vertices as they ended, in the order they began. */
const vertices = (outcome: Outcome): string[] => {
  const last = new Map<string, Vertex>();
  for (const { vertexes = [] } of traces(outcome)) for (const vertex of vertexes) last.set(vertex.digest, vertex);
  return [...last.values()].map(
    ({ name, cached, error }) => `${name}${cached ? ' CACHED' : ''}${error ? ' ERROR' : ''}`,
  );
};
const logs = (outcome: Outcome) =>
  traces(outcome)
    .flatMap(({ logs = [] }) => logs.map(({ msg }) => msg))
    .join('');

const basic = {
  Dockerfile: 'FROM busybox\nENV A=1\nWORKDIR /app\nCOPY app.sh .\nRUN echo $A\nEXPOSE 8080\nCMD ["./app.sh"]\n',
  'app.sh': 'echo hi\n',
};

describe('BuildKit', () => {
  test('vertices in order, then all from the cache', async () => {
    const backend = new FakeBackend(touch);
    const expected = [
      '[internal] load build definition from Dockerfile',
      '[internal] load metadata for docker.io/library/busybox:latest',
      '[internal] load .dockerignore',
      '[1/4] FROM docker.io/library/busybox:latest',
      '[2/4] WORKDIR /app',
      '[internal] load build context',
      '[3/4] COPY app.sh .',
      '[4/4] RUN echo 1',
      'exporting to image',
    ];
    const first = await build(backend, basic);
    expect(vertices(first)).toEqual(expected);
    const second = await build(backend, basic);
    expect(vertices(second)).toEqual(expected.map((name) => (/^\[[234]/.test(name) ? `${name} CACHED` : name)));
    expect(backend.tags.get('docker.io/library/app:latest')).toBe(second.imageId);
  });

  test('history and config', async () => {
    const backend = new FakeBackend(touch);
    const { imageId } = await build(backend, basic);
    const { config } = backend.images.get(imageId as `sha256:${string}`)!.image;
    expect(config.history!.slice(1).map((entry) => `${entry.created_by}|${entry.empty_layer ?? false}`)).toEqual([
      'ENV A=1|true',
      'WORKDIR /app|false',
      'COPY app.sh . # buildkit|false',
      'RUN /bin/sh -c echo $A # buildkit|false',
      'EXPOSE [8080/tcp]|true',
      'CMD ["./app.sh"]|true',
    ]);
    expect(config.rootfs.diff_ids).toHaveLength(4);
    expect(config.config).toMatchObject({ Cmd: ['./app.sh'], WorkingDir: '/app', ArgsEscaped: true });
  });

  test('a changed file is named as the reason', async () => {
    const backend = new FakeBackend(touch);
    await build(backend, basic);
    const reasons: string[] = [];
    backend.tracer.on('build.step', (event) => reasons.push(`${event.cache} ${event.reason}`));
    await build(backend, { ...basic, 'app.sh': 'echo bye\n' });
    expect(reasons).toEqual([
      'hit WORKDIR /app: operation and inputs are the same as before',
      'miss COPY app.sh .: app.sh changed',
      'miss RUN echo $A: what it stands on changed',
    ]);
  });

  test('only the stages that are needed', async () => {
    const Dockerfile =
      'FROM busybox AS base\nRUN one\nFROM base AS build\nRUN two\nFROM busybox AS unused\nRUN never\n' +
      'FROM scratch AS final\nCOPY --from=build /ran-two /\nCOPY --from=base /ran-one /x\n';
    const outcome = await build(new FakeBackend(touch), { Dockerfile });
    expect(vertices(outcome).slice(3, -1)).toEqual([
      '[base 1/2] FROM docker.io/library/busybox:latest',
      '[base 2/2] RUN one',
      '[build 1/1] RUN two',
      '[final 1/2] COPY --from=build /ran-two /',
      '[final 2/2] COPY --from=base /ran-one /x',
    ]);
  });

  test.each<[string, string, object?]>([
    ['FROM busybox\nRUN false\n', 'process "/bin/sh -c false" did not complete successfully: exit code: 1'],
    ['FROM busybox\nRUNN x\n', 'dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)'],
    ['FROM busybox AS a\nFROM a\n', 'target stage "nosuch" could not be found', { target: 'nosuch' }],
    [
      'FROM nosuch\n',
      'nosuch: failed to resolve source metadata for docker.io/library/nosuch:latest: Get "https://registry-1.docker.io/v2/": no network',
    ],
    ['FROM busybox\nCOPY --bogus=1 a b\n', 'dockerfile parse error on line 2: unknown flag: --bogus'],
  ])('fails: %j', async (Dockerfile, message, options = {}) => {
    const outcome = await build(new FakeBackend(touch), { Dockerfile }, options);
    expect(outcome.late).toBe(`failed to solve: ${message}`);
    expect(outcome.imageId).toBeUndefined();
  });

  test('a missing source fails at its vertex', async () => {
    const outcome = await build(new FakeBackend(touch), { Dockerfile: 'FROM busybox\nCOPY nosuch /\n' });
    expect(vertices(outcome).at(-1)).toBe('[2/2] COPY nosuch / ERROR');
    expect(outcome.late).toMatch(/^failed to solve: failed to compute cache key: .*"\/nosuch": not found$/);
  });

  test('heredocs', async () => {
    const backend = new FakeBackend(touch);
    const Dockerfile =
      'FROM busybox\nARG V=7\nRUN <<EOT\necho a\necho b\nEOT\nCOPY <<one <<"two" /etc/\nv=$V\none\nv=$V\ntwo\n';
    const { imageId, messages } = await build(backend, { Dockerfile });
    expect(messages.at(-1)).toMatchObject({ id: 'moby.image.id' });
    const layers = backend.images.get(imageId as `sha256:${string}`)!.image.config.rootfs.diff_ids;
    const read = (path: string) => new TextDecoder().decode(backend.tree(layers).content(path).read(0, 99));
    expect([read('etc/one'), read('etc/two')]).toEqual(['v=7\n', 'v=$V\n']);
  });

  test('mounts of RUN', async () => {
    const flags = [
      ...['type=cache,target=/c', 'type=tmpfs,target=/t', 'type=secret,id=k', 'type=bind,source=f,target=/m'],
    ].map((flag) => `--mount=${flag}`);
    const files = { Dockerfile: `FROM busybox\nRUN ${flags.join(' ')} use\n`, f: 'x' };
    const outcome = await build(new FakeBackend(touch), files, { secrets: { k: utf8('s3cret') } });
    expect(logs(outcome)).toBe('use\nbind /c\ntmpfs /t\nbind /run/secrets/k\nbind /m\n');
  });

  test('what is not simulated is refused by name; --security=insecure as by a daemon that grants nothing', async () => {
    const late = async (line: string) =>
      (await build(new FakeBackend(touch), { Dockerfile: `FROM busybox\n${line}\n` })).late;
    expect(await late('RUN --device=vendor.com/gpu true')).toContain('drydock: RUN --device is not simulated');
    expect(await late('RUN --security=insecure true')).toContain('security.insecure is not allowed');
    expect(await late('RUN --security=sandbox true')).toBeUndefined();
    expect(await late('ADD --keep-git-dir https://example.test/a.git /a')).toContain('ADD of a git repository');
  });

  test('# check=error=true: findings fail the build', async () => {
    const Dockerfile = '# check=error=true\nFROM busybox\nMAINTAINER me\nCMD echo hi\n';
    const { late, imageId } = await build(new FakeBackend(touch), { Dockerfile });
    expect(late).toContain('lint violation found for rules: JSONArgsRecommended, MaintainerDeprecated');
    expect(imageId).toBeUndefined();
    const skipped = Dockerfile.replace('error=true', 'skip=all;error=true');
    expect((await build(new FakeBackend(touch), { Dockerfile: skipped })).imageId).toBeDefined();
  });

  test('COPY --parents keeps the directories of its sources, from the pivot on', async () => {
    const backend = new FakeBackend(touch);
    const files = {
      Dockerfile:
        'FROM busybox AS made\nCOPY --parents a/b/one.txt c /all/\nCOPY --parents a/./b/*.txt /some/\nRUN list\n',
      'a/b/one.txt': '1',
      'c/d/two.txt': '2',
    };
    const { late, imageId } = await build(backend, files);
    expect(late).toBeUndefined();
    const { config } = (await backend.localImage(imageId!))!;
    const found = await backend.view(config.rootfs.diff_ids, (tree) =>
      ['all/a/b/one.txt', 'all/c/d/two.txt', 'some/b/one.txt'].map((path) => tree.lstat(path)?.type),
    );
    expect(found).toEqual(['file', 'file', 'file']);
  });

  test('ADD --checksum: of what is not from a server refused', async () => {
    const files = { Dockerfile: `FROM busybox\nADD --checksum=sha256:${'0'.repeat(64)} a /a\n`, a: '1' };
    const { late } = await build(new FakeBackend(touch), files);
    expect(late).toContain("checksum can't be specified for non-HTTP(S) sources");
  });
});
