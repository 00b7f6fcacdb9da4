import type { DockerCli } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import { inspectFormatHelp } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { inspects } from '../swarm/request.ts';

type Ask = (cli: DockerCli, args: string[]) => Promise<unknown>;

/** The plugin must be there first: no daemon of ours has one. */
const plugin =
  (method: string, path: (name: string) => string): Ask =>
  async (cli, names) => {
    const errors: string[] = [];
    for (const name of names) {
      await cli.client.done(method, path(name)).catch((error: Error) => errors.push(error.message));
    }
    if (errors.length) throw new StatusError(1, errors.join('\n'));
  };

/** A command whose help and syntax are here and whose work is not; `ask` lets the daemon speak first. */
const lacking = (group: string, command: Command, ask?: Ask): Command => ({
  ...command,
  async run(cli, _flags, args) {
    await ask?.(cli, args);
    throw new StatusError(1, `drydock: docker ${group} ${command.name} is not simulated`);
  },
});

export const pluginCommands: Command[] = [
  lacking(
    'plugin',
    {
      name: 'create',
      use: '[OPTIONS] PLUGIN PLUGIN-DATA-DIR',
      args: { min: 2 },
      short:
        'Create a plugin from a rootfs and configuration. Plugin data directory must contain config.json and rootfs directory.',
      flags: [flag('compress', '', 'bool', 'Compress the context using gzip')],
    },
    async (cli, [, directory = '']) => {
      const path = directory.startsWith('/') ? directory : `${cli.host.cwd}/${directory}`;
      if (!cli.host.files.lstat(path)) throw new StatusError(1, `lstat ${path}: no such file or directory`);
    },
  ),
  lacking(
    'plugin',
    {
      name: 'disable',
      use: '[OPTIONS] PLUGIN',
      args: { exact: 1 },
      short: 'Disable a plugin',
      flags: [flag('force', 'f', 'bool', 'Force the disable of an active plugin')],
    },
    (cli, [name]) => plugin('POST', (each) => `/plugins/${each}/disable`)(cli, [name!]),
  ),
  lacking(
    'plugin',
    {
      name: 'enable',
      use: '[OPTIONS] PLUGIN',
      args: { exact: 1 },
      short: 'Enable a plugin',
      flags: [flag('timeout', '', 'int', 'HTTP client timeout (in seconds)', { default: '30' })],
    },
    (cli, [name]) => plugin('POST', (each) => `/plugins/${each}/enable`)(cli, [name!]),
  ),
  {
    name: 'inspect',
    use: '[OPTIONS] PLUGIN [PLUGIN...]',
    args: { min: 1 },
    short: 'Display detailed information on one or more plugins',
    flags: [flag('format', 'f', 'string', inspectFormatHelp)],
    run: inspects('/plugins/', '/json'),
  },
  lacking('plugin', {
    name: 'install',
    use: '[OPTIONS] PLUGIN [KEY=VALUE...]',
    args: { min: 1 },
    short: 'Install a plugin',
    flags: [
      flag('alias', '', 'string', 'Local name for plugin'),
      flag('disable', '', 'bool', 'Do not enable the plugin on install'),
      flag('disable-content-trust', '', 'bool', 'Skip image verification', { default: 'true' }),
      flag('grant-all-permissions', '', 'bool', 'Grant all permissions necessary to run the plugin'),
    ],
  }),
  lacking(
    'plugin',
    {
      name: 'push',
      use: '[OPTIONS] PLUGIN[:TAG]',
      args: { exact: 1 },
      short: 'Push a plugin to a registry',
      flags: [flag('disable-content-trust', '', 'bool', 'Skip image signing', { default: 'true' })],
    },
    (cli, [name]) =>
      plugin('POST', (each) => `/plugins/${each}/push`)(cli, [/:[^/]*$/.test(name!) ? name! : `${name}:latest`]),
  ),
  lacking(
    'plugin',
    {
      name: 'rm',
      use: '[OPTIONS] PLUGIN [PLUGIN...]',
      args: { min: 1 },
      short: 'Remove one or more plugins',
      aliases: ['remove'],
      aliasText: 'docker plugin rm, docker plugin remove',
      flags: [flag('force', 'f', 'bool', 'Force the removal of an active plugin')],
    },
    plugin('DELETE', (name) => `/plugins/${name}`),
  ),
  lacking(
    'plugin',
    {
      name: 'set',
      use: 'PLUGIN KEY=VALUE [KEY=VALUE...]',
      args: { min: 2 },
      short: 'Change settings for a plugin',
    },
    (cli, [name]) => plugin('POST', (each) => `/plugins/${each}/set`)(cli, [name!]),
  ),
  lacking('plugin', {
    name: 'upgrade',
    use: '[OPTIONS] PLUGIN [REMOTE]',
    args: { min: 1, max: 2 },
    short: 'Upgrade an existing plugin',
    flags: [
      flag('disable-content-trust', '', 'bool', 'Skip image verification', { default: 'true' }),
      flag('grant-all-permissions', '', 'bool', 'Grant all permissions necessary to run the plugin'),
      flag('skip-remote-check', '', 'bool', 'Do not check if specified remote plugin matches existing plugin image'),
    ],
  }),
];

