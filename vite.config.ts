import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/** The interpreter's files, served from our own origin as they are. */
const files = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip', 'pyodide-lock.json'];
const types: Record<string, string> = { mjs: 'text/javascript', wasm: 'application/wasm', json: 'application/json' };
const source = (file: string) => readFileSync(new URL(`./node_modules/pyodide/${file}`, import.meta.url));

const pyodide: Plugin = {
  name: 'pyodide-files',
  generateBundle() {
    for (const file of files) this.emitFile({ type: 'asset', fileName: `pyodide/${file}`, source: source(file) });
  },
  configureServer(server) {
    server.middlewares.use('/pyodide/', (request, response, next) => {
      const file = request.url?.slice(1).split('?')[0] ?? '';
      if (!files.includes(file)) return next();
      response.setHeader('Content-Type', types[file.split('.').at(-1)!] ?? 'application/octet-stream');
      response.end(source(file));
    });
  },
};

export default defineConfig({
  plugins: [svelte(), pyodide],
  build: { outDir: 'dist/app', target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
});
