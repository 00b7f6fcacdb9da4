import { flag } from '../../flag/index.ts';
import { formatHelp } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { composed, lacks, sends } from './request.ts';

export const stack: Command = {
  name: 'stack',
  use: '',
  short: 'Manage Swarm stacks',
  swarm: true,
  commands: [
    {
      name: 'config',
      use: '[OPTIONS]',
      short: 'Outputs the final config file, after doing merges and interpolations',
      args: { exact: 0 },
      flags: [
        flag('compose-file', 'c', 'strings', 'Path to a Compose file, or "-" to read from stdin'),
        flag('skip-interpolation', '', 'bool', 'Skip interpolation and output only merged config'),
      ],
      run: composed(lacks),
    },
    {
      name: 'deploy',
      use: '[OPTIONS] STACK',
      short: 'Deploy a new stack or update an existing stack',
      aliases: ['up'],
      aliasText: 'docker stack deploy, docker stack up',
      args: { exact: 1 },
      flags: [
        flag('compose-file', 'c', 'strings', 'Path to a Compose file, or "-" to read from stdin'),
        flag('detach', 'd', 'bool', 'Exit immediately instead of waiting for the stack services to converge', {
          default: 'true',
        }),
        flag('prune', '', 'bool', 'Prune services that are no longer referenced'),
        flag('quiet', 'q', 'bool', 'Suppress progress output'),
        flag(
          'resolve-image',
          '',
          'string',
          'Query the registry to resolve image digest and supported platforms ("always", "changed", "never")',
          { default: '"always"' },
        ),
        flag('with-registry-auth', '', 'bool', 'Send registry authentication details to Swarm agents'),
      ],
      run: composed(sends('GET', '/services')),
    },
    {
      name: 'ls',
      use: '[OPTIONS]',
      short: 'List stacks',
      aliases: ['list'],
      aliasText: 'docker stack ls, docker stack list',
      args: { exact: 0 },
      flags: [flag('format', '', 'string', formatHelp)],
      run: sends('GET', '/services'),
    },
    {
      name: 'ps',
      use: '[OPTIONS] STACK',
      short: 'List the tasks in the stack',
      args: { exact: 1 },
      flags: [
        flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
        flag('format', '', 'string', formatHelp),
        flag('no-resolve', '', 'bool', 'Do not map IDs to Names'),
        flag('no-trunc', '', 'bool', 'Do not truncate output'),
        flag('quiet', 'q', 'bool', 'Only display task IDs'),
      ],
      run: sends('GET', '/tasks'),
    },
    {
      name: 'rm',
      use: '[OPTIONS] STACK [STACK...]',
      short: 'Remove one or more stacks',
      aliases: ['remove', 'down'],
      aliasText: 'docker stack rm, docker stack remove, docker stack down',
      args: { min: 1 },
      flags: [flag('detach', 'd', 'bool', 'Do not wait for stack removal', { default: 'true' })],
      run: sends('GET', '/services'),
    },
    {
      name: 'services',
      use: '[OPTIONS] STACK',
      short: 'List the services in the stack',
      args: { exact: 1 },
      flags: [
        flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
        flag('format', '', 'string', formatHelp),
        flag('quiet', 'q', 'bool', 'Only display IDs'),
      ],
      run: sends('GET', '/services'),
    },
  ],
};
