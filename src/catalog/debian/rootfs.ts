import { SyntheticContent, type Timespec } from '../../spec/index.ts';
import { fileContent, type ProgramAt, seedOf } from '../file-content.ts';
import { type PackageFields, packageFiles, packageIndex } from '../package-data.ts';
import { RootfsTree } from '../tree.ts';
import { gidOf, group, passwd, shadow, uidOf } from './accounts.ts';
import { alternativesOf } from './alternatives.ts';
import type { Release } from './release.ts';
import { policyRcD } from './service-texts.ts';
import { packageTexts, systemTexts } from './texts.ts';
import { triggersOf } from './triggers.ts';

/** What debootstrap's minbase variant installs and the images keep. */
const notInImages =
  /^(gawk|perl|perl-modules-.*|libperl.*|libmpfr6|libsigsegv2|libreadline8|readline-common|usrmerge|libfile-find-rule-perl|libnumber-compare-perl|libtext-glob-perl|libgdbm.*|init-system-helpers-extra)$/;

/** What Ubuntu's images have above that. */
const inUbuntu = ['libncursesw6', 'libproc2-0', 'procps'];

export async function basePackages(id: Release['id']): Promise<string[]> {
  const { default: lists } = await import('../data/debian-base-files.json');
  const names = Object.keys(lists).filter((name) => !notInImages.test(name));
  return id === 'ubuntu' ? [...names, ...inUbuntu] : names;
}

const skeleton: [path: string, mode: number][] = [
  ['boot', 0o755],
  ['dev', 0o755],
  ['etc', 0o755],
  ['home', 0o755],
  ['media', 0o755],
  ['mnt', 0o755],
  ['opt', 0o755],
  ['proc', 0o755],
  ['root', 0o700],
  ['run', 0o755],
  ['run/lock', 0o1777],
  ['srv', 0o755],
  ['sys', 0o755],
  ['tmp', 0o1777],
  ['usr', 0o755],
  ['usr/bin', 0o755],
  ['usr/lib', 0o755],
  ['usr/lib64', 0o755],
  ['usr/sbin', 0o755],
  ['usr/local', 0o755],
  ['usr/local/bin', 0o755],
  ['usr/local/lib', 0o755],
  ['usr/local/sbin', 0o755],
  ['usr/local/share', 0o755],
  ['var', 0o755],
  ['var/cache', 0o755],
  ['var/lib', 0o755],
  ['var/log', 0o755],
  ['var/tmp', 0o1777],
];

/** The root filesystem of a release's image, of the size that the real one has. */
export async function debianRootfs(release: Release, mtime: Timespec, programAt: ProgramAt): Promise<RootfsTree> {
  const tree = new RootfsTree(mtime);
  for (const [path, mode] of skeleton) tree.directory(path, mode);
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) tree.symlink(name, `usr/${name}`);
  const index = await packageIndex();
  const names = await basePackages(release.id);
  for (const name of names) await unpack(tree, name, index[name]!, programAt);
  const { records, links } = alternativesOf(names);
  for (const [path, text] of records) tree.file(path, text);
  for (const [path, target] of links) if (!tree.has(path)) tree.symlink(merged(path), target);
  finish(tree, release);
  adjustSize(tree, release.size);
  return tree;
}

/** usr-merge: what a package has in /bin lies in /usr/bin. */
export const merged = (path: string): string => path.replace(/^(bin|sbin|lib|lib64|lib32)(\/|$)/, 'usr/$1$2');

/** dpkg's path-exclude of the images: no documentation but the licences. */
const excluded = (path: string): boolean =>
  path.startsWith('usr/share/doc/') && !/copyright$/.test(path) && path.split('/').length > 4;

