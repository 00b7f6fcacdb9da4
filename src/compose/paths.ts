import { cleanTarget } from './canonical.ts';
import { ProjectError } from './project.ts';
import { type Dict, goType, isDict, mapDict, type Path, Rules, type Value } from './value.ts';

/** Where relative paths are taken from. */
export interface PathBase {
  directory: string;
  home: string | undefined;
  warn(message: string): void;
}

type Resolver = (value: Value, base: PathBase) => Value;

export const isAbsolute = (path: string): boolean => path.startsWith('/');

/** filepath.Join of two. */
export const joinPath = (directory: string, path: string): string =>
  directory === '' ? cleanTarget(path) : path === '' ? cleanTarget(directory) : cleanTarget(`${directory}/${path}`);

export const directoryOf = (path: string): string => {
  const at = path.lastIndexOf('/');
  return at < 0 ? '.' : cleanTarget(path.slice(0, at) || '/');
};

export const baseName = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) || '/';

/** filepath.Rel of two absolute paths. */
export function relativePath(from: string, to: string): string {
  const [base, target] = [from, to].map((path) => cleanTarget(path).split('/').filter(Boolean)) as [string[], string[]];
  let same = 0;
  while (same < base.length && same < target.length && base[same] === target[same]) same++;
  return [...base.slice(same).map(() => '..'), ...target.slice(same)].join('/') || '.';
}

function expandUser(path: string, { home, warn }: PathBase): string {
  if (!path.startsWith('~')) return path;
  if (home !== undefined) return joinPath(home, path.slice(1));
  warn("cannot expand '~', because the environment lacks HOME");
  return path;
}

const absolute: Resolver = (value, base) => {
  if (Array.isArray(value)) return value.map((item) => absolute(item, base));
  if (typeof value !== 'string') throw new ProjectError(`unexpected type ${goType(value)}`);
  const path = expandUser(value, base);
  return path === '' || isAbsolute(path) ? path : joinPath(base.directory, path);
};

const isWindowsAbsolute = (path: string): boolean => /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);

const maybeUnix: Resolver = (value, base) => {
  if (typeof value !== 'string') return value;
  const path = expandUser(value, base);
  return isAbsolute(path) || isWindowsAbsolute(path) ? path : joinPath(base.directory, path);
};

const remote = /^(?:https:\/\/|http:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/;

const context: Resolver = (value, base) => {
  if (typeof value !== 'string') return value;
  return value.includes('://') || value.startsWith('service:') || remote.test(value) ? value : absolute(value, base);
};

const mount: Resolver = (value, base) => {
  if (!isDict(value) || value.type !== 'bind') return value;
  if (!('source' in value))
    throw new ProjectError('invalid mount config for type "bind": field Source must not be empty');
  return { ...value, source: maybeUnix(value.source!, base) };
};

/** A volume that is a bind mount in disguise. */
const driverOptions: Resolver = (value, base) => {
  const options = isDict(value) && value.driver === 'local' ? value.driver_opts : undefined;
  if (!isDict(value) || !isDict(options ?? null)) return value;
  const { o, device } = options as Dict;
  if (o !== 'bind' || device === undefined) return value;
  return { ...value, driver_opts: { ...(options as Dict), device: maybeUnix(device, base) } };
};

const resolvers = new Rules<Resolver>({
  'services.*.build.context': context,
  'services.*.build.additional_contexts.*': context,
  'services.*.build.ssh.*': maybeUnix,
  'services.*.env_file.*.path': absolute,
  'services.*.label_file.*': absolute,
  'services.*.extends.file': absolute,
  'services.*.develop.watch.*.path': absolute,
  'services.*.volumes.*': mount,
  'configs.*.file': maybeUnix,
  'secrets.*.file': maybeUnix,
  'include.path': absolute,
  'include.project_directory': absolute,
  'include.env_file': absolute,
  'volumes.*': driverOptions,
});

/** Relative paths of a tree made absolute, or relative to where `base.directory` is relative to. */
export function resolvePaths<V extends Value>(value: V, base: PathBase, path: Path = []): V {
  const resolver = resolvers.find(path);
  if (resolver) return resolver(value, base) as V;
  if (Array.isArray(value)) return value.map((item) => resolvePaths(item, base, [...path, '[]'])) as V;
  return isDict(value) ? (mapDict(value, (item, key) => resolvePaths(item, base, [...path, key])) as V) : value;
}
