/**
 * Where inodes hang. A filesystem knows only names to inodes; `..`, getcwd and /proc/self/fd need the way back up.
 * Linux keeps dentries for it. Here the walk notes, whenever it reaches an inode, the directory and name it came by. A
 * directory has one parent, so its note is the truth; a file with several names has the last one used.
 */
import type { Inode } from './inode.ts';

export interface Home {
  readonly directory: Inode;
  readonly name: string;
}

const homes = new WeakMap<Inode, Home>();

export function remember(inode: Inode, directory: Inode, name: string): void {
  const known = homes.get(inode);
  if (!known || known.directory !== directory || known.name !== name) homes.set(inode, { directory, name });
}

export const homeOf = (inode: Inode): Home | undefined => homes.get(inode);

export const forget = (inode: Inode): void => void homes.delete(inode);

export function lookupOrUndefined(directory: Inode, name: string): Inode | undefined {
  if (directory.peek) return directory.peek(name);
  try {
    return directory.lookup(name);
  } catch {
    return undefined;
  }
}

/** Whether the directory's name still leads to it. */
export const isHome = (inode: Inode, home: Home): boolean => lookupOrUndefined(home.directory, home.name) === inode;

/** Whether `inode` is `ancestor` or below it in their filesystem, as far as is known. */
export function isBelow(inode: Inode, ancestor: Inode): boolean {
  if (inode.fs !== ancestor.fs) return false;
  if (ancestor === ancestor.fs.root) return true;
  for (let at: Inode | undefined = inode; at; at = homes.get(at)?.directory) if (at === ancestor) return true;
  return false;
}
