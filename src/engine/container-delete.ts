import type { Digest, Filters } from '../spec/index.ts';
import type { Container } from './container.ts';
import { kill } from './container-stop.ts';
import type { Daemon } from './daemon.ts';
import { conflict, serverError } from './errors.ts';
import { pruneMatches, requireFilters } from './filters.ts';
import { containerDir, hostPath } from './host-paths.ts';
import { collect } from './image-delete.ts';
import { removeVolume, volumeUsers } from './volume-delete.ts';

/** DELETE /containers/{id} */
export async function containerDelete(
  daemon: Daemon,
  name: string,
  options: { force: boolean; volumes: boolean; link: boolean },
): Promise<void> {
  if (options.link) return removeLink(daemon, name);
  const container = daemon.containers.find(name);
  if (container.state.removing) throw conflict(`removal of container ${container.id} is already in progress`);
  if (container.isRunning && !options.force) {
    const { cannotRemovePaused, cannotRemoveRunning } = daemon.profile;
    if (container.state.restarting) {
      throw conflict(
        `You cannot remove a restarting container ${container.id}. Stop the container before attempting removal or force remove`,
      );
    }
    throw conflict((container.state.paused ? cannotRemovePaused : cannotRemoveRunning)(container.id));
  }
  const autoRemoved = container.isRunning && container.record.hostConfig.AutoRemove;
  if (container.isRunning) await kill(daemon, container, 9);
  if (autoRemoved) return;
  await container.lock.run(() => removeContainer(daemon, container, options));
}

/** `docker rm --link PARENT/ALIAS`. */
function removeLink(daemon: Daemon, name: string): void {
  const [parent = '', alias] = name.replace(/^\//, '').split('/');
  const { hostConfig } = daemon.containers.find(parent).record;
  if (alias === undefined) throw serverError('Conflict, cannot remove the default link name of the container');
  const left = hostConfig.Links?.filter((link) => link.split(':')[1] !== alias);
  if ((left?.length ?? 0) === (hostConfig.Links?.length ?? 0)) daemon.containers.find(name);
  hostConfig.Links = left ?? null;
  daemon.save(daemon.containers.find(parent));
}

/** Takes away a container that does not run: writable layer, files, name, anonymous volumes. Idempotent. */
export async function removeContainer(
  daemon: Daemon,
  container: Container,
  options: { force: boolean; volumes: boolean },
): Promise<void> {
  if (container.state.removing) return;
  container.state.removing = true;
  container.cancelRestart?.();
  await daemon.layers.remove(container.id);
  await daemon.layers.remove(`${container.id}-init`);
  const { hostTree, tracer } = daemon.ports;
  const directory = hostPath(containerDir(container.id));
  if (hostTree.lstat(directory)) hostTree.remove(directory);
  for (const id of container.execs.keys()) daemon.execs.delete(id);
  daemon.containers.delete(container);
  // It may have been the last to stand on the layers of an image that is gone.
  if (!daemon.images.get(container.record.imageId as Digest)) await collect(daemon);
  if (options.volumes) removeAnonymousVolumes(daemon, container);
  daemon.containerEvent(container, 'destroy');
  tracer.emit({ type: 'container.remove', id: container.id, name: container.name });
  container.hub.reset();
  container.notify('removed');
}

function removeAnonymousVolumes(daemon: Daemon, container: Container): void {
  for (const mount of container.record.mounts) {
    if (!mount.anonymous || !mount.Name || volumeUsers(daemon, mount.Name).length > 0) continue;
    if (daemon.volumes.get(mount.Name)) removeVolume(daemon, mount.Name);
  }
}

/** POST /containers/prune: all that do not run. */
export async function containerPrune(
  daemon: Daemon,
  filters: Filters,
): Promise<{ ContainersDeleted: string[] | null; SpaceReclaimed: number }> {
  requireFilters(filters, ['label', 'label!', 'until']);
  const deleted: string[] = [];
  let space = 0;
  for (const container of daemon.containers.all()) {
    const { created, config } = container.record;
    if (container.isRunning || !pruneMatches(daemon, filters, created, config.Labels)) continue;
    space += (await daemon.layers.usage(container.id)) ?? 0;
    await container.lock.run(() => removeContainer(daemon, container, { force: false, volumes: false }));
    deleted.push(container.id);
  }
  daemon.events.emit('container', 'prune', '', { reclaimed: String(space) });
  return { ContainersDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: space };
}
