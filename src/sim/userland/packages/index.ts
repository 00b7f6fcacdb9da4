/**
 * Package managers: apt and dpkg (Debian, Ubuntu), apk (Alpine). Each loads when it is first run, and reaches its
 * repositories over the process's own sockets.
 */
import type { Program } from '../../kernel/program.ts';

type Loader = () => Promise<Program>;

export const packagePrograms: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['apt-get', async () => (await import('./apt/apt-get.ts')).aptGet],
  ['apt', async () => (await import('./apt/apt-get.ts')).apt],
  ['apt-cache', async () => (await import('./apt/apt-cache.ts')).aptCache],
  ['apt-mark', async () => (await import('./apt/apt-cache.ts')).aptMark],
  ['apt-config', async () => (await import('./apt/apt-cache.ts')).aptConfig],
  ['dpkg', async () => (await import('./dpkg/dpkg.ts')).dpkg],
  ['apk', async () => (await import('./apk/apk.ts')).apk],
]);

/** Path in a Debian system -> program. */
export const packageProgramPaths: Readonly<Record<string, string>> = {
  '/usr/bin/apt-get': 'apt-get',
  '/usr/bin/apt': 'apt',
  '/usr/bin/apt-cache': 'apt-cache',
  '/usr/bin/apt-mark': 'apt-mark',
  '/usr/bin/apt-config': 'apt-config',
  '/usr/bin/dpkg': 'dpkg',
  '/usr/bin/dpkg-query': 'dpkg',
  '/usr/bin/dpkg-deb': 'dpkg',
};
