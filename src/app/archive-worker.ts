/** Looks through one image archive in a worker of its own: it is ended to cancel, and what it holds goes with it. */
import * as comlink from 'comlink';
import { efficiencyOf } from '../diagram/index.ts';
import { archiveTools, type Lane, type PartIndexer, type SurveyedImage, type SurveyedLayer } from '../machine/index.ts';
import { fromUtf8 } from '../spec/index.ts';
import type { ArchiveApi, ArchivedFile, ArchivedImage, ArchivedLayer, LayerApi } from './archive-protocol.ts';
import { breathe } from './breathe.ts';

type Change = SurveyedLayer['changes'][number];

let archive: Blob;
let images: SurveyedImage[] = [];
const trees = new WeakMap<SurveyedLayer, Map<string, ArchivedFile[]>>();
/** Told of progress at most so often. */
const everyMs = 200;
const mostFiles = 500;
/** Threads that inflate layers: each takes some 15 MB. */
const mostLanes = 4;
const mostWasted = 200;

const api: ArchiveApi = {
  async open(parts, progress) {
    const { blobSource, surveyArchive, tarOfFiles } = await archiveTools();
    archive = parts instanceof Blob ? parts : tarOfFiles(parts);
    let last = 0;
    images = await surveyArchive(blobSource(archive), {
      lanes: openLanes(archive),
      progress(done) {
        const now = performance.now();
        if (now - last < everyMs) return;
        last = now;
        void progress(done, archive.size);
      },
    });
    await breathe();
    return images.map(summary);
  },
  async files(image, layer, directory) {
    const all = treeOf(images[image]!.layers[layer]!).get(directory) ?? [];
    return { files: all.slice(0, mostFiles), total: all.length };
  },
  async find(image, layer, text) {
    const found = images[image]!.layers[layer]!.changes.filter(({ path }) => path.includes(text));
    return { files: found.slice(0, mostFiles).map((change) => fileOf(change, change.size, 0)), total: found.length };
  },
  async read(image, layer, path, limit) {
    const from = images[image]!.layers[layer]!;
    const change = from.changes.find((one) => one.path === path && one.type === 'file' && one.kind !== 'deleted');
    if (!change) return undefined;
    if (change.size === 0) return { text: '', size: 0, binary: false };
    const { blobSource, surveyedFile } = await archiveTools();
    const bytes = await surveyedFile(blobSource(archive), from, change, limit);
    return bytes && { text: fromUtf8(bytes), size: change.size, binary: bytes.includes(0) };
  },
  async whole() {
    return archive;
  },
};

/** Threads that begin once there is a layer for them. */
function openLanes(from: Blob): Lane[] {
  // A browser that knows no worker of a worker's: the survey does it alone.
  const count = typeof Worker === 'undefined' ? 0 : Math.min(mostLanes, navigator.hardwareConcurrency || 1);
  return Array.from({ length: count }, () => new LayerLane(from));
}

class LayerLane implements Lane {
  private worker: Worker | undefined;
  private api: comlink.Remote<LayerApi> | undefined;

  constructor(private readonly from: Blob) {}

  index(...[part, tell]: Parameters<PartIndexer>): ReturnType<PartIndexer> {
    return new Promise((resolve, reject) => {
      this.worker ??= new Worker(new URL('./layer-worker.ts', import.meta.url), { type: 'module' });
      this.worker.onerror = ({ message }) => reject(new Error(message));
      this.api ??= comlink.wrap<LayerApi>(this.worker);
      this.api.index(this.from, part, comlink.proxy(tell)).then(resolve, reject);
    });
  }

  end(): void {
    this.worker?.terminate();
  }
}

function summary(image: SurveyedImage): ArchivedImage {
  const { efficiency, wastedBytes, inefficient } = efficiencyOf(image.layers.map(({ changes }) => changes));
  const { id, references, created, platform, size } = image;
  const wasted = inefficient.filter(({ bytes }) => bytes > 0).slice(0, mostWasted);
  const layers = image.layers.map(layerSummary);
  return { id, references, created, platform, size, efficiency, wastedBytes, inefficient: wasted, layers };
}

function layerSummary({ changes, start: _start, ...rest }: SurveyedLayer): ArchivedLayer {
  const counts = { added: 0, changed: 0, deleted: 0 };
  for (const { kind, type } of changes) if (type !== 'directory' || kind !== 'changed') counts[kind]++;
  return { ...rest, ...counts };
}

const fileOf = ({ path, kind, type, mode, uid, gid, target, opaque }: Change, size: number, below: number) => ({
  path,
  kind,
  type,
  mode,
  uid,
  gid,
  size,
  below,
  ...(target !== undefined && { target }),
  ...(opaque && { opaque }),
});

/** What a layer changes, by directory; a directory's size and count are those of all below it. */
function treeOf(layer: SurveyedLayer): Map<string, ArchivedFile[]> {
  const known = trees.get(layer);
  if (known) return known;
  const all = new Map<string, ArchivedFile>();
  for (const change of layer.changes) all.set(change.path, fileOf(change, change.size, 0));
  for (const { path } of layer.changes) addParents(path, all);
  for (const { path, size } of layer.changes) {
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
      const parent = all.get(at)!;
      parent.size += size;
      parent.below++;
    }
  }
  const tree = new Map<string, ArchivedFile[]>();
  for (const file of all.values()) {
    const parent = parentOf(file.path);
    const siblings = tree.get(parent);
    if (siblings) siblings.push(file);
    else tree.set(parent, [file]);
  }
  for (const siblings of tree.values()) siblings.sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1));
  trees.set(layer, tree);
  return tree;
}

/** Directories that the layer only goes through. */
function addParents(path: string, all: Map<string, ArchivedFile>): void {
  for (let at = parentOf(path); at !== '' && !all.has(at); at = parentOf(at)) {
    all.set(at, { path: at, kind: 'through', type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, below: 0 });
  }
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

comlink.expose(api);
