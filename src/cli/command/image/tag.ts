import { parseReference } from '../../../spec/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { splitImage } from './pull-image.ts';

export const tag: Command = {
  name: 'tag',
  use: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  short: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
  aliasText: 'docker image tag, docker tag',
  interspersed: false,
  args: { exact: 2 },
  async run(cli, _flags, [source, target]) {
    for (const name of [...(source ? [] : ['']), target!]) {
      try {
        parseReference(name);
      } catch (error) {
        throw new StatusError(
          1,
          `Error parsing reference: ${JSON.stringify(name)} is not a valid repository/tag: ${(error as Error).message}`,
        );
      }
    }
    const { repository, suffix } = splitImage(target!);
    if (suffix.startsWith('@')) throw new StatusError(1, 'refusing to create a tag with a digest reference');
    await cli.client.done('POST', `/images/${encodeURI(source!)}/tag`, {
      query: { repo: repository, tag: suffix.slice(1) || 'latest' },
    });
    return 0;
  },
};
