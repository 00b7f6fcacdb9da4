/** execve(2): from a path to a program that can run, and the changes that exec makes to the process. */
import { type Content, Errno } from '../../spec/index.ts';
import { S_IFDIR, S_IFMT, S_IFREG, type Stat } from '../vfs/inode.ts';
import type { Location } from '../vfs/mount-table.ts';
import { credentialsAfterExec } from './credentials.ts';
import { type Executable, identify } from './executable.ts';
import type { LazyProgram, Program } from './program.ts';
import type { Task } from './task.ts';

export interface Image {
  /** A program, or its loader, which gives the program when called (see `ProgramTable`). */
  program: Program | LazyProgram;
  argv: readonly string[];
  comm: string;
  exePath: string;
  exe: Location;
  /** Of the file whose setuid bits count: the interpreter of a script. */
  file: Stat;
  nosuid: boolean;
}

/** Scripts may name scripts as interpreters this deep (execve(2)). */
const maximumScripts = 4;

/** What `path` runs, as this process reaches it; at a terminal only what is not refused. Throws what execve throws. */
export function loadImage(task: Task, path: string, argv: readonly string[]): Image {
  const image = imageOf(task, path, argv, 0);
  const refused = task.group.session.tty ? task.kernel.refuse?.(argv) : undefined;
  return refused ? { ...image, program: refusing(refused) } : image;
}

const refusing =
  (why: string): Program =>
  async (sys) => {
    await sys.write(2, `${why}\n`);
    return 126;
  };

function imageOf(task: Task, path: string, argv: readonly string[], depth: number): Image {
  const { content, location, file } = openExecutable(task, path);
  const found = identify(content);
  if (!found) throw new Errno('ENOEXEC', path);
  if (found.kind === 'script') return loadInterpreter(task, found, path, argv, depth);
  return {
    program: programFor(task, found, path),
    argv: argv.length > 0 ? argv : [''],
    comm: baseName(path).slice(0, 15),
    exePath: task.paths.pathOf(location),
    exe: location,
    file,
    nosuid: location.mount.flags.nosuid,
  };
}

function loadInterpreter(
  task: Task,
  script: Executable & { kind: 'script' },
  path: string,
  argv: readonly string[],
  depth: number,
): Image {
  if (depth >= maximumScripts) throw new Errno('ELOOP', path);
  const prefix = script.argument === undefined ? [script.interpreter] : [script.interpreter, script.argument];
  const image = imageOf(task, script.interpreter, [...prefix, path, ...argv.slice(1)], depth + 1);
  return depth === 0 ? { ...image, comm: baseName(path).slice(0, 15) } : image;
}

function openExecutable(task: Task, path: string) {
  if (path === '') throw new Errno('ENOENT', path);
  const location = task.paths.resolve(path);
  const file = location.inode.getattr();
  if ((file.mode & S_IFMT) === S_IFDIR || (file.mode & S_IFMT) !== S_IFREG) throw new Errno('EACCES', path);
  task.paths.permission(location, 1);
  if ((file.mode & 0o111) === 0 || location.mount.flags.noexec) throw new Errno('EACCES', path);
  const content: Content = location.inode.content();
  return { content, location, file };
}

function programFor(task: Task, found: Executable & { kind: 'program' | 'foreign' }, path: string): Image['program'] {
  const program = found.kind === 'program' ? task.kernel.programs.get(found.name) : undefined;
  return program ?? notSimulated(path);
}

const notSimulated =
  (path: string): Program =>
  async (sys) => {
    await sys.write(2, `drydock: ${path}: this program is not simulated\n`);
    return 126;
  };

/** What exec does to the process itself. */
export function applyImage(task: Task, image: Image): void {
  task.cred = credentialsAfterExec(task.cred, image.file, !image.nosuid && !task.noNewPrivileges);
  task.signals.resetHandlers();
  task.files.closeOnExec();
  task.comm = image.comm;
  task.args = image.argv;
  task.exePath = image.exePath;
  task.exe = image.exe;
  const { tracer } = task.kernel;
  if (tracer.wants('process.exec')) {
    tracer.emit({ type: 'process.exec', pid: task.hostPid, args: [...image.argv] });
  }
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
