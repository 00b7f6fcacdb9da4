import { digestOf } from '../content/index.ts';
import { type Image, type ImageLayer } from '../image/index.ts';
import { applyLayer, chainIds } from '../layer/index.ts';
import type { Mounter, Snapshotter } from '../port/index.ts';
import { type Digest, type GraphDriver, type Mount, overlayDirs } from '../spec/index.ts';
import type { Tracer } from '../trace/index.ts';

interface LayerPorts {
  snapshotter: Snapshotter;
  mounter: Mounter;
  tracer: Tracer;
}

/** Layers unpacked into snapshots named by chainID, and what stands on them. */
export class LayerStore {
  constructor(private readonly ports: LayerPorts) {}

  async has(chainId: string): Promise<boolean> {
    return (await this.stat(chainId)) !== undefined;
  }

  /** Unpacks what is not there yet; resolves to the top chainID ('' when there are no layers). */
  async unpack(layers: readonly ImageLayer[], createdBy: (index: number) => string = () => ''): Promise<string> {
    const chain = chainIds(layers.map((layer) => layer.diffId));
    let parent = '';
    for (const [index, layer] of layers.entries()) {
      const chainId = chain[index]!;
      if (!(await this.has(chainId))) await this.unpackOne(parent, chainId, layer, createdBy(index));
      parent = chainId;
    }
    return parent;
  }

  /** Bytes of the files of one layer. */
  async size(chainId: string): Promise<number> {
    return chainId ? ((await this.usage(chainId)) ?? 0) : 0;
  }

  async usage(key: string): Promise<number | undefined> {
    return (await this.stat(key)) ? (await this.ports.snapshotter.usage(key)).size : undefined;
  }

  async stat(key: string) {
    return this.ports.snapshotter.stat(key).catch(() => undefined);
  }

  async remove(key: string): Promise<void> {
    if (await this.stat(key)) await this.ports.snapshotter.remove(key);
  }

  /** As `docker inspect` shows an image's directories. */
  async imageGraph(image: Image): Promise<GraphDriver> {
    const chain = chainIds(image.layers.map((layer) => layer.diffId));
    if (chain.length === 0) return { Data: null, Name: 'overlay2' };
    const dirs = await Promise.all(chain.map((chainId) => this.ports.snapshotter.upperDir(chainId)));
    const top = dirs.pop()!;
    return graphDriver(dirs.reverse(), top);
  }

  async containerGraph(id: string): Promise<GraphDriver> {
    const mount = (await this.ports.snapshotter.mounts(id)).at(-1)!;
    const upper = await this.ports.snapshotter.upperDir(id);
    return graphDriver(overlayDirs(mount).lower, upper);
  }

  private async unpackOne(parent: string, chainId: string, layer: ImageLayer, createdBy: string): Promise<void> {
    const { snapshotter, mounter, tracer } = this.ports;
    const key = `extract-${chainId}`;
    await this.remove(key);
    const mounts = await snapshotter.prepare(key, parent);
    try {
      await mounter.withTree(mounts, (tree) => applyLayer(tree, layer.content));
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
export type { Digest, Mount };
export { digestOf };
