import type { Compose } from './compose.ts';
import { listContainers, ofServices, progressName } from './containers.ts';
import { projectWithResources } from './from-containers.ts';
import { isConflict, isNotFound, settled } from './images.ts';
import { happens, type ProgressWriter } from './progress.ts';
import type { ActiveProject } from './project.ts';

/** Sends a signal to a project's containers; without a writer nobody is told of what ran no more. */
export async function killProject(
  compose: Compose,
  writer: ProgressWriter | undefined,
  name: string,
  options: {
    project?: ActiveProject;
    services: readonly string[];
    signal: string;
    all?: boolean;
    removeOrphans?: boolean;
  },
): Promise<void> {
  const { services, signal, all = false } = options;
  const found = await listContainers(compose, name, { oneOff: 'include', all, services });
  const project = options.project ?? (await projectWithResources(compose, name, found));
  const containers = options.removeOrphans ? found : ofServices(found, Object.keys(project.services));
  if (containers.length === 0) {
    if (writer) await compose.cli.err('no container to kill');
    return;
  }
  await settled(
    containers.map(async (container) => {
      const id = progressName(container);
      writer?.event(happens(id, 'Killing'));
      try {
        await compose.client.done('POST', `/containers/${container.Id}/kill`, { query: { signal } });
      } catch (error) {
        if (!writer && (isNotFound(error) || isConflict(error))) return;
        writer?.event({ id, status: 'error', statusText: 'Error while Killing' });
        throw error;
      }
      writer?.event(happens(id, 'Killed'));
    }),
  );
}
