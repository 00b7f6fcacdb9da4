import { Errno, type ErrnoName, errnoTable } from '../spec/index.ts';

/** Node's error of a system call as Errno; anything else as it is. */
export function asErrno(error: unknown, path?: string): unknown {
  const code = (error as NodeJS.ErrnoException)?.code;
  return code !== undefined && Object.hasOwn(errnoTable, code) ? new Errno(code as ErrnoName, path) : error;
}

/** Runs system calls; what they throw is Errno. */
export function calling<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw asErrno(error, path);
  }
}

const names = new Map(Object.entries(errnoTable).map(([name, [number]]) => [number as number, name as ErrnoName]));

/** EIO for a number that has no name here. */
export const errnoOf = (number: number, path?: string): Errno => new Errno(names.get(number) ?? 'EIO', path);
