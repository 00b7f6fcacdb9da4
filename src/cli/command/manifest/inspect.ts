import { formatReference, parseReference } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { manifestList } from './list.ts';
import { normalised, RemoteManifests } from './remote.ts';
import { type ImageManifest, ManifestStore, noSuchManifest } from './store.ts';

export const manifestInspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] [MANIFEST_LIST] MANIFEST',
  short: 'Display an image manifest, or manifest list',
  flags: [
    flag('insecure', '', 'bool', 'Allow communication with an insecure registry'),
    flag('verbose', 'v', 'bool', 'Output additional info including layers and platform'),
  ],
  args: { min: 1, max: 2 },
  async run(cli, flags, args) {
    const reference = normalised(args.at(-1)!);
    const verbose = flags.bool('verbose');
    const store = new ManifestStore(cli);
    const name = formatReference(reference);
    if (args.length === 2) {
      const kept = store.get(formatReference(normalised(args[0]!)), name);
      if (!kept) throw noSuchManifest(name);
      return printManifest(cli, kept, verbose);
    }
    const local = store.list(name);
    if (local) return printList(cli, local, reference.domain, verbose);
    const remote = new RemoteManifests(cli, flags.bool('insecure'));
    const image = await remote.manifest(reference).catch(() => undefined);
    if (image) return printManifest(cli, image, verbose);
    return printList(cli, await remote.list(reference), reference.domain, verbose);
  },
};

async function printManifest(cli: DockerCli, image: ImageManifest, verbose: boolean): Promise<undefined> {
  const shown = verbose ? withRepository(image) : (image.SchemaV2Manifest ?? image.OCIManifest);
  await cli.println(JSON.stringify(shown, null, '\t'));
}

async function printList(
  cli: DockerCli,
  images: ImageManifest[],
  domain: string,
  verbose: boolean,
): Promise<undefined> {
  const text = verbose ? JSON.stringify(images.map(withRepository), null, '\t') : manifestList(images, domain).text;
  await cli.println(text);
}

const withRepository = (image: ImageManifest): ImageManifest => ({
  ...image,
  Ref: formatReference(parseReference(image.Ref)),
});
