import { ApiError } from '../../../api/index.ts';
import type { ImageDeleteItem } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { platformParameter } from './platform-option.ts';

export const rm: Command = {
  name: 'rm',
  use: '[OPTIONS] IMAGE [IMAGE...]',
  short: 'Remove one or more images',
  aliases: ['remove'],
  aliasText: 'docker image rm, docker image remove, docker rmi',
  flags: [
    flag('force', 'f', 'bool', 'Force removal of the image'),
    flag('no-prune', '', 'bool', 'Do not delete untagged parents'),
    flag(
      'platform',
      '',
      'strings',
      'Remove only the given platform variant. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")',
      { since: '1.50' },
    ),
  ],
  args: { min: 1 },
  async run(cli, flags, args) {
    const platforms = flags.list('platform').map(platformParameter);
    const query = { force: flags.bool('force'), noprune: flags.bool('no-prune'), platforms };
    const errors: Error[] = [];
    for (const name of args) {
      try {
        const items = await cli.client.json<ImageDeleteItem[]>('DELETE', `/images/${encodeURI(name)}`, { query });
        for (const item of items)
          await cli.println('Deleted' in item ? `Deleted: ${item.Deleted}` : `Untagged: ${item.Untagged}`);
      } catch (error) {
        errors.push(error as Error);
      }
    }
    if (errors.length === 0) return 0;
    const text = errors.map((error) => error.message).join('\n');
    if (!query.force || errors.some((error) => !(error instanceof ApiError && error.status === 404)))
      throw new StatusError(1, text);
    await cli.err(`${text}\n`);
    return 0;
  },
};

export const rmi: Command = { ...rm, name: 'rmi', aliases: [] };
