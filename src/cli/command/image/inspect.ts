import { flag } from '../../flag/index.ts';
import { inspectFormatHelp } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { inspectObjects } from '../inspect-objects.ts';
import { platformQuery } from './platform-option.ts';

export const inspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] IMAGE [IMAGE...]',
  short: 'Display detailed information on one or more images',
  flags: [
    flag('format', 'f', 'string', inspectFormatHelp),
    flag(
      'platform',
      '',
      'string',
      `Inspect a specific platform of the multi-platform image.
If the image or the server is not multi-platform capable, the command will error out if the platform does not match.
'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)`,
      { since: '1.49' },
    ),
  ],
  args: { min: 1 },
  async run(cli, flags, args) {
    return inspectObjects(cli, args, flags.string('format'), (name) =>
      cli.client.text('GET', `/images/${encodeURI(name)}/json`, { query: platformQuery(flags) }),
    );
  },
};
