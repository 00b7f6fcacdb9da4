import type { ByteReader } from '../archive/index.ts';
import { type Digest, fromUtf8, type ImageConfig } from '../spec/index.ts';
import { type LayerFiles, layerFiles, runtimes } from './layer-files.ts';
import type { Package } from './package.ts';
import { apkPackages, dpkgPackages, npmPackages, pythonPackages, rpmPackages } from './readers.ts';

export { type LayerFiles, layerFiles } from './layer-files.ts';

/** A file of the merged root filesystem that tells of packages. */
interface Told {
  path: string;
  /** As each layer that has it leaves it, base first. */
  states: { layer: Digest; bytes: Uint8Array }[];
}

/** What of an image's config matters. */
export type ScannedConfig = Pick<ImageConfig, 'config' | 'rootfs'>;

/** The packages of an image, sorted by type and name, from what its layers tell (base first, as its config names them). */
export function packagesOf(config: ScannedConfig, layers: readonly LayerFiles[]): Package[] {
  const merged = merge(config.rootfs.diff_ids, layers);
  const system = systemOf(merged);
  const packages = merged.flatMap((told) => introduced(told, (text, bytes) => read(told.path, text, bytes, system)));
  packages.push(...runtimePackages(config, merged));
  const unique = new Map(packages.map((one) => [`${one.type} ${one.name} ${one.version} ${one.path}`, one]));
  const key = ({ type, name, version, path }: Package): string => `${type} ${name} ${version} ${path}`;
  return [...unique.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Reads each layer's tar once. */
export async function scanLayers(config: ScannedConfig, layers: readonly ByteReader[]): Promise<Package[]> {
  const files: LayerFiles[] = [];
  for (const layer of layers) files.push(await layerFiles(layer));
  return packagesOf(config, files);
}

function merge(diffIds: readonly Digest[], layers: readonly LayerFiles[]): Told[] {
  const merged = new Map<string, Told>();
  layers.forEach(({ files, removed, opaque }, at) => {
    const below = [...removed.map((path) => `${path}/`), ...opaque];
    for (const path of removed) merged.delete(path);
    if (below.length > 0)
      for (const path of merged.keys()) if (below.some((one) => path.startsWith(one))) merged.delete(path);
    for (const [path, bytes] of files) {
      const told = merged.get(path) ?? { path, states: [] };
      told.states.push({ layer: diffIds[at]!, bytes });
      merged.set(path, told);
    }
  });
  return [...merged.values()];
}

/** What a reader finds: all of a package but the layer and the path. */
export type Found = Omit<Package, 'path' | 'layer'>;

function read(path: string, text: string, bytes: Uint8Array, system: string | undefined): Found[] {
  if (path.startsWith('var/lib/dpkg/')) return dpkgPackages(text, system);
  if (path === 'lib/apk/db/installed') return apkPackages(text, system);
  if (path === 'var/lib/rpm/Packages') return rpmPackages(bytes, system);
  if (path.endsWith('package.json')) return npmPackages(text);
  if (/(METADATA|PKG-INFO)$/.test(path)) return pythonPackages(text);
  return [];
}

/** What the file tells in the end, each with the first layer that told of it in that version. */
function introduced({ path, states }: Told, reader: (text: string, bytes: Uint8Array) => Found[]): Package[] {
  const first = new Map<string, Digest>();
  let last: Found[] = [];
  for (const { layer, bytes } of states) {
    last = reader(fromUtf8(bytes), bytes);
    for (const { name, version } of last) if (!first.has(`${name} ${version}`)) first.set(`${name} ${version}`, layer);
  }
  return last.map((one) => ({ ...one, path: `/${path}`, layer: first.get(`${one.name} ${one.version}`)! }));
}

/** `debian-12` of an os-release. */
function systemOf(merged: readonly Told[]): string | undefined {
  const told = ['etc/os-release', 'usr/lib/os-release'].flatMap(
    (path) => merged.find((one) => one.path === path) ?? [],
  );
  const bytes = told[0]?.states.at(-1)?.bytes;
  if (!bytes) return undefined;
  const value = (key: string): string | undefined =>
    new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(fromUtf8(bytes))?.[1];
  return value('ID') && `${value('ID')}-${value('VERSION_ID') ?? ''}`;
}

const projects: Readonly<Record<string, { namespace: string; name: string; summary: string; license: string }>> = {
  node: { namespace: 'nodejs', name: 'node', summary: 'Node.js JavaScript runtime', license: 'MIT' },
  python3: { namespace: 'python', name: 'python', summary: 'Python runtime', license: 'PSF-2.0' },
};

/** Interpreters of which the image's environment tells the version, as official images do. */
function runtimePackages({ config }: ScannedConfig, merged: readonly Told[]): Package[] {
  const environment = Object.fromEntries(
    (config?.Env ?? []).map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  return Object.entries(runtimes).flatMap(([program, variable]): Package[] => {
    const told = merged.find(({ path }) => path === `usr/local/bin/${program}`);
    const version = environment[variable];
    if (!told || !version) return [];
    return [{ type: 'github', ...projects[program]!, version, path: `/${told.path}`, layer: told.states[0]!.layer }];
  });
}
