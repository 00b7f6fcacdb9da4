/** Go's exec.LookPath as runc's init does it, with its error texts. */

import { RuntimeError } from '../../port/index.ts';
import { isErrno } from '../../spec/index.ts';
import type { Task } from '../kernel/task.ts';
import { S_IFDIR, S_IFMT } from '../vfs/inode.ts';

/** The file that `name` runs in the container. Throws {@link RuntimeError}; `prefix` says in which operation. */
export function findCommand(task: Task, name: string, env: Record<string, string>, prefix: string): string {
  const fail = (text: string, exitCode: 126 | 127): RuntimeError =>
    new RuntimeError(`${prefix}: unable to start container process: exec: ${JSON.stringify(name)}: ${text}`, exitCode);
  if (name.includes('/')) {
    const problem = check(task, name);
    if (problem === 'missing') throw fail(`stat ${name}: no such file or directory`, 127);
    if (problem) throw fail(problem === 'hidden' ? `stat ${name}: permission denied` : 'permission denied', 126);
    return name;
  }
  // A file on PATH that may not be run is passed over like one that is not there.
  for (const directory of (env.PATH ?? '').split(':')) {
    const candidate = `${directory || '.'}/${name}`;
    if (!check(task, candidate)) return candidate;
  }
  throw fail('executable file not found in $PATH', 127);
}

/** `hidden`: a directory on the way may not be searched. */
function check(task: Task, path: string): 'missing' | 'denied' | 'hidden' | undefined {
  let found = false;
  try {
    const { mode } = task.paths.stat(path);
    found = true;
    if ((mode & S_IFMT) === S_IFDIR || (mode & 0o111) === 0) return 'denied';
    task.paths.access(path, 1);
    return undefined;
  } catch (error) {
    if (!isErrno(error)) throw error;
    if (error.code !== 'EACCES') return 'missing';
    return found ? 'denied' : 'hidden';
  }
}
