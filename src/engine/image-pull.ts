import { gunzip } from '../archive/index.ts';
import { parseImageConfig } from '../image/index.ts';
import { chainIds } from '../layer/index.ts';
import { type Registry, RegistryError } from '../registry/index.ts';
import {
  type AuthConfig,
  type Content,
  contentText,
  type Descriptor,
  type Digest,
  familiarName,
  familiarReference,
  formatReference,
  type Index,
  type JsonMessage,
  type Manifest,
  mediaTypes,
  parsePlatform,
  parseReference,
  type Reference,
  ReferenceFormatError,
  withDefaultTag,
} from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, notFound } from './errors.ts';
import { collect } from './image-delete.ts';
import { tagImage } from './image-list.ts';
import { connect, pullError } from './registry-access.ts';

interface PullOptions {
  fromImage: string;
  tag: string;
  platform: string;
  auth?: AuthConfig;
}

/** POST /images/create?fromImage=: one tag or digest, or (no tag at all) every tag of the repository. */
export async function* imagePull(daemon: Daemon, options: PullOptions): AsyncGenerator<JsonMessage> {
  if (options.platform) checkPlatform(options.platform);
  const name = parse(options);
  if (familiarName(name) === 'scratch') throw badRequest("'scratch' is a reserved name");
  const registry = connect(daemon, name.domain, options.auth);
  const wanted = name.tag || name.digest ? [name] : await allTags(registry, name);
  let fresh = false;
  for (const reference of wanted) {
    try {
      fresh = (yield* pullOne(daemon, registry, reference, options.platform)) || fresh;
    } catch (error) {
      throw pullError(error, reference, familiarReference(reference));
    }
  }
  yield {
    status: `Status: ${fresh ? 'Downloaded newer image for' : 'Image is up to date for'} ${familiarReference(name)}`,
  };
  if (options.platform) yield* warnOfPlatform(daemon, options.fromImage, options.platform);
}

/** The daemon looks at the name without its tag. */
function* warnOfPlatform(daemon: Daemon, name: string, platform: string): Generator<JsonMessage> {
  const id = daemon.images.lookup(formatReference(withDefaultTag(parseReference(name.replace(/:$/, '')))));
  const image = id && daemon.images.get(id);
  const wanted = parsePlatform(platform);
  if (!image) return;
  const { os, architecture } = image.config;
  if (os === wanted.os && architecture === wanted.architecture) return;
  yield {
    status: `WARNING: image with reference ${name} was found but does not match the specified platform: wanted ${platform}, actual: ${os}/${architecture}`,
  };
}

function parse({ fromImage, tag }: PullOptions): Reference {
  try {
    const bare = parseReference(fromImage.replace(/:$/, ''));
    if (!tag) return bare;
    return tag.startsWith('sha256:') ? { ...bare, digest: tag as Digest } : { ...bare, tag };
  } catch (error) {
    if (error instanceof ReferenceFormatError) throw badRequest(error.message);
    throw error;
  }
}

async function allTags(registry: Registry, name: Reference): Promise<Reference[]> {
  try {
    const { names } = await registry.listTags(name.path);
    return names.map((tag) => ({ ...name, tag }));
  } catch (error) {
    throw pullError(error, name, familiarName(name));
  }
}

