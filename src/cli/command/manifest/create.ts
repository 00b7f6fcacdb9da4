import { formatReference } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { normalised, RemoteManifests } from './remote.ts';
import { ManifestStore } from './store.ts';

export const manifestCreate: Command = {
  name: 'create',
  use: 'MANIFEST_LIST MANIFEST [MANIFEST...]',
  args: { min: 2 },
  short: 'Create a local manifest list for annotating and pushing to a registry',
  flags: [
    flag('amend', 'a', 'bool', 'Amend an existing manifest list'),
    flag('insecure', '', 'bool', 'Allow communication with an insecure registry'),
  ],
  async run(cli, flags, [target, ...images]) {
    const list = named(target!);
    const store = new ManifestStore(cli);
    if (store.list(list) && !flags.bool('amend'))
      throw new StatusError(1, 'refusing to amend an existing manifest list with no --amend flag');
    const remote = new RemoteManifests(cli, flags.bool('insecure'));
    for (const image of images) {
      const reference = normalised(image);
      const name = formatReference(reference);
      const kept = store.get(list, name);
      store.save(list, name, kept?.Raw ? kept : await remote.manifest(reference));
    }
    await cli.println(`Created manifest list ${list}`);
    return 0;
  },
};

function named(target: string): string {
  try {
    return formatReference(normalised(target));
  } catch (error) {
    throw new StatusError(1, `error parsing name for manifest list ${target}: ${(error as Error).message}`);
  }
}
