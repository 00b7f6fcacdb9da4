import type { Backend, BuildCache, BuildImage, CacheRecord, Layer, RunRequest, Workspace } from '../builder/index.ts';
import { orderContainerConfig } from '../image/index.ts';
import { chainId as chainIdOf, compareUpper, layerOf } from '../layer/index.ts';
import type { ExitStatus, Stdio, Tree } from '../port/index.ts';
import {
  type Digest,
  familiarReference,
  type Mount,
  parseReference,
  type RuntimeSpec,
  withDefaultTag,
} from '../spec/index.ts';
import { effectiveCapabilities } from './capabilities.ts';
import { createContainer, makeWorkingDir } from './container-create.ts';
import { containerDelete } from './container-delete.ts';
import { startLocked } from './container-start.ts';
import { kill } from './container-stop.ts';
import type { Daemon } from './daemon.ts';
import { notSimulated } from './errors.ts';
import { hostPath, makeDirs } from './host-paths.ts';
import { containerLayer, storeImage } from './image-commit.ts';
import { tagImage } from './image-list.ts';
import { lookupImage } from './image-lookup.ts';
import { imagePull } from './image-pull.ts';
import { mergedDir } from './layer-store.ts';
import { resolveUser } from './users.ts';

const cacheBucket = 'build-cache';

/** The engine as the builder sees it. */
export function builderBackend(daemon: Daemon): Backend {
  const { clock, entropy, tracer, fetch, facts } = daemon.ports;
  return {
    clock,
    entropy,
    tracer,
    fetch,
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
    async createContainer(config, host) {
      const image = config.Image ? daemon.images.get(config.Image as Digest) : undefined;
      const container = await createContainer(
        daemon,
        '',
        orderContainerConfig(config),
        {
          NetworkMode: host.networkMode || 'default',
          ExtraHosts: [...host.extraHosts],
          Memory: host.memory,
          CpuShares: host.cpuShares,
          ShmSize: host.shmSize,
        },
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

/** Stores a layer and unpacks it on its parent; null when it is empty. */
async function keepLayer(
  daemon: Daemon,
  parent: string,
  layer: ReturnType<typeof layerOf>,
  createdBy: string,
): Promise<Layer | null> {
  if (layer.empty) return null;
  daemon.images.putLayer(layer.content);
  await daemon.layers.unpackOn(parent, { diffId: layer.diffId, content: layer.content }, createdBy);
  return { diffId: layer.diffId, chainId: chainIdOf(parent, layer.diffId), size: layer.size };
}

const layersOf = (daemon: Daemon, diffIds: readonly Digest[]) =>
  diffIds.map((diffId) => ({ diffId, content: daemon.content.require(diffId) }));

async function viewLayers<T>(
  daemon: Daemon,
  layers: readonly Digest[],
  use: (tree: Tree) => T | Promise<T>,
): Promise<T> {
  const { snapshotter, mounter } = daemon.ports;
  const top = await daemon.layers.unpack(layersOf(daemon, layers));
  const key = `build-view-${daemon.newId()}`;
  const mounts = await snapshotter.view(key, top);
  try {
    return await mounter.withTree(mounts, use);
  } finally {
    await snapshotter.remove(key);
  }
}

async function openWorkspace(daemon: Daemon, layers: readonly Digest[]): Promise<Workspace> {
  const { snapshotter, mounter } = daemon.ports;
  const parent = await daemon.layers.unpack(layersOf(daemon, layers));
  const key = `build-${daemon.newId()}`;
  const mounts = await snapshotter.prepare(key, parent);
  let open = true;
  const discard = async (): Promise<void> => {
    if (open) await snapshotter.remove(key);
    open = false;
  };
  return {
    tree: (use) => mounter.withTree(mounts, use),
    run: (request, stdio) => runIn(daemon, key, mounts, request, stdio),
    async path() {
      throw notSimulated('RUN --mount=type=bind from a build stage');
    },
    async commit(createdBy) {
      const layer = layerOf(compareUpper(mounter.directory(await snapshotter.upperDir(key))));
      const kept = await keepLayer(daemon, parent, layer, createdBy);
      await discard();
      return kept;
    },
    discard,
  };
}

async function runIn(
  daemon: Daemon,
  key: string,
  rootfs: Mount[],
  request: RunRequest,
  stdio: Stdio,
): Promise<ExitStatus> {
  const { runtime, mounter, snapshotter, network } = daemon.ports;
  const { user, home } = await mounter.withTree(rootfs, (tree) => {
    if (request.cwd) makeWorkingDir(tree, request.cwd);
    return resolveUser(tree, request.user);
  });
  const sandbox = daemon.newId();
  const netns = request.network === 'host' ? undefined : (await network.createSandbox(sandbox)).path;
  const capabilities = effectiveCapabilities({ Privileged: false, CapAdd: null, CapDrop: null });
  const env = request.env.some((entry) => entry.startsWith('HOME='))
    ? [...request.env]
    : [...request.env, `HOME=${home}`];
  const spec: RuntimeSpec = {
    ociVersion: '1.0.2-dev',
    process: {
      user,
      args: [...request.args],
      env,
      cwd: request.cwd || '/',
      capabilities: {
        bounding: capabilities,
        effective: capabilities,
        permitted: capabilities,
        inheritable: [],
        ambient: [],
      },
    },
    root: { path: mergedDir(await snapshotter.upperDir(key)) },
    hostname: request.hostname ?? 'buildkitsandbox',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
      },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
      ...request.mounts.map((mount) => ({
        destination: mount.target,
        type: mount.type,
        source: mount.source ?? 'tmpfs',
        options:
          mount.type === 'bind'
            ? ['rbind', mount.readonly ? 'ro' : 'rw']
            : ['nosuid', 'nodev', ...(mount.size ? [`size=${mount.size}`] : [])],
      })),
    ],
    linux: {
      namespaces: [
        { type: 'mount' },
        { type: 'pid' },
        { type: 'ipc' },
        { type: 'uts' },
        ...(netns ? [{ type: 'network' as const, path: netns }] : []),
      ],
    },
  };
  try {
    const task = await runtime.create(key, { spec, rootfs }, stdio);
    request.signal?.addEventListener('abort', () => void task.kill(9).catch(() => {}), { once: true });
    try {
      await task.start();
      return await task.wait();
    } finally {
      await task.delete();
    }
  } finally {
    if (netns) await network.deleteSandbox(sandbox);
  }
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

/** POST /build/prune */
export async function buildPrune(daemon: Daemon): Promise<{ CachesDeleted: string[] | null; SpaceReclaimed: number }> {
  const records = cacheRecords(daemon);
  let space = 0;
  for (const record of records) {
    space += record.layer?.size ?? 0;
    daemon.ports.records.delete(cacheBucket, record.key);
  }
  const ids = records.map(({ key }) => key.slice('sha256:'.length, 'sha256:'.length + 25));
  return { CachesDeleted: ids.length > 0 ? ids : null, SpaceReclaimed: space };
}
