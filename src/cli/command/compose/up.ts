import { flag } from '../../flag/index.ts';
import { type Command, StatusError } from '../command.ts';
import { attachAll, attachContainer, momentOf } from './attach.ts';
import { type Compose, composeRun } from './compose.ts';
import { listContainers, nameWithoutProject, serviceOf } from './containers.ts';
import { type CreateOptions, createProject } from './create.ts';
import { createOptions, scaleFlag, yesFlag } from './create-options.ts';
import { killProject } from './kill-project.ts';
import { stopProject } from './lifecycle.ts';
import { type Cascade, LogPrinter } from './log-printer.ts';
import { type ActiveProject, getService, selectServices } from './project.ts';
import { startProject } from './start.ts';
import { watchContainers } from './watch-containers.ts';
import { watchProject } from './watch-project.ts';

export const up: Command = {
  name: 'up',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Create and start containers',
  flags: [
    flag('detach', 'd', 'bool', 'Detached mode: Run containers in the background'),
    flag('build', '', 'bool', 'Build images before starting containers'),
    flag('no-build', '', 'bool', "Don't build an image, even if it's policy"),
    flag('pull', '', 'string', 'Pull image before running ("always"|"missing"|"never")', { default: '"policy"' }),
    flag('remove-orphans', '', 'bool', 'Remove containers for services not defined in the Compose file'),
    scaleFlag,
    flag('no-color', '', 'bool', 'Produce monochrome output'),
    flag('no-log-prefix', '', 'bool', "Don't print prefix in logs"),
    flag('force-recreate', '', 'bool', "Recreate containers even if their configuration and image haven't changed"),
    flag(
      'no-recreate',
      '',
      'bool',
      "If containers already exist, don't recreate them. Incompatible with --force-recreate.",
    ),
    flag('no-start', '', 'bool', "Don't start the services after creating them"),
    flag(
      'abort-on-container-exit',
      '',
      'bool',
      'Stops all containers if any container was stopped. Incompatible with -d',
    ),
    flag(
      'abort-on-container-failure',
      '',
      'bool',
      'Stops all containers if any container exited with failure. Incompatible with -d',
    ),
    flag(
      'exit-code-from',
      '',
      'string',
      'Return the exit code of the selected service container. Implies --abort-on-container-exit',
    ),
    flag(
      'timeout',
      't',
      'int',
      'Use this timeout in seconds for container shutdown when attached or when containers are already running',
    ),
    flag('timestamps', '', 'bool', 'Show timestamps'),
    flag('no-deps', '', 'bool', "Don't start linked services"),
    flag('always-recreate-deps', '', 'bool', 'Recreate dependent containers. Incompatible with --no-recreate.'),
    flag(
      'renew-anon-volumes',
      'V',
      'bool',
      'Recreate anonymous volumes instead of retrieving data from the previous containers',
    ),
    flag('quiet-pull', '', 'bool', 'Pull without printing progress information'),
    flag(
      'attach',
      '',
      'stringArray',
      'Restrict attaching to the specified services. Incompatible with --attach-dependencies.',
    ),
    flag('no-attach', '', 'stringArray', 'Do not attach (stream logs) to the specified services'),
    flag('attach-dependencies', '', 'bool', 'Automatically attach to log output of dependent services'),
    flag('wait', '', 'bool', 'Wait for services to be running|healthy. Implies detached mode.'),
    flag('wait-timeout', '', 'int', 'Maximum duration in seconds to wait for the project to be running|healthy'),
    flag('watch', 'w', 'bool', 'Watch source code and rebuild/refresh containers when files are updated.'),
    // Differs from Docker: accepted, but no menu of keys stands at the bottom of the terminal.
    flag(
      'menu',
      '',
      'bool',
      'Enable interactive shortcuts when running attached. Incompatible with --detach. Can also be enable/disable by setting COMPOSE_MENU environment var.',
    ),
    yesFlag,
  ],
  run: composeRun(async (compose, flags, services) => {
    const options = upOptions(flags);
    const loaded = await compose.project(services);
    if (options.attach.length && flags.bool('attach-dependencies'))
      throw new StatusError(1, 'cannot combine --attach and --attach-dependencies');
    if (!compose.allResources && Object.keys(loaded.services).length === 0)
      throw new StatusError(1, 'no service selected');
    const create = createOptions(flags, loaded, services);
    const project = flags.bool('no-deps') ? selectServices(loaded, services, 'alone') : loaded;
    if (options.exitCodeFrom) getService(project, options.exitCodeFrom);
    if (flags.bool('no-start')) {
      await compose.progress('Creating', (writer) => createProject(compose, writer, project, create));
      return 0;
    }
    if (!options.detach)
      return runAttached(compose, project, create, { ...options, attach: attached(project, services, options) });
    await compose.progress('Running', async (writer) => {
      await createProject(compose, writer, project, create);
      await startProject(compose, writer, project.name, { project, ...options });
    });
    return 0;
  }),
};

type UpOptions = ReturnType<typeof upOptions>;

