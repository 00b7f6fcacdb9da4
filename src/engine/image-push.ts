import { goGzip } from '../archive/index.ts';
import { digestOf } from '../content/index.ts';
import type { Image, ImageLayer } from '../image/index.ts';
import { type Registry, type RegistryClient, RegistryError, TransportError } from '../registry/index.ts';
import {
  type AuthConfig,
  BytesContent,
  type Descriptor,
  type Digest,
  familiarName,
  familiarReference,
  formatName,
  formatReference,
  type JsonMessage,
  type Manifest,
  mediaTypes,
  parseReference,
  type Reference,
  utf8,
} from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { messageOf, serverError } from './errors.ts';
import { type AttestedBlobs, attestedBlobs } from './image-attestation.ts';
import { addSource, sourcesOf } from './image-pull.ts';
import { connect } from './registry-access.ts';

/** POST /images/{name}/push */
export async function* imagePush(
  daemon: Daemon,
  name: string,
  tag: string,
  auth?: AuthConfig,
): AsyncGenerator<JsonMessage> {
  const bare = parseReference(name);
  const tagged = tag ? { ...bare, tag } : bare;
  yield { status: `The push refers to repository [${formatName(bare)}]` };
  const named = daemon.images
    .references()
    .map(parseReference)
    .filter((r) => formatName(r) === formatName(bare));
  const references = tagged.tag ? [tagged] : named.filter((r) => r.tag);
  if (!named.length) throw serverError(`An image does not exist locally with the tag: ${familiarName(bare)}`);
  const registry = connect(daemon, bare.domain, auth);
  await reach(registry);
  if (references.length === 0) throw serverError(`no tags to push for ${familiarName(bare)}`);
  for (const reference of references) {
    if (!daemon.images.lookup(formatReference(reference)))
      throw serverError(`tag does not exist: ${familiarReference(reference)}`);
    yield* pushOne(daemon, registry, reference);
  }
}

async function* pushOne(daemon: Daemon, registry: Registry, reference: Reference): AsyncGenerator<JsonMessage> {
  const image = daemon.images.get(daemon.images.lookup(formatReference(reference))!)!;
  const topFirst = [...image.layers].reverse();
  for (const { diffId } of topFirst) yield { status: 'Preparing', progressDetail: {}, id: short(diffId) };
  const blobs = new Map<string, Descriptor>();
  try {
    for (const layer of topFirst) {
      const { messages, blob } = await pushLayer(daemon, registry, reference, layer).catch((error) => {
        throw serverError(layerFailure(error));
      });
      yield* messages;
      blobs.set(layer.diffId, blob);
    }
    const attested = attestedBlobs(daemon, image, blobs as ReadonlyMap<Digest, Descriptor>);
    const manifest = attested
      ? await putIndex(registry, reference, image, attested)
      : await putManifest(registry, reference, image, blobs);
    const byDigest = formatReference({ domain: reference.domain, path: reference.path, digest: manifest.digest });
    daemon.images.tag(byDigest, image.id);
    daemon.imageEvent('push', familiarReference(reference), familiarName(reference));
    yield { status: `${reference.tag}: digest: ${manifest.digest} size: ${manifest.size}` };
    yield { progressDetail: {}, aux: { Tag: reference.tag, Digest: manifest.digest, Size: manifest.size } };
  } catch (error) {
    throw serverError(messageOf(error));
  }
}

/** moby distribution retryOnError: of a layer's refusals the first counts, and lacking credentials are told without the request. */
function layerFailure(error: unknown): string {
  if (error instanceof RegistryError) return error.firstMessage;
  if (error instanceof TransportError && error.cause.message === 'no basic auth credentials')
    return error.cause.message;
  return messageOf(error);
}

/** Whether anything answers there at all comes before what is to be pushed. */
async function reach(registry: RegistryClient): Promise<void> {
  try {
    await registry.probe();
  } catch (error) {
    throw serverError(messageOf(error));
  }
}

const short = (digest: string): string => digest.slice('sha256:'.length, 'sha256:'.length + 12);

interface PushedLayer {
  messages: JsonMessage[];
  blob: Descriptor;
}

