import { sha256 } from '@noble/hashes/sha2.js';
import { parseDotenv, parsePorts, parseVolume, shellWords, type VolumeMountSpec } from '../../../compose/index.ts';
import { utf8 } from '../../../spec/index.ts';
import { FlagSet, flag } from '../../flag/index.ts';
import { type Command, StatusError } from '../command.ts';
import { joinPath } from '../container/mount-option.ts';
import { start as dockerStart } from '../container/start.ts';
import { proxySignals } from '../container/stream.ts';
import { type Compose, composeRun, isTrue } from './compose.ts';
import { listContainers } from './containers.ts';
import { Convergence } from './convergence.ts';
import { createProject, ensureImages } from './create.ts';
import { applyPull } from './create-options.ts';
import { label } from './labels.ts';
import { type ActiveProject, type ActiveService, getService, selectServices } from './project.ts';
import { startProject, waitDependencies } from './start.ts';

export const run: Command = {
  name: 'run',
  use: '[OPTIONS] SERVICE [COMMAND] [ARGS...]',
  short: 'Run a one-off command on a service',
  flags: [
    flag('detach', 'd', 'bool', 'Run container in background and print container ID'),
    flag('env', 'e', 'stringArray', 'Set environment variables'),
    flag('env-from-file', '', 'stringArray', 'Set environment variables from file'),
    flag('label', 'l', 'stringArray', 'Add or override a label'),
    flag('rm', '', 'bool', 'Automatically remove the container when it exits'),
    flag('no-TTY', 'T', 'bool', 'Disable pseudo-TTY allocation (default: auto-detected)'),
    flag('name', '', 'string', 'Assign a name to the container'),
    flag('user', 'u', 'string', 'Run as specified username or uid'),
    flag('workdir', 'w', 'string', 'Working directory inside the container'),
    flag('entrypoint', '', 'string', 'Override the entrypoint of the image'),
    flag('cap-add', '', 'list', 'Add Linux capabilities'),
    flag('cap-drop', '', 'list', 'Drop Linux capabilities'),
    flag('no-deps', '', 'bool', "Don't start linked services"),
    flag('volume', 'v', 'stringArray', 'Bind mount a volume'),
    flag('publish', 'p', 'stringArray', "Publish a container's port(s) to the host"),
    flag('use-aliases', '', 'bool', "Use the service's network useAliases in the network(s) the container connects to"),
    flag('service-ports', 'P', 'bool', "Run command with all service's ports enabled and mapped to the host"),
    flag('pull', '', 'string', 'Pull image before running ("always"|"missing"|"never")', { default: '"policy"' }),
    flag('quiet', 'q', 'bool', "Don't print anything to STDOUT"),
    flag('quiet-build', '', 'bool', 'Suppress progress output from the build process'),
    flag('quiet-pull', '', 'bool', 'Pull without printing progress information'),
    flag('build', '', 'bool', 'Build image before starting container'),
    flag('remove-orphans', '', 'bool', 'Remove containers for services not defined in the Compose file'),
    flag('interactive', 'i', 'bool', 'Keep STDIN open even if not attached', { default: 'true' }),
    flag('tty', 't', 'bool', 'Allocate a pseudo-TTY', { default: 'true', hidden: true }),
  ],
  interspersed: false,
  args: { min: 1 },
  cobraArgs: true,
  run: composeRun(async (compose, flags, [name, ...command]) => {
    const { cli } = compose;
    if (flags.changed('publish') && flags.bool('service-ports'))
      throw new StatusError(1, '--service-ports and --publish are incompatible');
    if (flags.changed('tty') && flags.changed('no-TTY'))
      throw new StatusError(1, "--tty and --no-TTY can't be used together");
    if (flags.bool('quiet')) compose.progressMode = 'quiet';
    const loaded = await compose.project([name!]);
    const project = flags.bool('no-deps') ? selectServices(loaded, [name!], 'alone') : loaded;
    const service = getService(project, name!);
    applyPull(flags, project);
    await startDependencies(compose, flags, project, service);
    applyOptions(compose, flags, project, service, command);
    const detach = flags.bool('detach');
    if (service.tty && service.stdin_open && !cli.host.stdin.isTty)
      throw new StatusError(1, 'the input device is not a TTY');
    const id = await prepare(compose, flags, project, service);
    // Every signal goes to the container, as long as it runs.
    const release = proxySignals(cli, id);
    try {
      const argv = detach ? [] : ['--attach', ...(service.stdin_open ? ['--interactive'] : [])];
      return await dockerStart.run!(cli, new FlagSet(dockerStart.flags!).parse(argv), [id]);
    } finally {
      release();
    }
  }),
};

async function startDependencies(
  compose: Compose,
  flags: FlagSet,
  project: ActiveProject,
  service: ActiveService,
): Promise<void> {
  const { [service.name]: _requested, ...services } = project.services;
  const others = { ...structuredClone(project), services, disabled: { ...project.disabled, [service.name]: service } };
  await compose.progress('Running', () =>
    compose.progress('Creating', async (writer) => {
      await createProject(compose, writer, others, {
        services: [],
        build: { services: [], quiet: flags.bool('quiet-build') || flags.bool('quiet') },
        quietPull: flags.bool('quiet-pull'),
        removeOrphans: flags.bool('remove-orphans'),
        ignoreOrphans: isTrue(project.environment.COMPOSE_IGNORE_ORPHANS),
        recreate: 'diverged',
        recreateDependencies: 'diverged',
        inherit: false,
      });
    }),
  );
  if (Object.keys(services).length)
    await compose.progress('Running', (writer) => startProject(compose, writer, project.name, { project: others }));
}

