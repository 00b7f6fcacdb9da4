import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';

const lister = (name: string, path: string, short: string): Command => ({
  name: 'ls',
  use: '[OPTIONS]',
  short,
  args: { exact: 0 },
  // A daemon outside a swarm answers with the reason.
  async run(cli) {
    await cli.client.json('GET', path);
    throw new StatusError(1, `drydock: docker ${name} ls is not simulated`);
  },
});

const group = (name: string, short: string, path: string): Command => ({
  name,
  use: '',
  short,
  swarm: true,
  commands: [lister(name, path, `List ${name}s`)],
});

/** Swarm's commands exist by name; a daemon that is in no swarm is all there is to ask. */
export const swarmCommands: Command[] = [
  group('config', 'Manage Swarm configs', '/configs'),
  group('node', 'Manage Swarm nodes', '/nodes'),
  group('secret', 'Manage Swarm secrets', '/secrets'),
  group('service', 'Manage Swarm services', '/services'),
  group('stack', 'Manage Swarm stacks', '/services'),
  group('swarm', 'Manage Swarm', '/swarm'),
];