/** There already, mounted from a repository of the same registry, or uploaded. */
async function pushLayer(
  daemon: Daemon,
  registry: Registry,
  reference: Reference,
  layer: ImageLayer,
): Promise<PushedLayer> {
  const { domain, path } = reference;
  const id = short(layer.diffId);
  const say = (status: string): JsonMessage => ({ status, progressDetail: {}, id });
  const known = sourcesOf(daemon, layer.diffId).filter((source) => source.domain === domain);
  const remember = (blob: Descriptor): void => addSource(daemon, layer.diffId, { domain, path, blob });
  const emit = (state: 'exists' | 'mounted' | 'begin' | 'done' | 'failed', blob: Descriptor, from?: string): void =>
    daemon.ports.tracer.emit({
      type: 'blob',
      direction: 'push',
      registry: domain,
      repository: path,
      digest: blob.digest,
      state,
      size: blob.size,
      ...(from ? { from } : {}),
    });

  const here = known.find((source) => source.path === path);
  if (here && (await exists(registry, path, here.blob))) {
    emit('exists', here.blob);
    return { messages: [say('Layer already exists')], blob: here.blob };
  }
  for (const source of known.filter((other) => other.path !== path)) {
    const result = await registry.mountBlob(path, source.blob.digest, source.path);
    if ('mounted' in result) {
      remember(source.blob);
      emit('mounted', source.blob, source.path);
      return { messages: [say(`Mounted from ${source.path}`)], blob: source.blob };
    }
    await registry.cancelUpload(path, result.upload.id).catch(() => {});
  }
  const content = goGzip(layer.content);
  const blob: Descriptor = { mediaType: mediaTypes.dockerLayerGzip, digest: digestOf(content), size: content.size };
  if (await exists(registry, path, blob)) {
    remember(blob);
    emit('exists', blob);
    return { messages: [say('Layer already exists')], blob };
  }
  emit('begin', blob);
  await registry.pushBlob(path, blob.digest, content).catch((error) => {
    emit('failed', blob);
    throw error;
  });
  remember(blob);
  emit('done', blob);
  const total = layer.content.size;
  return {
    messages: [{ status: 'Pushing', progressDetail: { current: total, total }, progress: '', id }, say('Pushed')],
    blob,
  };
}

async function exists(registry: Registry, path: string, blob: Descriptor): Promise<boolean> {
  try {
    await registry.headBlob(path, blob.digest);
    return true;
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return false;
    throw error;
  }
}

/** An image with its attestations: what the index names goes first, all of it by digest. */
async function putIndex(
  registry: Registry,
  { path, tag }: Reference,
  image: Image,
  { index, manifest, attestation, config, statements }: AttestedBlobs,
): Promise<Descriptor> {
  for (const blob of [image.rawConfig, config, ...statements]) {
    const described = { mediaType: '', digest: digestOf(blob), size: blob.size };
    if (!(await exists(registry, path, described))) await registry.pushBlob(path, described.digest, blob);
  }
  for (const one of [manifest, attestation])
    await registry.putManifest(path, digestOf(one), mediaTypes.ociManifest, one);
  return registry.putManifest(path, tag!, mediaTypes.ociIndex, index);
}

/** Docker's schema 2 manifest, indented by three as dockerd writes it. */
async function putManifest(
  registry: Registry,
  reference: Reference,
  image: Image,
  blobs: ReadonlyMap<string, Descriptor>,
): Promise<Descriptor> {
  const config: Descriptor = { mediaType: mediaTypes.dockerConfig, size: image.rawConfig.size, digest: image.id };
  if (!(await exists(registry, reference.path, config)))
    await registry.pushBlob(reference.path, image.id, image.rawConfig);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.dockerManifest,
    config,
    layers: image.layers.map(({ diffId }) => {
      const { size, digest } = blobs.get(diffId)!;
      return { mediaType: mediaTypes.dockerLayerGzip, size, digest };
    }),
  };
  const content = new BytesContent(utf8(JSON.stringify(manifest, null, 3)));
  return registry.putManifest(reference.path, reference.tag!, mediaTypes.dockerManifest, content);
}
