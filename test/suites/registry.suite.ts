/** What every Registry does: memory, disk, and client to server to either. */
import { expect, it } from 'vitest';
import { digestOf } from '../../src/content/index.ts';
import type { Registry } from '../../src/registry/index.ts';
import {
  type Content,
  contentText,
  type Digest,
  mediaTypes,
  SyntheticContent,
  textContent,
  utf8,
} from '../../src/spec/index.ts';

const config = textContent('{"architecture":"amd64"}');
const layer = textContent('a layer');
const descriptor = (content: Content, mediaType: string) => ({
  mediaType,
  digest: digestOf(content),
  size: content.size,
});
export const manifestOf = (extra: object = {}): Content =>
  textContent(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: descriptor(config, mediaTypes.ociConfig),
      layers: [descriptor(layer, mediaTypes.ociLayer)],
      ...extra,
    }),
  );
export async function pushSample(
  registry: Registry,
  repository: string,
  tag: string,
  extra: object = {},
): Promise<Digest> {
  for (const blob of [config, layer]) await registry.pushBlob(repository, digestOf(blob), blob);
  return (await registry.putManifest(repository, tag, mediaTypes.ociManifest, manifestOf(extra))).digest;
}

async function* stream(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield utf8(text);
}
const zero = `sha256:${'0'.repeat(64)}` as Digest;

