import type { Layer, Workspace } from '../builder/index.ts';
import { digesting } from '../content/index.ts';
import { chainId as chainIdOf, comparingUpper, layerOf } from '../layer/index.ts';
import type { Tree } from '../port/index.ts';
import { type Digest, paced } from '../spec/index.ts';
import { runStep } from './build-run.ts';
import type { Daemon } from './daemon.ts';
import { makeDirs } from './host-paths.ts';
import { mergedDir } from './layer-store.ts';

/** Stores a layer and unpacks it on its parent; null when it is empty. */
export async function keepLayer(
  daemon: Daemon,
  parent: string,
  layer: ReturnType<typeof layerOf>,
  createdBy: string,
): Promise<Layer | null> {
  if (layer.empty) return null;
  await paced(digesting(layer.content), daemon.ports.pause);
  daemon.images.putLayer(layer.content);
  await daemon.layers.unpackOn(parent, { diffId: layer.diffId, content: layer.content }, createdBy);
  return { diffId: layer.diffId, chainId: chainIdOf(parent, layer.diffId), size: layer.size };
}

const layersOf = (daemon: Daemon, diffIds: readonly Digest[]) =>
  diffIds.map((diffId) => ({ diffId, content: daemon.content.require(diffId) }));

export async function viewLayers<T>(
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

export async function openWorkspace(daemon: Daemon, layers: readonly Digest[]): Promise<Workspace> {
  const { snapshotter, mounter, hostTree } = daemon.ports;
  const parent = await daemon.layers.unpack(layersOf(daemon, layers));
  const key = `build-${daemon.newId()}`;
  const mounts = await snapshotter.prepare(key, parent);
  const root = mergedDir(await snapshotter.upperDir(key));
  let open = true;
  let mounted = false;
  const discard = async (): Promise<void> => {
    if (!open) return;
    open = false;
    if (mounted) for (const _ of mounts) await mounter.unmount(root);
    await snapshotter.remove(key);
  };
  return {
    root,
    tree: (use) => mounter.withTree(mounts, use),
    run: (request, stdio) => runStep(daemon, key, mounts, request, stdio),
    async path(inside = '') {
      if (!mounted) {
        makeDirs(hostTree, root);
        await mounter.mount(mounts, root);
        mounted = true;
      }
      return inside === '' ? root : `${root}/${inside}`;
    },
    async commit(createdBy) {
      const upper = mounter.directory(await snapshotter.upperDir(key));
      const layer = layerOf(await paced(comparingUpper(upper, daemon.layerTimes), daemon.ports.pause));
      const kept = await keepLayer(daemon, parent, layer, createdBy);
      await discard();
      return kept;
    },
    discard,
  };
}
