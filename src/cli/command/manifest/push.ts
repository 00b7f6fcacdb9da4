import {
  BytesContent,
  formatReference,
  fromBase64,
  parseReference,
  type Reference,
  textContent,
} from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { blobsOf, manifestList, requirePlatforms } from './list.ts';
import { normalised, RemoteManifests } from './remote.ts';
import { type ImageManifest, ManifestStore, noSuchManifest } from './store.ts';

export const manifestPush: Command = {
  name: 'push',
  use: '[OPTIONS] MANIFEST_LIST',
  args: { exact: 1 },
  short: 'Push a manifest list to a repository',
  flags: [
    flag('insecure', '', 'bool', 'Allow push to an insecure registry'),
    flag('purge', 'p', 'bool', 'Remove the local manifest list after push'),
  ],
  async run(cli, flags, [name]) {
    const target = normalised(name!);
    const store = new ManifestStore(cli);
    const images = store.list(formatReference(target));
    if (!images) throw noSuchManifest(formatReference(target));
    requirePlatforms(images);
    const { mediaType, text } = manifestList(images, target.domain);
    const remote = new RemoteManifests(cli, flags.bool('insecure'));
    const elsewhere = images.filter(({ Ref }) => parseReference(Ref).path !== target.path);
    for (const image of elsewhere) await mountBlobs(remote, image, target);
    for (const image of elsewhere) await pushManifest(cli, remote, image, target);
    await cli.println(await remote.put(target, mediaType, textContent(text)));
    if (flags.bool('purge')) store.remove(formatReference(target));
    return 0;
  },
};

async function mountBlobs(remote: RemoteManifests, image: ImageManifest, target: Reference): Promise<void> {
  const from = parseReference(image.Ref).path;
  for (const digest of blobsOf(image))
    await remote.mountBlob(from, digest, target, image.Descriptor.platform?.os ?? '');
}

async function pushManifest(
  cli: DockerCli,
  remote: RemoteManifests,
  image: ImageManifest,
  { domain, path }: Reference,
): Promise<void> {
  const { digest, mediaType } = image.Descriptor;
  const target: Reference = { domain, path, digest };
  const bytes = fromBase64(image.Raw);
  const pushed = await remote.put(target, mediaType, new BytesContent(bytes));
  await cli.println(`Pushed ref ${formatReference(target)} with digest: ${pushed}`);
}
