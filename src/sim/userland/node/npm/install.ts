/** npm install, uninstall, ci. */
import type { Sys } from '../../../kernel/sys.ts';
import { FetchError } from '../../packages/http-get.ts';
import { exists, makeDirectories } from '../../packages/sys-files.ts';
import { Audit } from './audit.ts';
import { mismatches, readLock, treeOf, writeLock } from './lock.ts';
import { type Manifest, prefix, readManifest, sorted, writeJson } from './manifest.ts';
import type { NpmOptions } from './options.ts';
import { NpmProblem } from './problem.ts';
import { Registry } from './registry.ts';
import { type Change, installed, linkGlobal, reify, removeTree } from './reify.ts';
import { runScript } from './run-script.ts';
import { buildTree, resolveVersion, type Tree, type Wanted } from './tree.ts';

const count = (n: number, what = 'package'): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export function wantedOf(manifest: Manifest): Wanted[] {
  const all = new Map<string, Wanted>();
  const add = (record: Record<string, string> | undefined, dev: boolean, optional: boolean): void => {
    for (const [name, spec] of Object.entries(record ?? {})) all.set(name, { name, spec, dev, optional });
  };
  add(manifest.devDependencies, true, false);
  add(manifest.optionalDependencies, false, true);
  add(manifest.dependencies, false, false);
  return [...all.values()];
}

const without = (tree: Tree, production: boolean): Tree =>
  production ? new Map([...tree].filter(([, { dev }]) => !dev)) : tree;

async function report(sys: Sys, o: NpmOptions, change: Change, tree: Tree, started: number): Promise<void> {
  if (o.silent) return;
  const ms = Math.max(200, sys.monotonic() - started);
  const time =
    ms < 1000 ? `${Math.round(ms)}ms` : ms < 60_000 ? `${Math.round(ms / 1000)}s` : `${Math.floor(ms / 60_000)}m`;
  const parts = [
    ...(change.added ? [`added ${count(change.added)}`] : []),
    ...(change.removed ? [`removed ${count(change.removed)}`] : []),
    ...(change.changed ? [`changed ${count(change.changed)}`] : []),
  ];
  const audited = o.noAudit || o.global ? [] : [`audited ${count(tree.size + 1)}`];
  const all = parts.length > 0 ? [...parts, ...audited] : ['up to date', ...audited];
  const text =
    all.length > 1 ? `${all.slice(0, -1).join(', ')}, ${parts.length > 0 ? 'and ' : ''}${all.at(-1)}` : all[0]!;
  const funding = [...tree.values()].filter(({ manifest }) => manifest.funding).length;
  let out = `\n${text} in ${time}\n`;
  if (funding > 0 && !o.noFund) {
    out += `\n${count(funding)} ${funding === 1 ? 'is' : 'are'} looking for funding\n  run \`npm fund\` for details\n`;
  }
  if (audited.length > 0) out += await auditText(sys, tree);
  await sys.write(1, out);
}

/** Nothing when the registry cannot be asked. */
async function auditText(sys: Sys, tree: Tree): Promise<string> {
  try {
    const audit = await new Audit(new Registry(sys), readManifest(sys, prefix(sys)), tree).run();
    const details = audit.found.size > 0 ? '\n\nRun `npm audit` for details.' : '';
    return `\n${audit.summary()}${details}\n`;
  } catch (error) {
    if (error instanceof FetchError || error instanceof NpmProblem) return '';
    throw error;
  }
}

/** `express`, `express@4`, `@scope/name@^1`. */
const splitSpec = (text: string): { name: string; spec: string } => {
  const at = text.indexOf('@', 1);
  return at < 0 ? { name: text, spec: '' } : { name: text.slice(0, at), spec: text.slice(at + 1) };
};

