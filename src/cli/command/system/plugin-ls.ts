import { flag } from '../../flag/index.ts';
import { chooseFormat, ellipsis, formatHelp, printListing, shortId } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { filterQuery } from '../filters.ts';

interface Plugin {
  Id: string;
  Name: string;
  Enabled: boolean;
  Config: { Description: string };
}

export const pluginLs: Command = {
  name: 'ls',
  use: '[OPTIONS]',
  short: 'List plugins',
  aliases: ['list'],
  aliasText: 'docker plugin ls, docker plugin list',
  flags: [
    flag('filter', 'f', 'filter', 'Provide filter values (e.g. "enabled=true")'),
    flag('format', '', 'string', formatHelp),
    flag('no-trunc', '', 'bool', "Don't truncate output"),
    flag('quiet', 'q', 'bool', 'Only display plugin IDs'),
  ],
  args: { exact: 0 },
  async run(cli, flags) {
    const whole = flags.bool('no-trunc');
    const plugins = await cli.client.json<Plugin[] | null>('GET', '/plugins', {
      query: { filters: filterQuery(flags.list('filter')) },
    });
    const format = chooseFormat(
      cli,
      flags.string('format'),
      flags.bool('quiet'),
      'pluginsFormat',
      '{{.ID}}\t{{.Name}}\t{{.Description}}\t{{.Enabled}}',
      '{{.ID}}',
    );
    await printListing(cli, format, plugins ?? [], {
      type: '*plugin.pluginContext',
      headers: { ID: 'ID', Name: 'NAME', Description: 'DESCRIPTION', Enabled: 'ENABLED' },
      fields: (item) => ({
        ID: whole ? item.Id : shortId(item.Id),
        Name: item.Name,
        Description: whole ? item.Config.Description : ellipsis(item.Config.Description, 45),
        Enabled: item.Enabled,
      }),
    });
    return 0;
  },
};
