import { decompress, TarContent, type TarEntry, tarEntry } from '../archive/index.ts';
import { digestOf } from '../content/index.ts';
import { type Image, importImage, loadArchive, type SavedImage, saveDockerArchive } from '../image/index.ts';
import { randomHex } from '../port/index.ts';
import {
  type Body,
  bodyText,
  type Digest,
  emptyContent,
  familiarReference,
  formatName,
  formatReference,
  goJson,
  type HttpResponse,
  httpStatusText,
  type JsonMessage,
  mediaTypes,
  parseAnyReference,
  parseReference,
  type Reference,
  textContent,
  withDefaultTag,
} from '../spec/index.ts';
import { bodyContent } from './body-content.ts';
import { requestedConfig } from './container-config.ts';
import type { Daemon } from './daemon.ts';
import { badRequest, messageOf, notFound, serverError } from './errors.ts';
import { type AttestedBlobs, attestedBlobs } from './image-attestation.ts';
import { changed } from './image-commit.ts';
import { tagImage } from './image-list.ts';
import { lookupImage } from './image-lookup.ts';
import { referenceFrom } from './image-tag.ts';

/** GET /images/get: a docker archive of the images named; a bare repository name means all of its tags. */
export async function imageGet(daemon: Daemon, names: string[]): Promise<Body> {
  const saved: SavedImage[] = [];
  for (const name of names) for (const item of savedUnder(daemon, name)) merge(saved, item);
  for (const { image } of saved) daemon.imageEvent('save', image.id, image.id);
  const parents = saved.map(({ image }) => ({ parent: daemon.images.parent(image.id) }));
  const archive = saveDockerArchive(
    saved.map((item, at) => ({ ...item, ...parents[at] })),
    { ownerName: 'root', now: daemon.ports.clock.now() },
  );
  const attested = saved.flatMap(({ image }) => attestedBlobs(daemon, image) ?? []);
  return attested.length > 0 ? new TarContent([...attestationEntries(attested), ...archive.entries]) : archive;
}

/**
 * Attestations as an image layout has them (index.json, blobs/sha256/…), ahead of the rest. Differs from Docker: the
 * layers follow as engines up to 24 write them, and a load leaves the attestations behind.
 */
function attestationEntries(attested: readonly AttestedBlobs[]): TarEntry[] {
  const blobs = attested.flatMap(({ index, manifest, attestation, config, statements }) => [
    index,
    manifest,
    attestation,
    config,
    ...statements,
  ]);
  const manifests = attested.map(({ index }) => ({
    mediaType: mediaTypes.ociIndex,
    digest: digestOf(index),
    size: index.size,
  }));
  const layout = textContent(goJson({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }));
  return [
    ...blobs.map((content) => tarEntry({ name: `blobs/sha256/${digestOf(content).slice('sha256:'.length)}`, content })),
    tarEntry({ name: 'index.json', content: layout }),
  ];
}

function savedUnder(daemon: Daemon, name: string): SavedImage[] {
  const image = lookupImage(daemon, name);
  const asked = parseAnyReference(name);
  if (image && ('id' in asked || !daemon.images.lookup(formatReference(withDefaultTag(asked)))))
    return [{ image, references: [] }];
  if (!('id' in asked) && !asked.tag && !asked.digest) {
    const tagged = daemon.images
      .references()
      .map(parseReference)
      .filter((r) => r.tag && formatName(r) === formatName(asked));
    if (tagged.length > 0)
      return tagged.map((reference) => ({
        image: lookupImage(daemon, formatReference(reference))!,
        references: [reference],
      }));
  }
  if (!image && !('id' in asked) && asked.tag) throw notFound('reference does not exist');
  if (!image || 'id' in asked) throw notFound(`No such image: ${name}`);
  return [{ image, references: asked.tag ? [withDefaultTag(asked)] : [] }];
}

function merge(saved: SavedImage[], { image, references }: SavedImage): void {
  const at = saved.findIndex((other) => other.image.id === image.id);
  if (at < 0) saved.push({ image, references });
  else
    saved[at] = {
      image,
      references: [
        ...saved[at]!.references,
        ...references.filter((r) => !saved[at]!.references.some((o) => formatReference(o) === formatReference(r))),
      ],
    };
}

/** Where dockerd would have unpacked it (Go's TempDir): error texts name it. */
const temporary = (daemon: Daemon): string =>
  `/var/lib/docker/tmp/docker-import-${Number.parseInt(randomHex(daemon.ports.entropy, 8), 16)}`;

