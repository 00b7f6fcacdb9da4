import { bodyChunks } from '../../../api/index.ts';
import type { ContainerSummary } from '../../../spec/index.ts';
import { flag } from '../../flag/index.ts';
import { type Command, StatusError } from '../command.ts';
import { eventTime } from '../system/event-time.ts';
import { momentOf } from './attach.ts';
import { type Compose, composeRun } from './compose.ts';
import { byName, listContainers, nameWithoutProject, ofServices, oneContainer, serviceOf } from './containers.ts';
import { settled } from './images.ts';
import { copyOutput, inspectContainer } from './lifecycle.ts';
import { LineSplitter, type LogConsumer } from './log-consumer.ts';
import { LogPrinter } from './log-printer.ts';
import { watchContainers } from './watch-containers.ts';

export const logs: Command = {
  name: 'logs',
  use: '[OPTIONS] [SERVICE...]',
  short: 'View output from containers',
  flags: [
    flag('follow', 'f', 'bool', 'Follow log output'),
    flag('index', '', 'int', 'index of the container if service has multiple replicas'),
    flag(
      'since',
      '',
      'string',
      'Show logs since timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for 42 minutes)',
    ),
    flag(
      'until',
      '',
      'string',
      'Show logs before a timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for 42 minutes)',
    ),
    flag('no-color', '', 'bool', 'Produce monochrome output'),
    flag('no-log-prefix', '', 'bool', "Don't print prefix in logs"),
    flag('timestamps', 't', 'bool', 'Show timestamps'),
    flag('tail', 'n', 'string', 'Number of lines to show from the end of the logs for each container', {
      default: '"all"',
    }),
  ],
  run: composeRun(async (compose, flags, args) => {
    const index = flags.int('index');
    if (index > 0 && args.length !== 1) throw new StatusError(1, '--index requires one service to be selected');
    const { project, name } = await compose.projectOrName(args);
    const services =
      args.length || !project
        ? args
        : Object.values(project.services).flatMap((one) => (one.attach === false ? [] : [one.name]));
    const containers =
      index > 0
        ? [await oneContainer(compose, name, services[0]!, { oneOff: 'exclude', all: true, index })]
        : await listContainers(compose, name, { oneOff: 'exclude', all: true, services });
    const consumer = compose.logConsumer({ color: !flags.bool('no-color'), prefix: !flags.bool('no-log-prefix') });
    const time = (flagName: string): string | undefined => eventTime(compose.cli, flags.string(flagName));
    const query = {
      since: time('since'),
      until: time('until'),
      tail: flags.string('tail'),
      timestamps: flags.bool('timestamps'),
      follow: flags.bool('follow'),
    };
    try {
      if (!flags.bool('follow')) {
        // One after the other: what is there already comes in one piece each.
        for (const one of byName(containers)) await containerLogs(compose, consumer, one, query);
        return 0;
      }
      return await followLogs(compose, consumer, name, services, containers, query);
    } finally {
      await consumer.flush();
    }
  }),
};

type LogQuery = Record<string, string | boolean | undefined>;

async function containerLogs(
  compose: Compose,
  consumer: LogConsumer,
  container: ContainerSummary,
  query: LogQuery,
  signal?: AbortSignal,
): Promise<void> {
  const { Config, Id } = await inspectContainer(compose, container.Id);
  const name = nameWithoutProject(container, compose.separator);
  const line = (): LineSplitter =>
    new LineSplitter((text) => {
      if (!signal?.aborted) consumer.log(name, text);
    });
  const response = await compose.client.call('GET', `/containers/${Id}/logs`, {
    query: { stdout: true, stderr: true, ...query },
    signal,
  });
  await copyOutput(bodyChunks(response.body), Config.Tty, line(), line());
}

/** Until no container of the project runs any more, or the user has seen enough. */
async function followLogs(
  compose: Compose,
  consumer: LogConsumer,
  name: string,
  services: readonly string[],
  all: readonly ContainerSummary[],
  query: LogQuery,
): Promise<number> {
  const stop = new AbortController();
  const release = compose.cli.host.onSignal(() => stop.abort());
  const running = services.length ? ofServices(all, services).filter(isRunning) : all.filter(isRunning);
  const printer = new LogPrinter(consumer, { cascade: 'ignore', exitCodeFrom: '' });
  const streams = new Map<string, Promise<void>>();
  const follow = (container: ContainerSummary, since?: string): Promise<void> => {
    const stream = containerLogs(compose, consumer, container, { ...query, ...(since ? { since } : {}) }, stop.signal);
    streams.set(container.Id, stream);
    return stream;
  };
  const attach = (container: ContainerSummary): void =>
    printer.handle({
      type: 'attach',
      container: nameWithoutProject(container, compose.separator),
      id: container.Id,
      service: serviceOf(container),
    });
  const aborted = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
  try {
    const shown = all.map((container) => follow(container));
    for (const container of running) attach(container);
    const watched = watchContainers(compose, name, {
      services,
      required: [],
      containers: running,
      listener: printer.handle,
      heard: (id) => streams.get(id)?.catch(() => undefined),
      signal: stop.signal,
      onStart(container, event) {
        attach(container);
        follow(container, momentOf(event)).catch(() => undefined);
      },
    });
    await Promise.race([aborted, settled([...shown, watched])]);
    return stop.signal.aborted ? 130 : 0;
  } catch (error) {
    if (stop.signal.aborted) return 130;
    throw error;
  } finally {
    stop.abort();
    release();
  }
}

const isRunning = ({ State }: ContainerSummary): boolean => State === 'running';
