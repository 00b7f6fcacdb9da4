import type { AuthConfig, Body, JsonMessage } from '../spec/index.ts';
import { buildPrune } from './builder-backend.ts';
import { containerAttach } from './container-attach.ts';
import { containerCreate } from './container-create.ts';
import { containerDelete, containerPrune } from './container-delete.ts';
import { containerExec, containerResize, execInspect, execResize, execStart } from './container-exec.ts';
import {
  containerArchive,
  containerArchiveInfo,
  containerChanges,
  containerExport,
  putContainerArchive,
} from './container-files-api.ts';
import { containerInspect } from './container-inspect.ts';
import { containerList } from './container-list.ts';
import { containerLogs } from './container-logs.ts';
import { containerPause, containerUnpause } from './container-pause.ts';
import { containerRename } from './container-rename.ts';
import { containerStart, startLocked } from './container-start.ts';
import { containerKill, containerRestart, containerStop } from './container-stop.ts';
import { containerStats, containerTop } from './container-top.ts';
import { containerUpdate } from './container-update.ts';
import { containerWait } from './container-wait.ts';
import { Daemon } from './daemon.ts';
import { imageGet, imageImport, imageLoad } from './image-archive.ts';
import { imageBuild } from './image-build.ts';
import { imageCommit } from './image-commit.ts';
import { imageDelete, imagePrune } from './image-delete.ts';
import { imageHistory, imageInspect, imageList } from './image-list.ts';
import { imagePull } from './image-pull.ts';
import { imagePush } from './image-push.ts';
import { imageTag } from './image-tag.ts';
import { inspect, layerChanges, layerFile, overlayOf } from './inspection.ts';
import { networkConnect, networkDelete, networkDisconnect, networkPrune } from './network-connect.ts';
import { networkCreate } from './network-create.ts';
import { ensureDefaultNetworks, restoreBridges } from './network-defaults.ts';
import { networkInspect, networkList } from './network-list.ts';
import type { EnginePorts } from './ports.ts';
import { distributionInspect, imageSearch, systemAuth } from './registry-queries.ts';
import { resumeContainers } from './resume.ts';
import { systemDataUsage, systemEvents, systemInfo, systemPing, systemVersion } from './system.ts';
import { volumeCreate } from './volume-create.ts';
import { volumeDelete, volumePrune } from './volume-delete.ts';
import { volumeInspect, volumeList } from './volume-list.ts';

/** One operation with its daemon given. */
type Bound<F> = F extends (daemon: Daemon, ...rest: infer R) => infer T ? (...rest: R) => T : never;

interface ImageCreateOptions {
  fromImage: string;
  tag: string;
  fromSrc: string;
  repo: string;
  message: string;
  changes: string[];
  platform: string;
  auth?: AuthConfig;
  body?: Body;
}

export type Engine = ReturnType<typeof operations>;

export interface EngineOptions {
  /**
   * The machine goes on from a snapshot: what ran when it was taken runs again, with the addresses, ports and times it
   * had, whatever its restart policy. Default: as after a reboot.
   */
  resume?: boolean;
}

/** Restores what `records` hold, then serves. */
export async function createEngine(ports: EnginePorts, { resume = false }: EngineOptions = {}): Promise<Engine> {
  const daemon = new Daemon(ports);
  await ensureDefaultNetworks(daemon);
  await restoreBridges(daemon);
  if (resume) await resumeContainers(daemon);
  else await restoreContainers(daemon);
  return operations(daemon);
}

/** Looks at what `records`, `blobs` and `snapshotter` hold, of an engine that does not run: nothing is started. */
export function createInspector(
  ports: EnginePorts,
): Pick<Engine, 'inspect' | 'layerChanges' | 'layerFile' | 'overlayOf'> {
  const { inspect, layerChanges, layerFile, overlayOf } = operations(new Daemon(ports));
  return { inspect, layerChanges, layerFile, overlayOf };
}

