/** Commands that move a project's containers from state to state. */
import { flag } from '../../flag/index.ts';
import type { Command } from '../command.ts';
import { StatusError } from '../command.ts';
import { type Compose, composeRun, isTrue } from './compose.ts';
import { canonicalName, listContainers, ofServices, progressName } from './containers.ts';
import { createProject } from './create.ts';
import { createOptions, scaleFlag, yesFlag } from './create-options.ts';
import { projectWithResources } from './from-containers.ts';
import { inDependencyOrder } from './graph.ts';
import { settled } from './images.ts';
import { killProject } from './kill-project.ts';
import { inspectContainer, stopProject } from './lifecycle.ts';
import { happens } from './progress.ts';
import { enableServices, mapValues, selectServices, setScale } from './project.ts';
import { confirm } from './resources.ts';
import { startProject, waitDependencies } from './start.ts';

const timeoutFlag = flag('timeout', 't', 'int', 'Specify a shutdown timeout in seconds');

export const create: Command = {
  name: 'create',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Creates containers for a service',
  flags: [
    flag('build', '', 'bool', 'Build images before starting containers'),
    flag('no-build', '', 'bool', "Don't build an image, even if it's policy"),
    flag('pull', '', 'string', 'Pull image before running ("always"|"missing"|"never"|"build")', {
      default: '"policy"',
    }),
    flag('quiet-pull', '', 'bool', 'Pull without printing progress information'),
    flag('force-recreate', '', 'bool', "Recreate containers even if their configuration and image haven't changed"),
    flag(
      'no-recreate',
      '',
      'bool',
      "If containers already exist, don't recreate them. Incompatible with --force-recreate.",
    ),
    flag('remove-orphans', '', 'bool', 'Remove containers for services not defined in the Compose file'),
    scaleFlag,
    yesFlag,
  ],
  run: composeRun(async (compose, flags, services) => {
    for (const [one, other] of [
      ['build', 'no-build'],
      ['force-recreate', 'no-recreate'],
    ] as const)
      if (flags.bool(one) && flags.bool(other)) throw new StatusError(1, `--${one} and --${other} are incompatible`);
    const project = await compose.project(services);
    const options = createOptions(flags, project, services);
    await compose.progress('Creating', (writer) => createProject(compose, writer, project, options));
  }),
};

export const start: Command = {
  name: 'start',
  use: '[SERVICE...]',
  short: 'Start services',
  run: composeRun(async (compose, _flags, services) => {
    const { project, name } = await compose.projectOrName(services);
    await compose.progress('Running', (writer) => startProject(compose, writer, name, { project, services }));
  }),
};

export const stop: Command = {
  name: 'stop',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Stop services',
  flags: [timeoutFlag],
  run: composeRun(async (compose, flags, services) => {
    const { project, name } = await compose.projectOrName(services);
    const timeout = flags.changed('timeout') ? flags.int('timeout') : undefined;
    await compose.progress('Stopping', (writer) => stopProject(compose, writer, name, { project, services, timeout }));
  }),
};

export const restart: Command = {
  name: 'restart',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Restart service containers',
  flags: [timeoutFlag, flag('no-deps', '', 'bool', "Don't restart dependent services")],
  run: composeRun(async (compose, flags, services) => {
    const { project, name } = await compose.projectOrName();
    await compose.progress('Restarting', (writer) =>
      restartProject(compose, writer, name, {
        project: project && enableServices(project, services),
        services,
        timeout: flags.changed('timeout') ? flags.int('timeout') : undefined,
        noDeps: flags.bool('no-deps'),
      }),
    );
  }),
};

/** Restarts services, and those that ask to be restarted with them. */
export async function restartProject(
  compose: Compose,
  writer: Parameters<typeof stopProject>[1],
  name: string,
  options: Parameters<typeof stopProject>[3] & { services: readonly string[]; noDeps?: boolean },
): Promise<void> {
  const { services, timeout, noDeps } = options;
  const containers = await listContainers(compose, name, { oneOff: 'exclude', all: true });
  const whole = options.project ?? (await projectWithResources(compose, name, containers));
  const chosen = noDeps ? selectServices(whole, services, 'alone') : whole;
  const restarting = {
    ...chosen,
    services: mapValues(chosen.services, (service) => ({
      ...service,
      depends_on: Object.fromEntries(Object.entries(service.depends_on ?? {}).filter(([, one]) => one.restart)),
    })),
  };
  const project = selectServices(restarting, services, 'dependents');
  await inDependencyOrder(project, 'up', async (service) => {
    const dependencies = project.services[service]!.depends_on ?? {};
    await waitDependencies(compose, writer, project, service, dependencies, containers);
    await settled(
      ofServices(containers, [service]).map(async (container) => {
        const id = progressName(container);
        writer.event(happens(id, 'Restarting'));
        await compose.client.done('POST', `/containers/${container.Id}/restart`, { query: { t: timeout } });
        writer.event(happens(id, 'Started'));
      }),
    );
  });
}

