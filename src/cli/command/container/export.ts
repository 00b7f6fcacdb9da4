import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { saveStream } from '../save-stream.ts';

export const exportContainer: Command = {
  name: 'export',
  use: '[OPTIONS] CONTAINER',
  short: "Export a container's filesystem as a tar archive",
  aliasText: 'docker container export, docker export',
  flags: [flag('output', 'o', 'string', 'Write to a file, instead of STDOUT')],
  args: { exact: 1 },
  async run(cli, flags, [name]) {
    const output = flags.string('output');
    if (!output && cli.host.stdout.isTty)
      throw new StatusError(1, 'cowardly refusing to save to a terminal. Use the -o flag or redirect');
    await saveStream(cli, output, 'failed to export container', () =>
      cli.client.stream('GET', `/containers/${encodeURIComponent(name!)}/export`),
    );
    return 0;
  },
};
