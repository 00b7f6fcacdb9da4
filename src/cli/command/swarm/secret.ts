import { flag } from '../../flag/index.ts';
import { formatHelp, inspectFormatHelp } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { each, fromFile, inspects, sends } from './request.ts';

export const secret: Command = {
  name: 'secret',
  use: '',
  short: 'Manage Swarm secrets',
  swarm: true,
  commands: [
    {
      name: 'create',
      use: '[OPTIONS] SECRET [file|-]',
      short: 'Create a secret from a file or STDIN as content',
      args: { min: 1, max: 2 },
      flags: [
        flag('driver', 'd', 'string', 'Secret driver'),
        flag('label', 'l', 'list', 'Secret labels'),
        flag('template-driver', '', 'string', 'Template driver'),
      ],
      run: fromFile('/secrets/create', (file) => `error reading from ${file}: `, true),
    },
    {
      name: 'inspect',
      use: '[OPTIONS] SECRET [SECRET...]',
      short: 'Display detailed information on one or more secrets',
      args: { min: 1 },
      flags: [
        flag('format', 'f', 'string', inspectFormatHelp),
        flag('pretty', '', 'bool', 'Print the information in a human friendly format'),
      ],
      run: inspects('/secrets/'),
    },
    {
      name: 'ls',
      use: '[OPTIONS]',
      short: 'List secrets',
      aliases: ['list'],
      aliasText: 'docker secret ls, docker secret list',
      args: { exact: 0 },
      flags: [
        flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
        flag('format', '', 'string', formatHelp),
        flag('quiet', 'q', 'bool', 'Only display IDs'),
      ],
      run: sends('GET', '/secrets'),
    },
    {
      name: 'rm',
      use: 'SECRET [SECRET...]',
      short: 'Remove one or more secrets',
      aliases: ['remove'],
      aliasText: 'docker secret rm, docker secret remove',
      args: { min: 1 },
      run: each('DELETE', '/secrets/'),
    },
  ],
};
