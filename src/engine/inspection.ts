import type { TarEntry } from '../archive/index.ts';
import type { Image } from '../image/index.ts';
import { compareUpper, existsInUnion, isWhiteoutName, OPAQUE_NAME, WHITEOUT_PREFIX } from '../layer/index.ts';
import type { Tree } from '../port/index.ts';
import { type Content, familiarReference, parseReference, rfc3339Nano } from '../spec/index.ts';
import type { ContainerInfo, EngineInspection, ImageInfo, LayerChange, LayerInfo } from '../trace/index.ts';
import type { Daemon } from './daemon.ts';
import { endpointNames } from './network-attachment.ts';
import { type Counts, count } from './notable.ts';
import { toldOf } from './told.ts';
import { mountpointOf } from './volume-store.ts';

/** Everything the engine holds, for views and lessons. */
export async function inspect(daemon: Daemon): Promise<EngineInspection> {
  const { facts } = daemon.ports;
  const layers = await layerInfos(daemon);
  const containers = daemon.containers.all().map(({ id }) => id);
  toldOf(daemon).prune({ layers, images: daemon.images.list(), containers });
  return {
    kernel: { release: facts.kernelRelease, hostname: facts.hostname },
    layers,
    images: await Promise.all(daemon.images.list().map((id) => imageInfo(daemon, id))),
    containers: await Promise.all(containers.map((id) => containerInfo(daemon, id))),
    networks: daemon.networks.all().map(({ id, name, driver, subnet, gateway, bridgeName, internal }) => ({
      id,
      name,
      driver,
      subnet,
      gateway,
      bridge: driver === 'bridge' ? bridgeName : '',
      internal,
    })),
    volumes: daemon.volumes.all().map(({ name }) => ({ name, mountpoint: mountpointOf(name) })),
  };
}

async function layerInfos(daemon: Daemon): Promise<LayerInfo[]> {
  const infos = new Map<string, LayerInfo>();
  for (const id of daemon.images.list()) {
    const image = daemon.images.get(id)!;
    const lines = (image.config.history ?? []).filter((entry) => !entry.empty_layer);
    const chain = daemon.layers.chain(image);
    for (const [index, chainId] of chain.entries()) {
      if (infos.has(chainId) || !(await daemon.layers.has(chainId))) continue;
      const createdBy = lines[index]?.created_by ?? '';
      const { diffId } = image.layers[index]!;
      infos.set(chainId, await layerInfo(daemon, { chainId, diffId, parent: chain[index - 1] ?? '', createdBy }));
    }
  }
  return [...infos.values()];
}

type LayerNames = Pick<LayerInfo, 'chainId' | 'diffId' | 'parent' | 'createdBy'>;

async function layerInfo(daemon: Daemon, names: LayerNames): Promise<LayerInfo> {
  const known = toldOf(daemon).layers;
  const before = known.get(names.chainId);
  if (before?.createdBy === names.createdBy) return before;
  const { chainId } = names;
  const info = { ...names, size: await daemon.layers.size(chainId), ...(await countLayer(daemon, chainId)) };
  known.set(chainId, info);
  return info;
}

async function countLayer(daemon: Daemon, chainId: string): Promise<Counts> {
  const known = toldOf(daemon).counts;
  const found = known.get(chainId) ?? count(await layerChanges(daemon, chainId));
  known.set(chainId, found);
  return found;
}

async function imageInfo(daemon: Daemon, id: `sha256:${string}`): Promise<ImageInfo> {
  const image = daemon.images.get(id)!;
  const references = daemon.images.references(id).map(parseReference);
  const names = {
    parent: daemon.images.parent(id),
    references: references.filter(({ tag }) => tag).map(familiarReference),
    digests: references.filter(({ digest }) => digest).map(familiarReference),
    size: await daemon.layers.imageSize(image),
  };
  const known = toldOf(daemon).images;
  const before = known.get(id);
  if (before && JSON.stringify(names) === JSON.stringify(pick(before))) return before;
  const info = { id, ...names, ...(await imageFacts(daemon, image)) };
  known.set(id, info);
  return info;
}

const pick = ({ parent, references, digests, size }: ImageInfo) => ({ parent, references, digests, size });

/** What never changes about an image. */
async function imageFacts(daemon: Daemon, image: Image) {
  const chain = daemon.layers.chain(image);
  const { config } = image.config;
  let layer = 0;
  const history: ImageInfo['history'] = [];
  for (const entry of image.config.history ?? []) {
    const size = entry.empty_layer ? 0 : await daemon.layers.size(chain[layer++] ?? '');
    history.push({
      createdBy: entry.created_by ?? '',
      empty: entry.empty_layer ?? false,
      size,
      created: entry.created ?? '',
      comment: entry.comment ?? '',
    });
  }
  return {
    created: image.config.created ?? rfc3339Nano({ sec: 0, nsec: 0 }),
    layers: chain,
    history,
    config: {
      cmd: config?.Cmd ?? [],
      entrypoint: config?.Entrypoint ?? [],
      env: config?.Env ?? [],
      workingDir: config?.WorkingDir ?? '',
      user: config?.User ?? '',
      exposedPorts: Object.keys(config?.ExposedPorts ?? {}),
      volumes: Object.keys(config?.Volumes ?? {}),
      labels: config?.Labels ?? {},
    },
  };
}

