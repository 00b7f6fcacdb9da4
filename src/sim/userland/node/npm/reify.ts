/** Makes node_modules what the tree says: unpacks what is new, removes what is gone, links the commands. */
import { decompress, readTar } from '../../../../archive/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { exists, isDirectory, listNames, makeDirectories, readText, writeContent } from '../../packages/sys-files.ts';
import { binsOf } from './lock.ts';
import type { Registry } from './registry.ts';
import type { Placed, Tree } from './tree.ts';

export interface Change {
  added: number;
  removed: number;
  changed: number;
}

export function removeTree(sys: Sys, path: string): void {
  if (!exists(sys, path)) return;
  if (!isDirectory(sys, path) || (sys.lstat(path).mode & 0o170000) === 0o120000) {
    sys.unlink(path);
    return;
  }
  for (const name of listNames(sys, path)) removeTree(sys, `${path}/${name}`);
  sys.rmdir(path);
}

/** What lies in node_modules now: path -> version. */
export function installed(sys: Sys, directory: string): Map<string, string> {
  const out = new Map<string, string>();
  const look = (at: string): void => {
    for (const name of listNames(sys, `${directory}/${at}`)) {
      if (name.startsWith('.')) continue;
      const scoped = name.startsWith('@')
        ? listNames(sys, `${directory}/${at}/${name}`).map((one) => `${name}/${one}`)
        : [name];
      for (const one of scoped) {
        const path = `${at}/${one}`;
        const text = readText(sys, `${directory}/${path}/package.json`);
        if (text === undefined) continue;
        out.set(path, (JSON.parse(text) as { version?: string }).version ?? '');
        if (isDirectory(sys, `${directory}/${path}/node_modules`)) look(`${path}/node_modules`);
      }
    }
  };
  look('node_modules');
  return out;
}

export async function reify(sys: Sys, registry: Registry, directory: string, tree: Tree): Promise<Change> {
  const there = installed(sys, directory);
  const change: Change = { added: 0, removed: 0, changed: 0 };
  for (const path of [...there.keys()].reverse()) {
    if (tree.has(path)) continue;
    removeTree(sys, `${directory}/${path}`);
    change.removed++;
  }
  for (const placed of [...tree.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const old = there.get(placed.path);
    if (old === placed.manifest.version) continue;
    if (old !== undefined) removeTree(sys, `${directory}/${placed.path}`);
    await unpack(sys, registry, directory, placed);
    if (old === undefined) change.added++;
    else change.changed++;
  }
  linkBins(sys, directory, tree);
  return change;
}

async function unpack(sys: Sys, registry: Registry, directory: string, { path, manifest }: Placed): Promise<void> {
  const tarball = await registry.tarball(manifest.dist.tarball, manifest.dist.integrity);
  const made = new Set<string>();
  for (const { name, type, mode, content } of readTar(decompress(tarball))) {
    if (type !== 'file') continue;
    const file = `${directory}/${path}/${name.replace(/^[^/]+\//, '')}`;
    const parent = file.slice(0, file.lastIndexOf('/'));
    if (!made.has(parent)) makeDirectories(sys, parent);
    made.add(parent);
    // As npm: readable by all, executable where the package says so.
    writeContent(sys, file, content, mode & 0o111 ? 0o755 : 0o644);
    await sys.preempt();
  }
}

function linkBins(sys: Sys, directory: string, tree: Tree): void {
  for (const { path, manifest } of tree.values()) {
    const parent = path.slice(0, path.lastIndexOf('node_modules/') + 'node_modules'.length);
    for (const [name, file] of Object.entries(binsOf(manifest))) {
      const target = `${directory}/${path}/${file}`;
      if (!exists(sys, target)) continue;
      sys.chmod(target, 0o755);
      const bin = `${directory}/${parent}/.bin`;
      makeDirectories(sys, bin);
      if (exists(sys, `${bin}/${name}`)) sys.unlink(`${bin}/${name}`);
      sys.symlink(`../${path.slice(parent.length + 1)}/${file}`, `${bin}/${name}`);
    }
  }
}

/** A global package's commands in PREFIX/bin. */
export function linkGlobal(sys: Sys, root: string, tree: Tree, names: readonly string[]): void {
  for (const name of names) {
    const placed = tree.get(`node_modules/${name}`);
    for (const [command, file] of Object.entries(placed ? binsOf(placed.manifest) : {})) {
      const link = `${root}/bin/${command}`;
      if (exists(sys, link)) sys.unlink(link);
      sys.chmod(`${root}/lib/node_modules/${name}/${file}`, 0o755);
      sys.symlink(`../lib/node_modules/${name}/${file}`, link);
    }
  }
}
