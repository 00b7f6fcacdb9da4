import {
  type Content,
  contentText,
  type Descriptor,
  type Digest,
  type Index,
  type Manifest,
  mediaTypes,
} from '../spec/index.ts';
import { registryError } from './error.ts';

/** What a registry reads of a manifest, index or artifact manifest. */
export interface ParsedManifest {
  mediaType: string;
  /** Blobs of the same repository it needs (config, layers). */
  blobs: Descriptor[];
  /** Manifests of the same repository it needs (of an index). */
  manifests: Descriptor[];
  /** What it is attached to (image-spec manifest.md, subject). */
  subject?: Descriptor;
  artifactType?: string;
  annotations?: Record<string, string>;
}

type Document = Partial<Omit<Manifest, 'schemaVersion'> & Omit<Index, 'schemaVersion'>> & {
  schemaVersion?: number;
  subject?: Descriptor;
  artifactType?: string;
};

/** Throws MANIFEST_INVALID. `mediaType` is what it came as. */
export function parseManifest(content: Content, mediaType: string): ParsedManifest {
  const parsed = parseDocument(content);
  if (parsed.schemaVersion !== 2) throw registryError('MANIFEST_INVALID', {});
  if (parsed.mediaType && mediaType && parsed.mediaType !== mediaType) {
    throw registryError('MANIFEST_INVALID', `mediaType in manifest should be '${mediaType}' not '${parsed.mediaType}'`);
  }
  const { config, layers, manifests, subject, annotations } = parsed;
  if (!manifests && !(config && layers))
    throw registryError('MANIFEST_INVALID', 'neither an image manifest nor an index');
  if (![layers ?? [], manifests ?? []].every(Array.isArray))
    throw registryError('MANIFEST_INVALID', 'malformed manifest');
  const named = [...(config ? [config] : []), ...(layers ?? []), ...(manifests ?? [])];
  if (!named.every(isDescriptor)) throw registryError('MANIFEST_INVALID', 'malformed descriptor');
  const artifactType = parsed.artifactType ?? config?.mediaType;
  return {
    mediaType: mediaType || parsed.mediaType || (manifests ? mediaTypes.ociIndex : mediaTypes.ociManifest),
    // Foreign layers rest elsewhere: their urls say where.
    blobs: [...(config ? [config] : []), ...(layers ?? [])].filter(({ urls }) => !urls?.length),
    manifests: manifests ?? [],
    ...(subject && isDescriptor(subject) && { subject }),
    ...(artifactType && { artifactType }),
    ...(annotations && { annotations }),
  };
}

function parseDocument(content: Content): Document {
  try {
    const parsed: unknown = JSON.parse(contentText(content));
    if (typeof parsed === 'object' && parsed !== null) return parsed as Document;
  } catch {
    // Said below.
  }
  throw registryError('MANIFEST_INVALID', 'manifest is not JSON');
}

const isDescriptor = (value: unknown): value is Descriptor =>
  typeof value === 'object' && value !== null && /^sha256:[0-9a-f]{64}$/.test((value as Descriptor).digest);

export const referencedDigests = ({ blobs, manifests }: ParsedManifest): Digest[] =>
  [...blobs, ...manifests].map(({ digest }) => digest);
