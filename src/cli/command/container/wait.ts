import type { WaitResponse } from '../../../spec/index.ts';
import { forEach } from '../../docker-cli.ts';
import type { Command } from '../command.ts';

export const wait: Command = {
  name: 'wait',
  use: 'CONTAINER [CONTAINER...]',
  short: 'Block until one or more containers stop, then print their exit codes',
  aliasText: 'docker container wait, docker wait',
  args: { min: 1 },
  async run(cli, _flags, args) {
    await forEach(args, async (name) => {
      const answer = await cli.client.json<WaitResponse>('POST', `/containers/${encodeURIComponent(name)}/wait`);
      await cli.println(String(answer.StatusCode));
    });
    return 0;
  },
};
