import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzip, gzip, readTar, TarContent, type TarEntry, tarEntry } from '../../src/archive/index.ts';
import { digestOf } from '../../src/content/index.ts';
import {
  type Image,
  ImageError,
  loadArchive,
  saveDockerArchive,
  saveOciArchive,
  serialiseImageConfig,
  validateImage,
} from '../../src/image/index.ts';
import {
  BytesContent,
  type Content,
  contentBytes,
  contentText,
  familiarReference,
  parseReference,
  textContent,
} from '../../src/spec/index.ts';
import { layerOf, sampleImage } from './sample.ts';

const seed = Number(process.env.DRYDOCK_SEED ?? Date.now() % 2 ** 31);
const fixture = (name: string): Content =>
  new BytesContent(new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url))));
const held = (content: Content): Content => new BytesContent(contentBytes(content).slice());
const same = (a: Content, b: Content): void => expect(Buffer.compare(contentBytes(a), contentBytes(b))).toBe(0);
const plain = ({ id, config, layers }: Image) => ({ id, config, layers: layers.map(({ diffId }) => diffId) });

describe('what a Docker 20.10 saved', () => {
  const archive = gunzip(fixture('docker-20.10-saved.tar.gz'));
  const loaded = loadArchive(archive);

  it('loads, with its names, and everything it claims holds', () => {
    expect(loaded.map(({ references }) => references.map(familiarReference)).sort()).toEqual([
      ['a:1', 'a:latest'],
      ['b:1'],
      ['base:1'],
    ]);
    for (const { image } of loaded) expect(validateImage(image)).toEqual([]);
  });
  it('has configs that serialise to the same bytes', () => {
    for (const { image } of loaded) {
      expect(contentText(serialiseImageConfig(image.config))).toBe(contentText(image.rawConfig));
    }
  });
  it('is saved as the same bytes again', () => {
    // Where a layer came again the daemon wrote the time of day.
    const now = readTar(archive).find(({ type }) => type === 'symlink')!.mtime;
    same(saveDockerArchive(loaded, { ownerName: 'root', now }), archive);
    const byId = fixture('docker-20.10-saved-by-id.tar');
    same(saveDockerArchive(loadArchive(byId), { ownerName: 'root' }), byId);
  });
  it('loads compressed as well', () => {
    expect(loadArchive(fixture('docker-20.10-saved.tar.gz')).map(({ image }) => image.id)).toEqual(
      loaded.map(({ image }) => image.id),
    );
  });
});

describe('save and load', () => {
  const files = fc.dictionary(fc.constantFrom('a', 'b', 'etc/c'), fc.string({ maxLength: 20 }), { minKeys: 1 });
  const images = fc.array(
    fc.array(files, { minLength: 1, maxLength: 4 }).map((layers) => sampleImage(...layers)),
    { minLength: 1, maxLength: 3 },
  );
  for (const [form, save] of [
    ['docker archive', saveDockerArchive],
    ['OCI layout', saveOciArchive],
  ] as const) {
    it(`load(save(images)) == images: ${form}`, () => {
      fc.assert(
        fc.property(images, (images) => {
          const saved = images.map((image, at) => ({ image, references: [parseReference(`app:${at}`)] }));
          const loaded = loadArchive(held(save(saved)));
          expect(loaded.map(({ image }) => plain(image))).toEqual(images.map(plain));
          expect(loaded.map(({ references }) => references.map(familiarReference))).toEqual(
            images.map((_, at) => [`app:${at}`]),
          );
        }),
        { seed, numRuns: 25 },
      );
    });
  }
  it('an OCI layout without manifest.json', () => {
    const image = sampleImage({ a: '1' }, { b: '2' });
    const saved = saveOciArchive([{ image, references: [parseReference('me/app:1'), parseReference('app:2')] }]);
    const layout = new TarContent(saved.entries.filter(({ name }) => !/^(manifest.json|repositories)$/.test(name)));
    const [loaded, ...more] = loadArchive(held(layout));
    expect(more).toEqual([]);
    expect(plain(loaded!.image)).toEqual(plain(image));
    expect(loaded!.references.map(familiarReference)).toEqual(['me/app:1', 'app:2']);
  });
  it('a layer that comes twice is stored once', () => {
    const saved = saveDockerArchive([{ image: sampleImage({ a: '1' }, { b: '2' }, { a: '1' }), references: [] }]);
    expect(saved.entries.filter(({ type }) => type === 'symlink')).toHaveLength(1);
    expect(validateImage(loadArchive(held(saved))[0]!.image)).toEqual([]);
  });
  it('compressed layers', () => {
    const saved = saveDockerArchive([{ image: sampleImage({ a: '1' }), references: [] }]);
    const entries = saved.entries.map((entry) =>
      entry.name.endsWith('layer.tar') ? tarEntry({ ...entry, content: gzip(entry.content) }) : entry,
    );
    expect(validateImage(loadArchive(held(new TarContent(entries)))[0]!.image)).toEqual([]);
  });
  it('nothing to save', () => {
    expect(() => saveDockerArchive([{ image: sampleImage(), references: [] }])).toThrow(
      'empty export - not implemented',
    );
  });
});

