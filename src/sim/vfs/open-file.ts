import { Errno } from '../../spec/index.ts';
import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from './inode.ts';
import type { Location } from './mount-table.ts';
import type { PathContext } from './path-context.ts';
import type { OpenRequest, OpenResult } from './path-operations.ts';
import { R_OK, W_OK, X_OK } from './permission.ts';
import { child, typeOf, walk, walkToEntry } from './walk.ts';

/** open(2) up to the point where there is an inode to read and write. */
export function openFile(context: PathContext, path: string, request: OpenRequest): OpenResult {
  if (request.create && !request.path) return openOrCreate(context, path, request);
  const location = walk(context, path, { follow: !request.nofollow });
  return finish(context, location, request, false);
}

/** O_CREAT: follows dangling symlinks to where the file is to be, unless O_EXCL or O_NOFOLLOW. */
function openOrCreate(context: PathContext, path: string, request: OpenRequest): OpenResult {
  let from: Location | undefined;
  for (let links = 0; links <= 40; links++) {
    const entry = walkToEntry(context, path, { from });
    if (entry.mustBeDirectory || entry.name === '' || entry.name === '.' || entry.name === '..') {
      throw new Errno('EISDIR');
    }
    const found = child(entry.directory, entry.name);
    if (!found) {
      return finish(context, create(context, entry.directory, entry.name, request), request, true);
    }
    if (request.exclusive) throw new Errno('EEXIST');
    if (typeOf(found.inode) !== S_IFLNK || request.nofollow) return finish(context, found, request, false);
    if (found.inode.followLink) return finish(context, found.inode.followLink(), request, false);
    path = found.inode.readlink();
    from = entry.directory;
  }
  throw new Errno('ELOOP');
}

function create(context: PathContext, directory: Location, name: string, request: OpenRequest): Location {
  context.permission(directory, W_OK | X_OK);
  const mode = S_IFREG | ((request.mode ?? 0o666) & 0o7777 & ~context.umask);
  directory.inode.create(name, mode, context.ownerIn(directory.inode));
  return child(directory, name)!;
}

function finish(context: PathContext, location: Location, request: OpenRequest, created: boolean): OpenResult {
  const type = location.inode.getattr().mode & S_IFMT;
  if (request.directory && type !== S_IFDIR) throw new Errno('ENOTDIR');
  if (request.path) return { location, inode: location.inode, created };
  if (type === S_IFLNK) throw new Errno('ELOOP');
  const write = request.write || request.truncate || false;
  if (type === S_IFDIR && (write || request.create)) throw new Errno('EISDIR');
  if ((type === S_IFCHR || type === S_IFBLK) && location.mount.flags.nodev) throw new Errno('EACCES');
  // Whoever creates a file may open it, whatever its mode says.
  const mask = ((request.read ?? !request.write) ? R_OK : 0) | (write ? W_OK : 0);
  if (!created && mask) context.permission(location, mask);
  const inode = location.inode.open(write);
  if (request.truncate && type === S_IFREG && !created) inode.setattr({ size: 0 });
  return { location, inode, created };
}
