import type { DependsOn } from '../../../compose/index.ts';
import type { ContainerSummary } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import { isNotOneOff, labelFilters, listContainers, ofServices, progressName } from './containers.ts';
import { projectFromContainers } from './from-containers.ts';
import { inDependencyOrder } from './graph.ts';
import { settled } from './images.ts';
import { label } from './labels.ts';
import { inspectContainer, runHook } from './lifecycle.ts';
import type { ContainerListener } from './log-printer.ts';
import { happens, type ProgressWriter } from './progress.ts';
import { type ActiveProject, type ActiveService, scaleOf } from './project.ts';

/** As `depends_on` says, or what `--wait` asks of every service. */
export type Condition = DependsOn['condition'] | 'running_or_healthy';
export type Conditions = Record<string, { condition: Condition; required?: boolean }>;

/** Starts the containers of a project in order (pkg/compose/start.go). */
export async function startProject(
  compose: Compose,
  writer: ProgressWriter,
  name: string,
  options: {
    project?: ActiveProject;
    /** Only these, where no file is read. */
    services?: readonly string[];
    listener?: ContainerListener;
    wait?: boolean;
    /** Milliseconds. */
    waitTimeout?: number;
  },
): Promise<void> {
  const { listener, waitTimeout = 0 } = options;
  const project = options.project ?? (await projectOf(compose, name, options.services));
  const filters = labelFilters(`${label.project}=${project.name}`, `${label.oneOff}=False`);
  const containers = await compose.client.json<ContainerSummary[]>('GET', '/containers/json', {
    query: { all: true, filters },
  });
  await inDependencyOrder(project, 'up', (service) =>
    startService(compose, writer, project, project.services[service]!, containers, listener, waitTimeout),
  );
  if (!options.wait) return;
  const wanted = Object.keys(project.services).map((one) => [one, { condition: waitedFor(project, one) }]);
  await waitDependencies(compose, writer, project, project.name, Object.fromEntries(wanted), containers, {
    timeout: waitTimeout,
    late: `application not healthy after ${waitTimeout / 1000}s`,
  });
}

async function projectOf(compose: Compose, name: string, services?: readonly string[]): Promise<ActiveProject> {
  const containers = await listContainers(compose, name, { oneOff: 'exclude', all: true });
  if (containers.length === 0)
    throw new StatusError(1, `no container found for project ${JSON.stringify(name)}: not found`);
  return projectFromContainers(name, containers, services);
}

function waitedFor(project: ActiveProject, name: string): Condition {
  const completes = Object.values(project.services).some(
    ({ depends_on }) => depends_on?.[name]?.condition === 'service_completed_successfully',
  );
  return completes ? 'service_completed_successfully' : 'running_or_healthy';
}

async function startService(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  service: ActiveService,
  containers: readonly ContainerSummary[],
  listener: ContainerListener | undefined,
  timeout: number,
): Promise<void> {
  if (service.deploy?.replicas === 0) return;
  await waitDependencies(compose, writer, project, service.name, service.depends_on ?? {}, containers, {
    timeout,
    late: 'timeout waiting for dependencies',
  });
  if (containers.length === 0) {
    if (scaleOf(service) === 0) return;
    throw new StatusError(1, `service ${JSON.stringify(service.name)} has no container to start`);
  }
  for (const container of ofServices(containers, [service.name])) {
    if (container.State === 'running') continue;
    const id = progressName(container);
    writer.event(happens(id, 'Starting'));
    await compose.client.done('POST', `/containers/${container.Id}/start`);
    for (const hook of service.post_start ?? []) await runHook(compose, container, service, hook, listener);
    writer.event(happens(id, 'Started'));
  }
}

