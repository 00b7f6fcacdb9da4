import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';

export const rename: Command = {
  name: 'rename',
  use: 'CONTAINER NEW_NAME',
  short: 'Rename a container',
  aliasText: 'docker container rename, docker rename',
  args: { exact: 2 },
  async run(cli, _flags, [oldName, newName]) {
    if (!oldName!.trim() || !newName!.trim()) throw new StatusError(1, 'Error: Neither old nor new names may be empty');
    try {
      await cli.client.done('POST', `/containers/${encodeURIComponent(oldName!)}/rename`, { query: { name: newName } });
    } catch (error) {
      await cli.err(`${(error as Error).message}\n`);
      throw new StatusError(1, `Error: failed to rename container named ${oldName}`);
    }
    return 0;
  },
};
