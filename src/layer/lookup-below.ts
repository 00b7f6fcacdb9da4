import type { Tree } from '../port/index.ts';
import { isOpaqueMark } from './whiteout.ts';

/**
 * Whether a path is there in the union of these directories (topmost first), by overlayfs's rules: a whiteout hides what
 * is below it, an opaque directory and a file in the way as well. Only looks: nothing is mounted.
 */
export const existsInUnion = (dirs: readonly Tree[], path: string): boolean => {
  for (const dir of dirs) {
    const found = lookIn(dir, path);
    if (found !== 'below') return found === 'here';
  }
  return false;
};

function lookIn(dir: Tree, path: string): 'here' | 'hidden' | 'below' {
  let hides = false;
  for (let at = path.indexOf('/'); ; at = path.indexOf('/', at + 1)) {
    const prefix = at < 0 ? path : path.slice(0, at);
    const stat = dir.lstat(prefix);
    if (!stat) return hides ? 'hidden' : 'below';
    if (stat.type === 'char' && stat.rdev.major === 0 && stat.rdev.minor === 0) return 'hidden';
    if (at < 0) return 'here';
    if (stat.type !== 'directory') return 'hidden';
    hides ||= isOpaqueMark(dir.xattrs(prefix).get('trusted.overlay.opaque'));
  }
}
