import { type ByteReader, inflateStream, SeekingReader, StreamReader } from '../../../archive/index.ts';
import { type Package, packagesOf, scanLayers } from '../../../sbom/index.ts';
import {
  type Content,
  chunks,
  contentText,
  type Digest,
  familiarReference,
  type ImageConfig,
  type ImageInspect,
  type ImageSummary,
  type Reference,
  textContent,
} from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { StatusError } from '../command.ts';
import { normalised } from '../manifest/remote.ts';
import { type Attested, readAttestations } from './attestation.ts';
import { readDockerArchive } from './docker-archive.ts';
import { pullImage } from './registry-image.ts';
import type { ScoutService } from './service.ts';

/** What was analysed. */
export interface Artifact {
  /** As it was named. */
  target: string;
  /** As a later command names it. */
  name: string;
  /** sha256 of the image. */
  digest: Digest;
  platform: string;
  /** Bytes. */
  size: number;
  layers: readonly Digest[];
  packages: Package[];
  attested?: Attested;
}

/** How a target says where it is to be found. */
const schemes = ['image', 'local', 'registry', 'archive', 'oci-dir', 'fs', 'sbom'];

const done = (cli: DockerCli, text: string): Promise<void> => cli.err(`    ✓ ${text}\n`);

/** Finds what is to be analysed and lists its packages; tells on stderr how. */
export async function openArtifact(
  cli: DockerCli,
  service: ScoutService,
  target: string | undefined,
  reference: string,
): Promise<Artifact> {
  const asked = target ?? (await newestImage(cli));
  const [, scheme = 'image', name = asked] = /^([a-z-]+):\/\/(.*)$/.exec(asked) ?? [];
  if (!schemes.includes(scheme)) throw new StatusError(1, `ERROR   unsupported scheme ${scheme}`);
  if (['oci-dir', 'fs', 'sbom'].includes(scheme))
    throw new StatusError(1, `drydock: docker scout: ${scheme}:// is not simulated`);
  if (scheme === 'archive') return archive(cli, asked, name, reference);
  if (scheme !== 'registry') {
    const inspected = await inspect(cli, name);
    if (inspected) return local(cli, asked, name, inspected);
    if (scheme === 'local') throw new StatusError(1, `ERROR   image not found: ${name}`);
  }
  return hubImage(cli, service, asked, name);
}

/** Named nowhere, the image that was made last is meant. */
async function newestImage(cli: DockerCli): Promise<string> {
  const images = await cli.client.json<ImageSummary[]>('GET', '/images/json');
  const [newest] = images
    .filter(({ RepoTags }) => RepoTags?.some((tag) => !tag.startsWith('<none>')))
    .sort((a, b) => b.Created - a.Created);
  if (!newest) throw new StatusError(1, 'ERROR   no image found: build one, or name one');
  return newest.RepoTags![0]!;
}

async function inspect(cli: DockerCli, name: string): Promise<ImageInspect | undefined> {
  try {
    return await cli.client.json<ImageInspect>('GET', `/images/${encodeURI(name)}/json`);
  } catch (error) {
    if ((error as { status?: number }).status === 404) return undefined;
    throw error;
  }
}

async function local(cli: DockerCli, target: string, name: string, image: ImageInspect): Promise<Artifact> {
  const found = {
    target,
    name,
    digest: image.Descriptor?.digest ?? (image.Id as Digest),
    platform: `${image.Os}/${image.Architecture}`,
    size: image.Size,
    layers: (image.RootFS.Layers ?? []) as Digest[],
  };
  const open = async () =>
    new StreamReader(await cli.client.stream('GET', '/images/get', { query: { names: [image.Id] } }));
  const attested = image.Descriptor && (await attestations(await open()));
  const about = attested && { attested };
  const kept = cachedSbom(cli, found.digest);
  if (kept) return { ...found, ...about, packages: await known(cli, kept) };
  await done(cli, 'Image stored for indexing');
  const packages = attested?.packages;
  if (packages) {
    await done(cli, `SBOM obtained from attestation, ${packages.length} packages found`);
    write(cli, found.digest, packages);
  }
  const told = packages ?? (await index(cli, found.digest, await open()));
  if (attested?.provenance) await done(cli, 'Provenance obtained from attestation');
  return { ...found, ...about, packages: told };
}

async function attestations(reader: StreamReader): Promise<Attested | undefined> {
  try {
    return await readAttestations(reader);
  } finally {
    await reader.close();
  }
}

