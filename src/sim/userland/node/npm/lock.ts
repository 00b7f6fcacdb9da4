/** package-lock.json, version 3. */
import { satisfies } from 'semver';
import type { Sys } from '../../../kernel/sys.ts';
import { readText } from '../../packages/sys-files.ts';
import { type Manifest, sorted, writeJson } from './manifest.ts';
import type { VersionManifest } from './registry.ts';
import type { Placed, Tree, Wanted } from './tree.ts';

interface LockEntry {
  version?: string;
  resolved?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  peer?: boolean;
  [field: string]: unknown;
}

interface LockFile {
  name?: string;
  version?: string;
  lockfileVersion: number;
  requires: boolean;
  packages: Record<string, LockEntry>;
}

const bins = (name: string, bin: VersionManifest['bin']): Record<string, string> | undefined => {
  if (bin === undefined) return undefined;
  const map = typeof bin === 'string' ? { [name.replace(/^.*\//, '')]: bin } : bin;
  return Object.fromEntries(Object.entries(map).map(([key, file]) => [key, file.replace(/^\.\//, '')]));
};

function entry({ manifest, dev, optional, peer }: Placed): LockEntry {
  const { version, dist, license, dependencies, engines, funding, peerDependencies, optionalDependencies } = manifest;
  const shownFunding = typeof funding === 'string' ? { url: funding } : funding;
  const own = dependencies && Object.keys(dependencies).length > 0 ? sorted(dependencies) : undefined;
  return {
    version,
    resolved: dist.tarball,
    integrity: dist.integrity,
    ...(dev && { dev }),
    ...(optional && { optional }),
    ...(peer && { peer }),
    ...(manifest.deprecated && { deprecated: manifest.deprecated }),
    ...(manifest.hasInstallScript && { hasInstallScript: true }),
    ...(license && { license }),
    ...(own && { dependencies: own }),
    ...(manifest.bin && { bin: bins(manifest.name, manifest.bin) }),
    ...(engines && { engines }),
    ...(shownFunding ? { funding: shownFunding } : {}),
    ...(optionalDependencies && { optionalDependencies }),
    ...(peerDependencies && { peerDependencies }),
    ...(manifest.peerDependenciesMeta && { peerDependenciesMeta: manifest.peerDependenciesMeta }),
  };
}

export const binsOf = (manifest: VersionManifest): Record<string, string> => bins(manifest.name, manifest.bin) ?? {};

export function writeLock(sys: Sys, directory: string, root: Manifest, tree: Tree): void {
  const { name = directory.slice(directory.lastIndexOf('/') + 1), version } = root;
  const packages = Object.fromEntries(
    [...tree].sort(([a], [b]) => a.localeCompare(b, 'en')).map(([path, placed]) => [path, entry(placed)]),
  );
  const own: LockEntry = { ...(root.name && { name }), ...(version && { version }) };
  for (const key of ['license', 'dependencies', 'devDependencies', 'optionalDependencies', 'bin', 'engines'] as const) {
    if (root[key] !== undefined) own[key] = root[key];
  }
  const file = { name, ...(version && { version }), lockfileVersion: 3, requires: true };
  writeJson(sys, `${directory}/package-lock.json`, { ...file, packages: { '': own, ...packages } });
  writeJson(sys, `${directory}/node_modules/.package-lock.json`, { ...file, packages });
}

export function readLock(sys: Sys, path: string): LockFile | undefined {
  const text = readText(sys, path);
  return text === undefined ? undefined : (JSON.parse(text) as LockFile);
}

/** The tree that a lock file describes. */
export function treeOf(lock: LockFile | undefined): Tree {
  const tree: Tree = new Map();
  for (const [path, one] of Object.entries(lock?.packages ?? {})) {
    if (path === '' || !one.version || !one.resolved) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const { version, resolved, integrity = '', dev = false, optional = false, peer = false, ...rest } = one;
    const manifest = { ...rest, name, version, dist: { tarball: resolved, integrity } } as VersionManifest;
    tree.set(path, { path, manifest, dev, optional, peer });
  }
  return tree;
}

/** What of a lock file does not fit package.json, as `npm ci` says it. */
export function mismatches(lock: LockFile, wanted: readonly Wanted[]): string[] {
  return wanted.flatMap(({ name, spec }) => {
    const there = lock.packages[`node_modules/${name}`]?.version;
    if (!there) return [`Missing: ${name}@${spec} from lock file`];
    return satisfies(there, spec) ? [] : [`Invalid: lock file's ${name}@${there} does not satisfy ${name}@${spec}`];
  });
}
