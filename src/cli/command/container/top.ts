import type { TopResponse } from '../../../spec/index.ts';
import { alignTabs } from '../../format/index.ts';
import type { Command } from '../command.ts';

export const top: Command = {
  name: 'top',
  use: 'CONTAINER [ps OPTIONS]',
  short: 'Display the running processes of a container',
  aliasText: 'docker container top, docker top',
  args: { min: 1 },
  interspersed: false,
  async run(cli, _flags, [name, ...ps]) {
    const query = ps.length ? { ps_args: ps.join(' ') } : {};
    const { Titles, Processes } = await cli.client.json<TopResponse>(
      'GET',
      `/containers/${encodeURIComponent(name!)}/top`,
      { query },
    );
    await cli.out(alignTabs([Titles, ...(Processes ?? [])].map((row) => `${row.join('\t')}\n`).join(''), 20));
    return 0;
  },
};
