import { parseReference } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { refuseContentTrust } from '../content-trust.ts';
import { fullName, pullImage, splitImage } from './pull-image.ts';

export const pull: Command = {
  name: 'pull',
  use: '[OPTIONS] NAME[:TAG|@DIGEST]',
  short: 'Download an image from a registry',
  aliasText: 'docker image pull, docker pull',
  flags: [
    flag('all-tags', 'a', 'bool', 'Download all tagged images in the repository'),
    flag('disable-content-trust', '', 'bool', 'Skip image verification', { default: 'true' }),
    flag('platform', '', 'string', 'Set platform if server is multi-platform capable'),
    flag('quiet', 'q', 'bool', 'Suppress verbose output'),
  ],
  args: { exact: 1 },
  async run(cli, flags, [image]) {
    const { suffix, repository } = splitImage(image!);
    const allTags = flags.bool('all-tags');
    const quiet = flags.bool('quiet');
    parseReference(image!);
    refuseContentTrust(cli, flags);
    if (allTags && suffix) throw new StatusError(1, "tag can't be used with --all-tags/-a");
    if (!suffix && !allTags && !quiet) await cli.println('Using default tag: latest');
    await pullImage(cli, image!, { allTags, quiet, platform: flags.string('platform') || undefined });
    await cli.println(fullName(repository) + (suffix || (allTags ? '' : ':latest')));
    return 0;
  },
};
