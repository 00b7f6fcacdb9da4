import { forEach } from '../../docker-cli.ts';
import type { Command } from '../command.ts';

export const pause: Command = {
  name: 'pause',
  use: 'CONTAINER [CONTAINER...]',
  short: 'Pause all processes within one or more containers',
  aliasText: 'docker container pause, docker pause',
  args: { min: 1 },
  async run(cli, _flags, args) {
    await forEach(args, async (name) => {
      await cli.client.done('POST', `/containers/${encodeURIComponent(name)}/pause`);
      await cli.println(name);
    });
    return 0;
  },
};