/** Waits until what a service depends on is as far as it must be; looks twice a second. */
export async function waitDependencies(
  compose: Compose,
  writer: ProgressWriter,
  project: ActiveProject,
  dependant: string,
  dependencies: Conditions,
  containers: readonly ContainerSummary[],
  limit: { timeout: number; late: string } = { timeout: 0, late: '' },
): Promise<void> {
  const giveUp = new AbortController();
  const waits: Promise<void>[] = [];
  let late = false;
  if (limit.timeout > 0) {
    void compose.cli.host.sleep(limit.timeout, giveUp.signal).then(() => {
      late ||= !giveUp.signal.aborted;
      giveUp.abort();
    });
  }
  for (const [name, { condition, required = true }] of Object.entries(dependencies)) {
    if (condition === 'service_started' || !mustWait(project, name)) continue;
    const waitingFor = ofServices(containers, [name]).filter(isNotOneOff);
    for (const one of waitingFor) writer.event(happens(progressName(one), 'Waiting'));
    if (waitingFor.length === 0) {
      const message = `${dependant} is missing dependency ${name}`;
      if (required) throw new StatusError(1, message);
      await compose.warn(message);
      continue;
    }
    const wait = waitFor({ compose, writer, name, condition, required, waitingFor, signal: giveUp.signal });
    waits.push(
      wait.catch((error) => {
        giveUp.abort();
        throw error;
      }),
    );
  }
  await settled(waits);
  giveUp.abort();
  if (late) throw new StatusError(1, limit.late);
}

function mustWait(project: ActiveProject, name: string): boolean {
  const service = project.services[name];
  if (service) return scaleOf(service) !== 0;
  if (project.disabled[name]) return false;
  throw new StatusError(1, `no such service: ${name}: not found`);
}

interface Wait {
  compose: Compose;
  writer: ProgressWriter;
  name: string;
  condition: Condition;
  required: boolean;
  waitingFor: readonly ContainerSummary[];
  signal: AbortSignal;
}

async function waitFor(wait: Wait): Promise<void> {
  const { compose, writer, waitingFor, condition, signal } = wait;
  for (;;) {
    await compose.cli.host.sleep(500, signal);
    if (signal.aborted) return;
    const outcome = await (condition === 'service_completed_successfully' ? completion(wait) : health(wait));
    if (!outcome) continue;
    if (outcome !== 'skipped') for (const one of waitingFor) writer.event(happens(progressName(one), outcome));
    return;
  }
}

type Outcome = 'Healthy' | 'Exited' | 'skipped' | undefined;

async function health(wait: Wait): Promise<Outcome> {
  const { compose, writer, waitingFor, required, condition, name } = wait;
  const anyRunning = condition === 'running_or_healthy';
  try {
    return (await isHealthy(compose, waitingFor, anyRunning)) ? 'Healthy' : undefined;
  } catch (error) {
    const { message } = error as Error;
    const what = anyRunning ? 'is not running or is unhealthy' : 'failed to start';
    if (!required) return skip(wait, `optional dependency ${JSON.stringify(name)} ${what}`, message);
    if (anyRunning) throw error;
    for (const one of waitingFor) writer.event(happens(progressName(one), 'Error'));
    throw new StatusError(1, `dependency failed to start: ${message}`);
  }
}

async function skip({ compose, writer, waitingFor }: Wait, reason: string, message?: string): Promise<Outcome> {
  for (const one of waitingFor)
    writer.event({ id: progressName(one), status: 'warning', statusText: `Skipped: ${reason}` });
  await compose.warn(message === undefined ? reason : `${reason}: ${message}`);
  return 'skipped';
}

async function isHealthy(
  compose: Compose,
  containers: readonly ContainerSummary[],
  fallbackRunning: boolean,
): Promise<boolean> {
  for (const { Id } of containers) {
    const { Name, State, Config } = await inspectContainer(compose, Id);
    const name = Name.replace(/^\//, '');
    if (State.Status === 'exited') throw new StatusError(1, `container ${name} exited (${State.ExitCode})`);
    if (!Config.Healthcheck && fallbackRunning) return State.Status === 'running';
    if (!State.Health) throw new StatusError(1, `container ${name} has no healthcheck configured`);
    if (State.Health.Status === 'unhealthy') throw new StatusError(1, `container ${name} is unhealthy`);
    if (State.Health.Status !== 'healthy') return false;
  }
  return true;
}

async function completion(wait: Wait): Promise<Outcome> {
  const { compose, writer, waitingFor, required, name } = wait;
  for (const { Id } of waitingFor) {
    const { State } = await inspectContainer(compose, Id);
    if (State.Status !== 'exited') continue;
    if (State.ExitCode === 0) return 'Exited';
    const why = `${JSON.stringify(name)} didn't complete successfully: exit ${State.ExitCode}`;
    if (!required) return skip(wait, `optional dependency ${why}`);
    const message = `service ${why}`;
    for (const one of waitingFor) writer.event({ id: progressName(one), status: 'error', statusText: message });
    throw new StatusError(1, message);
  }
  return undefined;
}