function upOptions(flags: Parameters<NonNullable<Command['run']>>[1]) {
  const exitCodeFrom = flags.string('exit-code-from');
  const fail = flags.bool('abort-on-container-failure');
  const stop = flags.bool('abort-on-container-exit') || (exitCodeFrom !== '' && !fail);
  const attach = flags.list('attach');
  const dependencies = flags.bool('attach-dependencies');
  const wait = flags.bool('wait');
  const refuse = (when: boolean, message: string): void => {
    if (when) throw new StatusError(1, message);
  };
  refuse(stop && fail, '--abort-on-container-failure cannot be combined with --abort-on-container-exit');
  refuse(
    wait && (dependencies || stop || attach.length > 0),
    '--wait cannot be combined with --abort-on-container-exit, --attach or --attach-dependencies',
  );
  refuse(flags.bool('build') && flags.bool('no-build'), '--build and --no-build are incompatible');
  refuse(
    (wait || flags.bool('detach')) && (dependencies || stop || fail || attach.length > 0 || flags.bool('watch')),
    `--${wait ? 'wait' : 'detach'} cannot be combined with --abort-on-container-exit, --abort-on-container-failure, --attach, --attach-dependencies or --watch`,
  );
  for (const [one, other] of [
    ['no-recreate', 'renew-anon-volumes'],
    ['force-recreate', 'no-recreate'],
    ['always-recreate-deps', 'no-recreate'],
  ] as const)
    refuse(flags.bool(one) && flags.bool(other), `--${one} and --${other} are incompatible`);
  refuse(flags.bool('no-build') && flags.bool('watch'), '--no-build and --watch are incompatible');
  return {
    detach: flags.bool('detach') || wait,
    wait,
    waitTimeout: flags.int('wait-timeout') * 1000,
    cascade: (stop ? 'stop' : fail ? 'fail' : 'ignore') as Cascade,
    exitCodeFrom,
    attach,
    noAttach: flags.list('no-attach'),
    dependencies,
    color: !flags.bool('no-color'),
    prefix: !flags.bool('no-log-prefix'),
    timestamps: flags.bool('timestamps'),
    watch: flags.bool('watch'),
  };
}

/** Services whose output is shown. */
function attached(project: ActiveProject, services: readonly string[], options: UpOptions): string[] {
  const unexpected = options.attach.filter((name) => !project.services[name]);
  if (unexpected.length)
    throw new StatusError(1, `cannot attach to services not included in up: ${unexpected.join(', ')}`);
  const selected = selectServices(project, services, options.dependencies ? 'dependencies' : 'alone');
  const wanted = options.attach.length
    ? options.attach
    : Object.values(selected.services).flatMap(({ name, attach = true }) => (attach ? [name] : []));
  return wanted.filter((name) => !options.noAttach.includes(name));
}

/** Runs in the foreground until every container has ended, or the user ends them (pkg/compose/up.go). */
async function runAttached(
  compose: Compose,
  project: ActiveProject,
  create: CreateOptions,
  options: UpOptions,
): Promise<number> {
  await compose.progress('Running', (writer) => createProject(compose, writer, project, create));
  const { cli } = compose;
  const { services } = create;
  const stop = (): Promise<void> =>
    compose.progress('Stopping', (writer) => stopProject(compose, writer, project.name, { project, services }));
  const consumer = compose.logConsumer(options);
  const printer = new LogPrinter(consumer, {
    cascade: options.cascade,
    exitCodeFrom: options.exitCodeFrom,
    async stop() {
      await cli.err('Aborting on container exit...\n');
      await stop();
    },
  });
  const ending: Promise<void>[] = [];
  const unwatch = new AbortController();
  let interrupts = 0;
  const release = cli.host.onSignal((signal) => {
    if (signal !== 'SIGINT' && signal !== 'SIGTERM') return;
    interrupts++;
    if (interrupts === 1) {
      consumer.mute();
      unwatch.abort();
      printer.handle({ type: 'cancel', container: '', id: '', service: '' });
      ending.push(cli.err('Gracefully stopping... (press Ctrl+C again to force)\n').then(stop));
    } else if (interrupts === 2) {
      ending.push(killProject(compose, undefined, project.name, { project, services, signal: 'SIGKILL', all: true }));
    }
  });
  const ended = new AbortController();
  try {
    const watching = options.watch
      ? watchProject(compose, project, services, {
          build: create.build && { ...create.build, quiet: true },
          consumer,
          signal: unwatch.signal,
          prune: true,
        })
      : undefined;
    watching?.catch(() => printer.stop());
    await followAll(compose, project, services, options.attach, printer, ended.signal).catch((error: unknown) => {
      if (interrupts === 0) throw error;
    });
    // What was stopped is waited for; the last container's end is in the status.
    printer.stop();
    unwatch.abort();
    const status = await printer.done;
    await Promise.all(ending);
    await watching;
    return interrupts > 0 ? 130 : status;
  } finally {
    unwatch.abort();
    ended.abort();
    release();
    await consumer.flush();
  }
}

/** Attaches, starts, and listens to the end. */
async function followAll(
  compose: Compose,
  project: ActiveProject,
  services: readonly string[],
  attach: readonly string[],
  printer: LogPrinter,
  signal: AbortSignal,
): Promise<void> {
  const listener = printer.handle;
  const streams = attach.length
    ? await attachAll(compose, project.name, attach, listener)
    : new Map<string, Promise<void>>();
  const watched = [...new Set([...attach, ...services])];
  const containers = await listContainers(compose, project.name, { oneOff: 'exclude', all: true, services: watched });
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort(), { once: true });
  const watching = watchContainers(compose, project.name, {
    services: watched,
    required: services,
    containers,
    listener,
    heard: (id) => streams.get(id),
    signal: stop.signal,
    async onStart(container, event) {
      const service = serviceOf(container);
      if (attach.includes(service)) {
        streams.set(container.Id, (await attachContainer(compose, container, listener, momentOf(event))).ended);
        return;
      }
      listener({
        type: 'attach',
        container: nameWithoutProject(container, compose.separator),
        id: container.Id,
        service,
      });
    },
  });
  watching.catch(() => undefined);
  const silent = { event: () => undefined, tail: () => undefined, stop: async () => undefined };
  try {
    await startProject(compose, silent, project.name, { project, listener });
  } catch (error) {
    stop.abort();
    throw error;
  }
  await watching;
}
