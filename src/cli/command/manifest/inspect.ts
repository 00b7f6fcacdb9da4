import type { Descriptor } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { authHeaders } from '../registry/auth.ts';

export const manifestInspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] [MANIFEST_LIST] MANIFEST',
  short: 'Display an image manifest, or manifest list',
  flags: [
    flag('insecure', '', 'bool', 'Allow communication with an insecure registry'),
    flag('verbose', 'v', 'bool', 'Output additional info including layers and platform'),
  ],
  args: { min: 1, max: 2 },
  async run(cli, _flags, args) {
    const image = args.at(-1)!;
    await cli.client.json<{ Descriptor: Descriptor }>('GET', `/distribution/${encodeURI(image)}/json`, {
      headers: authHeaders(cli, image),
    });
    // Differs from Docker: the client itself asks the registry for the manifest; this one reaches the engine only.
    throw new StatusError(1, 'drydock: docker manifest inspect is not simulated');
  },
};
