import { type JsonMessage, parseReference } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { messageOutput, showMessages } from '../json-messages.ts';

export const importImage: Command = {
  name: 'import',
  use: '[OPTIONS] file|URL|- [REPOSITORY[:TAG]]',
  short: 'Import the contents from a tarball to create a filesystem image',
  aliasText: 'docker image import, docker import',
  flags: [
    flag('change', 'c', 'list', 'Apply Dockerfile instruction to the created image'),
    flag('message', 'm', 'string', 'Set commit message for imported image'),
    flag('platform', '', 'string', 'Set platform if server is multi-platform capable'),
  ],
  args: { min: 1 },
  async run(cli, flags, [source, reference = '']) {
    const remote = /^(https?|ftp):\/\//.test(source!);
    if (!remote && source !== '-' && !cli.host.files.stat(source!))
      throw new StatusError(1, `open ${source}: no such file or directory`);
    if (reference) parseReference(reference);
    if (!remote && source !== '-') await cli.takePipes([source!]);
    const body = remote ? undefined : source === '-' ? cli.input() : cli.content(source!);
    const query = {
      fromSrc: remote ? source : '-',
      repo: reference || undefined,
      message: flags.string('message') || undefined,
      changes: flags.list('change'),
      platform: flags.string('platform') || undefined,
    };
    await showMessages(
      messageOutput(cli),
      cli.client.values<JsonMessage>('POST', '/images/create', {
        query,
        body,
        headers: [['Content-Type', 'text/plain']],
      }),
    );
    return 0;
  },
};
