import type { TarEntry } from '../archive/index.ts';
import type { Image } from '../image/index.ts';
import { compareUpper, existsInUnion, isWhiteoutName, OPAQUE_NAME, WHITEOUT_PREFIX } from '../layer/index.ts';
import type { Tree } from '../port/index.ts';
import { type Content, familiarReference, parseReference, rfc3339Nano } from '../spec/index.ts';
import type { ContainerInfo, EngineInspection, ImageInfo, LayerChange, LayerInfo } from '../trace/index.ts';
import type { Daemon } from './daemon.ts';
import { endpointNames } from './network-attachment.ts';
import { mountpointOf } from './volume-store.ts';

/** Everything the engine holds, for views and lessons. */
export async function inspect(daemon: Daemon): Promise<EngineInspection> {
  const { facts } = daemon.ports;
  return {
    kernel: { release: facts.kernelRelease, hostname: facts.hostname },
    layers: await layerInfos(daemon),
    images: await Promise.all(daemon.images.list().map((id) => imageInfo(daemon, id))),
    containers: await Promise.all(daemon.containers.all().map(({ id }) => containerInfo(daemon, id))),
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

/** What was told before is told again, as the same object: whoever watches sees at once what is new. */
const toldLayers = new WeakMap<Daemon, Map<string, LayerInfo>>();
const toldImages = new WeakMap<Daemon, Map<string, ImageInfo>>();

function kept<T>(all: WeakMap<Daemon, Map<string, T>>, daemon: Daemon): Map<string, T> {
  const known = all.get(daemon) ?? new Map<string, T>();
  all.set(daemon, known);
  return known;
}

type LayerNames = Pick<LayerInfo, 'chainId' | 'diffId' | 'parent' | 'createdBy'>;

async function layerInfo(daemon: Daemon, names: LayerNames): Promise<LayerInfo> {
  const known = kept(toldLayers, daemon);
  const before = known.get(names.chainId);
  if (before?.createdBy === names.createdBy) return before;
  const { chainId } = names;
  const info = { ...names, size: await daemon.layers.size(chainId), ...(await countLayer(daemon, chainId)) };
  known.set(chainId, info);
  return info;
}

/** A committed layer never changes: what it holds is counted once. */
const counted = new WeakMap<Daemon, Map<string, ReturnType<typeof count>>>();

async function countLayer(daemon: Daemon, chainId: string): Promise<ReturnType<typeof count>> {
  const known = kept(counted, daemon);
  const found = known.get(chainId) ?? count(await layerChanges(daemon, chainId));
  known.set(chainId, found);
  return found;
}

const notableCount = 6;
/** What people look at first: settings, and what a site serves. */
const configLike = /^\/(etc|usr\/local\/etc)\/|\.(conf|cnf|cfg|ini|json|ya?ml|toml|env|html?)$/;

/** A directory that only holds changes is none itself. */
const isChange = ({ kind, type, opaque }: LayerChange) => kind !== 'changed' || type !== 'directory' || opaque;

const count = (list: LayerChange[]) => ({
  added: list.filter(({ kind }) => kind === 'added').length,
  changed: list.filter((change) => change.kind === 'changed' && isChange(change)).length,
  hidden: list.filter(({ kind }) => kind === 'deleted').length,
  notable: notable(list),
});

/** What a slab has room for: what was hidden, then changed, then added; settings before the rest, then the largest. */
function notable(list: LayerChange[]): LayerChange[] {
  const rank = { deleted: 0, changed: 1, added: 2 };
  return list
    .filter(({ type }) => type !== 'directory')
    .sort(
      (a, b) =>
        rank[a.kind] - rank[b.kind] ||
        Number(configLike.test(b.path)) - Number(configLike.test(a.path)) ||
        b.size - a.size ||
        (a.path < b.path ? -1 : 1),
    )
    .slice(0, notableCount);
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
  const known = kept(toldImages, daemon);
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
  const told = described.get(daemon) ?? new Map<string, { seen: string; changes: LayerChange[] }>();
  described.set(daemon, told);
  const seen = fingerprint(entries);
  const before = told.get(key);
  if (before?.seen === seen) return before.changes;
  const changes = await compareBelow(daemon, key, entries);
  told.set(key, { seen, changes });
  return changes;
}

/** What was told of a layer, for as long as it holds the same. */
const described = new WeakMap<Daemon, Map<string, { seen: string; changes: LayerChange[] }>>();

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
