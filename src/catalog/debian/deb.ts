import { arContent, TarContent, type TarEntry, tarEntry } from '../../archive/index.ts';
import { type Content, type Timespec, textContent } from '../../spec/index.ts';
import { fileContent, type ProgramAt } from '../file-content.ts';
import { type PackageFields, type PackageFile, packageFiles } from '../package-data.ts';
import { gidOf, uidOf } from './accounts.ts';
import { alternativesRemoval, alternativesScript } from './alternatives.ts';
import { merged } from './rootfs.ts';
import { packageTexts, postinst } from './texts.ts';
import { triggersOf } from './triggers.ts';

/** Fields of an index or control file in the order that dpkg-deb writes them. */
const controlOrder =
  'Essential Architecture Version Priority Section Maintainer Installed-Size Provides Pre-Depends Depends Recommends Suggests Conflicts Breaks Replaces Description'.split(
    ' ',
  );

export function controlText(name: string, fields: PackageFields): string {
  const all: Record<string, string | undefined> = { ...fields, Maintainer: 'Drydock <drydock@localhost>' };
  const lines = controlOrder.flatMap((key) => (all[key] === undefined ? [] : [`${key}: ${all[key]}`]));
  return [`Package: ${name}`, ...lines, ''].join('\n');
}

/**
 * A binary package: a true ar archive with its control and data members, nothing of it in memory.
 *
 * Differs from Debian: the members are not compressed (both are legal, deb(5)), and there are no md5sums, as nobody
 * could compute them without reading every byte.
 */
export async function debArchive(
  name: string,
  fields: PackageFields,
  programAt: ProgramAt,
  mtime: Timespec,
): Promise<Content> {
  const files = (await packageFiles(name)) ?? [];
  const text = (path: string, content: string, mode = 0o644): TarEntry =>
    tarEntry({ name: path, mode, mtime, content: textContent(content), uname: 'root', gname: 'root' });
  const control = [tarEntry({ name: './', type: 'directory', mtime }), text('./control', controlText(name, fields))];
  if (fields.Conffiles) control.push(text('./conffiles', `${fields.Conffiles.split(' ').join('\n')}\n`));
  const script = `${alternativesScript(name)}${postinst[name] ?? ''}`;
  if (script) control.push(text('./postinst', `#!/bin/sh\nset -e\n${script}`, 0o755));
  const removal = alternativesRemoval(name);
  if (removal) control.push(text('./prerm', `#!/bin/sh\nset -e\nif [ "$1" = remove ]; then\n${removal}fi\n`, 0o755));
  const triggers = triggersOf(name, files);
  if (triggers) control.push(text('./triggers', triggers));
  const data = files.map((file) => dataEntry(file, programAt, mtime));
  return arContent([
    { name: 'debian-binary', content: textContent('2.0\n') },
    { name: 'control.tar', content: new TarContent(control) },
    { name: 'data.tar', content: new TarContent([tarEntry({ name: './', type: 'directory', mtime }), ...data]) },
  ]);
}

function dataEntry(file: PackageFile, programAt: ProgramAt, mtime: Timespec): TarEntry {
  const common = {
    mode: file.mode,
    uid: uidOf(file.owner),
    gid: gidOf(file.group),
    uname: file.owner,
    gname: file.group,
    mtime,
  };
  const name = `./${file.path}`;
  switch (file.type) {
    case 'directory':
      return tarEntry({ ...common, name: `${name}/`, type: 'directory' });
    case 'symlink':
      return tarEntry({ ...common, name, type: 'symlink', linkname: file.link });
    case 'hardlink':
      return tarEntry({ ...common, name, type: 'link', linkname: `./${file.link.replace(/^\.\//, '')}` });
    default: {
      const content = fileContent(merged(file.path), file.size, packageTexts, programAt, file.mode);
      return tarEntry({ ...common, name, content });
    }
  }
}
