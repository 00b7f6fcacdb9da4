import type { Daemon } from './daemon.ts';
import { badRequest, wrapped } from './errors.ts';
import { renameEndpoints } from './network-attachment.ts';

/** POST /containers/{id}/rename */
export async function containerRename(daemon: Daemon, name: string, newName: string): Promise<void> {
  if (name === '' || newName === '') throw badRequest('Neither old nor new names may be empty');
  const wanted = newName.replace(/^\//, '');
  const container = daemon.containers.find(name);
  const old = container.name;
  if (old === wanted) throw badRequest('Renaming a container with the same name as its current name');
  try {
    daemon.containers.reserve(wanted, container.id);
  } catch (error) {
    throw wrapped(error, 'Error when allocating new name');
  }
  daemon.containers.release(old);
  container.record.name = wanted;
  daemon.save(container);
  await renameEndpoints(daemon, container);
  daemon.containerEvent(container, 'rename', { oldName: `/${old}` });
}