describe('corrupt archives', () => {
  const good = saveDockerArchive([{ image: sampleImage({ a: '1' }, { b: '2' }), references: [parseReference('a:1')] }]);
  const changed = (change: (entry: TarEntry) => Partial<TarEntry> | undefined): Content =>
    held(
      new TarContent(
        good.entries.flatMap((entry) => {
          const fields = change(entry);
          return fields ? [tarEntry({ ...entry, ...fields })] : [];
        }),
      ),
    );
  const directory = '/tmp/docker-import-1';
  const refused: [string, Content, string | RegExp][] = [
    ['junk', textContent('junk\n'), 'Error processing tar file(exit status 1): unexpected EOF'],
    ['no image in it', layerOf({ 'bin/sh': '' }), `open ${directory}/bin/json: no such file or directory`],
    ['an empty tar', new TarContent([]), `open ${directory}/repositories: no such file or directory`],
    [
      'a layer is missing',
      changed((entry) => (entry.name.endsWith('layer.tar') ? undefined : {})),
      /^open \/tmp\/docker-import-1\/[0-9a-f]{64}\/layer\.tar: no such file or directory$/,
    ],
    [
      'a layer of other content',
      changed((entry) => (entry.name.endsWith('layer.tar') ? { content: layerOf({ evil: '1' }) } : {})),
      /^invalid diffID for layer 0: expected "sha256:[0-9a-f]{64}", got "sha256:[0-9a-f]{64}"$/,
    ],
    [
      'a layer cut short',
      changed((entry) =>
        entry.name.endsWith('layer.tar')
          ? { content: new BytesContent(contentBytes(entry.content).slice(0, 512)) }
          : {},
      ),
      'Error processing tar file(exit status 1): unexpected EOF',
    ],
    [
      'a config that is none',
      changed((entry) => (/^[0-9a-f]+\.json$/.test(entry.name) ? { content: textContent('{}') } : {})),
      'invalid image JSON, no RootFS key',
    ],
    [
      'a manifest that is no JSON',
      changed((entry) => (entry.name === 'manifest.json' ? { content: textContent('<>') } : {})),
      "invalid character '<' looking for beginning of value",
    ],
  ];
  for (const [what, archive, message] of refused) {
    it(what, () => {
      const load = () => loadArchive(archive, { directory });
      expect(load).toThrow(ImageError);
      expect(load).toThrow(message);
    });
  }
  it('JSON of other shapes is refused, not tripped over', () => {
    const shapes = [
      'null',
      '[]',
      '{}',
      '1',
      '[null]',
      '[{"Config":1}]',
      '[{"Config":"x","Layers":{}}]',
      '{"manifests":1}',
    ];
    const configs = [
      'null',
      '{"rootfs":[]}',
      '{"rootfs":{"diff_ids":{}}}',
      '{"rootfs":{},"history":1}',
      '{"rootfs":{},"history":[null]}',
    ];
    for (const text of [...shapes, ...configs]) {
      const content = textContent(text);
      const tar = (name: string) =>
        new TarContent([tarEntry({ name, content }), tarEntry({ name: 'oci-layout', content })]);
      for (const archive of [
        tar('manifest.json'),
        tar('index.json'),
        changed((entry) => (/^[0-9a-f]+\.json$/.test(entry.name) ? { content } : {})),
      ]) {
        try {
          expect(loadArchive(archive)).toEqual([]);
        } catch (error) {
          expect((error as Error).name, text).toBe('ImageError');
        }
      }
    }
  });
  it('damage anywhere is an ImageError or no harm', () => {
    const bytes = contentBytes(good);
    const ids = good.entries
      .filter(({ name }) => name.endsWith('.json') && name.length > 60)
      .map(({ content }) => digestOf(content));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = bytes.slice();
        damaged[at]! ^= flip;
        try {
          for (const { image } of loadArchive(new BytesContent(damaged))) expect(validateImage(image)).toEqual([]);
        } catch (error) {
          expect((error as Error).name).toMatch(/^(ImageError|ReferenceFormatError)$/);
        }
      }),
      { seed, numRuns: 150 },
    );
    expect(ids).toHaveLength(1);
    expect(readTar(good)).toBe(good.entries);
  });
});
