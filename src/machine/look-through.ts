/** Asks an overlay mount as the kernel does (overlayfs.rst), and writes down what each layer says. */
import { type PathContext, S_IFCHR, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../sim/index.ts';
import type { GraphDriver } from '../spec/index.ts';
import { type FileKind, type LookLayer, type LookThrough, type MergedEntry, mostEntries } from '../trace/index.ts';

/** What is known of the mount: its directories, and which image layer each lower one holds. */
export interface OverlayOf {
  container: string;
  graph: NonNullable<GraphDriver['Data']>;
  /** Of the image, from the base up. */
  layers: readonly { chainId: string; createdBy: string }[];
}

/** What one layer has at a path. */
interface Answer {
  found: 'hit' | 'miss' | 'whiteout';
  kind?: FileKind;
  size?: number;
  mode?: number;
  at?: string;
  opaque: boolean;
  /** Layers below are not asked, or not seen. */
  hides: string | undefined;
}

export function lookThrough(files: PathContext, overlay: OverlayOf, path: string): LookThrough {
  const dirs = directoriesOf(overlay);
  const parts = path.split('/').filter(Boolean);
  let hiddenBy: string | undefined;
  const layers = dirs.map(({ dir, ...about }): LookLayer => {
    const answer = ask(files, dir, parts);
    const covered = hiddenBy !== undefined && answer.found === 'hit';
    const at = covered ? hiddenBy : answer.at;
    const found = covered ? 'covered' : hiddenBy !== undefined ? 'miss' : answer.found;
    hiddenBy ??= answer.hides;
    const { kind, size, mode, opaque } = answer;
    return { dir, ...about, found, opaque, ...(at !== undefined && { at }), ...defined({ kind, size, mode }) };
  });
  const first = layers.find(({ found }) => found === 'hit');
  const listing = first?.kind === 'directory' ? mergedEntries(files, layers, path) : [];
  return {
    container: overlay.container,
    path,
    merged: first?.kind ?? 'absent',
    layers,
    workdir: overlay.graph.WorkDir ?? '',
    mergeddir: overlay.graph.MergedDir ?? '',
    entries: listing.slice(0, mostEntries),
    more: Math.max(0, listing.length - mostEntries),
  };
}

const defined = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

/** Upper first; of the lower ones the topmost is the engine's own `-init`, the rest are the image's from the top down. */
function directoriesOf({
  graph,
  layers,
}: OverlayOf): Pick<LookLayer, 'dir' | 'role' | 'chainId' | 'createdBy' | 'base'>[] {
  const lower = (graph.LowerDir ?? '').split(':').filter(Boolean);
  const image = [...layers].reverse();
  const above = lower.length - image.length;
  return [
    { dir: graph.UpperDir ?? '', role: 'upper', createdBy: '' },
    ...lower.map((dir, index) => {
      const layer = image[index - above];
      if (layer) {
        const { chainId, createdBy } = layer;
        return { dir, role: 'lower' as const, chainId, createdBy, ...(layer === layers[0] && { base: true }) };
      }
      return { dir, role: 'init' as const, createdBy: '' };
    }),
  ];
}

/** Walks one layer by itself: never through its symlinks, which mean nothing outside the merged view. */
function ask(files: PathContext, dir: string, parts: readonly string[]): Answer {
  let hides: string | undefined;
  let opaque = false;
  for (let depth = 0; depth <= parts.length; depth++) {
    const at = `/${parts.slice(0, depth).join('/')}`;
    const stat = tryStat(files, dir + at);
    if (!stat) return { found: 'miss', opaque: false, hides };
    const kind = kindOf(stat.mode);
    if (isWhiteout(stat)) return { found: 'whiteout', at, opaque: false, hides: at };
    opaque = kind === 'directory' && isOpaque(files, dir + at);
    if (opaque) hides = at;
    if (depth === parts.length) {
      if (kind !== 'directory') hides = at;
      return { found: 'hit', kind, size: stat.size, mode: stat.mode & 0o7777, opaque, hides };
    }
    if (kind !== 'directory') return { found: 'miss', opaque: false, hides: at };
  }
  return { found: 'miss', opaque: false, hides };
}

function tryStat(files: PathContext, path: string): { mode: number; rdev: number; size: number } | undefined {
  try {
    return files.lstat(path);
  } catch {
    return undefined;
  }
}

/** A character device 0:0 (overlayfs.rst, "whiteouts and opaque directories"). */
const isWhiteout = ({ mode, rdev }: { mode: number; rdev: number }): boolean =>
  (mode & S_IFMT) === S_IFCHR && rdev === 0;

function isOpaque(files: PathContext, path: string): boolean {
  try {
    return new TextDecoder().decode(files.getxattr(path, 'trusted.overlay.opaque', false)) === 'y';
  } catch {
    return false;
  }
}

function kindOf(mode: number): FileKind {
  const type = mode & S_IFMT;
  if (type === S_IFDIR) return 'directory';
  if (type === S_IFREG) return 'file';
  return type === S_IFLNK ? 'symlink' : 'other';
}

/** The merged listing; what is stored but hidden comes with it, told as such. */
function mergedEntries(files: PathContext, layers: readonly LookLayer[], path: string): MergedEntry[] {
  const entries = new Map<string, MergedEntry>();
  const gone = new Set<string>();
  for (const [index, { dir, found, kind }] of layers.entries()) {
    if (kind !== 'directory' || (found !== 'hit' && found !== 'covered')) continue;
    for (const { name } of files.readdir(dir + path)) {
      const stat = tryStat(files, `${dir}${path === '/' ? '' : path}/${name}`);
      if (!stat || entries.has(name)) continue;
      if (isWhiteout(stat)) gone.add(name);
      else
        entries.set(name, {
          name,
          kind: kindOf(stat.mode),
          layer: index,
          hidden: gone.has(name) || found === 'covered',
        });
    }
  }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
