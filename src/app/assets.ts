/** Big files of the page's own origin, fetched when first needed. */
import quickjs from '@jitl/quickjs-wasmfile-release-sync/wasm?url';
import type { Assets } from '../machine/index.ts';

export const pageAssets: Assets = {
  python: { load: async (source) => (await import('./python-beside.ts')).pythonBeside.load(source) },
  async load(name) {
    const url = name === 'quickjs.wasm' ? quickjs : `${import.meta.env.BASE_URL}${name}`;
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },
};
