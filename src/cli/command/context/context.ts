import { readTar, TarContent, tarEntry } from '../../../archive/index.ts';
import { BytesContent, contentText, textContent } from '../../../spec/index.ts';
import { type DockerCli, forEach, parseHost } from '../../docker-cli.ts';
import { type FlagSet, flag } from '../../flag/index.ts';
import { chooseFormat, formatHelp, inspectFormatHelp, printListing } from '../../format/index.ts';
import { fromPlain, Struct, type Value } from '../../template/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { inspectObjects } from '../inspect-objects.ts';
import { type ContextMeta, ContextStore, defaultDescription, defaultName } from './store.ts';

const overrides = (what: string): string =>
  `Warning: DOCKER_HOST environment variable overrides the active context. To use ${what}, either set the global --context flag, or unset DOCKER_HOST environment variable.\n`;

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
    const { env } = cli.host;
    const rows = [
      {
        name: 'default',
        description: defaultDescription,
        host: parseHost(cli.global.hosts[0] ?? env.DOCKER_HOST ?? ''),
      },
      ...new ContextStore(cli).list().map((meta) => ({
        name: meta.Name,
        description: meta.Metadata.Description ?? '',
        host: meta.Endpoints.docker?.Host ?? '',
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
    if (env.DOCKER_HOST && !flags.bool('quiet')) await cli.err(overrides('a context'));
    return 0;
  },
};

const use: Command = {
  name: 'use',
  use: 'CONTEXT',
  short: 'Set the current docker context',
  args: { exact: 1 },
  cobraArgs: true,
  async run(cli, _flags, [name]) {
    if (name !== defaultName) new ContextStore(cli).read(name!);
    cli.config.currentContext = name!;
    cli.config.save();
    await cli.println(name!);
    await cli.err(`Current context is now "${name}"\n`);
    if (name !== defaultName && cli.host.env.DOCKER_HOST) await cli.err(overrides(`"${name}"`));
    return 0;
  },
};

const inspect: Command = {
  name: 'inspect',
  use: '[OPTIONS] [CONTEXT] [CONTEXT...]',
  short: 'Display detailed information on one or more contexts',
  flags: [flag('format', 'f', 'string', inspectFormatHelp)],
  async run(cli, flags, args) {
    const store = new ContextStore(cli);
    return inspectObjects(
      cli,
      args.length ? args : [cli.contextName],
      flags.string('format'),
      async (name) => {
        const stored = name !== defaultName;
        const meta = stored ? store.read(name) : store.current();
        const places = stored
          ? { MetadataPath: store.metaPath(name), TLSPath: store.tlsPath(name) }
          : { MetadataPath: '<IN MEMORY>', TLSPath: '<IN MEMORY>' };
        return JSON.stringify({ ...meta, TLSMaterial: {}, Storage: places }).replace(
          /[<>&]/g,
          (char) => `\\u00${char.charCodeAt(0).toString(16)}`,
        );
      },
      contextValue,
    );
  },
};

const endpointMeta = (meta: object): Value =>
  new Struct('docker.EndpointMeta', new Map(Object.entries(meta).map(([key, value]) => [key, fromPlain(value)])));

/** contextWithTLSListing: the context's own fields are those of an embedded `Metadata`, which hides its own `Metadata`. */
function contextValue(plain: unknown): Value {
  const { Metadata, ...rest } = plain as ContextMeta;
  const described = new Map<string, Value>([
    ['Description', Metadata.Description ?? ''],
    ['AdditionalFields', new Map()],
  ]);
  const fields = Object.entries(rest).map(([name, value]): [string, Value] => [name, fromPlain(value)]);
  const own = new Map<string, Value>([
    ['Name', rest.Name],
    ['Metadata', new Struct('command.DockerContext', described)],
    ['Endpoints', new Map(Object.entries(rest.Endpoints).map(([name, meta]) => [name, endpointMeta(meta)]))],
  ]);
  return new Struct(
    'context.contextWithTLSListing',
    new Map([...fields, ['Metadata', new Struct('store.Metadata', own)]]),
  );
}

/** The options of `--docker` as an endpoint (cli/command/context/options.go). */
function endpointOf(store: ContextStore, options: Record<string, string>): ContextMeta['Endpoints']['docker'] {
  const known = ['from', 'host', 'ca', 'cert', 'key', 'skip-tls-verify'];
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length)
    throw new StatusError(
      1,
      unknown.map((key) => `unable to create docker endpoint config: unrecognized config key: ${key}`).join('\n'),
    );
  if (options.ca || options.cert || options.key)
    throw new StatusError(1, 'drydock: --docker with TLS files is not simulated');
  if (options.from) return store.find(options.from).Endpoints.docker;
  return { Host: options.host ?? '', SkipTLSVerify: options['skip-tls-verify'] === 'true' };
}

const docker = flag('docker', '', 'stringToString', 'set the docker endpoint', {
  default: '[]',
  check: (text) => {
    const bare = text.split(',').find((pair) => !pair.includes('='));
    if (bare !== undefined) throw new Error(`${bare} must be formatted as key=value`);
    return text;
  },
});
const description = flag('description', '', 'string', 'Description of the context');

const create: Command = {
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
  flags: [description, docker, flag('from', '', 'string', 'create context from a named context')],
  args: { exact: 1 },
  async run(cli, flags, [name]) {
    const store = new ContextStore(cli);
    store.checkNew(name!);
    store.write(
      flags.changed('docker') && !flags.string('from')
        ? created(store, name!, flags)
        : copied(cli, store, name!, flags),
    );
    await cli.println(name!);
    await cli.err(`Successfully created context "${name}"\n`);
    return 0;
  },
};

const created = (store: ContextStore, name: string, flags: FlagSet): ContextMeta => ({
  Name: name,
  Metadata: flags.string('description') ? { Description: flags.string('description') } : {},
  Endpoints: { docker: endpointOf(store, flags.map('docker')) },
});

function copied(cli: DockerCli, store: ContextStore, name: string, flags: FlagSet): ContextMeta {
  const from = flags.string('from') || cli.contextName;
  const meta = store.find(from);
  const text = flags.string('description') || (from === defaultName ? defaultDescription : meta.Metadata.Description);
  return { ...meta, Name: name, Metadata: text ? { Description: text } : {} };
}

const update: Command = {
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
  flags: [description, docker],
  args: { exact: 1 },
  async run(cli, flags, [name]) {
    const store = new ContextStore(cli);
    store.checkName(name!);
    const meta = store.read(name!);
    if (flags.string('description')) meta.Metadata.Description = flags.string('description');
    if (flags.changed('docker')) meta.Endpoints.docker = endpointOf(store, flags.map('docker'));
    store.write(meta);
    await cli.println(name!);
    await cli.err(`Successfully updated context "${name}"\n`);
    return 0;
  },
};

const rm: Command = {
  name: 'rm',
  use: 'CONTEXT [CONTEXT...]',
  short: 'Remove one or more contexts',
  aliases: ['remove'],
  aliasText: 'docker context rm, docker context remove',
  flags: [flag('force', 'f', 'bool', 'Force the removal of a context in use')],
  args: { min: 1 },
  async run(cli, flags, names) {
    const store = new ContextStore(cli);
    const force = flags.bool('force');
    await forEach(names, async (name) => {
      if (name === defaultName) throw new Error(`context "${name}" cannot be removed`);
      if (!store.has(name)) {
        if (!force) throw new Error(`context "${name}" does not exist`);
      } else {
        if (name === cli.contextName && !force) {
          throw new Error(`context "${name}" is in use, set -f flag to force remove`);
        }
        store.remove(name);
        if (name === cli.config.currentContext) {
          cli.config.currentContext = '';
          cli.config.save();
        }
      }
      await cli.println(name);
    });
    return 0;
  },
};

const exportContext: Command = {
  name: 'export',
  use: '[OPTIONS] CONTEXT [FILE|-]',
  short: 'Export a context to a tar archive FILE or a tar stream on STDOUT.',
  args: { min: 1, max: 2 },
  async run(cli, _flags, [name, file = `${name}.dockercontext`]) {
    const store = new ContextStore(cli);
    if (name !== defaultName) store.checkName(name!);
    if (file === '-' && cli.host.stdout.isTty) {
      throw new StatusError(1, 'cowardly refusing to export to a terminal, specify a file path');
    }
    const content = new TarContent([
      tarEntry({ name: 'meta.json', mode: 0o644, content: textContent(JSON.stringify(store.find(name!))) }),
      tarEntry({ name: 'tls', type: 'directory', mode: 0o700 }),
    ]);
    if (file === '-') {
      await cli.host.stdout.write(content.read(0, content.size));
      return 0;
    }
    if (cli.host.files.lstat(file)) throw new StatusError(1, `open ${file}: file exists`);
    cli.host.files.writeFile(file, content, 0o600);
    await cli.err(`Written file "${file}"\n`);
    return 0;
  },
};

const importContext: Command = {
  name: 'import',
  use: 'CONTEXT FILE|-',
  short: 'Import a context from a tar or zip file',
  args: { exact: 2 },
  async run(cli, _flags, [name, file]) {
    const store = new ContextStore(cli);
    store.checkNew(name!);
    const content = file === '-' ? await wholeInput(cli) : fileContent(cli, file!);
    const entry = readTar(content).find((each) => each.name === 'meta.json');
    if (!entry?.content) throw new StatusError(1, 'invalid context: no metadata found');
    store.write({ ...(JSON.parse(contentText(entry.content)) as ContextMeta), Name: name! });
    await cli.println(name!);
    await cli.err(`Successfully imported context "${name}"\n`);
    return 0;
  },
};

function fileContent(cli: DockerCli, file: string) {
  if (!cli.host.files.stat(file)) throw new StatusError(1, `open ${file}: no such file or directory`);
  return cli.host.files.content(file);
}

async function wholeInput(cli: DockerCli) {
  const pieces: number[] = [];
  for await (const bytes of cli.input()) pieces.push(...bytes);
  return new BytesContent(Uint8Array.from(pieces));
}

export const context: Command = {
  name: 'context',
  use: '',
  short: 'Manage contexts',
  commands: [create, exportContext, importContext, inspect, ls, rm, show, update, use],
};
