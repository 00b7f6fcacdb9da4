import { bodyChunks } from '../../../api/index.ts';
import type { ContainerSummary, EventMessage } from '../../../spec/index.ts';
import type { Compose } from './compose.ts';
import { byName, listContainers, nameWithoutProject, serviceOf } from './containers.ts';
import { copyOutput, inspectContainer } from './lifecycle.ts';
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
  since?: string,
): Promise<{ ended: Promise<void> }> {
  const told = {
    container: nameWithoutProject(container, compose.separator),
    id: container.Id,
    service: serviceOf(container),
  };
  listener({ ...told, type: 'attach' });
  const { Config } = await inspectContainer(compose, container.Id);
  const chunks =
    since === undefined ? await attached(compose, container.Id) : await logged(compose, container.Id, since);
  const stdout = new LineSplitter((line) => listener({ ...told, type: 'log', line }));
  const stderr = new LineSplitter((line) => listener({ ...told, type: 'err', line }));
  // A connection that breaks ends the output; the container's end is told by an event.
  return { ended: copyOutput(chunks, Config.Tty, stdout, stderr).catch(() => undefined) };
}

async function attached({ client }: Compose, id: string): Promise<AsyncIterable<Uint8Array>> {
  const query = { stream: true, stdout: true, stderr: true };
  const { stream } = await client.hijack(`/containers/${id}/attach`, { query });
  return (async function* () {
    for (let bytes = await stream.read(); bytes; bytes = await stream.read()) yield bytes;
    stream.close();
  })();
}

// Differs from Docker: what started again is followed by its log from that moment; attached to, its first lines would be lost.
async function logged({ client }: Compose, id: string, since: string): Promise<AsyncIterable<Uint8Array>> {
  const query = { stdout: true, stderr: true, follow: true, since };
  return bodyChunks((await client.call('GET', `/containers/${id}/logs`, { query })).body);
}

/** The moment of an event, as a log's `since`. */
export const momentOf = ({ time, timeNano }: EventMessage): string =>
  `${time}.${String(BigInt(timeNano ?? 0) % 1_000_000_000n).padStart(9, '0')}`;
