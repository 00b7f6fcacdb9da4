/** Whole files by path, for programs that keep databases. */
import { type Content, contentText, fromUtf8, isErrno, textContent } from '../../../spec/index.ts';
import type { Sys } from '../../kernel/sys.ts';

/** Undefined when there is no such file. */
export function readContent(sys: Sys, path: string): Content | undefined {
  let fd: number;
  try {
    fd = sys.openSync(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
  try {
    return sys.fileContent(fd);
  } finally {
    sys.close(fd);
  }
}

export function readText(sys: Sys, path: string): string | undefined {
  const content = readContent(sys, path);
  return content && contentText(content);
}

/** Replaces or creates; the content is kept by reference. */
export function writeContent(sys: Sys, path: string, content: Content, mode = 0o644): void {
  const fd = sys.openSync(path, { access: 'write', create: true, truncate: true }, mode);
  try {
    sys.setFileContent(fd, content);
  } finally {
    sys.close(fd);
  }
}

export const writeText = (sys: Sys, path: string, text: string, mode?: number): void =>
  writeContent(sys, path, textContent(text), mode);

export function appendText(sys: Sys, path: string, text: string): void {
  writeText(sys, path, (readText(sys, path) ?? '') + text);
}

export function exists(sys: Sys, path: string): boolean {
  try {
    sys.lstat(path);
    return true;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}

export const isDirectory = (sys: Sys, path: string): boolean => {
  try {
    return (sys.stat(path).mode & 0o170000) === 0o040000;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
};

export function makeDirectories(sys: Sys, path: string, mode = 0o755): void {
  if (path === '' || exists(sys, path)) return;
  makeDirectories(sys, path.slice(0, path.lastIndexOf('/')));
  sys.mkdir(path, mode);
}

/** Names in a directory, sorted bytewise; none when it is not there. */
export function listNames(sys: Sys, path: string): string[] {
  try {
    return sys
      .readdir(path)
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (isErrno(error)) return [];
    throw error;
  }
}

export function removeQuietly(sys: Sys, path: string): boolean {
  try {
    sys.unlink(path);
    return true;
  } catch (error) {
    if (isErrno(error)) return false;
    throw error;
  }
}

/** Name -> id of /etc/passwd or /etc/group. */
export function idsByName(sys: Sys, path: '/etc/passwd' | '/etc/group'): Map<string, number> {
  const ids = new Map<string, number>();
  for (const line of (readText(sys, path) ?? '').split('\n')) {
    const [name, , id] = line.split(':');
    if (name && id) ids.set(name, Number(id));
  }
  return ids;
}

/** All of a pipe, as text. */
export async function readToEnd(sys: Sys, fd: number): Promise<string> {
  let text = '';
  for (;;) {
    const bytes = await sys.read(fd);
    if (bytes.length === 0) return text;
    text += fromUtf8(bytes);
  }
}
