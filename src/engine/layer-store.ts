import type { Image, ImageLayer } from '../image/index.ts';
import { applyingLayer, chainId, chainIds } from '../layer/index.ts';
import type { Mounter, Snapshotter } from '../port/index.ts';
import { type GraphDriver, type Pause, paced } from '../spec/index.ts';
import type { Tracer } from '../trace/index.ts';
import { Mutex } from './mutex.ts';

interface LayerPorts {
  snapshotter: Snapshotter;
  mounter: Mounter;
  tracer: Tracer;
  pause?: Pause;
}

/** Layers unpacked into snapshots named by chainID, and what stands on them. */
export class LayerStore {
  readonly collecting = new Mutex();
  constructor(private readonly ports: LayerPorts) {}

  /** The same layers, asked through another snapshotter. */
  through(snapshotter: Snapshotter): LayerStore {
    return Object.create(this, { ports: { value: { ...this.ports, snapshotter } } }) as LayerStore;
  }

  private readonly unpacking = new Map<string, Promise<void>>();
  private readonly sizes = new Map<string, number>();
  /** By the diffIDs. */
  private readonly chains = new Map<string, string[]>();

  async has(chainId: string): Promise<boolean> {
    return (await this.stat(chainId)) !== undefined;
  }

  /** Unpacks what is not there yet; resolves to the top chainID ('' when there are no layers). */
  async unpack(layers: readonly ImageLayer[], createdBy: (index: number) => string = () => ''): Promise<string> {
    const chain = chainIds(layers.map((layer) => layer.diffId));
    let parent = '';
    for (const [index, layer] of layers.entries()) {
      const id = chain[index]!;
      await this.unpackOnce(parent, id, layer, createdBy(index));
      parent = id;
    }
    return parent;
  }

  /** Unpacks one layer on a stack that is there. */
  async unpackOn(parent: string, layer: ImageLayer, createdBy: string): Promise<void> {
    await this.unpackOnce(parent, chainId(parent, layer.diffId), layer, createdBy);
  }

  /** Bytes of the files of one layer; a committed layer never changes, so they are counted once. */
  async size(chainId: string): Promise<number> {
    if (!chainId || !(await this.has(chainId))) return 0;
    const size = this.sizes.get(chainId) ?? (await this.usage(chainId)) ?? 0;
    this.sizes.set(chainId, size);
    return size;
  }

  /** Bytes of all of an image's layers; unpacks what is not yet. */
  async imageSize(image: Image): Promise<number> {
    const chain = this.chain(image);
    const there = await Promise.all(chain.map((chainId) => this.has(chainId)));
    if (there.includes(false)) await this.unpack(image.layers);
    const sizes = await Promise.all(chain.map((chainId) => this.size(chainId)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  chain(image: Image): string[] {
    const diffIds = image.layers.map((layer) => layer.diffId);
    const key = diffIds.join();
    const chain = this.chains.get(key) ?? chainIds(diffIds);
    this.chains.set(key, chain);
    return [...chain];
  }

  async usage(key: string): Promise<number | undefined> {
    return (await this.stat(key)) ? (await this.ports.snapshotter.usage(key)).size : undefined;
  }

  async stat(key: string) {
    return this.ports.snapshotter.stat(key).catch(() => undefined);
  }

  /** Snapshots that no image and no container stands on any more; returns their chainIDs, topmost first. */
  async collect(chains: ReadonlySet<string>): Promise<string[]> {
    const removed: string[] = [];
    for (let progress = true; progress; ) {
      progress = false;
      const all = await this.ports.snapshotter.list();
      const parents = new Set(all.map((info) => info.parent));
      for (const { name, kind } of all) {
        if (kind !== 'committed' || !name.startsWith('sha256:') || chains.has(name) || parents.has(name)) continue;
        await this.ports.snapshotter.remove(name);
        this.ports.tracer.emit({ type: 'layer.remove', chainId: name });
        removed.push(name);
        progress = true;
      }
    }
    return removed;
  }

  async remove(key: string): Promise<void> {
    if (await this.stat(key)) await this.ports.snapshotter.remove(key);
  }

  /** As `docker inspect` shows an image's directories. */
  async imageGraph(image: Image): Promise<GraphDriver> {
    const chain = this.chain(image);
    if (chain.length === 0) return { Data: null, Name: 'overlay2' };
    const dirs = await Promise.all(chain.map((chainId) => this.ports.snapshotter.upperDir(chainId)));
    const top = dirs.pop()!;
    return graphDriver(dirs.reverse(), top);
  }

  async containerGraph(id: string): Promise<GraphDriver> {
    const { snapshotter } = this.ports;
    const lower: string[] = [];
    for (let { parent } = await snapshotter.stat(id); parent; { parent } = await snapshotter.stat(parent)) {
      lower.push(await snapshotter.upperDir(parent));
    }
    return graphDriver(lower, await snapshotter.upperDir(id));
  }

  /** Whoever else wants the same layer waits for the one who began. */
  private async unpackOnce(parent: string, id: string, layer: ImageLayer, createdBy: string): Promise<void> {
    for (let begun = this.unpacking.get(id); begun; begun = this.unpacking.get(id)) await begun.catch(() => {});
    if (await this.has(id)) return;
    if (this.unpacking.has(id)) return this.unpackOnce(parent, id, layer, createdBy);
    const work = this.unpackOne(parent, id, layer, createdBy).finally(() => this.unpacking.delete(id));
    this.unpacking.set(id, work);
    await work;
  }

  private async unpackOne(parent: string, chainId: string, layer: ImageLayer, createdBy: string): Promise<void> {
    const { snapshotter, mounter, tracer, pause } = this.ports;
    const key = `extract-${chainId}`;
    await this.remove(key);
    const mounts = await snapshotter.prepare(key, parent);
    try {
      await mounter.withTree(mounts, (tree) => paced(applyingLayer(tree, layer.content), pause));
      await snapshotter.commit(chainId, key);
    } catch (error) {
      await this.remove(key);
      throw error;
    }
    const size = (await snapshotter.usage(chainId)).size;
    tracer.emit({ type: 'layer.commit', chainId, diffId: layer.diffId, parent, size, createdBy });
  }
}

function graphDriver(lower: readonly string[], upper: string): GraphDriver {
  const base = upper.replace(/\/diff$/, '');
  const data: Record<string, string> = {};
  if (lower.length > 0) data.LowerDir = lower.join(':');
  return {
    Data: { ...data, MergedDir: `${base}/merged`, UpperDir: upper, WorkDir: `${base}/work` },
    Name: 'overlay2',
  };
}

export const mergedDir = (upperDir: string): string => `${upperDir.replace(/\/diff$/, '')}/merged`;
