import type { Backend, BuildCache, BuildImage, CacheRecord, Predicate } from '../builder/index.ts';
import { orderContainerConfig } from '../image/index.ts';
import type { ExitStatus, Stdio } from '../port/index.ts';
import { type Digest, type Filters, familiarReference, parseReference, withDefaultTag } from '../spec/index.ts';
import { keepLayer, openWorkspace, viewLayers } from './build-workspace.ts';
import { mergeConfig } from './container-config.ts';
import { createContainer, makeWorkingDir } from './container-create.ts';
import { containerDelete } from './container-delete.ts';
import { startLocked } from './container-start.ts';
import { kill } from './container-stop.ts';
import type { Daemon } from './daemon.ts';
import { badRequest } from './errors.ts';
import { containerdStore } from './features.ts';
import { verifyHostConfig } from './host-config.ts';
import { hostPath, makeDirs } from './host-paths.ts';
import { attestImage } from './image-attestation.ts';
import { containerLayer, storeImage } from './image-commit.ts';
import { tagImage } from './image-list.ts';
import { lookupImage } from './image-lookup.ts';
import { imagePull } from './image-pull.ts';

const cacheBucket = 'build-cache';

/** The engine as the builder sees it. */
export function builderBackend(daemon: Daemon): Backend {
  const { clock, entropy, tracer, fetch, facts, pause } = daemon.ports;
  return {
    clock,
    entropy,
    tracer,
    fetch,
    ...(pause && { pause }),
    platform: { architecture: facts.machine === 'aarch64' ? 'arm64' : 'amd64', os: 'linux' },
    dockerVersion: daemon.profile.version,
    cache: buildCache(daemon),
    async resolveImage(reference, { pull, auths, platform = '', progress }) {
      const local = pull ? undefined : buildImage(daemon, reference);
      if (local) return local;
      const parsed = withDefaultTag(parseReference(reference));
      const auth = auths[parsed.domain === 'docker.io' ? 'https://index.docker.io/v1/' : parsed.domain];
      const options = { fromImage: familiarReference(parsed), tag: '', platform, ...(auth ? { auth } : {}) };
      for await (const message of imagePull(daemon, options)) progress?.(message as Parameters<typeof progress>[0]);
      return buildImage(daemon, reference)!;
    },
    localImage: async (reference) => buildImage(daemon, reference),
    async children(parent) {
      const images = daemon.images.children(parent).map((id) => buildImage(daemon, id)!);
      return images.reverse();
    },
    async putImage(config, parent) {
      return (await storeImage(daemon, config, parent)).id;
    },
    async tag(id, reference) {
      tagImage(daemon, id, reference);
      daemon.imageEvent('tag', id, familiarReference(parseReference(reference)));
    },
    ...(containerdStore(daemon) && {
      attestations: {
        layer: (diffId: Digest) => daemon.images.content.require(diffId),
        attest: (id: Digest, names: readonly string[], predicates: readonly Predicate[]) =>
          attestImage(daemon, id, names, predicates),
      },
    }),
    async createContainer(config, host) {
      const image = config.Image ? daemon.images.get(config.Image as Digest) : undefined;
      const limits = {
        NetworkMode: host.networkMode || 'default',
        ExtraHosts: [...host.extraHosts],
        Memory: host.memory,
        MemorySwap: host.memorySwap,
        CpuShares: host.cpuShares,
        CpuPeriod: host.cpuPeriod,
        CpuQuota: host.cpuQuota,
        CpusetCpus: host.cpusetCpus,
        CpusetMems: host.cpusetMems,
        CgroupParent: host.cgroupParent,
        ShmSize: host.shmSize,
        Ulimits: [...(host.ulimits ?? [])],
      };
      verifyHostConfig(limits, facts);
      const container = await createContainer(
        daemon,
        '',
        mergeConfig(orderContainerConfig(config), image?.config.config),
        limits,
        image,
      );
      return { id: container.id, warnings: [] };
    },
    async createWorkingDir(id) {
      const mounts = await daemon.ports.snapshotter.mounts(id);
      const dir = daemon.containers.find(id).record.config.WorkingDir;
      if (dir) await daemon.ports.mounter.withTree(mounts, (tree) => makeWorkingDir(tree, dir));
    },
    startContainer: (id, stdio, signal) => runContainer(daemon, id, stdio, signal),
    async commitContainer(id, createdBy) {
      const container = daemon.containers.find(id);
      return keepLayer(daemon, container.record.chainId, await containerLayer(daemon, container), createdBy);
    },
    removeContainer: (id) => containerDelete(daemon, id, { force: true, volumes: true, link: false }),
    open: (layers) => openWorkspace(daemon, layers),
    view: (layers, use) => viewLayers(daemon, layers, use),
  };
}

