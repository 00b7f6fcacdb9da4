import { forEach } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';

export const restart: Command = {
  name: 'restart',
  use: '[OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Restart one or more containers',
  aliasText: 'docker container restart, docker restart',
  flags: [
    flag('time', '', 'int', 'Seconds to wait before killing the container', { deprecated: 'use --timeout instead' }),
    flag('signal', 's', 'string', 'Signal to send to the container'),
    flag('timeout', 't', 'int', 'Seconds to wait before killing the container'),
  ],
  args: { min: 1 },
  async run(cli, flags, args) {
    if (flags.changed('time') && flags.changed('timeout'))
      throw new StatusError(1, 'conflicting options: cannot specify both --timeout and --time');
    const signal = flags.string('signal') || undefined;
    const t = flags.changed('timeout') ? flags.int('timeout') : flags.changed('time') ? flags.int('time') : undefined;
    await forEach(args, async (name) => {
      await cli.client.done('POST', `/containers/${encodeURIComponent(name)}/restart`, { query: { signal, t } });
      await cli.println(name);
    });
    return 0;
  },
};