/** Returns whether the name is new or names another image than before. */
async function* pullOne(
  daemon: Daemon,
  registry: Registry,
  reference: Reference,
  platform: string,
): AsyncGenerator<JsonMessage, boolean> {
  const top = await topManifest(registry, reference);
  const { manifest } = await choose(daemon, registry, reference, top, platform);
  // A digest is announced by its whole name, a tag by itself.
  const shown = reference.digest ? `${formatReference({ ...reference, tag: undefined })}` : reference.tag;
  yield { status: `Pulling from ${reference.path}`, id: shown };
  const before = daemon.images.lookup(formatReference(reference));
  const id = manifest.config.digest;
  const arrival = underway.get(daemon)?.get(id);
  if (arrival && !daemon.images.get(id)) yield* alongside(daemon, arrival, id, manifest);
  if (!daemon.images.get(id)) yield* downloadOnce(daemon, registry, reference, manifest);
  const digest = top.descriptor.digest;
  yield { status: `Digest: ${digest}` };
  const fresh = before !== id;
  if (fresh) tagImage(daemon, id, formatReference(reference.digest ? { ...reference, tag: undefined } : reference));
  const byDigest = formatReference({ domain: reference.domain, path: reference.path, digest });
  if (daemon.images.lookup(byDigest) !== id) daemon.images.tag(byDigest, id);
  rememberSource(daemon, reference, manifest);
  daemon.imageEvent('pull', familiarReference(reference), familiarName(reference));
  await collect(daemon);
  return fresh;
}

/** A tag is looked up first (HEAD), then its manifest is fetched by digest, as dockerd does. */
async function topManifest(registry: Registry, { path, digest, tag = 'latest' }: Reference): Promise<ManifestBlob> {
  if (digest) return registry.getManifest(path, digest);
  try {
    return await registry.getManifest(path, (await registry.headManifest(path, tag)).digest);
  } catch (error) {
    // The answer to a HEAD has no body that says why.
    if (error instanceof RegistryError) return registry.getManifest(path, tag);
    throw error;
  }
}

type ManifestBlob = Awaited<ReturnType<Registry['getManifest']>>;

/** The manifest itself, or of an index the one for our platform. */
async function choose(
  daemon: Daemon,
  registry: Registry,
  reference: Reference,
  blob: ManifestBlob,
  platform: string,
): Promise<{ manifest: Manifest }> {
  const parsed = JSON.parse(contentText(blob.content)) as Manifest | Index;
  if (!('manifests' in parsed)) return { manifest: parsed };
  const [os = 'linux', architecture = daemon.ports.facts.machine === 'aarch64' ? 'arm64' : 'amd64'] = platform
    .split('/')
    .filter(Boolean);
  const match = parsed.manifests.find((d) => d.platform?.os === os && d.platform.architecture === architecture);
  if (!match) {
    throw notFound(`no matching manifest for ${os}/${architecture} in the manifest list entries`);
  }
  return choose(daemon, registry, reference, await registry.getManifest(reference.path, match.digest), platform);
}

/** Images that are on their way, by id: who wants one too waits for it, and is told of its layers. */
const underway = new WeakMap<Daemon, Map<Digest, Promise<void>>>();

async function* alongside(
  daemon: Daemon,
  arrival: Promise<void>,
  id: Digest,
  { layers }: Manifest,
): AsyncGenerator<JsonMessage> {
  for (const layer of layers) yield { status: 'Pulling fs layer', progressDetail: {}, id: short(layer.digest) };
  await arrival;
  if (!daemon.images.get(id)) return;
  for (const status of ['Download complete', 'Pull complete'])
    for (const layer of layers) yield { status, progressDetail: {}, id: short(layer.digest) };
}

async function* downloadOnce(
  daemon: Daemon,
  registry: Registry,
  reference: Reference,
  manifest: Manifest,
): AsyncGenerator<JsonMessage> {
  const all = underway.get(daemon) ?? new Map<Digest, Promise<void>>();
  underway.set(daemon, all);
  let arrived = (): void => undefined;
  all.set(manifest.config.digest, new Promise((resolve) => (arrived = resolve)));
  try {
    yield* download(daemon, registry, reference, manifest);
  } finally {
    all.delete(manifest.config.digest);
    arrived();
  }
}

