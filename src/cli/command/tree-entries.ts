import { type TarEntry, tarEntry } from '../../archive/index.ts';
import type { Steps } from '../../spec/index.ts';
import type { CliFiles } from '../host.ts';

/**
 * The entries of a tar of a file or directory, under another name; directories before what they hold, names in order,
 * hard links as links; a name a step. `keep` decides by the path below the root whether a name goes in.
 */
export function* treeEntries(
  files: CliFiles,
  root: string,
  name: string,
  keep: (path: string, directory: boolean) => boolean = () => true,
  owner?: { uid: number; gid: number },
): Steps<TarEntry[]> {
  const out: TarEntry[] = [];
  const seen = new Map<string, string>();
  function* visit(path: string, below: string): Steps<void> {
    yield;
    const stat = files.lstat(path);
    if (!stat || stat.type === 'socket') return;
    const directory = stat.type === 'directory';
    const full = below === '' ? name : name === '' ? below : `${name}/${below}`;
    if (full !== '' && keep(below, directory)) {
      const { uid, gid } = owner ?? stat;
      // moby pkg/archive: whole seconds, so that no file needs a PAX header for its time alone.
      const mtime = { sec: stat.mtime.sec, nsec: 0 };
      const meta = { uid, gid, mtime, mode: stat.mode & 0o7777, devmajor: stat.rdev.major, devminor: stat.rdev.minor };
      const inode = stat.nlink > 1 && !directory ? `${stat.dev}:${stat.ino}` : undefined;
      const first = inode === undefined ? undefined : seen.get(inode);
      if (first) out.push(tarEntry({ ...meta, name: full, type: 'link', linkname: first }));
      else if (stat.type === 'file')
        out.push(tarEntry({ ...meta, name: full, type: 'file', content: files.content(path), size: stat.size }));
      else if (stat.type === 'symlink')
        out.push(tarEntry({ ...meta, name: full, type: 'symlink', linkname: files.readlink(path) }));
      else
        out.push(
          tarEntry({
            ...meta,
            name: directory ? `${full}/` : full,
            type: stat.type as 'directory' | 'char' | 'block' | 'fifo',
          }),
        );
      if (!first && inode !== undefined) seen.set(inode, full);
    }
    if (directory)
      for (const child of files.readdir(path))
        yield* visit(path === '/' ? `/${child}` : `${path}/${child}`, below === '' ? child : `${below}/${child}`);
  }
  yield* visit(root, '');
  return out;
}
