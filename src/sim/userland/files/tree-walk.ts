import type { Command } from '../core/command.ts';
import { isDirectory } from '../core/modes.ts';

/** `directory/name` without doubling the slash. */
export const joinPath = (directory: string, name: string): string =>
  directory.endsWith('/') ? directory + name : `${directory}/${name}`;

/** Destination of a copy, move or link of `source` into an existing directory, or the target itself. */
export function intoDirectory(c: Command, target: string, source: string): string {
  return isDir(c, target) ? joinPath(target, lastPart(source)) : target;
}

export const lastPart = (path: string): string => {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1) || '/';
};

export function isDir(c: Command, path: string): boolean {
  try {
    return isDirectory(c.sys.stat(path).mode);
  } catch {
    return false;
  }
}

/** Asks on standard error and reads a line; true for y or Y. */
export async function confirm(c: Command, question: string): Promise<boolean> {
  c.errorText(question);
  await c.flush();
  let answer = '';
  for (;;) {
    const bytes = await c.sys.read(0, 1);
    if (bytes.length === 0 || bytes[0] === 10) return /^[yY]/.test(answer);
    answer += String.fromCharCode(bytes[0]!);
  }
}
