import type { Filters } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { conflict, notFound } from './errors.ts';
import { pruneMatches, requireFilters } from './filters.ts';
import { hostPath } from './host-paths.ts';
import { treeUsage } from './tree-usage.ts';
import { mountpointOf, volumesDir } from './volume-store.ts';

/** Ids of the containers, running or not, that have it mounted. */
export const volumeUsers = (daemon: Daemon, name: string): string[] =>
  daemon.containers
    .all()
    .filter((container) => container.record.mounts.some((mount) => mount.Name === name))
    .map((container) => container.id);

/** DELETE /volumes/{name}. With `force` one that is not there is no error. */
export async function volumeDelete(daemon: Daemon, name: string, force: boolean): Promise<void> {
  if (!daemon.volumes.get(name)) {
    if (force) return;
    throw notFound(`get ${name}: no such volume`);
  }
  const users = volumeUsers(daemon, name);
  if (users.length > 0) throw conflict(`remove ${name}: volume is in use - [${users.join(', ')}]`);
  removeVolume(daemon, name);
}

export function removeVolume(daemon: Daemon, name: string): void {
  const { hostTree } = daemon.ports;
  const directory = hostPath(`${volumesDir}/${name}`);
  if (hostTree.lstat(directory)) hostTree.remove(directory);
  daemon.volumes.delete(name);
  daemon.volumeEvent('destroy', name);
}

/** POST /volumes/prune: those no container has. Before API 1.42 named ones too. */
export async function volumePrune(
  daemon: Daemon,
  filters: Filters,
): Promise<{ VolumesDeleted: string[] | null; SpaceReclaimed: number }> {
  requireFilters(filters, ['label', 'label!']);
  const deleted: string[] = [];
  let space = 0;
  for (const volume of daemon.volumes.all()) {
    // A volume with options is somebody's device: it is never pruned.
    if (volumeUsers(daemon, volume.name).length > 0 || Object.keys(volume.options ?? {}).length > 0) continue;
    if (
      !pruneMatches(
        daemon,
        { label: filters.label ?? [], 'label!': filters['label!'] ?? [] },
        volume.created,
        volume.labels,
      )
    )
      continue;
    space += treeUsage(daemon.ports.hostTree, hostPath(mountpointOf(volume.name)));
    removeVolume(daemon, volume.name);
    deleted.push(volume.name);
  }
  daemon.events.emit('volume', 'prune', '', { reclaimed: String(space) });
  return { VolumesDeleted: deleted, SpaceReclaimed: space };
}
