/** Loaded with the first package tool that the host runs: the catalogue's recipes come with it. */
import type { TarEntry } from '../archive/index.ts';
import { hostPackageDatabase } from '../catalog/index.ts';
import type { Sys } from '../sim/index.ts';
import { isErrno } from '../spec/index.ts';

/** How to put in place what the host's package tools read, where it is not there yet. */
export async function packageDatabase(): Promise<(sys: Sys) => void> {
  const entries = await hostPackageDatabase();
  return (sys) => {
    if (!exists(sys, '/var/lib/dpkg')) for (const entry of entries) put(sys, entry);
  };
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