/** Blobs that are not here: told as Docker tells it, layer by layer from the base up. */
async function* download(
  daemon: Daemon,
  registry: Registry,
  { domain, path }: Reference,
  manifest: Manifest,
): AsyncGenerator<JsonMessage> {
  const config = await registry.getBlob(path, manifest.config.digest);
  const diffIds = parseImageConfig(config).rootfs.diff_ids;
  const chain = chainIds(diffIds);
  const present = await Promise.all(
    chain.map((chainId, index) =>
      daemon.layers.has(chainId).then((has) => has && daemon.images.layer(diffIds[index]!) !== undefined),
    ),
  );
  // What is present counts only as far as all below it is.
  const first = present.indexOf(false);
  const known = first < 0 ? chain.length : first;
  for (const [index, layer] of manifest.layers.entries()) {
    yield {
      status: index < known ? 'Already exists' : 'Pulling fs layer',
      progressDetail: {},
      id: short(layer.digest),
    };
  }
  for (const layer of manifest.layers.slice(0, known)) trace(daemon, domain, path, layer, 'exists');
  const missing = manifest.layers.slice(known);
  const contents: Content[] = diffIds.slice(0, known).map((diffId) => daemon.images.layer(diffId)!);
  for (const layer of missing) {
    trace(daemon, domain, path, layer, 'begin');
    const blob = await registry.getBlob(path, layer.digest).catch((error) => {
      trace(daemon, domain, path, layer, 'failed');
      throw error;
    });
    yield progress('Downloading', layer, blob.size);
    yield { status: 'Verifying Checksum', progressDetail: {}, id: short(layer.digest) };
    yield { status: 'Download complete', progressDetail: {}, id: short(layer.digest) };
    contents.push(isCompressed(layer) ? gunzip(blob) : blob);
    trace(daemon, domain, path, layer, 'done');
  }
  const image = daemon.images.create(config, { layers: contents });
  const lines = (image.config.history ?? []).filter((entry) => !entry.empty_layer);
  for (const [index, layer] of missing.entries()) {
    yield progress('Extracting', layer, layer.size);
    await daemon.layers.unpack(image.layers.slice(0, known + index + 1), (at) => lines[at]?.created_by ?? '');
    yield { status: 'Pull complete', progressDetail: {}, id: short(layer.digest) };
  }
  daemon.ports.tracer.emit({ type: 'image.create', id: image.id, references: [] });
}

const isCompressed = (layer: Descriptor): boolean =>
  layer.mediaType !== mediaTypes.ociLayer && layer.mediaType !== mediaTypes.dockerLayer;

const progress = (status: string, layer: Descriptor, current: number): JsonMessage => ({
  status,
  progressDetail: { current, total: layer.size },
  progress: '',
  id: short(layer.digest),
});

const short = (digest: string): string => digest.slice('sha256:'.length, 'sha256:'.length + 12);

function trace(
  daemon: Daemon,
  registry: string,
  repository: string,
  layer: Descriptor,
  state: 'exists' | 'begin' | 'done' | 'failed',
): void {
  daemon.ports.tracer.emit({
    type: 'blob',
    direction: 'pull',
    registry,
    repository,
    digest: layer.digest,
    state,
    size: layer.size,
  });
}

/** Which repositories of which registry have a layer's blob: so that a push elsewhere there can mount it. */
export interface LayerSource {
  domain: string;
  path: string;
  blob: Descriptor;
}

const sources = 'layer-sources';

export const sourcesOf = (daemon: Daemon, diffId: Digest): LayerSource[] =>
  (daemon.ports.records.get(sources, diffId) as LayerSource[] | undefined) ?? [];

export function addSource(daemon: Daemon, diffId: Digest, source: LayerSource): void {
  const others = sourcesOf(daemon, diffId).filter(
    ({ domain, path }) => domain !== source.domain || path !== source.path,
  );
  daemon.ports.records.put(sources, diffId, [source, ...others]);
}

function rememberSource(daemon: Daemon, { domain, path }: Reference, manifest: Manifest): void {
  const diffIds = daemon.images.get(manifest.config.digest)?.config.rootfs.diff_ids ?? [];
  for (const [index, diffId] of diffIds.entries())
    addSource(daemon, diffId, { domain, path, blob: manifest.layers[index]! });
}

function checkPlatform(text: string): void {
  try {
    parsePlatform(text);
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}
