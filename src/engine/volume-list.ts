import type { Filters, Volume } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { notFound } from './errors.ts';
import { labelsMatch } from './event-log.ts';
import { boolFilter, matchesAny, requireFilters } from './filters.ts';
import { volumeJson } from './volume-create.ts';
import { volumeUsers } from './volume-delete.ts';

/** GET /volumes */
export async function volumeList(
  daemon: Daemon,
  filters: Filters,
): Promise<{ Volumes: Volume[]; Warnings: string[] | null }> {
  requireFilters(filters, ['dangling', 'driver', 'label', 'name']);
  const dangling = boolFilter(filters, 'dangling');
  const volumes = daemon.volumes
    .all()
    .filter((volume) => dangling === undefined || (volumeUsers(daemon, volume.name).length === 0) === dangling)
    .filter(() => !filters.driver?.length || filters.driver.includes('local'))
    .filter((volume) => matchesAny(filters.name, volume.name) && labelsMatch(volume.labels, filters.label));
  return { Volumes: volumes.map(volumeJson), Warnings: null };
}

/** GET /volumes/{name} */
export async function volumeInspect(daemon: Daemon, name: string): Promise<Volume> {
  const volume = daemon.volumes.get(name);
  if (!volume) throw notFound(`get ${name}: no such volume`);
  return volumeJson(volume);
}