export const kill: Command = {
  name: 'kill',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Force stop service containers',
  flags: [
    flag('remove-orphans', '', 'bool', 'Remove containers for services not defined in the Compose file'),
    flag('signal', 's', 'string', 'SIGNAL to send to the container', { default: '"SIGKILL"' }),
  ],
  run: composeRun(async (compose, flags, services) => {
    const { project, name } = await compose.projectOrName(services);
    const removeOrphans = flags.changed('remove-orphans')
      ? flags.bool('remove-orphans')
      : isTrue(compose.env('COMPOSE_REMOVE_ORPHANS'));
    await compose.progress('Killing', (writer) =>
      killProject(compose, writer, name, { project, services, removeOrphans, signal: flags.string('signal') }),
    );
  }),
};

/** `pause` and `unpause`. */
const pausing = (name: 'pause' | 'unpause', short: string, title: string, statusText: string): Command => ({
  name,
  use: '[SERVICE...]',
  short,
  run: composeRun(async (compose, _flags, services) => {
    const found = await compose.projectOrName(services);
    await compose.progress(title, async (writer) => {
      const all = await listContainers(compose, found.name, { oneOff: 'exclude', all: false, services });
      const containers = found.project ? ofServices(all, Object.keys(found.project.services)) : all;
      await settled(
        containers.map(async (container) => {
          await compose.client.done('POST', `/containers/${container.Id}/${name}`);
          writer.event({ id: progressName(container), status: 'done', statusText });
        }),
      );
    });
  }),
});
export const pause = pausing('pause', 'Pause services', 'Pausing', 'Paused');
export const unpause = pausing('unpause', 'Unpause services', 'Running', 'Unpaused');

export const rm: Command = {
  name: 'rm',
  use: '[OPTIONS] [SERVICE...]',
  short: 'Removes stopped service containers',
  long: `Removes stopped service containers

By default, anonymous volumes attached to containers will not be removed. You
can override this with -v. To list all volumes, use "docker volume ls".

Any data which is not in a volume will be lost.`,
  flags: [
    flag('force', 'f', 'bool', "Don't ask to confirm removal"),
    flag('stop', 's', 'bool', 'Stop the containers, if required, before removing'),
    flag('volumes', 'v', 'bool', 'Remove any anonymous volumes attached to containers'),
    flag('all', 'a', 'bool', 'Deprecated - no effect', { hidden: true }),
  ],
  run: composeRun(async (compose, flags, services) => {
    const { project, name } = await compose.projectOrName(services);
    if (flags.bool('stop'))
      await compose.progress('Stopping', (writer) => stopProject(compose, writer, name, { project, services }));
    const all = await listContainers(compose, name, { oneOff: 'exclude', all: true, services });
    const candidates = project ? ofServices(all, Object.keys(project.services)) : all;
    const running = await Promise.all(candidates.map(({ Id }) => inspectContainer(compose, Id)));
    const stopped = candidates.filter((_, index) => !running[index]!.State.Running);
    if (stopped.length === 0) return void (await compose.cli.err('No stopped containers\n'));
    const message = `Going to remove ${stopped.map(canonicalName).join(', ')}`;
    if (flags.bool('force')) await compose.cli.println(message);
    else if (!(await confirm(compose, message))) return;
    await compose.progress('Removing', async (writer) => {
      await settled(
        stopped.map(async (container) => {
          const id = progressName(container);
          writer.event(happens(id, 'Removing'));
          const query = { v: flags.bool('volumes'), force: flags.bool('force') };
          await compose.client.done('DELETE', `/containers/${container.Id}`, { query });
          writer.event(happens(id, 'Removed'));
        }),
      );
    });
  }),
};

export const scale: Command = {
  name: 'scale',
  use: '[SERVICE=REPLICAS...]',
  short: 'Scale services ',
  flags: [flag('no-deps', '', 'bool', "Don't start linked services")],
  args: { min: 1 },
  cobraArgs: true,
  run: composeRun(async (compose, flags, args) => {
    const replicas = new Map<string, number>();
    for (const text of args) {
      const [name, count = ''] = text.split(/=(.*)/s);
      if (!name || !count) throw new StatusError(1, `invalid scale specifier: ${text}`);
      if (!/^[+-]?\d+$/.test(count))
        throw new StatusError(1, `invalid scale specifier: can't parse replica value as int: ${text}`);
      replicas.set(name, Number(count));
    }
    const services = [...replicas.keys()];
    const loaded = await compose.project(services);
    const project = flags.bool('no-deps') ? selectServices(loaded, services, 'alone') : loaded;
    for (const [name, count] of replicas) setScale(project, name, count);
    await compose.progress('Running', async (writer) => {
      await createProject(compose, writer, project, {
        services,
        recreate: 'diverged',
        recreateDependencies: 'diverged',
        inherit: false,
      });
      await startProject(compose, writer, project.name, { project });
    });
  }),
};
