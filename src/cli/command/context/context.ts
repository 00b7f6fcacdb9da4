import { contentText } from '../../../spec/index.ts';
import { parseHost } from '../../docker-cli.ts';
import { flag } from '../../flag/index.ts';
import { chooseFormat, formatHelp, inspectFormatHelp, printListing } from '../../format/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { inspectObjects } from '../inspect-objects.ts';

const show: Command = {
  name: 'show',
  use: '',
  short: 'Print the name of the current context',
  args: { exact: 0 },
  async run(cli) {
    await cli.println(cli.contextName);
    return 0;
  },
};

const ls: Command = {
  name: 'ls',
  use: '[OPTIONS]',
  short: 'List contexts',
  aliases: ['list'],
  aliasText: 'docker context ls, docker context list',
  flags: [flag('format', '', 'string', formatHelp), flag('quiet', 'q', 'bool', 'Only show context names')],
  args: { exact: 0 },
  async run(cli, flags) {
    const { files, env } = cli.host;
    const root = `${cli.config.directory}/contexts/meta`;
    const stored = files.stat(root)
      ? files.readdir(root).map(
          (id) =>
            JSON.parse(contentText(files.content(`${root}/${id}/meta.json`))) as {
              Name: string;
              Metadata?: { Description?: string };
              Endpoints?: { docker?: { Host?: string } };
            },
        )
      : [];
    const rows = [
      {
        name: 'default',
        description: 'Current DOCKER_HOST based configuration',
        host: parseHost(cli.global.hosts[0] ?? env.DOCKER_HOST ?? ''),
      },
      ...stored.map((meta) => ({
        name: meta.Name,
        description: meta.Metadata?.Description ?? '',
        host: meta.Endpoints?.docker?.Host ?? '',
      })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1));
    await printListing(
      cli,
      chooseFormat(
        cli,
        flags.string('format'),
        flags.bool('quiet'),
        '',
        '{{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}',
        '{{.Name}}',
      ),
      rows,
      {
        type: '*formatter.clientContextContext',
        headers: { Name: 'NAME', Description: 'DESCRIPTION', DockerEndpoint: 'DOCKER ENDPOINT', Error: 'ERROR' },
        fields: (row) => ({
          Name: row.name,
          Description: row.description,
          DockerEndpoint: row.host,
          Current: row.name === cli.contextName,
          Error: '',
        }),
      },
    );
    return 0;
  },
};

const use: Command = {
  name: 'use',
  use: 'CONTEXT',
  short: 'Set the current docker context',
  args: { exact: 1 },
  async run(cli, _flags, [name]) {
    if (name !== 'default') cli.config.contextEndpoint(name!);
    cli.config.currentContext = name!;
    cli.config.save();
    await cli.println(name!);
    await cli.err(`Current context is now "${name}"\n`);
    return 0;
  },
};

const inspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] [CONTEXT] [CONTEXT...]',
  short: 'Display detailed information on one or more contexts',
  flags: [flag('format', 'f', 'string', inspectFormatHelp)],
  async run(cli, flags, args) {
    return inspectObjects(cli, args.length ? args : [cli.contextName], flags.string('format'), async (name) => {
      if (name !== 'default') return cli.readText(cli.config.contextFile(name));
      return JSON.stringify({
        Name: name,
        Metadata: {},
        Endpoints: { docker: { Host: cli.endpoint, SkipTLSVerify: false } },
        TLSMaterial: {},
        Storage: { MetadataPath: '<IN MEMORY>', TLSPath: '<IN MEMORY>' },
      });
    });
  },
};

const lacking = (command: Command): Command => ({
  ...command,
  async run() {
    throw new StatusError(1, `drydock: context ${command.name} is not simulated`);
  },
});
const create = lacking({
  name: 'create',
  use: '[OPTIONS] CONTEXT',
  short: 'Create a context',
  long: `Create a context

Docker endpoint config:

NAME                DESCRIPTION
from                Copy named context's Docker endpoint configuration
host                Docker endpoint on which to connect
ca                  Trust certs signed only by this CA
cert                Path to TLS certificate file
key                 Path to TLS key file
skip-tls-verify     Skip TLS certificate validation

Example:

$ docker context create my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"`,
  flags: [
    flag('description', '', 'string', 'Description of the context'),
    flag('docker', '', 'stringToString', 'set the docker endpoint', { default: '[]' }),
    flag('from', '', 'string', 'create context from a named context'),
  ],
});
const exportContext = lacking({
  name: 'export',
  use: '[OPTIONS] CONTEXT [FILE|-]',
  short: 'Export a context to a tar archive FILE or a tar stream on STDOUT.',
});
const importContext = lacking({
  name: 'import',
  use: 'CONTEXT FILE|-',
  short: 'Import a context from a tar or zip file',
});
const rm = lacking({
  name: 'rm',
  use: 'CONTEXT [CONTEXT...]',
  short: 'Remove one or more contexts',
  aliases: ['remove'],
  aliasText: 'docker context rm, docker context remove',
  flags: [flag('force', 'f', 'bool', 'Force the removal of a context in use')],
});
const update = lacking({
  name: 'update',
  use: '[OPTIONS] CONTEXT',
  short: 'Update a context',
  long: `Update a context

Docker endpoint config:

NAME                DESCRIPTION
from                Copy named context's Docker endpoint configuration
host                Docker endpoint on which to connect
ca                  Trust certs signed only by this CA
cert                Path to TLS certificate file
key                 Path to TLS key file
skip-tls-verify     Skip TLS certificate validation

Example:

$ docker context update my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"`,
  flags: [
    flag('description', '', 'string', 'Description of the context'),
    flag('docker', '', 'stringToString', 'set the docker endpoint', { default: '[]' }),
  ],
});

export const context: Command = {
  name: 'context',
  use: '',
  short: 'Manage contexts',
  commands: [create, exportContext, importContext, inspect, ls, rm, show, update, use],
};
