import { parseReference } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';

export const commit: Command = {
  name: 'commit',
  use: '[OPTIONS] CONTAINER [REPOSITORY[:TAG]]',
  short: "Create a new image from a container's changes",
  aliasText: 'docker container commit, docker commit',
  flags: [
    flag('author', 'a', 'string', 'Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")'),
    flag('change', 'c', 'list', 'Apply Dockerfile instruction to the created image'),
    flag('message', 'm', 'string', 'Commit message'),
    flag('pause', 'p', 'bool', 'Pause container during commit', { default: 'true' }),
  ],
  interspersed: false,
  args: { min: 1, max: 2 },
  async run(cli, flags, [container, reference = '']) {
    const at = reference.lastIndexOf(':');
    const hasTag = at > reference.lastIndexOf('/');
    if (reference) parseReference(reference);
    if (reference.includes('@')) throw new StatusError(1, `refusing to create a tag with a digest reference`);
    const query = {
      container,
      repo: (hasTag ? reference.slice(0, at) : reference) || undefined,
      tag: hasTag ? reference.slice(at + 1) : reference ? 'latest' : undefined,
      comment: flags.string('message') || undefined,
      author: flags.string('author') || undefined,
      changes: flags.list('change'),
      pause: flags.bool('pause') ? undefined : '0',
    };
    const { Id } = await cli.client.json<{ Id: string }>('POST', '/commit', { query, json: null });
    await cli.println(Id);
    return 0;
  },
};