/** What the command line says otherwise than the file. */
function applyOptions(
  compose: Compose,
  flags: FlagSet,
  project: ActiveProject,
  service: ActiveService,
  command: readonly string[],
): void {
  const noTty = flags.changed('tty')
    ? !flags.bool('tty')
    : flags.changed('no-TTY')
      ? flags.bool('no-TTY')
      : !compose.cli.host.stdout.isTty;
  service.tty = !noTty;
  service.stdin_open = flags.bool('interactive');
  service.container_name = flags.string('name') || undefined;
  if (!flags.bool('service-ports')) service.ports = flags.list('publish').flatMap(parsePorts);
  const volumes = flags.list('volume').map((text) => volumeOf(compose, text));
  if (volumes.length) service.volumes = [...(service.volumes ?? []), ...volumes];
  if (command.length) service.command = [...command];
  if (flags.string('user')) service.user = flags.string('user');
  if (flags.string('workdir')) service.working_dir = flags.string('workdir');
  if (flags.changed('entrypoint')) {
    service.entrypoint = shellWords(flags.string('entrypoint'));
    if (command.length === 0) service.command = [];
  }
  const [add, drop] = [flags.list('cap-add'), flags.list('cap-drop')];
  const without = (list: string[] | undefined, gone: readonly string[]): string[] =>
    (list ?? []).filter((one) => !gone.includes(one));
  if (add.length)
    Object.assign(service, { cap_add: [...(service.cap_add ?? []), ...add], cap_drop: without(service.cap_drop, add) });
  if (drop.length)
    Object.assign(service, {
      cap_drop: [...(service.cap_drop ?? []), ...drop],
      cap_add: without(service.cap_add, drop),
    });
  for (const path of flags.list('env-from-file')) {
    if (!compose.cli.host.files.stat(path)) throw new StatusError(1, `open ${path}: no such file or directory`);
    const lookup = (name: string): string | undefined => compose.env(name);
    const vars = parseDotenv(compose.cli.readText(path), lookup, (message) => void compose.warn(message));
    service.environment = { ...service.environment, ...vars };
  }
  for (const text of flags.list('env')) {
    const [name, value] = text.split(/=(.*)/s) as [string, string?];
    const resolved = value ?? project.environment[name];
    if (resolved !== undefined) service.environment = { ...service.environment, [name]: resolved };
  }
  for (const text of flags.list('label')) {
    const [key, value] = text.split(/=(.*)/s) as [string, string?];
    if (value === undefined) throw new StatusError(1, 'label must be set as KEY=VALUE');
    service.labels = { ...service.labels, [key]: value };
  }
}

/** Makes the container; answers its id. */
async function prepare(
  compose: Compose,
  flags: FlagSet,
  project: ActiveProject,
  service: ActiveService,
): Promise<string> {
  const slug = slugOf(compose, service);
  const { separator } = compose;
  service.container_name ??= [project.name, service.name, 'run', slug.slice(0, 12)].join(separator);
  service.scale = 1;
  delete service.restart;
  if (service.deploy) delete service.deploy.restart_policy;
  Object.assign(service.customLabels, { [label.slug]: slug, [label.oneOff]: 'True' });
  const quiet = flags.bool('quiet') || flags.bool('quiet-build');
  // Outside of any progress: what happens to the container itself is not shown.
  const silent = { event: () => undefined, tail: () => undefined, stop: async () => undefined };
  await ensureImages(compose, silent, project, {
    build: { services: [service.name], quiet },
    quietPull: flags.bool('quiet-pull'),
  });
  const observed = await listContainers(compose, project.name, { oneOff: 'include', all: true });
  if (!flags.bool('no-deps'))
    await waitDependencies(compose, silent, project, service.name, service.depends_on ?? {}, observed);
  const convergence = new Convergence(compose, silent, project, observed);
  convergence.resolveReferences(service);
  const { Id } = await convergence.create(service, service.container_name, {
    number: -1,
    autoRemove: flags.bool('rm'),
    attachStdin: service.stdin_open,
    aliases: flags.bool('use-aliases'),
  });
  return Id;
}

/** Different for every run: of the moment, since the client has no other chance at hand. */
function slugOf({ cli }: Compose, { name }: ActiveService): string {
  const { sec, nsec } = cli.host.now();
  return [...sha256(utf8(`${name} ${sec}.${nsec}`))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `-v SOURCE:TARGET[:OPTIONS]`; a path is one below the working directory. */
function volumeOf({ cli }: Compose, text: string): VolumeMountSpec {
  const { target = '', source, ...volume } = parseVolume(text);
  const path = volume.type === 'bind' && source ? joinPath(cli.host.cwd, source) : source;
  return { ...volume, target, ...(path ? { source: path } : {}) };
}
