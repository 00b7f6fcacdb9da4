import { FrameDecoder } from '../../../api/index.ts';
import type { ContainerSummary } from '../../../spec/index.ts';
import type { Compose } from './compose.ts';
import { byName, listContainers, nameWithoutProject, serviceOf } from './containers.ts';
import { inspectContainer } from './lifecycle.ts';
import { LineSplitter } from './log-consumer.ts';
import type { ContainerListener } from './log-printer.ts';

/** Follows the output of a project's containers from now on; the listener hears their lines. Answers each one's end. */
export async function attachAll(
  compose: Compose,
  project: string,
  services: readonly string[],
  listener: ContainerListener,
): Promise<Map<string, Promise<void>>> {
  const streams = new Map<string, Promise<void>>();
  const containers = byName(await listContainers(compose, project, { oneOff: 'exclude', all: true, services }));
  if (containers.length === 0) return streams;
  const names = containers.map((one) => nameWithoutProject(one, compose.separator));
  await compose.cli.out(`Attaching to ${names.join(', ')}\n`);
  for (const container of containers)
    streams.set(container.Id, (await attachContainer(compose, container, listener)).ended);
  return streams;
}

/** Resolves when attached; the lines come until `ended`. */
export async function attachContainer(
  compose: Compose,
  container: ContainerSummary,
  listener: ContainerListener,
): Promise<{ ended: Promise<void> }> {
  const told = {
    container: nameWithoutProject(container, compose.separator),
    id: container.Id,
    service: serviceOf(container),
  };
  listener({ ...told, type: 'attach' });
  const { Config } = await inspectContainer(compose, container.Id);
  const { stream } = await compose.client.hijack(`/containers/${container.Id}/attach`, {
    query: { stream: true, stdout: true, stderr: true },
  });
  const stdout = new LineSplitter((line) => listener({ ...told, type: 'log', line }));
  const stderr = new LineSplitter((line) => listener({ ...told, type: 'err', line }));
  const decoder = new FrameDecoder();
  const pump = async (): Promise<void> => {
    for (let bytes = await stream.read(); bytes; bytes = await stream.read()) {
      if (Config.Tty) stdout.push(bytes);
      else for (const frame of decoder.push(bytes)) (frame.stream === 2 ? stderr : stdout).push(frame.bytes);
    }
    stdout.end();
    stderr.end();
    stream.close();
  };
  // A connection that breaks ends the output; the container's end is told by an event.
  return { ended: pump().catch(() => undefined) };
}
