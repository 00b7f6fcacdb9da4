/** Facts of Debian packages, as `scripts/record-packages.mjs` wrote them to data/. Loaded when first needed. */

/** Control fields of a package (deb822 names; `Conffiles` is a list of paths). */
export type PackageFields = Readonly<Record<string, string>>;

export interface PackageFile {
  type: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** 0..07777 */
  mode: number;
  /** Names, as in the package. */
  owner: string;
  group: string;
  size: number;
  /** Without a leading slash. */
  path: string;
  /** Target of a symlink; path of the other name of a hard link. */
  link: string;
}

const lists = import.meta.glob<string>('./data/files/*.txt', { query: '?raw', import: 'default' });

const load = <T>(from: () => Promise<{ default: unknown }>): (() => Promise<T>) => {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= from().then((module) => module.default as T);
    return loaded;
  };
};

/** All packages of the repository, by name. */
export const packageIndex = load<Record<string, PackageFields>>(() => import('./data/debian-packages.json'));

const baseLists = load<Record<string, string>>(() => import('./data/debian-base-files.json'));

/** Files of a package, sorted by path; undefined when its list is not known. */
export async function packageFiles(name: string): Promise<PackageFile[] | undefined> {
  const text = (await baseLists())[name] ?? (await lists[`./data/files/${name}.txt`]?.());
  return text === undefined ? undefined : decodeFileList(text);
}

const types = { '-': 'file', d: 'directory', l: 'symlink', h: 'hardlink' } as const;

/** Inverse of the recorder's encoding: `<type><mode>[@owner:group] TAB size TAB <same>:<rest> [TAB link]`. */
export function decodeFileList(text: string): PackageFile[] {
  let before = '';
  const files: PackageFile[] = [];
  for (const line of text.split('\n')) {
    if (!line) continue;
    const [kind = '', size = '', name = '', link = ''] = line.split('\t');
    const [, type, mode, owner = 'root', group = 'root'] = /^(.)([0-7]+)(?:@([^:]+):(.+))?$/.exec(kind) ?? [];
    const colon = name.indexOf(':');
    const path = before.slice(0, Number(name.slice(0, colon))) + name.slice(colon + 1);
    before = path;
    const known = types[type as keyof typeof types];
    if (known)
      files.push({ type: known, mode: Number.parseInt(mode!, 8), owner, group, size: Number(size), path, link });
  }
  return files;
}

/** First alternative of each dependency, without version and architecture. */
export const dependencyNames = (field: string | undefined): string[] =>
  (field ?? '')
    .split(',')
    .map((part) => part.split('|')[0]!.trim().split(/[ :(]/)[0]!)
    .filter(Boolean);
