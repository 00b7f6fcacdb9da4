import { Errno, isErrno } from '../../../spec/index.ts';
import type { Sys } from '../../kernel/sys.ts';

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The file that execvp(3) would run for `name`: the name itself when it has a slash, else the first executable regular
 * file of PATH. ENOENT when there is none; EACCES when there is one that may not be run.
 */
export function findProgram(sys: Sys, name: string, path = sys.env.PATH ?? defaultPath): string {
  if (name.includes('/')) return name;
  if (name === '') throw new Errno('ENOENT');
  let denied = false;
  for (const directory of path.split(':')) {
    const candidate = `${directory || '.'}/${name}`;
    try {
      if ((sys.stat(candidate).mode & 0o170000) !== 0o100000) continue;
      sys.access(candidate, 1, true);
      return candidate;
    } catch (error) {
      if (isErrno(error, 'EACCES')) denied = true;
      else if (!isErrno(error)) throw error;
    }
  }
  throw new Errno(denied ? 'EACCES' : 'ENOENT');
}
