/** What a build told of its image: read from the statements beside it. */
import { type ByteReader, joinBytes, walkTar } from '../../../archive/index.ts';
import { type Package, parsePurl, purlsOf, type SpdxDocument } from '../../../sbom/index.ts';
import { type Descriptor, type Digest, fromBase64, fromUtf8, type Index, type Manifest } from '../../../spec/index.ts';

export interface Provenance {
  /** `node:24-slim`, with the manifest's digest. */
  materials: { repository: string; tag: string; digest: Digest | undefined }[];
  /** Of mode max: what made each layer (by the digest of its blob). */
  steps: { file: string; start: number; end: number; text: string; layers: Digest[] }[];
  max: boolean;
}

export interface Attested {
  /** Blobs of the image's layers, base first. */
  blobs: Digest[];
  packages: Package[] | undefined;
  provenance: Provenance | undefined;
}

/** Nobody attests with more. */
const largest = 32 << 20;

/** The attestations that an archive begins with; undefined when it has none. No layer is read. */
export async function readAttestations(reader: ByteReader): Promise<Attested | undefined> {
  const blobs = new Map<string, string>();
  for await (const { entry, size, body } of walkTar(reader)) {
    if (!/^(blobs\/|index\.json$)/.test(entry.name)) return undefined;
    if (entry.type !== 'file' || size > largest) continue;
    const text = fromUtf8(joinBytes(await body.take(size)));
    if (entry.name === 'index.json') {
      const { manifests } = JSON.parse(text) as Index;
      const index = blobs.get(manifests[0]?.digest ?? '');
      return index ? attestationsOf((JSON.parse(index) as Index).manifests, blobs) : undefined;
    }
    blobs.set(`sha256:${entry.name.slice('blobs/sha256/'.length)}`, text);
  }
  return undefined;
}

interface Statement {
  predicateType: string;
  predicate: unknown;
}

/** Of an index's manifests, by the texts of what they name. */
export function attestationsOf(
  manifests: readonly Descriptor[],
  blobs: ReadonlyMap<string, string>,
): Attested | undefined {
  const parsed = <T>(digest: string | undefined): T | undefined => {
    const text = digest && blobs.get(digest);
    return text ? (JSON.parse(text) as T) : undefined;
  };
  const image = manifests.find(({ platform }) => platform?.os !== 'unknown');
  const told = manifests.find(
    ({ annotations }) => annotations?.['vnd.docker.reference.type'] === 'attestation-manifest',
  );
  const manifest = parsed<Manifest>(image?.digest);
  const statements = (parsed<Manifest>(told?.digest)?.layers ?? []).flatMap(
    ({ digest }) => parsed<Statement>(digest) ?? [],
  );
  if (!manifest || statements.length === 0) return undefined;
  const predicate = <T>(type: string): T | undefined =>
    statements.find(({ predicateType }) => predicateType.startsWith(type))?.predicate as T | undefined;
  const document = predicate<SpdxDocument>('https://spdx.dev/Document');
  const provenance = predicate<Slsa>('https://slsa.dev/provenance/');
  return {
    blobs: manifest.layers.map(({ digest }) => digest),
    packages: document && packagesOf(document),
    provenance: provenance && provenanceOf(provenance),
  };
}

const packagesOf = (document: SpdxDocument): Package[] =>
  purlsOf(document).map(({ purl, layer, path }) => {
    const { type, ...about } = parsePurl(purl);
    return { ...about, type: type as Package['type'], path: path ?? '', layer: layer ?? ('' as Digest) };
  });

interface Slsa {
  materials?: { uri: string; digest?: { sha256?: string } }[];
  buildConfig?: unknown;
  metadata?: Record<string, BuildKitMetadata | undefined>;
}
interface BuildKitMetadata {
  source?: {
    locations?: Record<string, { locations: { ranges: { start: { line: number }; end: { line: number } }[] }[] }>;
    infos?: { filename: string; data: string }[];
  };
  layers?: Record<string, { digest: Digest }[][]>;
}

function provenanceOf({ materials = [], buildConfig, metadata = {} }: Slsa): Provenance {
  const about = metadata['https://mobyproject.org/buildkit@v1#metadata'];
  const [info] = about?.source?.infos ?? [];
  const lines = info ? fromUtf8(fromBase64(info.data)).split('\n') : [];
  const steps = Object.entries(about?.source?.locations ?? {}).flatMap(([step, { locations }]) => {
    const range = locations[0]?.ranges[0];
    if (!range || !info) return [];
    const { start, end } = { start: range.start.line, end: range.end.line };
    const layers = (about?.layers?.[`${step}:0`]?.[0] ?? []).map(({ digest }) => digest);
    return [{ file: info.filename, start, end, text: lines.slice(start - 1, end).join('\n'), layers }];
  });
  return {
    materials: materials.flatMap(({ uri, digest }) => {
      if (!uri.startsWith('pkg:docker/')) return [];
      const { namespace, name, version } = parsePurl(uri);
      const repository = namespace ? `${namespace}/${name}` : name;
      return [
        {
          repository,
          tag: version || 'latest',
          digest: digest?.sha256 ? (`sha256:${digest.sha256}` as Digest) : undefined,
        },
      ];
    }),
    steps,
    max: buildConfig !== undefined,
  };
}

/** What brought a layer: the first step that has it. */
export function stepOf({ blobs, provenance }: Attested, layers: readonly Digest[], layer: Digest) {
  const blob = blobs[layers.indexOf(layer)];
  return blob && provenance?.steps.find((step) => step.layers.includes(blob));
}
