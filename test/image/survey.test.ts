import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ByteSource, gzip, TarContent, tarEntry } from '../../src/archive/index.ts';
import { digestOf } from '../../src/content/index.ts';
import {
  createImage,
  type Image,
  type Lane,
  partIndexer,
  saveDockerArchive,
  saveOciArchive,
  surveyArchive,
  surveyedFile,
  surveyLimits,
} from '../../src/image/index.ts';
import { BytesContent, type Content, contentBytes, parseReference, textContent } from '../../src/spec/index.ts';

/** A source that counts what is read of it. */
function sourceOf(content: Content): ByteSource & { taken: number } {
  return {
    size: content.size,
    taken: 0,
    async read(offset, length) {
      const bytes = content.read(offset, length);
      this.taken += bytes.length;
      return bytes.slice();
    },
  };
}

/** As large as it says, and dear to read. */
const large = (size: number): Content => ({
  size,
  read: (offset, length) => new Uint8Array(Math.max(0, Math.min(length, size - offset))),
});

const image = (large_: Content = textContent('big')): Image =>
  createImage(
    {
      architecture: 'amd64',
      os: 'linux',
      created: '2026-01-02T03:04:05Z',
      history: [{ created_by: 'ADD base' }, { created_by: 'ENV a=b', empty_layer: true }, { created_by: 'RUN change' }],
    },
    [
      new TarContent([
        tarEntry({ name: 'etc/', type: 'directory' }),
        tarEntry({ name: 'etc/motd', content: textContent('hello') }),
        tarEntry({ name: 'etc/old', content: textContent('old') }),
        tarEntry({ name: 'big', content: large_ }),
      ]),
      new TarContent([
        tarEntry({ name: './etc/', type: 'directory' }),
        tarEntry({ name: './etc/.wh.old' }),
        tarEntry({ name: './etc/motd', content: textContent('bye, all') }),
        tarEntry({ name: './now', type: 'symlink', linkname: 'etc/motd' }),
      ]),
    ],
  );
const references = [parseReference('team/app:1')];
const saved = (form: typeof saveDockerArchive, from = image()): TarContent => form([{ image: from, references }]);
const held = (content: Content): Content => new BytesContent(contentBytes(content).slice());

/** Many small files: three megabytes to be read one after the other. */
function filled(): Image {
  const entries = Array.from({ length: 9000 }, (_, i) => tarEntry({ name: `f${i}`, content: textContent(`${i}`) }));
  return createImage({ architecture: 'amd64', os: 'linux' }, [new TarContent(entries)]);
}

/** The same archive with its layers compressed by `squeeze`. */
function compressed(squeeze: (layer: Content) => Content, from = image()): Content {
  return new TarContent(
    saved(saveDockerArchive, from).entries.map((entry) =>
      entry.name.endsWith('layer.tar') ? tarEntry({ ...entry, content: squeeze(entry.content) }) : entry,
    ),
  );
}

const expected = [
  ['added /etc', 'added /etc/motd', 'added /etc/old', 'added /big'],
  ['changed /etc', 'deleted /etc/old', 'changed /etc/motd', 'added /now -> etc/motd'],
];
const told = async (archive: Content) =>
  (await surveyArchive(sourceOf(archive)))[0]!.layers.map(({ changes }) =>
    changes.map(({ kind, path, target }) => `${kind} ${path}${target ? ` -> ${target}` : ''}`),
  );

