import type { LoadOptions, ProjectFiles } from '../../src/compose/index.ts';

/** Files of a test, by their absolute paths. */
export function filesOf(texts: Record<string, string>): ProjectFiles {
  const isDirectory = (path: string) =>
    Object.keys(texts).some((name) => name.startsWith(`${path.replace(/\/$/, '')}/`));
  return {
    type: (path) => (path in texts ? 'file' : isDirectory(path) ? 'directory' : undefined),
    read: async (path) => texts[path] ?? Promise.reject(Object.assign(new Error(path), { code: 'ENOENT' })),
  };
}

export const optionsOf = (options: Partial<LoadOptions> = {}): LoadOptions => ({
  files: [],
  profiles: [],
  envFiles: [],
  cwd: '/srv/shop',
  env: {},
  stdin: async () => '',
  ...options,
});
