import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { type Pruned, pruneCommand, prune as pruneObjects } from '../prune.ts';

export const pruneImages = (cli: DockerCli, all: boolean, filters: readonly string[]): Promise<Pruned> =>
  pruneObjects(cli, 'images', [...filters, `dangling=${!all}`]);

export const prune: Command = {
  name: 'prune',
  use: '[OPTIONS]',
  short: 'Remove unused images',
  flags: [
    flag('all', 'a', 'bool', 'Remove all unused images, not just dangling ones'),
    flag('filter', '', 'filter', 'Provide filter values (e.g. "until=<timestamp>")'),
    flag('force', 'f', 'bool', 'Do not prompt for confirmation'),
  ],
  ...pruneCommand(
    (flags) =>
      flags.bool('all')
        ? 'WARNING! This will remove all images without at least one container associated to them.\nAre you sure you want to continue?'
        : 'WARNING! This will remove all dangling images.\nAre you sure you want to continue?',
    (cli, flags) => pruneImages(cli, flags.bool('all'), flags.list('filter')),
  ),
};
