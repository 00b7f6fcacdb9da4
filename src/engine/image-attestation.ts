/** Attestations of images: in-toto statements in a manifest of their own, beside the image's in an index. */
import { goGzip } from '../archive/index.ts';
import type { AttestedImage, Predicate } from '../builder/index.ts';
import { digestOf } from '../content/index.ts';
import type { Image } from '../image/index.ts';
import {
  type Content,
  type Descriptor,
  type Digest,
  goJson,
  type Manifest,
  mediaTypes,
  textContent,
} from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { notFound } from './errors.ts';
import { sourcesOf } from './image-pull.ts';

const bucket = 'attestations';
const statementType = 'application/vnd.in-toto+json';

interface Kept {
  /** Package URLs of what the image was called. */
  names: string[];
  predicates: Predicate[];
  /** What it was exported as. */
  index: Descriptor;
}

/** Blobs of one index, each with what it is. */
export interface AttestedBlobs {
  index: Content;
  manifest: Content;
  attestation: Content;
  config: Content;
  statements: Content[];
}

export async function attestImage(
  daemon: Daemon,
  id: Digest,
  names: readonly string[],
  predicates: readonly Predicate[],
): Promise<AttestedImage> {
  const image = daemon.images.get(id);
  if (!image) throw notFound(`No such image: ${id}`);
  const blobs = blobsOf({ names: [...names], predicates: [...predicates] }, image, layerBlobs(daemon, image));
  const index = describe(mediaTypes.ociIndex, blobs.index);
  daemon.ports.records.put(bucket, id, { names: [...names], predicates: [...predicates], index } satisfies Kept);
  return { index: digestOf(blobs.index), manifest: digestOf(blobs.manifest), attestation: digestOf(blobs.attestation) };
}

const kept = (daemon: Daemon, id: Digest): Kept | undefined => daemon.ports.records.get(bucket, id) as Kept | undefined;

/** The index that an image with attestations was exported as. */
export const attestedIndex = (daemon: Daemon, id: Digest): Descriptor | undefined => kept(daemon, id)?.index;

export const forgetAttestations = (daemon: Daemon, id: Digest): void => daemon.ports.records.delete(bucket, id);

/**
 * The index of an image that has attestations, its layers being these blobs: by default those they were pulled as, else
 * what they are pushed as. Undefined when it has none.
 */
export function attestedBlobs(
  daemon: Daemon,
  image: Image,
  layers?: ReadonlyMap<Digest, Descriptor>,
): AttestedBlobs | undefined {
  const found = kept(daemon, image.id);
  return found && blobsOf(found, image, layers ?? layerBlobs(daemon, image));
}

function blobsOf(
  { names, predicates }: Omit<Kept, 'index'>,
  image: Image,
  layers: ReadonlyMap<Digest, Descriptor>,
): AttestedBlobs {
  const described = (diffId: Digest): Descriptor => {
    const { digest, size } = layers.get(diffId)!;
    return { mediaType: mediaTypes.ociLayerGzip, digest, size };
  };
  const manifest = indented({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: describe(mediaTypes.ociConfig, image.rawConfig, image.id),
    layers: image.layers.map(({ diffId }) => described(diffId)),
  } satisfies Manifest);
  const manifestDigest = digestOf(manifest);
  const statements = predicates.map(({ type, predicate }) => {
    const subject = (names.length > 0 ? names : ['_']).map((name) => ({
      name,
      digest: { sha256: manifestDigest.replace('sha256:', '') },
    }));
    const statement = { _type: 'https://in-toto.io/Statement/v0.1', predicateType: type, subject };
    return textContent(goJson({ ...statement, predicate: withDescriptors(predicate, described) }));
  });
  const config = textContent(
    goJson({
      architecture: 'unknown',
      os: 'unknown',
      config: {},
      rootfs: { type: 'layers', diff_ids: statements.map((one) => digestOf(one)) },
    }),
  );
  const attestation = indented({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: describe(mediaTypes.ociConfig, config),
    layers: statements.map((one, at) => ({
      ...describe(statementType, one),
      annotations: { 'in-toto.io/predicate-type': predicates[at]!.type },
    })),
  });
  const { architecture, os } = image.config;
  const index = indented({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: [
      { ...describe(mediaTypes.ociManifest, manifest), platform: { architecture, os } },
      {
        ...describe(mediaTypes.ociManifest, attestation),
        annotations: {
          'vnd.docker.reference.digest': manifestDigest,
          'vnd.docker.reference.type': 'attestation-manifest',
        },
        platform: { architecture: 'unknown', os: 'unknown' },
      },
    ],
  });
  return { index, manifest, attestation, config, statements };
}

const describe = (mediaType: string, content: Content, digest = digestOf(content)): Descriptor => ({
  mediaType,
  digest,
  size: content.size,
});

/** As BuildKit writes manifests. */
const indented = (value: unknown): Content => textContent(JSON.stringify(value, null, 2));

function layerBlobs(daemon: Daemon, { layers }: Image): Map<Digest, Descriptor> {
  return new Map(
    layers.map(({ diffId, content }) => {
      const known = sourcesOf(daemon, diffId)[0]?.blob;
      return [diffId, known ?? describe(mediaTypes.ociLayerGzip, goGzip(content))];
    }),
  );
}

const metadata = 'https://mobyproject.org/buildkit@v1#metadata';

interface Provenance {
  metadata: Record<string, { layers?: Record<string, Digest[][]> }>;
}

/** A provenance's layers, told by diffIDs, as the blobs that they are; of steps of other stages what is in this image. */
function withDescriptors(predicate: unknown, described: (diffId: Digest) => Descriptor): unknown {
  const about = (predicate as Partial<Provenance>).metadata?.[metadata];
  if (!about?.layers) return predicate;
  const layers = Object.entries(about.layers).flatMap(([step, chains]) => {
    try {
      return [[step, chains.map((chain) => chain.map(described))]];
    } catch {
      return [];
    }
  });
  const told = (predicate as Provenance).metadata;
  return {
    ...(predicate as object),
    metadata: { ...told, [metadata]: { ...about, layers: Object.fromEntries(layers) } },
  };
}
