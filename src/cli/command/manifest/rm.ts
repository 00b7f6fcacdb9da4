import { formatReference } from '../../../spec/index.ts';
import { forEach } from '../../docker-cli.ts';
import type { Command } from '../command.ts';
import { normalised } from './remote.ts';
import { ManifestStore, noSuchManifest } from './store.ts';

export const manifestRm: Command = {
  name: 'rm',
  use: 'MANIFEST_LIST [MANIFEST_LIST...]',
  args: { min: 1 },
  short: 'Delete one or more manifest lists from local storage',
  async run(cli, _flags, names) {
    const store = new ManifestStore(cli);
    await forEach(names, async (name) => {
      const list = formatReference(normalised(name));
      if (!store.list(list)) throw noSuchManifest(list);
      store.remove(list);
    });
    return 0;
  },
};