export async function install(sys: Sys, o: NpmOptions, names: readonly string[]): Promise<number> {
  const started = sys.monotonic();
  const registry = new Registry(sys);
  if (o.global) return installGlobal(sys, o, registry, names, started);
  const directory = prefix(sys);
  const manifest =
    names.length > 0 && !exists(sys, `${directory}/package.json`)
      ? {}
      : exists(sys, `${directory}/package.json`)
        ? readManifest(sys, directory)
        : {};
  const tree = treeOf(readLock(sys, `${directory}/package-lock.json`));
  for (const name of names) await addDependency(registry, manifest, tree, name, o);
  prune(tree, manifest);
  await buildTree(registry, wantedOf(manifest), tree);
  await deprecations(sys, tree, directory);
  if (!o.lockOnly) makeDirectories(sys, `${directory}/node_modules`);
  const change = o.lockOnly
    ? { added: 0, removed: 0, changed: 0 }
    : await reify(sys, registry, directory, without(tree, o.production));
  if (names.length > 0 && !o.noSave) writeJson(sys, `${directory}/package.json`, manifest);
  if (!o.noSave) writeLock(sys, directory, manifest, tree);
  const code = await lifecycle(sys, o, directory, manifest);
  if (code !== 0) return code;
  await report(sys, o, change, without(tree, o.production), started);
  return 0;
}

async function deprecations(sys: Sys, tree: Tree, directory: string): Promise<void> {
  for (const { path, manifest } of tree.values()) {
    if (manifest.deprecated && !exists(sys, `${directory}/${path}`)) {
      await sys.write(2, `npm warn deprecated ${manifest.name}@${manifest.version}: ${manifest.deprecated}\n`);
    }
  }
}

async function addDependency(
  registry: Registry,
  manifest: Manifest,
  tree: Tree,
  text: string,
  o: NpmOptions,
): Promise<void> {
  const { name, spec } = splitSpec(text);
  const found = await resolveVersion(registry, name, spec);
  const saved =
    o.exact || /^\d+\.\d+\.\d+/.test(spec) ? found.version : /^[\^~><=]/.test(spec) ? spec : `^${found.version}`;
  const key = o.dev ? 'devDependencies' : 'dependencies';
  const other = o.dev ? 'dependencies' : 'devDependencies';
  if (manifest[other]) delete manifest[other][name];
  manifest[key] = sorted({ ...manifest[key], [name]: saved });
  tree.delete(`node_modules/${name}`);
}

/** Takes out what nothing asks for any more; asking again brings back what is needed, at the versions of the lock file. */
function prune(tree: Tree, manifest: Manifest): void {
  const needed = new Set<string>();
  const reach = (from: string, name: string): void => {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
      const placed = tree.get(path);
      if (placed) {
        if (needed.has(path)) return;
        needed.add(path);
        const { dependencies, optionalDependencies, peerDependencies } = placed.manifest;
        for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
          reach(path, next);
        return;
      }
      if (at === '') return;
    }
  };
  for (const { name } of wantedOf(manifest)) reach('', name);
  for (const path of [...tree.keys()]) if (!needed.has(path)) tree.delete(path);
}

async function lifecycle(sys: Sys, o: NpmOptions, directory: string, manifest: Manifest): Promise<number> {
  if (o.ignoreScripts) return 0;
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) {
    if (manifest.scripts?.[name] === undefined) continue;
    const code = await runScript(sys, o, directory, manifest, name, []);
    if (code !== 0) return code;
  }
  return 0;
}

/** Where `-g` goes: beside node's own directory. */
export const globalPrefix = (sys: Sys): string =>
  sys.env.npm_config_prefix ?? (exists(sys, '/usr/local/bin/node') ? '/usr/local' : '/usr');

async function installGlobal(
  sys: Sys,
  o: NpmOptions,
  registry: Registry,
  names: readonly string[],
  started: number,
): Promise<number> {
  const root = globalPrefix(sys);
  const tree: Tree = new Map();
  const wanted = names.map(splitSpec);
  const total: Change = { added: 0, removed: 0, changed: 0 };
  const shown: Tree = new Map();
  for (const { name, spec } of wanted) {
    // Each global package keeps its own dependencies.
    const manifest = await resolveVersion(registry, name, spec);
    const own = await buildTree(registry, wantedOf(manifest as unknown as Manifest), new Map());
    const top = { path: `node_modules/${name}`, manifest, dev: false, optional: false, peer: false };
    const all: Tree = new Map([
      [top.path, top],
      ...[...own].map(([path, one]) => [`${top.path}/${path}`, { ...one, path: `${top.path}/${path}` }] as const),
    ]);
    const place = `${root}/lib`;
    const before = exists(sys, `${place}/${top.path}`);
    if (before) removeTree(sys, `${place}/${top.path}`);
    const change = await reifyOnly(sys, registry, place, all);
    if (before) total.changed += change;
    else total.added += change;
    tree.set(top.path, top);
    for (const [path, one] of all) shown.set(path, one);
  }
  linkGlobal(
    sys,
    root,
    tree,
    wanted.map(({ name }) => name),
  );
  await report(sys, o, total, shown, started);
  return 0;
}

