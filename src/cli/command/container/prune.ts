import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { pruneCommand, prune as pruneObjects } from '../prune.ts';

export const prune: Command = {
  name: 'prune',
  use: '[OPTIONS]',
  short: 'Remove all stopped containers',
  flags: [
    flag('filter', '', 'filter', 'Provide filter values (e.g. "until=<timestamp>")'),
    flag('force', 'f', 'bool', 'Do not prompt for confirmation'),
  ],
  ...pruneCommand(
    'WARNING! This will remove all stopped containers.\nAre you sure you want to continue?',
    (cli, flags) => pruneObjects(cli, 'containers', flags.list('filter')),
  ),
};
