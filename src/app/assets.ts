/** Big files of the page's own origin, fetched when first needed. */
import pgliteData from '@electric-sql/pglite/pglite.data?url';
import pgliteWasm from '@electric-sql/pglite/pglite.wasm?url';
import quickjs from '@jitl/quickjs-wasmfile-release-sync/wasm?url';
import type { Assets } from '../machine/index.ts';

/** Of packages; all else stands in public/. */
const files: Record<string, string> = { 'quickjs.wasm': quickjs, 'pglite.wasm': pgliteWasm, 'pglite.data': pgliteData };

export const pageAssets: Assets = {
  python: { load: async (source) => (await import('./python-beside.ts')).pythonBeside.load(source) },
  async load(name) {
    const url = files[name] ?? `${import.meta.env.BASE_URL}${name}`;
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },
};
