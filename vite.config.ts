import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin, type Rollup } from 'vite';

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

type Chunk = Extract<Rollup.OutputBundle[string], { type: 'chunk' }>;

/** The page's own code: the first script, the one that draws, and all that they import. */
function pageChunks(bundle: Rollup.OutputBundle): Chunk[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const found = new Set<Chunk>();
  const take = (chunk: Chunk) => {
    if (found.has(chunk)) return;
    found.add(chunk);
    for (const name of chunk.imports) take(chunks.find(({ fileName }) => fileName === name)!);
  };
  for (const chunk of chunks) if (chunk.isEntry || chunk.moduleIds.some((id) => id.endsWith('/src/app/page.ts'))) take(chunk);
  return [...found];
}

/** What draws is fetched together with the first script, which only then asks for it. */
const preload: Plugin = {
  name: 'preload-page',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle }) {
      // The entry's own are linked already.
      const chunks = pageChunks(bundle!).filter(({ name }) => name === 'page');
      const styles = chunks.flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]);
      const link = (rel: string, href: string) => ({
        tag: 'link',
        attrs: { rel, href: `/${href}`, crossorigin: true },
        injectTo: 'head' as const,
      });
      return [
        ...chunks.map(({ fileName }) => link('modulepreload', fileName)),
        ...new Set(styles.map((name) => link('stylesheet', name))),
      ];
    },
  },
};

/** The service worker of a build: src/app/offline-worker.js, told which files there are. */
const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  generateBundle: {
    // After those who emit the page and the worker's files.
    order: 'post',
    handler(_options, bundle) {
      const names = Object.keys(bundle);
      const entry = pageChunks(bundle).map(({ fileName }) => fileName);
      const shell = [...entry, ...names.filter((name) => /\.css$|^assets\/worker-.*\.js$/.test(name))];
      // The interpreters' own files come when they are first used; all else of this build is fetched once it is idle.
      const rest = names.filter((name) => name.startsWith('assets/') && !shell.includes(name));
      const version = createHash('sha256').update(names.sort().join()).digest('hex').slice(0, 12);
      const told = { version, shell, rest };
      const text = readFileSync(new URL('./src/app/offline-worker.js', import.meta.url), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: `const build = ${JSON.stringify(told)};\n${text}` });
    },
  },
};

/** What an entry needs at once is one file, also where a part that loads later shares some of it: one request, one parse. */
const oneFile = { name: 'first', tags: ['$initial' as const] };

/** The first script stays by itself: the engine's worker does not wait for the code that draws. */
const start = { name: 'start', test: /preload-helper|modulepreload-polyfill/ };
const notStart = (id: string) => !start.test.test(id) && !/\/index\.html|src\/app\/(main\.ts|theme\.css)$/.test(id);

export default defineConfig({
  plugins: [svelte(), pyodide, preload, offline],
  build: {
    outDir: 'dist/app',
    target: 'es2023',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { index: 'index.html', page: 'src/app/page.ts' },
      output: { codeSplitting: { groups: [start, { ...oneFile, test: notStart }] } },
    },
  },
  worker: { format: 'es', rolldownOptions: { output: { codeSplitting: { groups: [oneFile] } } } },
});
