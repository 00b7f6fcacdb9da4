import { type ImageHistoryItem, rfc3339Nano } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import {
  chooseFormat,
  ellipsis,
  formatHelp,
  humanDuration,
  humanSize,
  printListing,
  shortId,
} from '../../format/index.ts';
import type { Command } from '../command.ts';
import { platformQuery } from './platform-option.ts';

export const history: Command = {
  name: 'history',
  use: '[OPTIONS] IMAGE',
  short: 'Show the history of an image',
  aliasText: 'docker image history, docker history',
  flags: [
    flag('format', '', 'string', formatHelp),
    flag('human', 'H', 'bool', 'Print sizes and dates in human readable format', { default: 'true' }),
    flag('no-trunc', '', 'bool', "Don't truncate output"),
    flag(
      'platform',
      '',
      'string',
      'Show history for the given platform. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")',
      { since: '1.48' },
    ),
    flag('quiet', 'q', 'bool', 'Only show image IDs'),
  ],
  args: { exact: 1 },
  async run(cli, flags, [image]) {
    const items = await cli.client.json<ImageHistoryItem[]>('GET', `/images/${image}/history`, {
      query: platformQuery(flags),
    });
    const human = flags.bool('human');
    const whole = flags.bool('no-trunc');
    const table = `{{.ID}}\t{{${human ? '.CreatedSince' : '.CreatedAt'}}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}`;
    const { sec } = cli.host.now();
    await printListing(
      cli,
      chooseFormat(cli, flags.string('format'), flags.bool('quiet'), '', table, '{{.ID}}'),
      items,
      {
        type: '*image.historyContext',
        headers: {
          ID: 'IMAGE',
          CreatedSince: 'CREATED',
          CreatedAt: 'CREATED AT',
          CreatedBy: 'CREATED BY',
          Size: 'SIZE',
          Comment: 'COMMENT',
        },
        fields: (item) => ({
          ID: whole ? item.Id : shortId(item.Id),
          CreatedSince: `${humanDuration(sec - item.Created)} ago`,
          CreatedAt: rfc3339Nano({ sec: item.Created, nsec: 0 }),
          CreatedBy: ((text) => (whole ? text : ellipsis(text, 45)))(item.CreatedBy.replaceAll('\t', ' ')),
          Size: human ? humanSize(item.Size, 3) : String(item.Size),
          Comment: item.Comment,
        }),
      },
    );
    return 0;
  },
};