function operations(daemon: Daemon) {
  const bind = <F extends (daemon: Daemon, ...rest: never[]) => unknown>(operation: F): Bound<F> =>
    ((...rest: never[]) => operation(daemon, ...rest)) as Bound<F>;
  const look = <F extends (daemon: Daemon, ...rest: never[]) => unknown>(operation: F): Bound<F> =>
    ((...rest: never[]) => operation(daemon.looked, ...rest)) as Bound<F>;
  return {
    containerList: bind(containerList),
    containerCreate: bind(containerCreate),
    containerInspect: bind(containerInspect),
    containerStart: bind(containerStart),
    containerStop: bind(containerStop),
    containerRestart: bind(containerRestart),
    containerKill: bind(containerKill),
    containerPause: bind(containerPause),
    containerUnpause: bind(containerUnpause),
    containerRename: bind(containerRename),
    containerUpdate: bind(containerUpdate),
    containerWait: bind(containerWait),
    containerAttach: bind(containerAttach),
    containerLogs: bind(containerLogs),
    containerResize: bind(containerResize),
    containerTop: bind(containerTop),
    containerStats: bind(containerStats),
    containerDelete: bind(containerDelete),
    containerPrune: bind(containerPrune),
    containerChanges: bind(containerChanges),
    containerExport: bind(containerExport),
    containerArchive: bind(containerArchive),
    containerArchiveInfo: bind(containerArchiveInfo),
    putContainerArchive: bind(putContainerArchive),
    containerExec: bind(containerExec),
    execStart: bind(execStart),
    execInspect: bind(execInspect),
    execResize: bind(execResize),
    imageList: bind(imageList),
    imageInspect: bind(imageInspect),
    imageHistory: bind(imageHistory),
    imageTag: bind(imageTag),
    imagePush: bind(imagePush),
    imageDelete: bind(imageDelete),
    imagePrune: bind(imagePrune),
    imageSearch: bind(imageSearch),
    imageGet: bind(imageGet),
    imageLoad: bind(imageLoad),
    imageCommit: bind(imageCommit),
    imageBuild: bind(imageBuild),
    buildPrune: bind(buildPrune),
    distributionInspect: bind(distributionInspect),
    networkList: bind(networkList),
    networkInspect: bind(networkInspect),
    networkCreate: bind(networkCreate),
    networkConnect: bind(networkConnect),
    networkDisconnect: bind(networkDisconnect),
    networkDelete: bind(networkDelete),
    networkPrune: bind(networkPrune),
    volumeList: bind(volumeList),
    volumeCreate: bind(volumeCreate),
    volumeInspect: bind(volumeInspect),
    volumeDelete: bind(volumeDelete),
    volumePrune: bind(volumePrune),
    systemVersion: bind(systemVersion),
    systemInfo: bind(systemInfo),
    systemAuth: bind(systemAuth),
    systemEvents: bind(systemEvents),
    systemDataUsage: bind(systemDataUsage),
    systemPing,
    imageCreate: (options: ImageCreateOptions): AsyncIterable<JsonMessage> =>
      options.fromImage ? imagePull(daemon, options) : imageImport(daemon, options),
    /** State at all depths, for views and lessons. */
    inspect: look(inspect),
    /** What a layer (chainID) or a container's writable layer (id) changes. */
    layerChanges: look(layerChanges),
    /** Content of a path in one layer alone. */
    layerFile: look(layerFile),
    /** The overlay mount of a container. */
    overlayOf: look(overlayOf),
  };
}

/** The processes of before are gone: what ran has exited; what its restart policy wants starts again. */
async function restoreContainers(daemon: Daemon): Promise<void> {
  for (const container of daemon.containers.all()) {
    const { state, hostConfig, manuallyStopped } = container.record;
    const ran = state.running;
    if (ran)
      Object.assign(state, {
        running: false,
        paused: false,
        restarting: false,
        pid: 0,
        exitCode: 137,
        finishedAt: daemon.now(),
      });
    const policy = hostConfig.RestartPolicy.Name;
    for (const endpoint of Object.values(container.record.networks)) {
      Object.assign(endpoint, { endpointId: '', gateway: '', address: '', prefixLength: 0, macAddress: '' });
    }
    Object.assign(container.record, { ports: {}, sandboxId: '' });
    daemon.save(container);
    if (policy === 'always' || (policy === 'unless-stopped' && !manuallyStopped)) {
      await container.lock.run(() => startLocked(daemon, container)).catch(() => {});
    }
  }
}
