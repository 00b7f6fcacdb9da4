import { rpmHeaderBytes } from '../../archive/index.ts';
import { digestOf } from '../../content/index.ts';
import { BytesContent, joinContents, type Timespec, textContent } from '../../spec/index.ts';
import { RootfsTree } from '../tree.ts';
import { inImage, type PackageFacts } from './package-facts.ts';
import { type RpmParts, rpmParts } from './package-files.ts';

/** Bytes of the image's root filesystem: 203.93 MB, as docker-library's repo-info has it. */
const imageSize = 203_930_000;

const skeleton: [path: string, mode: number][] = [
  ...'boot dev etc etc/X11 etc/opt etc/sysconfig etc/yum etc/yum/vars home media mnt opt run srv usr usr/bin usr/games usr/include usr/lib usr/lib64 usr/libexec usr/local usr/local/bin usr/local/etc usr/local/lib usr/local/lib64 usr/local/sbin usr/local/share usr/sbin usr/share usr/share/doc usr/share/man usr/src var var/adm var/cache var/db var/empty var/games var/gopher var/lib var/lib/misc var/local var/log var/nis var/opt var/preserve var/spool var/yp'
    .split(' ')
    .map((path): [string, number] => [path, 0o755]),
  ['proc', 0o555],
  ['sys', 0o555],
  ['root', 0o550],
  ['tmp', 0o1777],
  ['var/tmp', 0o1777],
  ['run/lock', 0o755],
  ['var/spool/mail', 0o775],
];
const links: [path: string, target: string][] = [
  ...['bin', 'sbin', 'lib', 'lib64'].map((name): [string, string] => [name, `usr/${name}`]),
  ['var/run', '../run'],
  ['var/lock', '../run/lock'],
  ['var/mail', 'spool/mail'],
  ['usr/tmp', '../var/tmp'],
];

/** The root filesystem of centos:centos7, with its rpm database. */
export function centosRootfs(mtime: Timespec): RootfsTree {
  const tree = new RootfsTree(mtime);
  for (const [path, mode] of skeleton) tree.directory(path, mode);
  for (const [path, target] of links) tree.symlink(path, target);
  const parts = imageParts(mtime);
  for (const one of parts) place(tree, one);
  tree.file('var/lib/rpm/Packages', databaseOf(parts, mtime.sec));
  tree.file('etc/hostname', '').file('var/log/yum.log', '', 0o600).file('etc/machine-id', '');
  tree.symlink('etc/mtab', '/proc/self/mounts').symlink('etc/localtime', '../usr/share/zoneinfo/UTC');
  tree.file('etc/yum/vars/infra', 'container\n').directory('var/cache/yum/x86_64/7');
  for (const { name, version, release, arch } of inImage) {
    const label = `${name}-${version}-${release}-${arch}`;
    const id = digestOf(textContent(label)).slice('sha256:'.length, 'sha256:'.length + 40);
    tree.file(`var/lib/yum/yumdb/${name[0]}/${id}-${label}/from_repo`, 'CentOS');
  }
  return tree;
}

/** What is installed, sized so that all of it makes the image. */
function imageParts(mtime: Timespec): RpmParts[] {
  const parts = (scale: number): RpmParts[] =>
    inImage.map((facts) => rpmParts(withDirectories(facts), mtime.sec, scale));
  const plain = bytesOf(parts(1));
  // The database grows with the number of files, not with their sizes.
  const database = databaseOf(parts(1), mtime.sec).size;
  return parts((imageSize - database) / plain);
}

const bytesOf = (parts: readonly RpmParts[]): number =>
  parts.reduce((sum, { contents }) => sum + contents.reduce((bytes, content) => bytes + (content?.size ?? 0), 0), 0);

/** The package `filesystem` owns the directories that all others share. */
function withDirectories(facts: PackageFacts): PackageFacts {
  if (facts.name !== 'filesystem') return facts;
  const common = { config: false, executable: false, bulk: false, program: undefined };
  return {
    ...facts,
    files: [
      ...skeleton.map(([path]) => ({ ...common, path, kind: 'directory' as const, link: '' })),
      ...links.map(([path, link]) => ({ ...common, path, kind: 'symlink' as const, link })),
    ],
  };
}

function place(tree: RootfsTree, { header, contents }: RpmParts): void {
  header.files.forEach((file, i) => {
    const path = file.path.slice(1);
    if (file.link) tree.symlink(path, file.link);
    else if ((file.mode & 0o170000) === 0o040000) {
      if (!tree.has(path)) tree.directory(path, file.mode & 0o7777);
    } else tree.file(path, contents[i]!, file.mode & 0o7777);
  });
}

function databaseOf(parts: readonly RpmParts[], installTime: number): BytesContent {
  const all = parts.map(({ header }) => new BytesContent(rpmHeaderBytes({ ...header, installTime })));
  const joined = joinContents(all);
  return new BytesContent(joined.read(0, joined.size));
}
