/**
 * Facts of CentOS packages, as one line each tells them:
 *
 *     name [epoch:]version-release arch repository installed-KiB packed-KiB|licence|summary|requires|files[|provides]
 *
 * A file is a path without a leading slash: `path/` a directory, `path>target` a symbolic link, `%path` a configuration
 * file, `*path` the one that takes up what the package weighs. `b:x,y` are commands in usr/bin, `s:` in usr/sbin, with
 * `=suite/` those of that suite of the userland, with `=program` that program. `L:libx.so.1/1.2` is the library
 * usr/lib64/libx.so.1.2 and its soname; the package provides it.
 */
import type { RpmCapability } from '../../archive/index.ts';
import { imagePackages } from './image-packages.ts';
import { imageUpdates, repositoryPackages } from './repository-packages.ts';

export interface FactFile {
  /** Without a leading slash. */
  path: string;
  kind: 'file' | 'directory' | 'symlink';
  link: string;
  config: boolean;
  executable: boolean;
  /** Takes up what the package weighs beyond its texts. */
  bulk: boolean;
  /** The program of the userland that it stands for. */
  program: string | undefined;
}

export interface PackageFacts {
  name: string;
  epoch: number | undefined;
  version: string;
  release: string;
  arch: string;
  repository: string;
  /** Bytes. */
  installed: number;
  packed: number;
  license: string;
  summary: string;
  requires: RpmCapability[];
  provides: RpmCapability[];
  files: FactFile[];
}

export function parseCapability(text: string): RpmCapability {
  const [name = '', relation, version] = text.split(' ');
  return relation && version
    ? { name, relation: relation as NonNullable<RpmCapability['relation']>, version }
    : { name };
}

const capabilities = (text: string | undefined): RpmCapability[] =>
  (text ?? '').split(',').filter(Boolean).map(parseCapability);

export function parseFacts(line: string): PackageFacts {
  const [head = '', license = '', summary = '', requires, files = '', provides] = line.split('|');
  const [name = '', evr = '', arch = '', repository = '', installed, packed] = head.split(' ');
  const list = files.split(' ').filter(Boolean).flatMap(parseFile);
  const { epoch, version, release } = splitEvr(evr);
  const own: RpmCapability[] = [{ name, relation: '=', version: evr }];
  if (arch === 'x86_64') own.push({ name: `${name}(x86-64)`, relation: '=', version: evr });
  return {
    name,
    epoch,
    version,
    release,
    arch,
    repository,
    installed: Number(installed) * 1024,
    packed: Number(packed) * 1024,
    license,
    summary,
    requires: capabilities(requires),
    provides: [
      ...own,
      ...list.flatMap(({ path }) => sonames(path)),
      ...capabilities(provides).filter((one) => one.name !== `${name}(x86-64)`),
    ],
    files: list,
  };
}

export function splitEvr(evr: string): Pick<PackageFacts, 'epoch' | 'version' | 'release'> {
  const [, epoch, version = '', release = ''] = /^(?:(\d+):)?([^-]*)-(.*)$/.exec(evr) ?? [];
  return { epoch: epoch === undefined ? undefined : Number(epoch), version, release };
}

/** What a library in usr/lib64 is required as. */
const sonames = (path: string): RpmCapability[] => {
  const name = /^usr\/lib64\/(?:perl5\/CORE\/)?(lib[^/]*\.so[^/]*)$/.exec(path)?.[1];
  return name ? [{ name: `${name}()(64bit)` }] : [];
};

function parseFile(token: string): FactFile[] {
  const plain = { kind: 'file' as const, link: '', config: false, executable: false, bulk: false, program: undefined };
  const commands = /^([bs]):([^=]+)(?:=(.+))?$/.exec(token);
  if (commands) {
    const [, where, names = '', program] = commands;
    return names.split(',').map((name) => ({
      ...plain,
      path: `usr/${where === 'b' ? 'bin' : 'sbin'}/${name}`,
      executable: true,
      program: program?.endsWith('/') ? program + name : program,
    }));
  }
  const library = /^L:([^/]+?)(?:\/(.+))?$/.exec(token);
  if (library) {
    const [, soname = '', full] = library;
    if (!full) return [{ ...plain, path: `usr/lib64/${soname}`, executable: true }];
    const file = `${soname.replace(/\.so\..*/, '.so')}.${full}`;
    return [
      { ...plain, path: `usr/lib64/${file}`, executable: true },
      ...(file === soname ? [] : [{ ...plain, kind: 'symlink' as const, path: `usr/lib64/${soname}`, link: file }]),
    ];
  }
  const [, mark, path = '', link = ''] = /^([%*]?)([^>]+)(?:>(.+))?$/.exec(token) ?? [];
  if (path.endsWith('/')) return [{ ...plain, kind: 'directory', path: path.slice(0, -1) }];
  return [
    {
      ...plain,
      path,
      kind: link ? 'symlink' : 'file',
      link,
      config: mark === '%',
      bulk: mark === '*',
      executable: /\.so$|\/(s?bin|libexec)\/|^usr\/lib\/systemd\/systemd/.test(path),
    },
  ];
}

const parseLines = (text: string): PackageFacts[] => text.trim().split('\n').map(parseFacts);

/** What the image has. */
export const inImage: readonly PackageFacts[] = parseLines(imagePackages);

/** What every repository together offers: what is in the image, its updates, and the rest. */
export function allPackages(): PackageFacts[] {
  const updates = imageUpdates
    .trim()
    .split('\n')
    .flatMap((line) => {
      const words = line.split(' ');
      const evr = words.at(-1)!;
      return words.slice(0, -1).map((name) => updated(name, evr));
    });
  return [...inImage, ...updates, ...parseLines(repositoryPackages)];
}

/** The same package in a later version: what it requires of its own siblings follows. */
function updated(name: string, evr: string): PackageFacts {
  const line = imagePackages.split('\n').find((one) => one.startsWith(`${name} `))!;
  const old = line.split(' ')[1]!;
  return { ...parseFacts(line.replaceAll(old, evr)), repository: 'updates' };
}
