import { type JsonMessage, parseReference } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { refuseContentTrust } from '../content-trust.ts';
import { messageOutput, showMessages } from '../json-messages.ts';
import { authHeaders } from '../registry/auth.ts';
import { platformQuery } from './platform-option.ts';
import { fullName, splitImage } from './pull-image.ts';

export const push: Command = {
  name: 'push',
  use: '[OPTIONS] NAME[:TAG]',
  short: 'Upload an image to a registry',
  aliasText: 'docker image push, docker push',
  flags: [
    flag('all-tags', 'a', 'bool', 'Push all tags of an image to the repository'),
    flag('disable-content-trust', '', 'bool', 'Skip image signing', { default: 'true' }),
    flag(
      'platform',
      '',
      'string',
      `Push a platform-specific manifest as a single-platform image to the registry.
Image index won't be pushed, meaning that other manifests, including attestations won't be preserved.
'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)`,
      { since: '1.46' },
    ),
    flag('quiet', 'q', 'bool', 'Suppress verbose output'),
  ],
  args: { exact: 1 },
  async run(cli, flags, [image]) {
    parseReference(image!);
    refuseContentTrust(cli, flags);
    const { repository, suffix } = splitImage(image!);
    const allTags = flags.bool('all-tags');
    const quiet = flags.bool('quiet');
    if (allTags && suffix) throw new StatusError(1, "tag can't be used with --all-tags/-a");
    if (suffix.startsWith('@')) throw new StatusError(1, 'cannot push a digest reference');
    if (!suffix && !allTags && !quiet) await cli.println('Using default tag: latest');
    const tag = allTags ? undefined : suffix.replace(/^[:@]/, '') || 'latest';
    const name = fullName(repository).replace(/^docker\.io\/(library\/)?/, '');
    const messages = cli.client.values<JsonMessage>('POST', `/images/${name}/push`, {
      query: { tag, ...platformQuery(flags) },
      headers: authHeaders(cli, image!),
    });
    const output = messageOutput(cli);
    await showMessages(quiet ? { ...output, tty: false, write: async () => undefined } : output, messages);
    if (quiet) await cli.println(`${fullName(repository)}${tag ? `:${tag}` : ''}`);
    return 0;
  },
};
