import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { saveStream } from '../save-stream.ts';
import { platformQuery } from './platform-option.ts';

export const save: Command = {
  name: 'save',
  use: '[OPTIONS] IMAGE [IMAGE...]',
  short: 'Save one or more images to a tar archive (streamed to STDOUT by default)',
  aliasText: 'docker image save, docker save',
  flags: [
    flag('output', 'o', 'string', 'Write to a file, instead of STDOUT'),
    flag(
      'platform',
      '',
      'string',
      'Save only the given platform variant. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")',
      { since: '1.48' },
    ),
  ],
  args: { min: 1 },
  async run(cli, flags, args) {
    const output = flags.string('output');
    if (!output && cli.host.stdout.isTty)
      throw new StatusError(1, 'cowardly refusing to save to a terminal. Use the -o flag or redirect');
    await saveStream(cli, output, 'failed to save image', () =>
      cli.client.stream('GET', '/images/get', { query: { names: args, ...platformQuery(flags) } }),
    );
    return 0;
  },
};
