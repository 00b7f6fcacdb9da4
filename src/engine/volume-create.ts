import { randomHex } from '../port/index.ts';
import { EngineError, rfc3339Nano, type Volume, type VolumeCreateRequest } from '../spec/index.ts';
import type { Daemon } from './daemon.ts';
import { badRequest } from './errors.ts';
import { hostPath, makeDirs } from './host-paths.ts';
import { checkVolumeName } from './mount-spec.ts';
import { mountpointOf, type VolumeRecord, volumesDir } from './volume-store.ts';

/** POST /volumes/create. The same name again is the same volume, unless its options differ (409). */
export async function volumeCreate(daemon: Daemon, request: VolumeCreateRequest): Promise<Volume> {
  return volumeJson(makeVolume(daemon, request));
}

export function makeVolume(daemon: Daemon, request: VolumeCreateRequest): VolumeRecord {
  const name = request.Name || randomHex(daemon.ports.entropy, 64);
  const driver = request.Driver || 'local';
  if (driver !== 'local') {
    throw new EngineError(
      404,
      `create ${name}: error looking up volume plugin ${driver}: plugin "${driver}" not found`,
    );
  }
  checkVolumeName(name);
  const options = request.DriverOpts && Object.keys(request.DriverOpts).length > 0 ? request.DriverOpts : null;
  // One that is there stays as it is, whatever the options say.
  const volume = daemon.volumes.get(name) ?? create(daemon, name, options, request);
  daemon.volumeEvent('create', name);
  return volume;
}

/** What an option needs beside it (moby volume/local mandatoryOpts). */
const needed: Record<string, string[]> = { device: ['type'], type: ['device'], o: ['device', 'type'] };
const knownOptions = ['type', 'o', 'device', 'size'];

function create(
  daemon: Daemon,
  name: string,
  options: Record<string, string> | null,
  request: VolumeCreateRequest,
): VolumeRecord {
  for (const key of Object.keys(options ?? {})) {
    if (!knownOptions.includes(key)) throw badRequest(`create ${name}: invalid option: "${key}"`);
  }
  for (const [key, others] of Object.entries(needed)) {
    const missing = options?.[key] === undefined ? undefined : others.find((other) => options[other] === undefined);
    if (missing) throw badRequest(`create ${name}: missing required option: "${missing}"`);
  }
  const { hostTree, clock } = daemon.ports;
  makeDirs(hostTree, volumesDir, 0o701);
  makeDirs(hostTree, mountpointOf(name), 0o755);
  hostTree.chmod(hostPath(`${volumesDir}/${name}`), 0o701);
  const volume: VolumeRecord = {
    name,
    created: rfc3339Nano({ sec: clock.now().sec, nsec: 0 }),
    labels: request.Labels ?? null,
    options,
    anonymous: !request.Name,
  };
  daemon.volumes.add(volume);
  return volume;
}

/** As Go writes a map. */
const sorted = (map: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

export const volumeJson = (volume: VolumeRecord): Volume => ({
  CreatedAt: volume.created,
  Driver: 'local',
  Labels: volume.labels && sorted(volume.labels),
  Mountpoint: mountpointOf(volume.name),
  Name: volume.name,
  Options: volume.options && sorted(volume.options),
  Scope: 'local',
});
