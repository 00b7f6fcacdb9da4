/** Slash paths as Go's path package sees them. */

/** Without `.`, `..` and doubled slashes; '' gives '.'. */
export function clean(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !rooted) parts.push(part);
  }
  return (rooted ? '/' : '') + parts.join('/') || '.';
}

export const join = (...parts: string[]): string => clean(parts.filter((part) => part !== '').join('/'));
export const base = (path: string): string => path.replace(/\/+$/, '').split('/').pop() || '/';
export const parent = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const isAbsolute = (path: string): boolean => path.startsWith('/');

/** Absolute, a trailing slash kept: where COPY's destination is, seen from the working directory. */
export function destinationPath(workingDir: string, path: string): string {
  const full = isAbsolute(path) ? clean(path) : join('/', workingDir, path);
  return path.endsWith('/') && full !== '/' ? `${full}/` : full;
}

/** `a/b` of `/a/b/`: as {@link Tree} wants it. */
export const relative = (path: string): string => clean(`/${path}`).slice(1);
