/** Which version of what goes where: the tree of node_modules, as high up as it can stand (npm's hoisting). */
import { maxSatisfying, satisfies, validRange } from 'semver';
import { NpmProblem, noVersion } from './problem.ts';
import type { Registry, VersionManifest } from './registry.ts';

export interface Placed {
  /** `node_modules/a/node_modules/b`. */
  path: string;
  manifest: VersionManifest;
  dev: boolean;
  optional: boolean;
  peer: boolean;
}

export type Tree = Map<string, Placed>;

/** What a package.json asks for. */
export interface Wanted {
  name: string;
  spec: string;
  dev: boolean;
  optional: boolean;
}

interface Edge extends Wanted {
  /** Path of the package that asks; '' for the project. */
  from: string;
  peer: boolean;
}

export async function resolveVersion(registry: Registry, name: string, spec: string): Promise<VersionManifest> {
  if (/^(git|https?:|file:|github:|\.|\/)/.test(spec)) {
    throw new NpmProblem([`drydock: npm: '${name}@${spec}': only packages of the registry are simulated`]);
  }
  const packument = await registry.packument(name, spec);
  const tagged = packument['dist-tags'][spec || 'latest'];
  if (tagged) return packument.versions[tagged]!;
  const latest = packument['dist-tags'].latest!;
  if (validRange(spec) === null) throw noVersion(`${name}@${spec}`);
  const version = satisfies(latest, spec) ? latest : maxSatisfying(Object.keys(packument.versions), spec);
  if (!version) throw noVersion(`${name}@${spec}`);
  return packument.versions[version]!;
}

/** Directories where a package looks, nearest first, as paths of packages. */
function* above(path: string): Generator<string> {
  for (let at = path; at !== ''; ) {
    yield at;
    const cut = at.lastIndexOf('node_modules/');
    at = cut <= 0 ? '' : at.slice(0, cut - 1);
  }
  yield '';
}

const inside = (directory: string, name: string): string =>
  directory === '' ? `node_modules/${name}` : `${directory}/node_modules/${name}`;

/** Builds on what is in `tree` already. */
export async function buildTree(registry: Registry, wanted: readonly Wanted[], tree: Tree): Promise<Tree> {
  const queue: Edge[] = wanted.map((one) => ({ ...one, from: '', peer: false }));
  queue.sort((a, b) => a.name.localeCompare(b.name, 'en'));
  for (let edge = queue.shift(); edge; edge = queue.shift()) {
    const placed = await place(registry, tree, edge).catch((error) => {
      if (edge!.optional) return undefined;
      throw error;
    });
    if (placed) queue.push(...edgesOf(placed));
  }
  return tree;
}

/** Undefined when something that fits is there already. */
async function place(registry: Registry, tree: Tree, edge: Edge): Promise<Placed | undefined> {
  let spot = '';
  for (const directory of above(edge.from)) {
    const there = tree.get(inside(directory, edge.name));
    if (!there) {
      spot = directory;
      continue;
    }
    if (satisfies(there.manifest.version, edge.spec || '*') || !validRange(edge.spec)) {
      markNeeded(tree, there, edge);
      return undefined;
    }
    break;
  }
  const path = inside(spot, edge.name);
  const manifest = await resolveVersion(registry, edge.name, edge.spec);
  const placed = { path, manifest, dev: edge.dev, optional: edge.optional, peer: edge.peer };
  tree.set(path, placed);
  return placed;
}

/** A package that something else needs for production is not only for development. */
function markNeeded(tree: Tree, placed: Placed, edge: Edge): void {
  if ((placed.dev && !edge.dev) || (placed.optional && !edge.optional)) {
    placed.dev &&= edge.dev;
    placed.optional &&= edge.optional;
    for (const next of edgesOf(placed)) {
      for (const directory of above(placed.path)) {
        const there = tree.get(inside(directory, next.name));
        if (!there) continue;
        markNeeded(tree, there, next);
        break;
      }
    }
  }
}

function edgesOf({ path, manifest, dev, optional }: Placed): Edge[] {
  const edge = (name: string, spec: string, peer: boolean, opt: boolean): Edge => ({
    ...{ name, spec, dev, peer },
    optional: optional || opt,
    from: peer ? path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))) : path,
  });
  const own = { ...manifest.dependencies };
  const list = Object.entries(own).map(([name, spec]) => edge(name, spec, false, false));
  for (const [name, spec] of Object.entries(manifest.optionalDependencies ?? {})) {
    if (!(name in own)) list.push(edge(name, spec, false, true));
  }
  for (const [name, spec] of Object.entries(manifest.peerDependencies ?? {})) {
    if (!manifest.peerDependenciesMeta?.[name]?.optional) list.push(edge(name, spec, true, false));
  }
  return list;
}
