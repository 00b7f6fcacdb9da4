/** Copy-up: the moment a file of a lower layer becomes one of the upper directory, before its first change. */
import { Errno } from '../../spec/index.ts';
import { type Inode, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG, type Stat } from './inode.ts';
import { lookupOrUndefined } from './lineage.ts';
import type { OverlayInode } from './overlay-inode.ts';
import { isPrivateXattr, markImpure, setOrigin } from './overlay-marks.ts';

/** Parents first. Data goes by reference; owner, mode, times and xattrs are kept; a lower hard link is broken. */
export function copyUp(inode: OverlayInode): Inode {
  if (inode.upper) return inode.upper;
  const { fs, home } = inode;
  if (!fs.upperRoot) throw new Errno('EROFS');
  // Removed meanwhile: there is no name to copy it up to.
  if (!home) throw new Errno('ENOENT');
  const lower = inode.lowers[0]!;
  const parent = copyUp(home.directory);
  const before = parent.getattr();
  const stat = lower.getattr();
  const made = copyFile(parent, home.name, lower, stat);
  // With index=off a broken hard link gets a new inode number; everything else keeps its own.
  if ((stat.mode & S_IFMT) === S_IFDIR || stat.nlink === 1) {
    setOrigin(made, lower);
    markImpure(parent);
  } else inode.ino = made.ino;
  parent.setattr({ atime: before.atime, mtime: before.mtime });
  inode.becameUpper(made);
  home.directory.upperChanged();
  if (fs.tracer.wants('overlay.copyup')) {
    const holder = home.directory.lowers.find((below) => lookupOrUndefined(below, home.name) === lower);
    const from = holder ? fs.layerPath(holder) : '';
    const size = (stat.mode & S_IFMT) === S_IFREG ? stat.size : 0;
    fs.tracer.emit({ type: 'overlay.copyup', upper: fs.upperPath, path: inode.path(), from, size });
  }
  return made;
}

/** All or nothing: ENOSPC leaves no half file. */
function copyFile(parent: Inode, name: string, lower: Inode, stat: Stat): Inode {
  const made = makeLike(parent, name, lower, stat);
  try {
    if ((stat.mode & S_IFMT) === S_IFREG) made.setContent(lower.content());
    for (const xattr of lower.listxattr()) {
      if (!isPrivateXattr(xattr)) made.setxattr(xattr, lower.getxattr(xattr)!);
    }
    made.setattr({ atime: stat.atime, mtime: stat.mtime });
  } catch (error) {
    if ((stat.mode & S_IFMT) === S_IFDIR) parent.rmdir(name);
    else parent.unlink(name);
    throw error;
  }
  return made;
}

function makeLike(parent: Inode, name: string, lower: Inode, stat: Stat): Inode {
  const owner = { uid: stat.uid, gid: stat.gid };
  switch (stat.mode & S_IFMT) {
    case S_IFDIR:
      return parent.mkdir(name, stat.mode & 0o7777, owner);
    case S_IFLNK:
      return parent.symlink(name, lower.readlink(), owner);
    case S_IFREG:
      return parent.create(name, stat.mode & 0o7777, owner);
    default:
      return parent.mknod(name, stat.mode, stat.rdev, owner);
  }
}
