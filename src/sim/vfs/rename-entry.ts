import { Errno } from '../../spec/index.ts';
import { type Inode, type RenameFlags, S_IFDIR } from './inode.ts';
import { remember } from './lineage.ts';
import { coveringMount, type Location } from './mount-table.ts';
import type { PathContext } from './path-context.ts';
import type { Entry } from './path-operations.ts';
import { requireMayDelete, W_OK, X_OK } from './permission.ts';
import { typeOf, walkToEntry } from './walk.ts';

/** rename(2) above the filesystem: who may, mountpoints, mounts, trailing slashes. */
export function renameEntry(context: PathContext, from: string, to: string, flags: RenameFlags = {}): void {
  const source = walkToEntry(context, from);
  const target = walkToEntry(context, to);
  if (source.directory.mount !== target.directory.mount) throw new Errno('EXDEV');
  if (isSpecial(source.name) || isSpecial(target.name)) throw new Errno('EBUSY');
  const moved = source.directory.inode.lookup(source.name);
  const replaced = existing(target);
  const isDirectory = typeOf(moved) === S_IFDIR;
  if (flags.noreplace && replaced) throw new Errno('EEXIST');
  if (!isDirectory && (source.mustBeDirectory || (target.mustBeDirectory && !flags.exchange))) {
    throw new Errno('ENOTDIR');
  }
  context.requireWritableMount(source.directory);
  requireMayDelete(source.directory.inode, moved, context.cred);
  if (replaced) requireMayDelete(target.directory.inode, replaced, context.cred);
  else context.permission(target.directory, W_OK | X_OK);
  if (isDirectory && source.directory.inode !== target.directory.inode) {
    context.permission({ mount: source.directory.mount, inode: moved }, W_OK);
  }
  refuseMountpoint(source, moved);
  if (replaced) refuseMountpoint(target, replaced);
  remember(moved, source.directory.inode, source.name);
  source.directory.inode.rename(source.name, target.directory.inode, target.name, flags);
  if (replaced === moved) return;
  remember(moved, target.directory.inode, target.name);
  if (flags.exchange && replaced) remember(replaced, source.directory.inode, source.name);
}

const isSpecial = (name: string): boolean => name === '' || name === '.' || name === '..';

function existing(entry: Entry): Inode | undefined {
  try {
    return entry.directory.inode.lookup(entry.name);
  } catch (error) {
    if (error instanceof Errno && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function refuseMountpoint(entry: Entry, inode: Inode): void {
  const place: Location = {
    mount: entry.directory.mount,
    inode,
    parent: entry.directory.inode,
    name: entry.name,
  };
  if (coveringMount(place)) throw new Errno('EBUSY');
}
