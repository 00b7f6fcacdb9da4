import { flag } from '../../flag/index.ts';
import { formatHelp, inspectFormatHelp } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { each, inspects, sends } from './request.ts';

export const node: Command = {
  name: 'node',
  use: '',
  short: 'Manage Swarm nodes',
  swarm: true,
  commands: [
    {
      name: 'demote',
      use: 'NODE [NODE...]',
      short: 'Demote one or more nodes from manager in the swarm',
      args: { min: 1 },
      run: each('GET', '/nodes/'),
    },
    {
      name: 'inspect',
      use: '[OPTIONS] self|NODE [NODE...]',
      short: 'Display detailed information on one or more nodes',
      args: { min: 1 },
      flags: [
        flag('format', 'f', 'string', inspectFormatHelp),
        flag('pretty', '', 'bool', 'Print the information in a human friendly format'),
      ],
      run: inspects('/nodes/'),
    },
    {
      name: 'ls',
      use: '[OPTIONS]',
      short: 'List nodes in the swarm',
      aliases: ['list'],
      aliasText: 'docker node ls, docker node list',
      args: { exact: 0 },
      flags: [
        flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
        flag('format', '', 'string', formatHelp),
        flag('quiet', 'q', 'bool', 'Only display IDs'),
      ],
      run: sends('GET', '/nodes'),
    },
    {
      name: 'promote',
      use: 'NODE [NODE...]',
      short: 'Promote one or more nodes to manager in the swarm',
      args: { min: 1 },
      run: each('GET', '/nodes/'),
    },
    {
      name: 'ps',
      use: '[OPTIONS] [NODE...]',
      short: 'List tasks running on one or more nodes, defaults to current node',
      flags: [
        flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
        flag('format', '', 'string', 'Pretty-print tasks using a Go template'),
        flag('no-resolve', '', 'bool', 'Do not map IDs to Names'),
        flag('no-trunc', '', 'bool', 'Do not truncate output'),
        flag('quiet', 'q', 'bool', 'Only display task IDs'),
      ],
      run: sends('GET', '/nodes/self'),
    },
    {
      name: 'rm',
      use: '[OPTIONS] NODE [NODE...]',
      short: 'Remove one or more nodes from the swarm',
      aliases: ['remove'],
      aliasText: 'docker node rm, docker node remove',
      args: { min: 1 },
      flags: [flag('force', 'f', 'bool', 'Force remove a node from the swarm')],
      run: each('DELETE', '/nodes/'),
    },
    {
      name: 'update',
      use: '[OPTIONS] NODE',
      short: 'Update a node',
      args: { exact: 1 },
      flags: [
        flag('availability', '', 'string', 'Availability of the node ("active", "pause", "drain")'),
        flag('label-add', '', 'list', 'Add or update a node label ("key=value")'),
        flag('label-rm', '', 'list', 'Remove a node label if exists'),
        flag('role', '', 'string', 'Role of the node ("worker", "manager")'),
      ],
      run: each('GET', '/nodes/'),
    },
  ],
};
