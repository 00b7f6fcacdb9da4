import { ApiError } from '../../../api/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';

export const rm: Command = {
  name: 'rm',
  use: '[OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Remove one or more containers',
  aliases: ['remove'],
  aliasText: 'docker container rm, docker container remove, docker rm',
  flags: [
    flag('force', 'f', 'bool', 'Force the removal of a running container (uses SIGKILL)'),
    flag('link', 'l', 'bool', 'Remove the specified link'),
    flag('volumes', 'v', 'bool', 'Remove anonymous volumes associated with the container'),
  ],
  args: { min: 1 },
  async run(cli, flags, args) {
    const query = { v: flags.bool('volumes'), link: flags.bool('link'), force: flags.bool('force') };
    const errors: string[] = [];
    for (const name of args) {
      const container = name.replace(/^\/+|\/+$/g, '');
      if (!container) {
        errors.push('container name cannot be empty');
        continue;
      }
      try {
        await cli.client.done('DELETE', `/containers/${encodeURIComponent(container)}`, { query });
        await cli.println(name);
      } catch (error) {
        const gone = error instanceof ApiError && error.status === 404;
        if (query.force && gone) await cli.err(`${(error as Error).message}\n`);
        else errors.push((error as Error).message);
      }
    }
    if (errors.length) throw new StatusError(1, errors.join('\n'));
    return 0;
  },
};
