import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Assets } from '../machine/index.ts';
import { packageRoot } from './package-root.ts';
import { pythonThreads } from './python-threads.ts';

/** Asset -> its file: of a package, or of this one's public directory. */
function fileOf(name: string): string {
  if (name === 'quickjs.wasm') {
    return createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  }
  return join(packageRoot(), 'public', name);
}

export const nodeAssets: Assets = {
  python: pythonThreads,
  load: async (name) => new Uint8Array(await readFile(fileOf(name))),
};