async function archive(cli: DockerCli, target: string, path: string, reference: string): Promise<Artifact> {
  if (!cli.host.files.stat(path))
    throw new StatusError(1, `ERROR   failed to read archive: open ${path}: no such file or directory`);
  const content = cli.content(path);
  const source = { size: content.size, read: async (at: number, length: number) => content.read(at, length) };
  const read = await readDockerArchive(new SeekingReader(source), reference || undefined);
  await done(cli, 'Archive read');
  const digest: Digest = `sha256:${read.id}`;
  const kept = cachedSbom(cli, digest);
  const packages = kept ? await known(cli, kept) : packagesOf(read.config, read.layers);
  if (!kept) await keep(cli, digest, packages);
  return {
    target,
    name: path,
    digest,
    platform: platformOf(read.config),
    size: read.size,
    layers: read.config.rootfs.diff_ids,
    packages,
  };
}

const platformOf = ({ os, architecture }: ImageConfig): string => `${os}/${architecture}`;

async function index(cli: DockerCli, digest: Digest, reader: ByteReader): Promise<Package[]> {
  const { config, layers } = await readDockerArchive(reader);
  const packages = packagesOf(config, layers);
  await keep(cli, digest, packages);
  return packages;
}

async function keep(cli: DockerCli, digest: Digest, packages: Package[]): Promise<void> {
  await done(cli, `Indexed ${packages.length} package${packages.length === 1 ? '' : 's'}`);
  write(cli, digest, packages);
}

function write(cli: DockerCli, digest: Digest, packages: Package[]): void {
  if (cli.host.env.DOCKER_SCOUT_NO_CACHE) return;
  const { files } = cli.host;
  const path = sbomPath(cli, digest);
  let at = cli.config.directory;
  for (const part of [
    '',
    ...path
      .slice(at.length + 1)
      .split('/')
      .slice(0, -1),
  ]) {
    at = part ? `${at}/${part}` : at;
    if (!files.stat(at)) files.mkdir(at, 0o755);
  }
  files.writeFile(path, textContent(JSON.stringify({ artifacts: packages }, null, 2)));
}

const known = async (cli: DockerCli, packages: Package[]): Promise<Package[]> => {
  await done(cli, `SBOM of image already cached, ${packages.length} packages indexed`);
  return packages;
};

/** Where scout keeps what it has indexed. */
const sbomPath = (cli: DockerCli, digest: Digest): string =>
  `${cli.config.directory}/scout/sbom/${digest.replace(':', '/')}/sbom.json`;

function cachedSbom(cli: DockerCli, digest: Digest): Package[] | undefined {
  const path = sbomPath(cli, digest);
  if (cli.host.env.DOCKER_SCOUT_NO_CACHE || !cli.host.files.stat(path)) return undefined;
  try {
    return (JSON.parse(contentText(cli.host.files.content(path))) as { artifacts: Package[] }).artifacts;
  } catch {
    return undefined;
  }
}

/** An image that is not here: of the Hub's library the service has an index, any other is read in its registry. */
async function hubImage(cli: DockerCli, service: ScoutService, target: string, name: string): Promise<Artifact> {
  const reference = normalised(name);
  const own = reference.domain === 'docker.io' ? reference.path.replace(/^library\//, '') : undefined;
  const image = reference.digest
    ? null
    : await service.image(own ?? `${reference.domain}/${reference.path}`, reference.tag!);
  if (!image) return registryImage(cli, target, name, reference);
  await done(cli, 'Pulled');
  await known(cli, image.packages);
  return { target, name, ...image };
}

async function registryImage(cli: DockerCli, target: string, name: string, reference: Reference): Promise<Artifact> {
  const pulled = await pullImage(cli, reference).catch((error: Error) => {
    throw new StatusError(1, `ERROR   failed to pull image ${familiarReference(reference)}: ${error.message}`);
  });
  await done(cli, 'Pulled');
  const { attested, config, blobs } = pulled;
  const about = {
    target,
    name,
    digest: pulled.digest,
    platform: platformOf(config),
    size: pulled.size,
    layers: config.rootfs.diff_ids,
    ...(attested && { attested }),
  };
  const kept = cachedSbom(cli, pulled.digest);
  if (kept) return { ...about, packages: await known(cli, kept) };
  const packages = attested?.packages;
  if (packages) {
    await done(cli, `SBOM obtained from attestation, ${packages.length} packages found`);
    write(cli, pulled.digest, packages);
  }
  const told = packages ?? (await scanLayers(config, (await blobs()).map(gunzipped)));
  if (!packages) await keep(cli, pulled.digest, told);
  if (attested?.provenance) await done(cli, 'Provenance obtained from attestation');
  return { ...about, packages: told };
}

/** A layer as registries keep it. */
const gunzipped = (blob: Content): ByteReader => new StreamReader(inflateStream(chunksOf(blob)), true);

async function* chunksOf(content: Content): AsyncGenerator<Uint8Array> {
  yield* chunks(content);
}
