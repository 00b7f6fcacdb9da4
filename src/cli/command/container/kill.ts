import { forEach } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';

export const kill: Command = {
  name: 'kill',
  use: '[OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Kill one or more running containers',
  aliasText: 'docker container kill, docker kill',
  flags: [flag('signal', 's', 'string', 'Signal to send to the container')],
  args: { min: 1 },
  async run(cli, flags, args) {
    const signal = flags.string('signal');
    await forEach(args, async (name) => {
      await cli.client.done('POST', `/containers/${encodeURIComponent(name)}/kill`, { query: { signal } });
      await cli.println(name);
    });
    return 0;
  },
};