function buildImage(daemon: Daemon, reference: string): BuildImage | undefined {
  const image = lookupImage(daemon, reference);
  if (!image) return undefined;
  const manifest = daemon.images
    .references(image.id)
    .map(parseReference)
    .find(({ digest }) => digest)?.digest;
  return { id: image.id, config: image.config, ...(manifest ? { manifestDigest: manifest } : {}) };
}

async function runContainer(daemon: Daemon, id: string, stdio: Stdio, signal?: AbortSignal): Promise<ExitStatus> {
  const container = daemon.containers.find(id);
  const queue = container.hub.subscribe(true, true);
  const pump = (async () => {
    for await (const { stream, bytes } of queue) await stdio[stream](bytes);
  })();
  await container.lock.run(() => startLocked(daemon, container));
  const stop = (): void => void kill(daemon, container, 9).catch(() => {});
  signal?.addEventListener('abort', stop, { once: true });
  await container.exited;
  signal?.removeEventListener('abort', stop);
  await pump;
  return { code: container.state.exitCode, oomKilled: container.state.oomKilled };
}

function buildCache(daemon: Daemon): BuildCache {
  const { records, hostTree } = daemon.ports;
  return {
    get: async (key) => records.get(cacheBucket, key) as CacheRecord | undefined,
    put: async (record) => records.put(cacheBucket, record.key, record),
    list: async () => records.keys(cacheBucket).map((key) => records.get(cacheBucket, key) as CacheRecord),
    async directory(id, { uid, gid, mode }) {
      const path = `/var/lib/docker/buildkit/cachemounts/${encodeURIComponent(id)}`;
      if (hostTree.lstat(hostPath(path))) return path;
      makeDirs(hostTree, path);
      hostTree.chown(hostPath(path), uid, gid);
      hostTree.chmod(hostPath(path), mode);
      return path;
    },
  };
}

/** Records of the build cache; what they hold is kept from the collectors. */
export const cacheRecords = (daemon: Daemon): CacheRecord[] =>
  daemon.ports.records.keys(cacheBucket).map((key) => daemon.ports.records.get(cacheBucket, key) as CacheRecord);

// Labels are taken and not looked at, as the daemon does.
const pruneFilters = [
  'description',
  'id',
  'inuse',
  'label',
  'label!',
  'parent',
  'private',
  'shared',
  'type',
  'until',
  'unused-for',
];

/** POST /build/prune */
export async function buildPrune(
  daemon: Daemon,
  { filters }: { filters: Filters },
): Promise<{ CachesDeleted: string[] | null; SpaceReclaimed: number }> {
  const unknown = Object.keys(filters).find((key) => !pruneFilters.includes(key));
  if (unknown !== undefined) throw badRequest(`failed to prune build cache: Invalid filter '${unknown}'`);
  const records = cacheRecords(daemon);
  let space = 0;
  for (const record of records) {
    space += record.layer?.size ?? 0;
    daemon.ports.records.delete(cacheBucket, record.key);
  }
  const ids = records.map(({ key }) => key.slice('sha256:'.length, 'sha256:'.length + 25));
  return { CachesDeleted: ids.length > 0 ? ids : null, SpaceReclaimed: space };
}
