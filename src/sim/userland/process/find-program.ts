import type { Sys } from '../../kernel/sys.ts';

export type FoundProgram = { path: string } | { error: 'ENOENT' | 'EACCES' };

const isExecutableFile = (sys: Sys, path: string): boolean => {
  try {
    if ((sys.stat(path).mode & 0o170000) === 0o040000) return false;
    sys.access(path, 1, true);
    return true;
  } catch {
    return false;
  }
};

const isFile = (sys: Sys, path: string): boolean => {
  try {
    return (sys.stat(path).mode & 0o170000) !== 0o040000;
  } catch {
    return false;
  }
};

/**
 * What execvp(3) would run: a name with a slash is a path; else the first executable file of that name in `searchPath`
 * (colon separated, an empty entry is the current directory). EACCES when only files that are not executable were found.
 */
export const findProgram = (sys: Sys, name: string, searchPath: string): FoundProgram => {
  if (name.includes('/')) return { path: name };
  let denied = false;
  if (name === '') return { error: 'ENOENT' };
  for (const directory of searchPath.split(':')) {
    const path = directory === '' ? `./${name}` : `${directory.replace(/\/$/, '')}/${name}`;
    if (isExecutableFile(sys, path)) return { path };
    denied ||= isFile(sys, path);
  }
  return { error: denied ? 'EACCES' : 'ENOENT' };
};