export const trustCommands: Command[] = [
  {
    name: 'inspect',
    use: 'IMAGE[:TAG] [IMAGE[:TAG]...]',
    args: { min: 1 },
    short: 'Return low-level information about keys and signatures',
    flags: [flag('pretty', '', 'bool', 'Print the information in a human friendly format')],
    // No notary server stands in the networks here: nothing is signed.
    async run(cli, flags, names) {
      if (!flags.bool('pretty')) await cli.println('[]');
      const told = names.map((name) => `no signatures or cannot access ${name}`);
      throw new StatusError(1, told.join('\n'));
    },
  },
  lacking('trust', {
    name: 'revoke',
    use: '[OPTIONS] IMAGE[:TAG]',
    args: { exact: 1 },
    short: 'Remove trust for an image',
    flags: [flag('yes', 'y', 'bool', 'Do not prompt for confirmation')],
  }),
  lacking('trust', {
    name: 'sign',
    use: 'IMAGE:TAG',
    args: { exact: 1 },
    short: 'Sign an image',
    flags: [flag('local', '', 'bool', 'Sign a locally tagged image')],
  }),
];

export const checkpointCommands: Command[] = [
  lacking('checkpoint', {
    name: 'create',
    use: '[OPTIONS] CONTAINER CHECKPOINT',
    args: { exact: 2 },
    short: 'Create a checkpoint from a running container',
    flags: [
      flag('checkpoint-dir', '', 'string', 'Use a custom checkpoint storage directory'),
      flag('leave-running', '', 'bool', 'Leave the container running after checkpoint'),
    ],
  }),
  lacking('checkpoint', {
    name: 'ls',
    use: '[OPTIONS] CONTAINER',
    args: { exact: 1 },
    short: 'List checkpoints for a container',
    aliases: ['list'],
    aliasText: 'docker checkpoint ls, docker checkpoint list',
    flags: [flag('checkpoint-dir', '', 'string', 'Use a custom checkpoint storage directory')],
  }),
  lacking('checkpoint', {
    name: 'rm',
    use: '[OPTIONS] CONTAINER CHECKPOINT',
    args: { exact: 2 },
    short: 'Remove a checkpoint',
    aliases: ['remove'],
    aliasText: 'docker checkpoint rm, docker checkpoint remove',
    flags: [flag('checkpoint-dir', '', 'string', 'Use a custom checkpoint storage directory')],
  }),
];

export const trustKeyCommands: Command[] = [
  lacking('trust key', {
    name: 'generate',
    use: 'NAME',
    args: { exact: 1 },
    short: 'Generate and load a signing key-pair',
    flags: [flag('dir', '', 'string', 'Directory to generate key in, defaults to current directory')],
  }),
  lacking(
    'trust key',
    {
      name: 'load',
      use: '[OPTIONS] KEYFILE',
      args: { exact: 1 },
      short: 'Load a private key file for signing',
      flags: [flag('name', '', 'string', 'Name for the loaded key', { default: '"signer"' })],
    },
    async (cli, [file = '']) => {
      await cli.println(`Loading key from ${JSON.stringify(file)}...`);
      const path = file.startsWith('/') ? file : `${cli.host.cwd}/${file}`;
      const problem = `refusing to load key from ${file}: stat ${file}: no such file or directory`;
      if (!cli.host.files.stat(path)) throw new StatusError(1, problem);
    },
  ),
];

export const trustSignerCommands: Command[] = [
  lacking('trust signer', {
    name: 'add',
    use: 'OPTIONS NAME REPOSITORY [REPOSITORY...] ',
    args: { min: 2 },
    short: 'Add a signer',
    flags: [flag('key', '', 'list', "Path to the signer's public key file")],
  }),
  lacking('trust signer', {
    name: 'remove',
    use: '[OPTIONS] NAME REPOSITORY [REPOSITORY...]',
    args: { min: 2 },
    short: 'Remove a signer',
    flags: [flag('force', 'f', 'bool', 'Do not prompt for confirmation before removing the most recent signer')],
  }),
];

const switches = (names: string) => names.split(' ').map((name) => flag(name, '', 'bool', ''));
const texts = (names: string) => names.split(' ').map((name) => flag(name, '', 'list', ''));

/** Builders beside the daemon's own, and what only they do. */
export const buildxCommands: Command[] = [
  lacking('buildx', {
    name: 'bake',
    use: '[OPTIONS] [TARGET...]',
    short: 'Build from a file',
    flags: [
      flag('file', 'f', 'list', 'Build definition file'),
      ...switches('load no-cache print pull push'),
      ...texts('allow metadata-file progress provenance sbom set'),
    ],
  }),
  lacking('buildx', {
    name: 'create',
    use: '[OPTIONS] [CONTEXT|ENDPOINT]',
    short: 'Create a new builder instance',
    flags: [
      ...switches('append bootstrap leave use'),
      ...texts('buildkitd-config buildkitd-flags config driver driver-opt name node platform'),
    ],
  }),
  lacking('buildx', {
    name: 'inspect',
    use: '[NAME]',
    short: 'Inspect current builder instance',
    flags: switches('bootstrap'),
  }),
  lacking('buildx', {
    name: 'ls',
    use: '',
    short: 'List builder instances',
    flags: [...switches('no-trunc'), ...texts('format')],
  }),
  lacking('buildx', {
    name: 'rm',
    use: '[OPTIONS] [NAME] [NAME...]',
    short: 'Remove one or more builder instances',
    flags: [flag('force', 'f', 'bool', ''), ...switches('all-inactive keep-daemon keep-state')],
  }),
  lacking('buildx', { name: 'stop', use: '[NAME]', short: 'Stop builder instance' }),
  lacking('buildx', {
    name: 'use',
    use: '[OPTIONS] NAME',
    short: 'Set the current builder instance',
    args: { exact: 1 },
    flags: switches('default global'),
  }),
];
