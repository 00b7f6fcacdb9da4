import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Assets } from '../machine/index.ts';
import { packageRoot } from './package-root.ts';
import { pythonThreads } from './python-threads.ts';

const packaged: Readonly<Record<string, string>> = {
  'quickjs.wasm': '@jitl/quickjs-wasmfile-release-sync/wasm',
  'pglite.wasm': '@electric-sql/pglite/pglite.wasm',
  'pglite.data': '@electric-sql/pglite/pglite.data',
};

/** Asset -> its file: of a package, or of this one's public directory. */
function fileOf(name: string): string {
  const known = packaged[name];
  if (known) return createRequire(import.meta.url).resolve(known);
  return join(packageRoot(), 'public', name);
}

export const nodeAssets: Assets = {
  python: pythonThreads,
  load: async (name) => new Uint8Array(await readFile(fileOf(name))),
};
