import {
  type Descriptor,
  type Digest,
  formatReference,
  mediaTypes,
  type Platform,
  parseReference,
} from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import { platformOf } from './remote.ts';
import type { ImageManifest } from './store.ts';

/** The manifest list over these images, as distribution writes it (manifestlist.FromDescriptors). */
export function manifestList(images: readonly ImageManifest[], domain: string): { mediaType: string; text: string } {
  const manifests = images.map(({ Ref, Descriptor: { mediaType, digest, size, platform } }) => {
    const of = parseReference(Ref).domain;
    if (of !== domain)
      throw new StatusError(
        1,
        `cannot use source images from a different registry than the target image: ${of} != ${domain}`,
      );
    return { mediaType, size, digest, platform: platformOf(platform ?? {}) };
  });
  const oci = manifests[0]?.mediaType === mediaTypes.ociManifest;
  const mediaType = oci ? mediaTypes.ociIndex : mediaTypes.dockerManifestList;
  return { mediaType, text: JSON.stringify({ schemaVersion: 2, mediaType, manifests }, null, 3) };
}

export function requirePlatforms(images: readonly ImageManifest[]): void {
  for (const { Ref, Descriptor } of images) {
    const platform: Partial<Platform> = Descriptor.platform ?? {};
    if (!platform.architecture || !platform.os)
      throw new StatusError(
        1,
        `manifest ${formatReference(parseReference(Ref))} must have an OS and Architecture to be pushed to a registry`,
      );
  }
}

/** What the manifest needs in its repository. */
export function blobsOf({ SchemaV2Manifest, OCIManifest }: ImageManifest): Digest[] {
  const { config, layers } = (SchemaV2Manifest ?? OCIManifest) as { config: Descriptor; layers: Descriptor[] };
  return [config, ...layers].map(({ digest }) => digest);
}
