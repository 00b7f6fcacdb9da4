import { forEach } from '../../docker-cli.ts';
import type { Command } from '../command.ts';

export const unpause: Command = {
  name: 'unpause',
  use: 'CONTAINER [CONTAINER...]',
  short: 'Unpause all processes within one or more containers',
  aliasText: 'docker container unpause, docker unpause',
  args: { min: 1 },
  async run(cli, _flags, args) {
    await forEach(args, async (name) => {
      await cli.client.done('POST', `/containers/${encodeURIComponent(name)}/unpause`);
      await cli.println(name);
    });
    return 0;
  },
};
