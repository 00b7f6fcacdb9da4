/** What inspections told before: told again as the same object, whoever watches sees at once what is new. */
import type { ImageInfo, LayerChange, LayerInfo } from '../trace/index.ts';
import type { Daemon } from './daemon.ts';
import type { Counts } from './notable.ts';

export class Told {
  readonly layers = new Map<string, LayerInfo>();
  readonly images = new Map<string, ImageInfo>();
  /** A committed layer never changes: what it holds is counted once. */
  readonly counts = new Map<string, Counts>();
  /** What was told of a layer or a container, for as long as it holds the same. */
  readonly changes = new Map<string, { seen: string; changes: LayerChange[] }>();

  /** Of what is gone nothing is held. */
  prune(there: { layers: readonly LayerInfo[]; images: readonly string[]; containers: readonly string[] }): void {
    const layers = new Set(there.layers.map(({ chainId }) => chainId));
    const images = new Set(there.images);
    const changed = new Set([...layers, ...there.containers]);
    keepOnly(this.layers, layers);
    keepOnly(this.counts, layers);
    keepOnly(this.images, images);
    keepOnly(this.changes, changed);
  }

  get size(): number {
    return this.layers.size + this.images.size + this.counts.size + this.changes.size;
  }
}

function keepOnly(all: Map<string, unknown>, there: ReadonlySet<string>): void {
  for (const key of all.keys()) if (!there.has(key)) all.delete(key);
}

const told = new WeakMap<Daemon, Told>();

export function toldOf(daemon: Daemon): Told {
  const known = told.get(daemon) ?? new Told();
  told.set(daemon, known);
  return known;
}
