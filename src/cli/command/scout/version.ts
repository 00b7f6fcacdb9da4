import type { Command } from '../command.ts';

/** Differs from Docker: the picture before it is left out; the release is the one of Docker 28.2. */
export const scoutVersion = 'v1.17.1';

export const version: Command = {
  name: 'version',
  use: '',
  short: 'Show Docker Scout version information',
  async run(cli) {
    await cli.out(`\nversion: ${scoutVersion} (drydock: its commands simulated, its findings computed)\n`);
    return 0;
  },
};
