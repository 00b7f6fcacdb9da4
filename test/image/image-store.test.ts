import { describe, expect, it } from 'vitest';
import { ContentStore, MemoryBacking, MemoryRecords } from '../../src/content/index.ts';
import {
  appendLayer,
  historyLines,
  type Image,
  ImageStore,
  importImage,
  loadArchive,
  saveDockerArchive,
  validateImage,
  withConfig,
} from '../../src/image/index.ts';
import { contentText, parseReference, textContent } from '../../src/spec/index.ts';
import { layerOf, sampleImage } from './sample.ts';

const contents = (image: Image) => image.layers.map(({ content }) => content);
const newStore = () => new ImageStore(new ContentStore(new MemoryBacking()), new MemoryRecords());

describe('image store', () => {
  it('resolves names, IDs and prefixes, with the daemon’s text when there is none', () => {
    const images = newStore();
    const image = sampleImage({ a: '1' });
    const { id } = images.create(image.rawConfig, { layers: contents(image) });
    images.tag('docker.io/library/app:latest', id);
    const digested = `docker.io/library/app@sha256:${'1'.repeat(64)}`;
    images.tag(digested, id);
    for (const name of [
      'app',
      'app:latest',
      'docker.io/library/app',
      id,
      id.slice(7),
      id.slice(7, 12),
      id.slice(0, 20),
      digested,
    ]) {
      expect(images.resolve(name).id).toBe(id);
    }
    expect(images.references(id)).toEqual(['docker.io/library/app:latest', digested]);
    expect(() => images.resolve('nosuch')).toThrow('No such image: nosuch:latest');
    expect(() => images.resolve('NO')).toThrow(
      'invalid reference format: repository name (library/NO) must be lowercase',
    );
    expect(() => images.resolve(`sha256:${'0'.repeat(64)}`)).toThrow(`No such image: sha256:${'0'.repeat(64)}`);
  });
  it('creates from layers that are there, once', () => {
    const images = newStore();
    const image = sampleImage({ a: '1' });
    expect(() => images.create(image.rawConfig)).toThrow('not found');
    expect(images.list()).toEqual([]);
    images.putLayer(image.layers[0]!.content);
    images.create(image.rawConfig);
    images.create(image.rawConfig);
    expect(images.list()).toEqual([image.id]);
    expect(images.get(image.id)!.layers[0]!.content).toBe(image.layers[0]!.content);
  });
  it('refuses layers that are not the config’s', () => {
    const images = newStore();
    const image = sampleImage({ a: '1' });
    expect(() => images.create(image.rawConfig, { layers: [layerOf({ b: '2' })] })).toThrow('unexpected commit digest');
    expect(images.list()).toEqual([]);
  });
  it('moves names, keeps parents, collects what nothing names', () => {
    const images = newStore();
    const base = sampleImage({ a: '1' });
    const child = appendLayer(base, { created_by: 'RUN x' }, layerOf({ b: '2' }));
    images.create(base.rawConfig, { layers: contents(base) });
    images.create(child.rawConfig, { layers: contents(child), parent: base.id });
    expect(images.children(base.id)).toEqual([child.id]);
    expect(images.children('')).toEqual([base.id]);
    expect(images.tag('docker.io/library/x:1', base.id)).toBeUndefined();
    expect(images.tag('docker.io/library/x:1', child.id)).toBe(base.id);
    expect(() => images.delete(child.id)).toThrow('is named docker.io/library/x:1');
    expect(images.collectGarbage()).toEqual([]);
    expect(images.untag('docker.io/library/x:1')).toBe(child.id);
    images.delete(child.id);
    expect(images.collectGarbage().sort()).toEqual([child.id, child.layers[1]!.diffId].sort());
    expect(images.get(base.id)).toBeDefined();
  });
  it('loads an archive and tells which names moved', () => {
    const images = newStore();
    const [old, image] = [sampleImage({ a: '1' }), sampleImage({ a: '2' })];
    const reference = parseReference('app:1');
    const load = (image: Image) => images.load(loadArchive(saveDockerArchive([{ image, references: [reference] }])));
    expect(load(old)).toEqual([]);
    expect(load(old)).toEqual([]);
    expect(load(image)).toEqual([{ reference, from: old.id }]);
    expect(images.resolve('app:1').id).toBe(image.id);
  });
});

describe('images as values', () => {
  it('grow by layers and metadata, leaving the old one as it was', () => {
    const base = sampleImage({ a: '1' });
    const next = appendLayer(
      appendLayer(base, { created_by: 'ENV X=1' }),
      { created_by: 'COPY b' },
      layerOf({ b: '2' }),
    );
    expect(base.layers).toHaveLength(1);
    expect(historyLines(next.config).map(({ entry, layer }) => [entry.created_by, layer])).toEqual([
      ['COPY a', base.layers[0]!.diffId],
      ['ENV X=1', undefined],
      ['COPY b', next.layers[1]!.diffId],
    ]);
    expect(validateImage(next)).toEqual([]);
    expect(withConfig(next, { author: 'me' }).layers.map(({ diffId }) => diffId)).toEqual(
      next.layers.map(({ diffId }) => diffId),
    );
  });
  it('are found out when they lie', () => {
    const image = sampleImage({ a: '1' });
    const lie = { ...image, layers: [{ ...image.layers[0]!, content: layerOf({ a: '2' }) }] };
    expect(validateImage(lie)).toEqual([expect.stringMatching(/^invalid content of layer 0: expected "sha256:/)]);
    const history = withConfig(image, { history: [{}, {}] });
    expect(validateImage(history)).toEqual(['history: too many non-empty layers in History section']);
  });
});

describe('import', () => {
  const options = {
    created: { sec: 1, nsec: 5e8 },
    platform: { architecture: 'amd64', os: 'linux' },
    dockerVersion: '20.10.24+dfsg1',
  };
  it('takes the tar as it is for the layer', () => {
    const tar = layerOf({ './bin/sh': 'x' });
    const image = importImage(tar, { ...options, message: 'a <message>', config: { Cmd: ['sh'] } });
    expect(image.layers[0]!.content).toBe(tar);
    expect(contentText(image.rawConfig)).toBe(
      '{"architecture":"amd64","comment":"a \\u003cmessage\\u003e","config":{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":false,"AttachStderr":false,"Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":null,"Cmd":["sh"],"Image":"","Volumes":null,"WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":null},"container_config":{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":false,"AttachStderr":false,"Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":null,"Cmd":null,"Image":"","Volumes":null,"WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":null},"created":"1970-01-01T00:00:01.5Z","docker_version":"20.10.24+dfsg1","history":[{"created":"1970-01-01T00:00:01.5Z","comment":"a \\u003cmessage\\u003e"}],"os":"linux",' +
        `"rootfs":{"type":"layers","diff_ids":["${image.layers[0]!.diffId}"]}}`,
    );
  });
  it('refuses what is no tar', () => {
    expect(() => importImage(textContent('notatar\n'), options)).toThrow(
      'Error processing tar file(exit status 1): unexpected EOF',
    );
  });
});