/** POST /images/load */
export async function* imageLoad(daemon: Daemon, body: Body | undefined, _quiet: boolean): AsyncGenerator<JsonMessage> {
  const archive = decompress(await bodyContent(body));
  let loaded: ReturnType<typeof loadArchive>;
  try {
    loaded = loadArchive(archive, {
      knownLayer: (diffId) => daemon.images.layer(diffId),
      directory: temporary(daemon),
    });
  } catch (error) {
    throw serverError(messageOf(error));
  }
  const moved = daemon.images.load(loaded);
  for (const { reference, from } of moved) {
    const text = `The image ${familiarReference(reference)} already exists, renaming the old one with ID ${from} to empty string\n`;
    yield { stream: text };
  }
  for (const { image, references } of loaded) {
    await daemon.layers.unpack(image.layers);
    daemon.ports.tracer.emit({ type: 'image.create', id: image.id, references: references.map(formatReference) });
    for (const reference of references) {
      tagImage(daemon, image.id, formatReference(reference));
      yield { stream: `Loaded image: ${familiarReference(reference)}\n` };
    }
    daemon.imageEvent('load', image.id, image.id);
    if (references.length === 0) yield { stream: `Loaded image ID: ${image.id}\n` };
  }
  for (const { image, parent } of loaded) if (parent) setParent(daemon, image, parent);
}

/** What an archive says an image was built on has to be one step less than it (moby checkValidParent). */
function setParent({ images }: Daemon, { id, config }: Image, parent: Digest): void {
  const above = images.get(parent);
  if (!above) return;
  const [own, before] = [config.history ?? [], above.config.history ?? []];
  const valid =
    (own.length === 0 && before.length === 0) ||
    (own.length === before.length + 1 && before.every((step, at) => goJson(step) === goJson(own[at]!)));
  if (!valid) throw serverError(`image ${parent} is not a valid parent for ${id}`);
  images.setParent(id, parent);
}

/** POST /images/create?fromSrc=: a tar of a root filesystem becomes an image of one layer. */
export async function* imageImport(
  daemon: Daemon,
  options: { fromSrc: string; repo: string; tag: string; message: string; changes: string[]; body?: Body },
): AsyncGenerator<JsonMessage> {
  if (options.repo.includes('@')) throw serverError('cannot import digest reference');
  const reference: Reference | undefined = options.repo ? referenceFrom(options.repo, options.tag) : undefined;
  const config = changed({ ...requestedConfig({}), Labels: null }, options.changes);
  const source = options.fromSrc === '-' ? await bodyContent(options.body) : await download(daemon, options.fromSrc);
  if (options.fromSrc !== '-') yield { status: `Downloading from ${options.fromSrc}` };
  let image: ReturnType<typeof importImage>;
  try {
    image = importImage(source, {
      created: daemon.ports.clock.now(),
      platform: { architecture: 'amd64', os: 'linux' },
      dockerVersion: daemon.profile.version,
      message: options.message || `Imported from ${options.fromSrc}`,
      config,
    });
  } catch (error) {
    throw serverError(messageOf(error));
  }
  daemon.images.create(image.rawConfig, { layers: image.layers.map(({ content }) => content) });
  await daemon.layers.unpack(image.layers, () => options.message);
  if (reference) {
    tagImage(daemon, image.id, formatReference(reference));
    daemon.imageEvent('tag', image.id, familiarReference(reference));
  }
  daemon.ports.tracer.emit({ type: 'image.create', id: image.id, references: daemon.images.references(image.id) });
  daemon.imageEvent('import', image.id, image.id);
  yield { status: image.id };
}

/** As dockerd tells what a download got instead. */
const refusal = async (url: string, { status, body }: HttpResponse): Promise<string> =>
  `failed to GET ${url} with status ${httpStatusText(status)}: ${(await bodyText(body)).trim()}`;

async function download(daemon: Daemon, source: string) {
  const url = /^https?:\/\//.test(source) ? source : `http://${source}`;
  try {
    const response = await daemon.ports.fetch(url, { method: 'GET', headers: [] });
    if (response.status !== 200) throw badRequest(await refusal(url, response));
    return await bodyContent(response.body ?? emptyContent);
  } catch (error) {
    throw serverError(messageOf(error).startsWith('failed') ? messageOf(error) : `Get "${url}": ${messageOf(error)}`);
  }
}
