import { flag } from '../../flag/index.ts';
import { formatHelp, inspectFormatHelp } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { each, fromFile, inspects, sends } from './request.ts';

export const config: Command = {
  name: 'config',
  use: '',
  short: 'Manage Swarm configs',
  swarm: true,
  commands: [
    {
      name: 'create',
      use: '[OPTIONS] CONFIG file|-',
      short: 'Create a config from a file or STDIN',
      args: { exact: 2 },
      flags: [flag('label', 'l', 'list', 'Config labels'), flag('template-driver', '', 'string', 'Template driver')],
      run: fromFile(
        '/configs/create',
        (file) => `Error reading content from "${file}": error reading from ${file}: `,
        false,
      ),
    },
    {
      name: 'inspect',
      use: '[OPTIONS] CONFIG [CONFIG...]',
      short: 'Display detailed information on one or more configs',
      args: { min: 1 },
      flags: [
        flag('format', 'f', 'string', inspectFormatHelp),
        flag('pretty', '', 'bool', 'Print the information in a human friendly format'),
      ],
      run: inspects('/configs/'),
    },
    {
      name: 'ls',
      use: '[OPTIONS]',
      short: 'List configs',
      aliases: ['list'],
      aliasText: 'docker config ls, docker config list',
      args: { exact: 0 },
      flags: [
        flag('filter', 'f', 'filter', 'Filter output based on conditions provided'),
        flag('format', '', 'string', formatHelp),
        flag('quiet', 'q', 'bool', 'Only display IDs'),
      ],
      run: sends('GET', '/configs'),
    },
    {
      name: 'rm',
      use: 'CONFIG [CONFIG...]',
      short: 'Remove one or more configs',
      aliases: ['remove'],
      aliasText: 'docker config rm, docker config remove',
      args: { min: 1 },
      run: each('DELETE', '/configs/'),
    },
  ],
};
