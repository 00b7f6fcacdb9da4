import type { Body, JsonMessage } from '../../../spec/index.ts';
import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { messageOutput, showMessages } from '../json-messages.ts';
import { platformQuery } from './platform-option.ts';

/** A directory opens like a file; only reading it fails, when the request is under way. */
function fileBody(cli: DockerCli, path: string): Body {
  if (cli.host.files.stat(path)?.type !== 'directory') return cli.content(path);
  // biome-ignore lint/correctness/useYield: it fails before there is anything to give.
  return (async function* (): AsyncGenerator<Uint8Array> {
    throw new Error(`read ${path}: is a directory`);
  })();
}

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
    const body = input ? fileBody(cli, input) : cli.input();
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
