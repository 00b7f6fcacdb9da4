import {
  type Content,
  contentText,
  type Digest,
  type ImageConfig,
  type Index,
  type Manifest,
  type Reference,
} from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import type { CliRegistry } from '../../host.ts';
import { RemoteManifests } from '../manifest/remote.ts';
import { type Attested, attestationsOf } from './attestation.ts';

/** An image as its registry has it; the layers are fetched when they are asked for. */
export interface PulledImage {
  /** Of the index, or of the manifest. */
  digest: Digest;
  config: ImageConfig;
  /** Bytes, compressed. */
  size: number;
  attested: Attested | undefined;
  blobs(): Promise<Content[]>;
}

export const pullImage = (cli: DockerCli, reference: Reference): Promise<PulledImage> =>
  new RemoteManifests(cli, false).search(reference, (registry) => pull(registry, reference));

async function pull(registry: CliRegistry, { path, tag, digest }: Reference): Promise<PulledImage> {
  const texts = new Map<string, string>();
  const manifestText = async (which: string): Promise<{ digest: Digest; text: string }> => {
    const { descriptor, content } = await registry.getManifest(path, which);
    texts.set(descriptor.digest, contentText(content));
    return { digest: descriptor.digest, text: contentText(content) };
  };
  const top = await manifestText(digest ?? tag!);
  const { manifests } = JSON.parse(top.text) as Partial<Index>;
  for (const one of manifests ?? []) await manifestText(one.digest);
  const told = manifests?.find(({ annotations }) => annotations?.['vnd.docker.reference.type'] !== undefined);
  if (told) {
    const { layers } = JSON.parse(texts.get(told.digest)!) as Manifest;
    for (const one of layers) texts.set(one.digest, contentText(await registry.getBlob(path, one.digest)));
  }
  const image = manifests?.find(({ platform }) => platform?.os !== 'unknown')?.digest ?? top.digest;
  const { config, layers } = JSON.parse(texts.get(image)!) as Manifest;
  return {
    digest: top.digest,
    config: JSON.parse(contentText(await registry.getBlob(path, config.digest))) as ImageConfig,
    size: layers.reduce((sum, { size }) => sum + size, 0),
    attested: manifests && attestationsOf(manifests, texts),
    async blobs() {
      const found: Content[] = [];
      for (const one of layers) found.push(await registry.getBlob(path, one.digest));
      return found;
    },
  };
}
