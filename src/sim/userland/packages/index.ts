/**
 * Package managers: apt and dpkg (Debian, Ubuntu), apk (Alpine), yum and rpm (CentOS), pip. Each loads when it is first
 * run, and reaches its repositories over the process's own sockets.
 */
import type { LazyProgram } from '../../kernel/program.ts';

export const packagePrograms: ReadonlyMap<string, LazyProgram> = new Map<string, LazyProgram>([
  ['apt-get', { load: async () => (await import('./apt/apt-get.ts')).aptGet }],
  ['apt', { load: async () => (await import('./apt/apt-get.ts')).apt }],
  ['apt-cache', { load: async () => (await import('./apt/apt-cache.ts')).aptCache }],
  ['apt-mark', { load: async () => (await import('./apt/apt-cache.ts')).aptMark }],
  ['apt-config', { load: async () => (await import('./apt/apt-cache.ts')).aptConfig }],
  ['dpkg', { load: async () => (await import('./dpkg/dpkg.ts')).dpkg }],
  ['update-alternatives', { load: async () => (await import('./dpkg/alternatives.ts')).updateAlternatives }],
  ['rpm', { load: async () => (await import('./rpm/rpm.ts')).rpm }],
  ['yum', { load: async () => (await import('./yum/yum.ts')).yum }],
  ['pip', { load: async () => (await import('./pip/pip.ts')).pip }],
  ['apk', { load: async () => (await import('./apk/apk.ts')).apk }],
]);

/** Path in a Debian system -> program. */
export const packageProgramPaths: Readonly<Record<string, string>> = {
  '/usr/bin/apt-get': 'apt-get',
  '/usr/bin/apt': 'apt',
  '/usr/bin/apt-cache': 'apt-cache',
  '/usr/bin/apt-mark': 'apt-mark',
  '/usr/bin/apt-config': 'apt-config',
  '/usr/bin/pip': 'pip',
  '/usr/bin/pip3': 'pip',
  '/usr/bin/dpkg': 'dpkg',
  '/usr/bin/update-alternatives': 'update-alternatives',
  '/usr/bin/dpkg-query': 'dpkg',
  '/usr/bin/dpkg-deb': 'dpkg',
};
