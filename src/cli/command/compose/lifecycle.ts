import { FrameDecoder } from '../../../api/index.ts';
import type { Hook } from '../../../compose/index.ts';
import type { ContainerInspect, ContainerSummary, ExecInspect } from '../../../spec/index.ts';
import { StatusError } from '../command.ts';
import type { Compose } from './compose.ts';
import { environmentList } from './container-request.ts';
import { listContainers, nameWithoutProject, ofServices, progressName } from './containers.ts';
import { projectWithResources } from './from-containers.ts';
import { inDependencyOrder } from './graph.ts';
import { isConflict, isNotFound, settled } from './images.ts';
import { LineSplitter } from './log-consumer.ts';
import type { ContainerListener } from './log-printer.ts';
import { happens, type ProgressWriter } from './progress.ts';
import type { ActiveProject, ActiveService } from './project.ts';

/** Stops one container, after its service's `pre_stop` hooks. */
export async function stopContainer(
  compose: Compose,
  writer: ProgressWriter,
  container: ContainerSummary,
  options: { service?: ActiveService; timeout?: number },
): Promise<void> {
  const id = progressName(container);
  writer.event(happens(id, 'Stopping'));
  await runPreStop(compose, container, options.service);
  try {
    await compose.client.done('POST', `/containers/${container.Id}/stop`, { query: { t: options.timeout } });
  } catch (error) {
    writer.event({ id, status: 'error', statusText: 'Error while Stopping' });
    throw error;
  }
  writer.event(happens(id, 'Stopped'));
}

// Differs from Docker: 2.36.2 fails here when the container has ended already; releases after it do not, as here.
async function runPreStop(compose: Compose, container: ContainerSummary, service?: ActiveService): Promise<void> {
  for (const hook of service?.pre_stop ?? []) {
    try {
      await runHook(compose, container, service!, hook);
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
      return;
    }
  }
}

export async function stopAndRemove(
  compose: Compose,
  writer: ProgressWriter,
  container: ContainerSummary,
  options: { service?: ActiveService; timeout?: number; volumes?: boolean },
): Promise<void> {
  const id = progressName(container);
  try {
    await stopContainer(compose, writer, container, options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    writer.event(happens(id, 'Removed'));
    return;
  }
  writer.event(happens(id, 'Removing'));
  try {
    await compose.client.done('DELETE', `/containers/${container.Id}`, {
      query: { force: true, v: options.volumes ?? false },
    });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) {
      writer.event({ id, status: 'error', statusText: 'Error while Removing' });
      throw error;
    }
  }
  writer.event(happens(id, 'Removed'));
}

export const removeContainers = (
  compose: Compose,
  writer: ProgressWriter,
  containers: readonly ContainerSummary[],
  options: Parameters<typeof stopAndRemove>[3] = {},
): Promise<void> => settled(containers.map((one) => stopAndRemove(compose, writer, one, options)));

/** Stops a project's services, those that others need last. */
export async function stopProject(
  compose: Compose,
  writer: ProgressWriter,
  name: string,
  options: { project?: ActiveProject; services?: readonly string[]; timeout?: number },
): Promise<void> {
  const containers = await listContainers(compose, name, { oneOff: 'exclude', all: true });
  const project = options.project ?? (await projectWithResources(compose, name, containers));
  const wanted = options.services?.length ? options.services : Object.keys(project.services);
  await inDependencyOrder(project, 'down', async (service) => {
    if (!wanted.includes(service)) return;
    await settled(
      ofServices(containers, [service]).map((one) =>
        stopContainer(compose, writer, one, { service: project.services[service], timeout: options.timeout }),
      ),
    );
  });
}

/** A command that runs in a container after its start or before its stop; with a listener its output is shown. */
export async function runHook(
  compose: Compose,
  container: ContainerSummary,
  service: ActiveService,
  hook: Hook,
  listener?: ContainerListener,
): Promise<void> {
  const { client } = compose;
  const detached = listener === undefined;
  const { Id } = await client.json<{ Id: string }>('POST', `/containers/${container.Id}/exec`, {
    json: {
      User: hook.user ?? '',
      Privileged: hook.privileged ?? false,
      Env: environmentList(hook.environment ?? {}),
      WorkingDir: hook.working_dir ?? '',
      Cmd: hook.command,
      Detach: detached,
      AttachStdout: !detached,
      AttachStderr: !detached,
      Tty: service.tty ?? false,
    },
  });
  if (detached) await client.done('POST', `/exec/${Id}/start`, { json: { Detach: true, Tty: service.tty ?? false } });
  else {
    const lines = new LineSplitter((line) =>
      listener({
        type: 'log',
        container: `${nameWithoutProject(container, compose.separator)} ->`,
        id: container.Id,
        service: service.name,
        line,
      }),
    );
    const { stream } = await client.hijack(`/exec/${Id}/start`, { json: { Detach: false, Tty: service.tty ?? false } });
    const decoder = new FrameDecoder();
    for (let bytes = await stream.read(); bytes; bytes = await stream.read())
      for (const part of service.tty ? [bytes] : decoder.push(bytes).map((frame) => frame.bytes)) lines.push(part);
    lines.end();
  }
  for (;;) {
    const { Running, ExitCode } = await client.json<ExecInspect>('GET', `/exec/${Id}/json`);
    if (!Running && ExitCode) throw new StatusError(1, `${service.name} hook exited with status ${ExitCode}`);
    if (!Running) return;
    await compose.cli.host.sleep(100);
  }
}

/** What stands in the output's way of framing: a terminal's is raw. */
export async function copyOutput(
  chunks: AsyncIterable<Uint8Array>,
  tty: boolean,
  stdout: LineSplitter,
  stderr: LineSplitter,
): Promise<void> {
  const decoder = new FrameDecoder();
  for await (const bytes of chunks) {
    if (tty) stdout.push(bytes);
    else for (const frame of decoder.push(bytes)) (frame.stream === 2 ? stderr : stdout).push(frame.bytes);
  }
  stdout.end();
  stderr.end();
}

export const inspectContainer = ({ client }: Compose, id: string): Promise<ContainerInspect> =>
  client.json<ContainerInspect>('GET', `/containers/${id}/json`);
