import type { JsonMessage } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { messageOutput, showMessages } from '../json-messages.ts';
import { platformQuery } from './platform-option.ts';

export const load: Command = {
  name: 'load',
  use: '[OPTIONS]',
  short: 'Load an image from a tar archive or STDIN',
  aliasText: 'docker image load, docker load',
  flags: [
    flag('input', 'i', 'string', 'Read from tar archive file, instead of STDIN'),
    flag(
      'platform',
      '',
      'string',
      'Load only the given platform variant. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")',
      { since: '1.48' },
    ),
    flag('quiet', 'q', 'bool', 'Suppress the load output'),
  ],
  args: { exact: 0 },
  async run(cli, flags) {
    const input = flags.string('input');
    if (!input && cli.host.stdin.isTty) throw new StatusError(1, 'requested load from stdin, but stdin is empty');
    if (input && !cli.host.files.stat(input)) throw new StatusError(1, `open ${input}: no such file or directory`);
    if (input) await cli.takePipes([input]);
    const body = input ? cli.content(input) : cli.input();
    const quiet = flags.bool('quiet') || !cli.host.stdout.isTty;
    await showMessages(
      messageOutput(cli),
      cli.client.values<JsonMessage>('POST', '/images/load', {
        query: { quiet: quiet ? '1' : '0', ...platformQuery(flags) },
        body,
        headers: [['Content-Type', 'application/x-tar']],
      }),
    );
    return 0;
  },
};
