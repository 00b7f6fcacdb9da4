import type { FilesystemChange } from '../../../spec/index.ts';
import { printListing } from '../../format/index.ts';
import type { Command } from '../command.ts';

const kinds = ['C', 'A', 'D'];

export const diff: Command = {
  name: 'diff',
  use: 'CONTAINER',
  short: "Inspect changes to files or directories on a container's filesystem",
  aliasText: 'docker container diff, docker diff',
  args: { exact: 1 },
  async run(cli, _flags, [name]) {
    const changes = await cli.client.json<FilesystemChange[] | null>(
      'GET',
      `/containers/${encodeURIComponent(name!)}/changes`,
    );
    await printListing(cli, '{{.Type}} {{.Path}}', changes ?? [], {
      type: '*container.diffContext',
      headers: { Type: 'CHANGE TYPE', Path: 'PATH' },
      fields: (change) => ({ Type: kinds[change.Kind] ?? '', Path: change.Path }),
    });
    return 0;
  },
};