describe('the survey of an archive', () => {
  it.each([
    ['docker save', saved(saveDockerArchive)],
    ['an OCI layout', saved(saveOciArchive)],
    ['compressed layers', compressed(gzip)],
    ['an archive compressed as a whole', gzip(held(saved(saveOciArchive)))],
    ['both', gzip(compressed(gzip))],
  ])('of %s tells what each layer changes', async (_, archive) => {
    expect(await told(held(archive))).toEqual(expected);
  });

  it.each([
    ['plain', saved(saveDockerArchive, filled())],
    ['compressed', compressed(gzip, filled())],
  ])('reads straight on by a stream that uses its memory again (%s)', async (_, archive) => {
    const bytes = contentBytes(archive);
    const source: ByteSource = {
      ...sourceOf(archive),
      async *stream(offset) {
        const buffer = new Uint8Array(10_000);
        for (let at = offset; at < bytes.length; at += buffer.length) {
          const chunk = bytes.subarray(at, at + buffer.length);
          buffer.set(chunk);
          yield buffer.subarray(0, chunk.length);
          buffer.fill(7);
        }
      },
    };
    const [one] = await surveyArchive(source);
    expect(one!.layers[0]!.changes.map(({ path }) => path)).toEqual(Array.from({ length: 9000 }, (_, i) => `/f${i}`));
  });

  it('tells names, platform, commands, sizes', async () => {
    const made = image();
    const [one] = await surveyArchive(sourceOf(held(saved(saveDockerArchive, made))));
    expect(one).toMatchObject({ id: made.id, references: ['docker.io/team/app:1'], platform: 'linux/amd64', size: 19 });
    expect(one!.layers.map(({ createdBy, size, diffId }) => [createdBy, size, diffId])).toEqual([
      ['ADD base', 11, made.layers[0]!.diffId],
      ['RUN change', 8, made.layers[1]!.diffId],
    ]);
  });

  it('reads no content of layers that are not compressed, beyond 4 GiB too', async () => {
    const archive = saved(saveDockerArchive, { ...image(), layers: sparse(6 * 2 ** 30) });
    const source = sourceOf(archive);
    let done = 0;
    const [one] = await surveyArchive(source, { progress: (at) => (done = at) });
    expect(one!.layers[0]!.size).toBe(6 * 2 ** 30 + 8);
    expect(one!.layers[1]!.changes.map(({ path }) => path)).toContain('/now');
    expect(source.taken).toBeLessThan(400_000);
    expect(done).toBe(archive.size);
    const [, second] = one!.layers;
    const motd = second!.changes.find(({ path }) => path === '/etc/motd')!;
    expect(new TextDecoder().decode(await surveyedFile(source, second!, motd, 3))).toBe('bye');
  });

  it('reads a file of a compressed layer, of several gzip members', async () => {
    const archive = compressed((layer) => {
      const bytes = contentBytes(layer);
      return new BytesContent(
        new Uint8Array(Buffer.concat([gzipSync(bytes.slice(0, 700)), gzipSync(bytes.slice(700))])),
      );
    });
    expect(await told(held(archive))).toEqual(expected);
    const source = sourceOf(held(archive));
    const layer = (await surveyArchive(source))[0]!.layers[0]!;
    const motd = layer.changes.find(({ path }) => path === '/etc/motd')!;
    expect(new TextDecoder().decode(await surveyedFile(source, layer, motd, 100))).toBe('hello');
  });

  describe('with layers looked through beside each other', () => {
    const archive = held(compressed(gzip, filled()));
    const lanesOver = (limits = surveyLimits): (Lane & { ended: number })[] =>
      [1, 2].map(() => ({
        ended: 0,
        index: partIndexer(sourceOf(archive), limits),
        end() {
          this.ended++;
        },
      }));

    it('tells the same, how far it is, and when a lane has no more to do', async () => {
      let done = 0;
      const lanes = lanesOver();
      const told = await surveyArchive(sourceOf(archive), { lanes, progress: (at) => (done = at) });
      expect(told).toEqual(await surveyArchive(sourceOf(archive)));
      expect(done).toBe(archive.size);
      expect(lanes.map(({ ended }) => ended)).toEqual([1, 1]);
    });

    it('bounds what all of them spend', async () => {
      const limits = { ...surveyLimits, entries: 5000 };
      await expect(surveyArchive(sourceOf(archive), { lanes: lanesOver(), limits })).rejects.toThrow(
        'more than 5000 files',
      );
      await expect(surveyArchive(sourceOf(archive), { lanes: lanesOver(limits) })).rejects.toThrow(
        'more than 5000 files',
      );
    });

    it('says what a lane says of a layer, and ends when one fails', async () => {
      const problem: Lane = {
        index: partIndexer(sourceOf(new BytesContent(contentBytes(archive).slice().fill(7, 600))), surveyLimits),
      };
      expect((await surveyArchive(sourceOf(archive), { lanes: [problem] }))[0]!.layers[0]!.problem).toBe(
        'gzip: invalid header',
      );
      const failed: Lane = { index: () => Promise.reject(new Error('out of memory')) };
      await expect(surveyArchive(sourceOf(archive), { lanes: [failed] })).rejects.toThrow('out of memory');
    });
  });

  it('says of a layer that it cannot be looked into, and why', async () => {
    const zstd = compressed(() => new BytesContent(new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0])));
    const broken = compressed((layer) => {
      const bytes = contentBytes(gzip(layer)).slice();
      return new BytesContent(bytes.subarray(0, bytes.length - 20));
    });
    const problem = async (archive: Content) => (await surveyArchive(sourceOf(held(archive))))[0]!.layers[0]!.problem;
    expect(await problem(zstd)).toBe('Unsupported compression format tar.zst');
    expect(await problem(broken)).toMatch(/unexpected EOF|flate: corrupt input/);
  });

  it('refuses what is cut short, no archive, or made to do harm', async () => {
    const whole = contentBytes(saved(saveDockerArchive));
    const fails = (bytes: Uint8Array, limits = surveyLimits) =>
      expect(surveyArchive(sourceOf(new BytesContent(bytes)), { limits })).rejects;
    await fails(whole.slice(0, whole.length >> 1)).toThrow(/unexpected EOF|no such file/);
    await fails(new TextEncoder().encode('this is no tar archive'.repeat(100))).toThrow(
      'archive/tar: invalid tar header',
    );
    await fails(whole, { ...surveyLimits, entries: 5 }).toThrow('more than 5 files');
    await fails(whole, { ...surveyLimits, held: 100 }).toThrow('fit into memory');
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    await fails(new Uint8Array(bomb), { ...surveyLimits, inflated: 1_000_000 }).toThrow(
      /inflates to more|no such file/,
    );
    const loop = new TarContent([
      tarEntry({ name: 'manifest.json', type: 'symlink', linkname: 'other' }),
      tarEntry({ name: 'other', type: 'symlink', linkname: 'manifest.json' }),
    ]);
    await fails(contentBytes(loop)).toThrow('no such file');
  });

  it('takes of an index what is there, and no attestations', async () => {
    const entries = saved(saveOciArchive).entries.filter(({ name }) => !/^(manifest.json|repositories)$/.test(name));
    const manifest = entries.find(({ content }) =>
      new TextDecoder().decode(content.read(0, 999)).includes('"layers"'),
    )!;
    const descriptor = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: digestOf(manifest.content),
      size: manifest.size,
    };
    const attests = { ...descriptor, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } };
    const absent = { ...descriptor, digest: `sha256:${'0'.repeat(64)}` };
    const index = textContent(JSON.stringify({ schemaVersion: 2, manifests: [descriptor, attests, absent] }));
    const outer = {
      schemaVersion: 2,
      manifests: [{ mediaType: 'application/vnd.oci.image.index.v1+json', digest: digestOf(index), size: index.size }],
    };
    const archive = new TarContent([
      ...entries.filter(({ name }) => name !== 'index.json'),
      tarEntry({ name: `blobs/sha256/${digestOf(index).slice(7)}`, content: index }),
      tarEntry({ name: 'index.json', content: textContent(JSON.stringify(outer)) }),
    ]);
    expect(await told(held(archive))).toEqual(expected);
  });
});

/** The layers of `image()` with a large file; its digest is not computed. */
function sparse(size: number): Image['layers'] {
  const [first, second] = image().layers;
  const entries = (first!.content as TarContent).entries;
  return [
    {
      ...first!,
      content: new TarContent(entries.map((e) => (e.name === 'big' ? tarEntry({ ...e, content: large(size) }) : e))),
    },
    second!,
  ];
}