/** Puts a package's files and its database entries into a tree, as dpkg does. */
export async function unpack(
  tree: RootfsTree,
  name: string,
  fields: PackageFields,
  programAt: ProgramAt,
): Promise<void> {
  const files = (await packageFiles(name)) ?? [];
  const texts = packageTexts;
  const list = ['/.'];
  for (const file of files) {
    list.push(`/${file.path}`);
    const path = merged(file.path);
    if (excluded(path)) continue;
    if (file.type === 'directory') {
      if (!tree.has(path)) tree.directory(path, file.mode, uidOf(file.owner), gidOf(file.group));
    } else if (file.type === 'symlink') tree.symlink(path, file.link);
    else if (file.type === 'hardlink') tree.hardlink(path, merged(file.link.replace(/^\.\//, '')));
    else
      tree.file(
        path,
        fileContent(path, file.size, texts, programAt, file.mode),
        file.mode,
        uidOf(file.owner),
        gidOf(file.group),
      );
  }
  tree.file(`var/lib/dpkg/info/${name}.list`, `${list.join('\n')}\n`);
  const triggers = triggersOf(name, files);
  if (triggers?.startsWith('interest')) tree.file(`var/lib/dpkg/info/${name}.triggers`, triggers);
  if (fields.Conffiles) tree.file(`var/lib/dpkg/info/${name}.conffiles`, `${fields.Conffiles.split(' ').join('\n')}\n`);
  const status = tree.get('var/lib/dpkg/status');
  tree.file(
    'var/lib/dpkg/status',
    (status ? new TextDecoder().decode(status.content.read(0, status.size)) : '') + statusStanza(name, fields),
  );
}

const statusFields = [
  'Pre-Depends',
  'Depends',
  'Recommends',
  'Suggests',
  'Provides',
  'Conflicts',
  'Breaks',
  'Replaces',
];

/** One stanza of /var/lib/dpkg/status. */
export function statusStanza(name: string, fields: PackageFields): string {
  const line = (key: string, value: string | undefined) => (value === undefined ? '' : `${key}: ${value}\n`);
  return [
    line('Package', name),
    line('Essential', fields.Essential),
    line('Status', 'install ok installed'),
    line('Priority', fields.Priority),
    line('Section', fields.Section),
    line('Installed-Size', fields['Installed-Size']),
    line('Maintainer', 'Drydock <drydock@localhost>'),
    line('Architecture', fields.Architecture),
    line('Version', fields.Version),
    ...statusFields.map((key) => line(key, fields[key])),
    line('Description', fields.Description),
    '\n',
  ].join('');
}

function finish(tree: RootfsTree, release: Release): void {
  for (const [path, text] of systemTexts(release)) tree.file(path, text);
  tree.symlink('etc/os-release', '../usr/lib/os-release');
  tree.file('etc/passwd', passwd).file('etc/group', group).file('etc/shadow', shadow, 0o640, 0, gidOf('shadow'));
  tree.directory('var/lib/apt/lists').directory('var/lib/apt/lists/partial', 0o700, uidOf('_apt'));
  tree.directory('var/cache/apt/archives/partial', 0o700, uidOf('_apt'));
  tree.directory('var/lib/dpkg/updates').directory('var/lib/dpkg/triggers').directory('var/log/apt');
  tree.file('usr/sbin/policy-rc.d', policyRcD, 0o755);
  if (!tree.has('usr/bin/sh')) tree.symlink('usr/bin/sh', 'dash');
  tree.symlink('etc/mtab', '/proc/mounts');
}

/**
 * Debian's and Ubuntu's own builds of the same packages differ in size: the large libraries take up the difference, so
 * that the image has as many bytes as the real one.
 */
function adjustSize(tree: RootfsTree, wanted: number): void {
  const libraries = tree
    .toEntries()
    .filter((entry) => entry.type === 'file' && entry.content instanceof SyntheticContent && entry.size > 65536)
    .sort((a, b) => b.size - a.size);
  const total = libraries.reduce((sum, entry) => sum + entry.size, 0);
  const factor = (total + wanted - tree.size) / total;
  if (factor <= 0) return;
  for (const entry of libraries) {
    const size = Math.max(4096, Math.round(entry.size * factor));
    tree.file(entry.name, new SyntheticContent(size, seedOf(entry.name)), entry.mode, entry.uid, entry.gid);
  }
}
