import { type Content, emptyContent, epoch, type Timespec } from '../spec/index.ts';

/** What a tar entry is; `link` is a hard link to an earlier entry's name. */
export type TarType = 'file' | 'directory' | 'symlink' | 'link' | 'char' | 'block' | 'fifo';

/**
 * One entry of a tar archive.
 *
 * Names are as in the archive (`./bin/`, `etc/passwd`, no cleaning); bytes that are not UTF-8 read as U+FFFD.
 */
export interface TarEntry {
  readonly name: string;
  readonly type: TarType;
  /** As in the header. Docker's layers hold the file type bits as well (0100644), others only 07777: mask before use. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly uname?: string;
  readonly gname?: string;
  readonly mtime: Timespec;
  /** Bytes of `content`; 0 for anything but a file. */
  readonly size: number;
  /** Target of a symlink, name of the earlier entry of a hard link, '' otherwise (but see docker's whiteouts). */
  readonly linkname: string;
  readonly devmajor: number;
  readonly devminor: number;
  /** Values are bytes (PAX `SCHILY.xattr.*`). */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
  readonly content: Content;
}

const noXattrs: ReadonlyMap<string, Uint8Array> = new Map();
const defaultModes: Record<TarType, number> = {
  file: 0o644,
  directory: 0o755,
  symlink: 0o777,
  link: 0o644,
  char: 0o600,
  block: 0o600,
  fifo: 0o644,
};

/** An entry from what matters of it: root's, of the epoch, with the type's usual mode, as large as its content. */
export function tarEntry(fields: Partial<TarEntry> & { name: string }): TarEntry {
  const type = fields.type ?? 'file';
  const content = fields.content ?? emptyContent;
  return {
    type,
    mode: defaultModes[type],
    uid: 0,
    gid: 0,
    mtime: epoch,
    linkname: '',
    devmajor: 0,
    devminor: 0,
    xattrs: noXattrs,
    ...fields,
    content,
    size: content.size,
  };
}

// stat(2)'s S_IFMT values.
const typeBits: Record<TarType, number> = {
  file: 0o100000,
  link: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  char: 0o020000,
  block: 0o060000,
  fifo: 0o010000,
};

/** Permission bits with the file type's, as Docker's layers carry them. Hard links: the type bits of a file. */
export const modeWithType = (type: TarType, mode: number): number => typeBits[type] | (mode & 0o7777);

/** An archive that cannot be read. The text is Go's archive/tar or compress/gzip text where there is one. */
export class TarError extends Error {
  override readonly name = 'TarError';
}
