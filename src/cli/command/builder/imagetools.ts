/** `docker buildx imagetools`: what a registry holds under a name. Loaded when it is first typed. */
import {
  contentText,
  type Descriptor,
  formatReference,
  type ImageConfig,
  type Index,
  type Manifest,
  mediaTypes,
  type Reference,
} from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import type { CliRegistry } from '../../host.ts';
import { Template, type Value } from '../../template/index.ts';
import { type Command, StatusError } from '../command.ts';
import { normalised, RemoteManifests } from '../manifest/remote.ts';

export const inspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] NAME',
  short: 'Show details of an image in the registry',
  flags: [
    flag('format', '', 'string', 'Format the output using the given Go template', { default: '"{{.Manifest}}"' }),
    flag('raw', '', 'bool', 'Show original, unformatted JSON manifest'),
  ],
  args: { exact: 1 },
  async run(cli, flags, [name]) {
    const format = flags.changed('format') ? flags.string('format') : '';
    if (format && flags.bool('raw')) throw new StatusError(1, 'ERROR: format and raw cannot be used together');
    const reference = normalised(name!);
    const found = await new RemoteManifests(cli, false).search(reference, (registry) => look(registry, reference));
    if (flags.bool('raw')) await cli.out(found.raw);
    else if (!format || /^\{\{\s*\.Manifest\s*\}\}$/.test(format)) await cli.out(shown(reference, found));
    else await print(cli, format, name!, found);
    return 0;
  },
};

interface Found {
  descriptor: Descriptor;
  raw: string;
  index: Index | undefined;
  images: { platform: string; config: ImageConfig; sbom?: unknown; provenance?: unknown }[];
}

async function look(registry: CliRegistry, { path, tag, digest }: Reference): Promise<Found> {
  const { descriptor, content } = await registry.getManifest(path, digest ?? tag!);
  const raw = contentText(content);
  const many = descriptor.mediaType === mediaTypes.ociIndex || descriptor.mediaType === mediaTypes.dockerManifestList;
  const index = many ? (JSON.parse(raw) as Index) : undefined;
  const json = async <T>(from: () => Promise<{ content: Parameters<typeof contentText>[0] }>): Promise<T> =>
    JSON.parse(contentText((await from()).content)) as T;
  const blob = <T>(one: Descriptor) => json<T>(async () => ({ content: await registry.getBlob(path, one.digest) }));
  const images: Found['images'] = [];
  const manifests = index?.manifests ?? [];
  const attestationOf = (image: Descriptor) =>
    manifests.find(({ annotations }) => annotations?.['vnd.docker.reference.digest'] === image.digest);
  for (const one of index ? manifests : [descriptor]) {
    if (one.annotations?.['vnd.docker.reference.type'] === 'attestation-manifest') continue;
    const manifest = index
      ? await json<Manifest>(() => registry.getManifest(path, one.digest))
      : (JSON.parse(raw) as Manifest);
    const config = await blob<ImageConfig>(manifest.config);
    const told = attestationOf(one);
    const layers = told ? (await json<Manifest>(() => registry.getManifest(path, told.digest))).layers : [];
    const predicate = async (type: string): Promise<unknown> => {
      const layer = layers.find(({ annotations }) => annotations?.['in-toto.io/predicate-type']?.startsWith(type));
      return layer && (await blob<{ predicate: unknown }>(layer)).predicate;
    };
    const sbom = await predicate('https://spdx.dev/Document');
    const provenance = await predicate('https://slsa.dev/provenance/');
    images.push({ platform: `${config.os}/${config.architecture}`, config, sbom, provenance });
  }
  return { descriptor, raw, index, images };
}

/** Labels and values, the values in line. */
function lines(rows: readonly (readonly [label: string, value: string])[], indent = ''): string {
  const width = Math.max(...rows.map(([label]) => label.length + 1));
  return rows.map(([label, value]) => `${indent}${`${label}:`.padEnd(width)} ${value}\n`).join('');
}

const platformText = ({ platform }: Descriptor): string =>
  platform ? [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/') : '';

function shown(reference: Reference, { descriptor, index }: Found): string {
  const name = formatReference(reference);
  const head = lines([
    ['Name', name],
    ['MediaType', descriptor.mediaType],
    ['Digest', descriptor.digest],
  ]);
  if (!index) return head;
  const manifests = index.manifests.map((one) => {
    const rows: [string, string][] = [
      ['Name', `${name}@${one.digest}`],
      ['MediaType', one.mediaType],
    ];
    if (one.platform) rows.push(['Platform', platformText(one)]);
    const notes = Object.entries(one.annotations ?? {});
    if (notes.length === 0) return lines(rows, '  ');
    return `${lines([...rows, ['Annotations', '']], '  ')}${lines(notes, '    ')}`;
  });
  return `${head}           \nManifests: \n${manifests.join('              \n')}`;
}

/** A Go template over what is there; of several platforms each by its name. */
async function print(
  cli: DockerCli,
  format: string,
  name: string,
  { descriptor, index, images }: Found,
): Promise<void> {
  const template = (() => {
    try {
      return new Template(format, new Map([['json', indentedJson]]));
    } catch (error) {
      throw new StatusError(1, `ERROR: ${(error as Error).message}`);
    }
  })();
  const { digest, size } = descriptor;
  const manifest = index
    ? { schemaVersion: 2, mediaType: index.mediaType, digest, size, manifests: index.manifests }
    : descriptor;
  const sbom = (one: Found['images'][number]) => (one.sbom ? { SPDX: one.sbom } : {});
  const provenance = (one: Found['images'][number]) => (one.provenance ? { SLSA: one.provenance } : {});
  const by = <T>(of: (one: Found['images'][number]) => T) =>
    Object.fromEntries(images.map((one) => [one.platform, of(one)]));
  const [only] = images;
  const data =
    images.length === 1
      ? { Name: name, Manifest: manifest, Image: only!.config, SBOM: sbom(only!), Provenance: provenance(only!) }
      : {
          Name: name,
          Manifest: manifest,
          Image: by(({ config }) => config),
          SBOM: by(sbom),
          Provenance: by(provenance),
        };
  await cli.out(template.execute(templateValue(data)));
}

/** buildx's own `json`: indented by two. */
const indentedJson = (value: Value): Value =>
  JSON.stringify(JSON.parse(new Template('{{json .}}').execute(value)), null, 2);

function templateValue(plain: unknown): Value {
  if (Array.isArray(plain)) return plain.map(templateValue);
  if (!(plain instanceof Object)) return plain as Value;
  return new Map(Object.entries(plain).map(([key, value]) => [key, templateValue(value)]));
}
