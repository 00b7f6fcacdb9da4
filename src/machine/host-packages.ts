import type { TarEntry } from '../archive/index.ts';
import { type LazyProgram, type ProgramTable, packageProgramPaths, type Sys } from '../sim/index.ts';
import { isErrno } from '../spec/index.ts';

const hostName = (program: string): string => `host/${program}`;

/** The host's own apt and dpkg; pip comes with Python. */
const tools = Object.entries(packageProgramPaths).filter(([, program]) => program !== 'pip');

/** Program name -> where it lies on the host. */
export const packageTools: readonly (readonly [path: string, program: string])[] = tools.map(([path, program]) => [
  path,
  hostName(program),
]);

/**
 * Package tools as the host has them.
 *
 * Differs from Linux: what the host's package tools know and where they fetch from is written when one of them is first
 * run, since the start of the page does not wait for 600 KB that few need.
 */
export function hostPackagePrograms(table: ProgramTable): [name: string, program: LazyProgram][] {
  return [...new Set(tools.map(([, program]) => program))].map((program) => [
    hostName(program),
    {
      load: async () => {
        const { hostPackageDatabase } = await import('../catalog/index.ts');
        const database = await hostPackageDatabase();
        const own = table.get(program)!;
        const run = 'load' in own ? await own.load() : own;
        return (sys) => {
          if (!exists(sys, '/var/lib/dpkg')) for (const entry of database) put(sys, entry);
          return run(sys);
        };
      },
    },
  ]);
}

function put(sys: Sys, { name, type, mode, linkname, content }: TarEntry): void {
  const path = `/${name.replace(/\/$/, '')}`;
  if (exists(sys, path)) return;
  if (type === 'directory') sys.mkdir(path, mode);
  else if (type === 'symlink') sys.symlink(linkname, path);
  else {
    const fd = sys.openSync(path, { access: 'write', create: true }, mode);
    sys.setFileContent(fd, content);
    sys.close(fd);
  }
}

function exists(sys: Sys, path: string): boolean {
  try {
    sys.lstat(path);
    return true;
  } catch (error) {
    if (!isErrno(error)) throw error;
    return false;
  }
}