export function registrySuite(make: () => Registry): void {
  const code = async (promise: Promise<unknown>): Promise<string> => {
    try {
      await promise;
      return 'no error';
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };

  it('takes a blob and gives it back', async () => {
    const registry = make();
    const blob = new SyntheticContent(100_000, 1);
    await registry.pushBlob('me/a', digestOf(blob), blob);
    expect((await registry.headBlob('me/a', digestOf(blob))).size).toBe(100_000);
    expect(digestOf(await registry.getBlob('me/a', digestOf(blob)))).toBe(digestOf(blob));
    await registry.deleteBlob('me/a', digestOf(blob));
    expect(await code(registry.getBlob('me/a', digestOf(blob)))).toBe('BLOB_UNKNOWN');
  });
  it('does not know a blob of another repository', async () => {
    const registry = make();
    await registry.pushBlob('me/a', digestOf(layer), layer);
    expect(await code(registry.getBlob('me/b', digestOf(layer)))).toBe('BLOB_UNKNOWN');
  });
  it('refuses a blob of another digest', async () => {
    const registry = make();
    expect(await code(registry.pushBlob('me/a', zero, layer))).toBe('DIGEST_INVALID');
    expect(await code(registry.getBlob('me/a', zero))).toBe('BLOB_UNKNOWN');
  });
  it('takes a blob in chunks, resumed where it stopped', async () => {
    const registry = make();
    let upload = await registry.startUpload('me/a');
    expect(upload.size).toBe(0);
    upload = await registry.uploadChunk('me/a', upload.id, textContent('a la'), 0);
    expect(upload.size).toBe(4);
    expect((await registry.uploadStatus('me/a', upload.id)).size).toBe(4);
    expect(await code(registry.uploadChunk('me/a', upload.id, textContent('xx'), 7))).toBe('RANGE_INVALID');
    upload = await registry.uploadChunk('me/a', upload.id, textContent('ye'), 4);
    await registry.finishUpload('me/a', upload.id, digestOf(layer), textContent('r'));
    expect(contentText(await registry.getBlob('me/a', digestOf(layer)))).toBe('a layer');
  });
  it('takes a streamed chunk', async () => {
    const registry = make();
    let upload = await registry.startUpload('me/a');
    upload = await registry.uploadChunk('me/a', upload.id, stream('a ', 'layer'));
    await registry.finishUpload('me/a', upload.id, digestOf(layer));
    expect((await registry.headBlob('me/a', digestOf(layer))).size).toBe(7);
  });
  it('forgets a cancelled upload', async () => {
    const registry = make();
    const { id } = await registry.startUpload('me/a');
    await registry.cancelUpload('me/a', id);
    expect(await code(registry.uploadStatus('me/a', id))).toBe('BLOB_UPLOAD_UNKNOWN');
  });
  it('mounts a blob from another repository, or begins an upload', async () => {
    const registry = make();
    await registry.pushBlob('me/a', digestOf(layer), layer);
    expect(await registry.mountBlob('me/b', digestOf(layer), 'me/a')).toMatchObject({
      mounted: { digest: digestOf(layer), size: 7 },
    });
    expect(contentText(await registry.getBlob('me/b', digestOf(layer)))).toBe('a layer');
    expect(await registry.mountBlob('me/b', zero, 'me/a')).toMatchObject({ upload: { size: 0 } });
  });
  it('keeps manifests by tag and digest', async () => {
    const registry = make();
    const digest = await pushSample(registry, 'me/a', 'v1');
    for (const reference of ['v1', digest]) {
      const { descriptor, content } = await registry.getManifest('me/a', reference);
      expect(descriptor).toEqual({ mediaType: mediaTypes.ociManifest, digest, size: content.size });
      expect(contentText(content)).toBe(contentText(manifestOf()));
      expect(await registry.headManifest('me/a', reference)).toEqual(descriptor);
    }
    expect(await code(registry.getManifest('me/a', 'nosuch'))).toBe('MANIFEST_UNKNOWN');
    expect(await code(registry.getManifest('me/a', zero))).toBe('MANIFEST_UNKNOWN');
    expect(await code(registry.getManifest('me/nosuch', 'v1'))).toBe('MANIFEST_UNKNOWN');
  });
  it('refuses manifests that are none, or name blobs that are not there', async () => {
    const registry = make();
    const put = (content: Content, reference = 'v1') =>
      code(registry.putManifest('me/a', reference, mediaTypes.ociManifest, content));
    expect(await put(textContent('junk'))).toBe('MANIFEST_INVALID');
    expect(await put(textContent('{"schemaVersion":1}'))).toBe('MANIFEST_INVALID');
    expect(await put(manifestOf())).toBe('MANIFEST_BLOB_UNKNOWN');
    await pushSample(registry, 'me/a', 'v1');
    expect(await put(manifestOf(), zero)).toBe('DIGEST_INVALID');
    expect(await put(manifestOf(), '-bad')).toBe('TAG_INVALID');
  });
  it('deletes a manifest with its tags, by digest alone', async () => {
    const registry = make();
    const digest = await pushSample(registry, 'me/a', 'v1');
    await pushSample(registry, 'me/a', 'v2');
    expect(await code(registry.deleteManifest('me/a', 'v1'))).toBe('DIGEST_INVALID');
    await registry.deleteManifest('me/a', digest);
    expect((await registry.listTags('me/a')).names).toEqual([]);
    expect(await code(registry.deleteManifest('me/a', digest))).toBe('MANIFEST_UNKNOWN');
  });
  it('lists tags and repositories in pages', async () => {
    const registry = make();
    for (const tag of ['v3', 'v1', 'v2']) await pushSample(registry, 'me/b', tag);
    await pushSample(registry, 'me/a', 'v1');
    expect(await registry.listTags('me/b')).toEqual({ names: ['v1', 'v2', 'v3'], more: false });
    expect(await registry.listTags('me/b', { n: 2 })).toEqual({ names: ['v1', 'v2'], more: true });
    expect(await registry.listTags('me/b', { n: 2, last: 'v2' })).toEqual({ names: ['v3'], more: false });
    expect(await code(registry.listTags('me/nosuch'))).toBe('NAME_UNKNOWN');
    expect((await registry.listRepositories()).names).toEqual(['me/a', 'me/b']);
    expect(await registry.listRepositories({ n: 1 })).toEqual({ names: ['me/a'], more: true });
  });
  it('tells what refers to a manifest', async () => {
    const registry = make();
    const subject = await pushSample(registry, 'me/a', 'v1');
    const size = manifestOf().size;
    const extra = { subject: { mediaType: mediaTypes.ociManifest, digest: subject, size }, artifactType: 'x/sbom' };
    const referrer = await pushSample(registry, 'me/a', 'sbom', extra);
    const index = await registry.referrers('me/a', subject);
    expect(index.manifests).toMatchObject([{ digest: referrer, artifactType: 'x/sbom' }]);
    expect((await registry.referrers('me/a', subject, 'x/other')).manifests).toEqual([]);
    expect((await registry.referrers('me/a', zero)).manifests).toEqual([]);
  });
  it('keeps an index of manifests it has', async () => {
    const registry = make();
    const digest = await pushSample(registry, 'me/a', 'v1');
    const entry = { mediaType: mediaTypes.ociManifest, digest, size: manifestOf().size };
    const index = (manifests: object[]) =>
      textContent(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }));
    await registry.putManifest('me/a', 'multi', mediaTypes.ociIndex, index([entry]));
    expect((await registry.getManifest('me/a', 'multi')).descriptor.mediaType).toBe(mediaTypes.ociIndex);
    expect(
      await code(registry.putManifest('me/a', 'bad', mediaTypes.ociIndex, index([{ ...entry, digest: zero }]))),
    ).toBe('MANIFEST_BLOB_UNKNOWN');
  });
}
