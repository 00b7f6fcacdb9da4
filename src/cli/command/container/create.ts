import type { Command } from '../command.ts';
import { containerConfig } from './container-config.ts';
import { createFlags } from './container-flags.ts';
import { checkPull, createContainer, withHelp } from './create-container.ts';

export const create: Command = {
  name: 'create',
  use: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
  short: 'Create a new container',
  aliasText: 'docker container create, docker create',

  flags: createFlags,
  interspersed: false,
  args: { min: 1 },
  async run(cli, flags, args) {
    let request: ReturnType<typeof containerConfig>;
    try {
      checkPull(flags);
      await cli.takePipes([...flags.list('env-file'), ...flags.list('label-file')]);
      request = containerConfig(cli, flags, args);
    } catch (error) {
      throw withHelp(error as Error, 'create');
    }
    await cli.println(await createContainer(cli, flags, request));
    return 0;
  },
};