/** As reify, and leaves what else is there. */
async function reifyOnly(sys: Sys, registry: Registry, directory: string, tree: Tree): Promise<number> {
  const keep: Tree = new Map(
    [...installed(sys, directory)].map(([path, version]) => [
      path,
      {
        path,
        manifest: { name: '', version, dist: { tarball: '', integrity: '' } },
        dev: false,
        optional: false,
        peer: false,
      },
    ]),
  );
  return (await reify(sys, registry, directory, new Map([...keep, ...tree]))).added;
}

export async function uninstall(sys: Sys, o: NpmOptions, names: readonly string[]): Promise<number> {
  const started = sys.monotonic();
  const registry = new Registry(sys);
  if (o.global) {
    const root = globalPrefix(sys);
    for (const name of names) removeTree(sys, `${root}/lib/node_modules/${name}`);
    await report(sys, o, { added: 0, removed: names.length, changed: 0 }, new Map(), started);
    return 0;
  }
  const directory = prefix(sys);
  const manifest = readManifest(sys, directory);
  for (const name of names)
    for (const key of ['dependencies', 'devDependencies', 'optionalDependencies'] as const)
      delete manifest[key]?.[name];
  if (manifest.dependencies && Object.keys(manifest.dependencies).length === 0) delete manifest.dependencies;
  if (manifest.devDependencies && Object.keys(manifest.devDependencies).length === 0) delete manifest.devDependencies;
  const tree = treeOf(readLock(sys, `${directory}/package-lock.json`));
  prune(tree, manifest);
  const change = await reify(sys, registry, directory, tree);
  writeJson(sys, `${directory}/package.json`, manifest);
  writeLock(sys, directory, manifest, tree);
  await report(sys, o, change, tree, started);
  return 0;
}

export async function ci(sys: Sys, o: NpmOptions): Promise<number> {
  const started = sys.monotonic();
  const directory = prefix(sys);
  const manifest = readManifest(sys, directory);
  const lock = readLock(sys, `${directory}/package-lock.json`);
  if (!lock) throw new NpmProblem(['code EUSAGE', '', ...noLock, ...ciUsage]);
  const wrong = mismatches(lock, wantedOf(manifest));
  if (wrong.length > 0) throw new NpmProblem(['code EUSAGE', '', ...outOfStep, ...wrong, '', ...ciUsage]);
  removeTree(sys, `${directory}/node_modules`);
  makeDirectories(sys, `${directory}/node_modules`);
  const tree = without(treeOf(lock), o.production);
  const change = await reify(sys, new Registry(sys), directory, tree);
  const code = await lifecycle(sys, o, directory, manifest);
  if (code !== 0) return code;
  await report(sys, o, change, tree, started);
  return 0;
}

const noLock = [
  'The `npm ci` command can only install with an existing package-lock.json or',
  'npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or',
  'later to generate a package-lock.json file, then try again.',
  '',
];
const outOfStep = [
  '`npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.',
  '',
];
const ciUsage = [
  'Clean install a project',
  '',
  'Usage:',
  'npm ci',
  '',
  'Options:',
  '[--install-strategy <hoisted|nested|shallow|linked>] [--legacy-bundling]',
  '[--global-style] [--omit <dev|optional|peer> [--omit <dev|optional|peer> ...]]',
  '[--include <prod|dev|optional|peer> [--include <prod|dev|optional|peer> ...]]',
  '[--strict-peer-deps] [--foreground-scripts] [--ignore-scripts] [--no-audit]',
  '[--no-bin-links] [--no-fund] [--dry-run]',
  '[-w|--workspace <workspace-name> [-w|--workspace <workspace-name> ...]]',
  '[-ws|--workspaces] [--include-workspace-root] [--install-links]',
  '',
  'aliases: clean-install, ic, install-clean, isntall-clean',
  '',
  'Run "npm help ci" for more info',
];
