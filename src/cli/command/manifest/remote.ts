import {
  base64,
  type Content,
  contentBytes,
  contentText,
  type Descriptor,
  type Digest,
  formatReference,
  type Index,
  type Manifest,
  mediaTypes,
  type Platform,
  parseReference,
  type Reference,
  withDefaultTag,
} from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import type { CliRegistry } from '../../host.ts';
import { StatusError } from '../command.ts';
import { serverOf } from '../registry/auth.ts';
import type { ImageManifest } from './store.ts';

/** A name with its tag or digest. */
export const normalised = (text: string): Reference => {
  const reference = parseReference(text);
  return reference.digest ? reference : withDefaultTag(reference);
};

const listTypes: readonly string[] = [mediaTypes.dockerManifestList, mediaTypes.ociIndex];
const goOn = new Set(['UNAUTHORIZED', 'MANIFEST_UNKNOWN', 'NAME_UNKNOWN', 'UNKNOWN']);

/** Registries as the client asks them itself (internal/registryclient). */
export class RemoteManifests {
  constructor(
    private readonly cli: DockerCli,
    private readonly insecure: boolean,
  ) {}

  /** The manifest of one image, with the platform that its config tells. */
  manifest(reference: Reference): Promise<ImageManifest> {
    return this.search(reference, async (registry) => {
      const found = await registry.getManifest(reference.path, reference.digest ?? reference.tag!);
      if (listTypes.includes(found.descriptor.mediaType))
        throw new Error(`${formatReference(reference)} is a manifest list`);
      return imageManifest(registry, reference, found);
    });
  }

  /** Every manifest of a list; platforms as the list has them. */
  list(reference: Reference): Promise<ImageManifest[]> {
    return this.search(reference, async (registry) => {
      const { descriptor, content } = await registry.getManifest(reference.path, reference.digest ?? reference.tag!);
      if (!listTypes.includes(descriptor.mediaType))
        throw new Error(`unsupported manifest format: ${contentText(content)}`);
      const { manifests } = JSON.parse(contentText(content)) as Index;
      const images: ImageManifest[] = [];
      for (const { digest, platform } of manifests) {
        const found = await registry.getManifest(reference.path, digest);
        const image = await imageManifest(registry, { ...reference, digest }, found);
        image.Descriptor.platform = platform as Platform;
        images.push(image);
      }
      return images;
    });
  }

  /** Makes a blob of another repository of the same registry known in the target's. */
  async mountBlob(from: string, digest: Digest, target: Reference, os: string): Promise<void> {
    const registry = await this.writable(target);
    const named = formatReference(target);
    const answer = await registry.mountBlob(target.path, digest, from).catch((error: Error) => {
      throw new StatusError(1, `failed to mount blob ${from}@${digest} to ${named}: ${error.message}`);
    });
    if ('mounted' in answer) return;
    await registry.cancelUpload(target.path, answer.upload.id).catch(() => undefined);
    if (os !== 'windows') throw new StatusError(1, `error mounting ${from}@${digest} to ${named}`);
  }

  async put(target: Reference, mediaType: string, content: Content): Promise<Digest> {
    const registry = await this.writable(target);
    try {
      return (await registry.putManifest(target.path, target.tag ?? target.digest!, mediaType, content)).digest;
    } catch (error) {
      throw new StatusError(1, `failed to put manifest ${formatReference(target)}: ${(error as Error).message}`);
    }
  }

  /** Tries the registry's addresses in turn; one that does not have it is passed over. */
  async search<T>(reference: Reference, each: (registry: CliRegistry) => Promise<T>): Promise<T> {
    for (const origin of origins(reference.domain, this.insecure)) {
      const registry = await this.connect(origin, reference);
      // Plain HTTP is spoken only when that was allowed.
      if (!registry || (registry.plain && !this.insecure)) continue;
      try {
        return await each(registry.client);
      } catch (error) {
        if (!goOn.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
    throw new StatusError(1, `no such manifest: ${formatReference(reference)}`);
  }

  private async writable(target: Reference): Promise<CliRegistry> {
    const all = origins(target.domain, false);
    const origin = all.find((one) => one.startsWith('http:')) ?? all[0]!;
    return (await this.connect(origin, target))!.client;
  }

  /** A TLS address that answers in plain HTTP is spoken to so when the registry may be insecure; else it is none. */
  private async connect(
    origin: string,
    { domain, path }: Reference,
  ): Promise<{ client: CliRegistry; plain: boolean } | undefined> {
    const credentials = this.cli.config.credentials(serverOf(`${domain}/${path}`));
    const { registry } = this.cli.host;
    if (!registry) throw new StatusError(1, 'drydock: docker manifest reaches no registry from here');
    const client = registry(origin, credentials);
    try {
      await client.probe();
      return { client, plain: origin.startsWith('http:') };
    } catch (error) {
      const { message } = error as Error;
      if (!message.includes('server gave HTTP response to HTTPS client'))
        throw new StatusError(1, `failed to configure transport: error pinging v2 registry: ${message}`);
      if (!this.insecure && !isLoopback(domain)) return undefined;
      return this.connect(origin.replace('https:', 'http:'), { domain, path });
    }
  }
}

const isLoopback = (domain: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(domain);

function origins(domain: string, insecure: boolean): string[] {
  if (domain === 'docker.io') return ['https://registry-1.docker.io'];
  return insecure || isLoopback(domain) ? [`https://${domain}`, `http://${domain}`] : [`https://${domain}`];
}

async function imageManifest(
  registry: CliRegistry,
  reference: Reference,
  { descriptor, content }: { descriptor: Descriptor; content: Content },
): Promise<ImageManifest> {
  const text = contentText(content);
  const manifest = JSON.parse(text) as Manifest;
  const config = JSON.parse(contentText(await registry.getBlob(reference.path, manifest.config.digest))) as Platform;
  const { mediaType, digest, size } = descriptor;
  const oci = mediaType === mediaTypes.ociManifest;
  return {
    Ref: formatReference(reference),
    Descriptor: { mediaType, digest, size, platform: platformOf(config) },
    Raw: base64(contentBytes(content)),
    ...(oci ? { OCIManifest: manifest } : { SchemaV2Manifest: manifest }),
  };
}

/** Of an image's config, in the order and with the omissions of the OCI platform. */
export function platformOf(config: Partial<Platform>): Platform {
  const { architecture = '', os = '', variant } = config;
  const version = config['os.version'];
  const features = config['os.features'];
  return {
    architecture,
    os,
    ...(version && { 'os.version': version }),
    ...(features?.length && { 'os.features': features }),
    ...(variant && { variant }),
  };
}