async function containerInfo(daemon: Daemon, id: string): Promise<ContainerInfo> {
  const container = daemon.containers.find(id);
  const { record } = container;
  const ports = Object.entries(record.ports).flatMap(([key, hosts]) =>
    (hosts ?? [])
      .filter(({ HostIp }) => HostIp !== '::')
      .map(({ HostIp, HostPort }) => ({ host: `${HostIp}:${HostPort}`, container: key })),
  );
  return {
    id,
    name: record.name,
    imageId: record.imageId,
    image: record.config.Image,
    status: container.status,
    exitCode: record.state.exitCode,
    pid: record.state.pid,
    command: [record.path, ...record.args],
    layer: record.chainId,
    ...count(await layerChanges(daemon, id)),
    size: (await daemon.layers.usage(id)) ?? 0,
    ports,
    networkMode: record.hostConfig.NetworkMode,
    networks: Object.entries(record.networks).map(([name, endpoint]) => ({
      name,
      address: endpoint.address,
      names: daemon.networks.byName(name)?.predefined === false ? endpointNames(record, endpoint) : [],
    })),
    mounts: record.mounts.map(({ Type, Source, Destination }) => ({
      type: Type,
      source: Source,
      destination: Destination,
    })),
  };
}

/** What one layer (chainID) or a container's writable layer (id) changes in what is below it. */
export async function layerChanges(daemon: Daemon, key: string): Promise<LayerChange[]> {
  const { snapshotter, mounter } = daemon.ports;
  const entries = compareUpper(mounter.directory(await snapshotter.upperDir(key)));
  if (entries.length === 0) return [];
  const told = toldOf(daemon).changes;
  const seen = fingerprint(entries);
  const before = told.get(key);
  if (before?.seen === seen) return before.changes;
  const changes = await compareBelow(daemon, key, entries);
  told.set(key, { seen, changes });
  return changes;
}

const fingerprint = (entries: readonly TarEntry[]): string =>
  entries.map(({ name, type, size, mode }) => `${name}\0${type}\0${size}\0${mode}`).join('\n');

async function compareBelow(daemon: Daemon, key: string, entries: readonly TarEntry[]): Promise<LayerChange[]> {
  const { snapshotter, mounter } = daemon.ports;
  const below: Tree[] = [];
  for (let { parent } = await snapshotter.stat(key); parent; { parent } = await snapshotter.stat(parent)) {
    below.push(mounter.directory(await snapshotter.upperDir(parent)));
  }
  return describe(entries, (path) => existsInUnion(below, path));
}

function describe(entries: readonly TarEntry[], below: (path: string) => boolean): LayerChange[] {
  const opaque = new Set<string>();
  const out: LayerChange[] = [];
  for (const entry of entries) {
    const path = entry.name.replace(/\/$/, '');
    const slash = path.lastIndexOf('/');
    const base = path.slice(slash + 1);
    if (base === OPAQUE_NAME) {
      opaque.add(path.slice(0, slash));
    } else if (isWhiteoutName(base)) {
      const hidden = path.slice(0, slash + 1) + base.slice(WHITEOUT_PREFIX.length);
      out.push({ path: `/${hidden}`, kind: 'deleted', type: 'other', size: 0, mode: 0 });
    } else {
      out.push({
        path: `/${path}`,
        kind: below(path) ? 'changed' : 'added',
        type: kindOf(entry),
        size: entry.size,
        mode: entry.mode & 0o7777,
      });
    }
  }
  return out.map((change) => (opaque.has(change.path.slice(1)) ? { ...change, opaque: true } : change));
}

const kindOf = ({ type }: TarEntry): LayerChange['type'] =>
  type === 'file' || type === 'link' ? 'file' : type === 'directory' || type === 'symlink' ? type : 'other';

/** What a path of one layer holds; undefined when the layer itself has no such file. */
export async function layerFile(daemon: Daemon, key: string, path: string): Promise<Content | undefined> {
  const tree = daemon.ports.mounter.directory(await daemon.ports.snapshotter.upperDir(key));
  const at = path.replace(/^\/+/, '');
  return tree.lstat(at)?.type === 'file' ? tree.content(at) : undefined;
}

/** The directories of a container's overlay mount, and the image layers in them, from the base up. */
export async function overlayOf(daemon: Daemon, nameOrId: string) {
  const container = daemon.containers.all().find(({ id, record }) => id === nameOrId || record.name === nameOrId);
  if (!container) return undefined;
  const { id, record } = container;
  const graph = (await daemon.layers.containerGraph(id)).Data;
  const layers = await chainTo(daemon, record.chainId);
  return graph ? { container: record.name, graph, layers } : undefined;
}

async function chainTo(daemon: Daemon, chainId: string): Promise<LayerInfo[]> {
  const byId = new Map((await layerInfos(daemon)).map((layer) => [layer.chainId, layer]));
  const chain: LayerInfo[] = [];
  for (let layer = byId.get(chainId); layer; layer = byId.get(layer.parent)) chain.unshift(layer);
  return chain;
}
