import type { ContainerInspect, ContainerSummary, EventMessage } from '../../../spec/index.ts';
import { untilAborted } from '../until-aborted.ts';
import type { Compose } from './compose.ts';
import { labelFilters, nameWithoutProject, serviceOf } from './containers.ts';
import { isNotFound } from './images.ts';
import { label } from './labels.ts';
import { inspectContainer } from './lifecycle.ts';
import type { ContainerListener } from './log-printer.ts';

/** The daemon's events of a project's containers, but those of `run`. Subscribed once the first is asked for. */
export async function* projectEvents(
  { client }: Compose,
  project: string,
  services: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<EventMessage> {
  const events = client.values<EventMessage>('GET', '/events', {
    query: { filters: labelFilters(`${label.project}=${project}`) },
    signal,
  });
  for await (const event of untilAborted(events, signal)) {
    const { Attributes } = event.Actor;
    if (event.Type !== 'container' || Attributes[label.oneOff] === 'True') continue;
    if (services.length && !services.includes(Attributes[label.service] ?? '')) continue;
    yield event;
  }
}

/**
 * Tells the listener of containers that end, start again, or are replaced, until those of the required services have
 * ended (pkg/compose/start.go, watchContainers).
 */
export async function watchContainers(
  compose: Compose,
  project: string,
  options: {
    services: readonly string[];
    required: readonly string[];
    containers: readonly ContainerSummary[];
    listener: ContainerListener;
    /** A container started (again): its output is to be followed anew. */
    onStart(container: ContainerSummary, time: EventMessage): Promise<void> | void;
    /** Resolves when all that a container said has been heard: its end is told after that. */
    heard?(id: string): Promise<void> | undefined;
    signal: AbortSignal;
  },
): Promise<void> {
  const { services, containers, listener, signal } = options;
  if (containers.length === 0) return;
  const required = options.required.length ? options.required : services;
  const isRequired = (container: ContainerSummary): boolean =>
    required.length === 0 || required.includes(serviceOf(container));
  const expected = new Set(containers.filter(isRequired).map(({ Id }) => Id));
  const starts = new Map(containers.map(({ Id }) => [Id, 0]));
  const replaced = new Set<string>();
  const forget = (id: string): void => {
    starts.delete(id);
    expected.delete(id);
  };
  const ended = new AbortController();
  signal.addEventListener('abort', () => ended.abort(), { once: true });
  if (signal.aborted) ended.abort();
  for await (const event of projectEvents(compose, project, services, ended.signal)) {
    const { Action, Actor } = event;
    if (!['stop', 'die', 'start', 'create'].includes(Action)) continue;
    const inspected = await inspectContainer(compose, Actor.ID).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (Action === 'stop' || Action === 'die') await options.heard?.(Actor.ID);
    if (!inspected) forget(Actor.ID);
    else {
      const container = summary(inspected);
      const told = {
        container: nameWithoutProject(container, compose.separator),
        id: container.Id,
        service: serviceOf(container),
        exitCode: inspected.State.ExitCode,
      };
      const { Running, Restarting } = inspected.State;
      if (Action === 'stop' && !Running) {
        if (starts.has(container.Id))
          listener({ ...told, type: replaced.delete(container.Id) ? 'recreated' : 'stopped' });
        forget(container.Id);
      } else if (Action === 'die') {
        starts.set(container.Id, (starts.get(container.Id) ?? 0) + 1);
        const restarting = Restarting || Running;
        listener({ ...told, type: replaced.delete(container.Id) ? 'recreated' : 'exit', restarting });
        if (!restarting) forget(container.Id);
      } else if (Action === 'start') {
        const known = starts.get(container.Id);
        if (known === undefined) {
          starts.set(container.Id, 0);
          expected.add(container.Id);
        }
        if (known === undefined || known > 0) await options.onStart(container, event);
      } else if (Action === 'create') {
        const old = container.Labels[label.replace];
        if (old !== undefined) {
          replaced.add(old);
          // Its name comes with its start.
          listener({ ...told, type: 'attach', container: '' });
          if (expected.has(old)) expected.add(container.Id);
        } else if (isRequired(container)) expected.add(container.Id);
        starts.set(container.Id, 1);
      }
    }
    if (expected.size === 0) ended.abort();
  }
}

const summary = ({ Id, Name, Config, State }: ContainerInspect): ContainerSummary =>
  ({ Id, Names: [Name], Labels: Config.Labels ?? {}, State: State.Status }) as ContainerSummary;
