import { BytesContent, ConcatContent, type Content, fromUtf8, sliceOf, utf8 } from '../spec/index.ts';
import { TarError } from './entry.ts';

/** A member of an ar archive (ar(5), the common format): what a .deb is made of. */
export interface ArMember {
  name: string;
  content: Content;
}

const magic = '!<arch>\n';
const headerSize = 60;

/** Members in order, root's, mode 0100644, as dpkg-deb writes them; data is referred to, not copied. */
export function arContent(members: readonly ArMember[], mtime = 0): Content {
  const parts: Content[] = [new BytesContent(utf8(magic))];
  for (const { name, content } of members) {
    const fields = [name.padEnd(16), String(mtime).padEnd(12), '0     ', '0     ', '100644  '];
    parts.push(new BytesContent(utf8(`${fields.join('')}${String(content.size).padEnd(10)}\`\n`)), content);
    if (content.size % 2) parts.push(new BytesContent(utf8('\n')));
  }
  return new ConcatContent(parts);
}

/** Throws {@link TarError} on what is no ar archive, or is cut short. */
export function readAr(content: Content): ArMember[] {
  if (fromUtf8(content.read(0, magic.length)) !== magic) throw new TarError('not an ar archive');
  const members: ArMember[] = [];
  for (let at = magic.length; at < content.size; ) {
    const header = fromUtf8(content.read(at, headerSize));
    const size = Number(header.slice(48, 58));
    at += headerSize;
    if (header.length < headerSize || header.slice(58) !== '`\n' || !(at + size <= content.size)) {
      throw new TarError('unexpected EOF');
    }
    members.push({
      name: header.slice(0, 16).trimEnd().replace(/\/$/, ''),
      content: sliceOf(content, at, size),
    });
    at += size + (size % 2);
  }
  return members;
}
