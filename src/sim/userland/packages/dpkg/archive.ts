/** A .deb file (deb(5)) opened. */
import { decompress, readAr, readTar, type TarEntry, TarError } from '../../../../archive/index.ts';
import { type Content, contentText } from '../../../../spec/index.ts';
import { parseStanza, type Stanza } from '../deb822.ts';

export interface DebArchive {
  stanza: Stanza;
  /** control.tar's other files by name: postinst, conffiles, triggers ... */
  scripts: ReadonlyMap<string, { text: string; mode: number }>;
  /** data.tar's entries; names begin with `./`. */
  entries: readonly TarEntry[];
}

/** Throws {@link TarError}. */
export function openDeb(content: Content): DebArchive {
  const members = readAr(content);
  if (members[0]?.name !== 'debian-binary') throw new TarError('not a Debian format archive');
  const tar = (prefix: string): readonly TarEntry[] => {
    const member = members.find(({ name }) => name.startsWith(prefix));
    if (!member) throw new TarError(`archive has no ${prefix} member`);
    return readTar(decompress(member.content));
  };
  const scripts = new Map<string, { text: string; mode: number }>();
  for (const entry of tar('control.tar')) {
    if (entry.type !== 'file') continue;
    scripts.set(entry.name.replace(/^\.\//, ''), { text: contentText(entry.content), mode: entry.mode & 0o7777 });
  }
  return { stanza: parseStanza(scripts.get('control')?.text ?? ''), scripts, entries: tar('data.tar') };
}
