import { flag } from '../../flag/index.ts';
import { inspectFormatHelp } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { inspectObjects } from '../inspect-objects.ts';

export const inspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] CONTAINER [CONTAINER...]',
  short: 'Display detailed information on one or more containers',
  flags: [flag('format', 'f', 'string', inspectFormatHelp), flag('size', 's', 'bool', 'Display total file sizes')],
  args: { min: 1 },
  async run(cli, flags, args) {
    const query = { size: flags.bool('size') };
    return inspectObjects(cli, args, flags.string('format'), (name) =>
      cli.client.text('GET', `/containers/${encodeURIComponent(name)}/json`, { query }),
    );
  },
};
