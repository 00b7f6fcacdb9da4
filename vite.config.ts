import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin, type Rolldown } from 'vite';

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

/** The first script stands in the page itself: see src/app/start.ts. */
const start: Plugin = {
  name: 'start',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle }) {
      // Before anything that it would wait for, and after what tells how to read it.
      const put = (script: string) => html.replace('<meta charset="utf-8" />', (meta) => `${meta}\n    ${script}`);
      if (!bundle) return put('<script type="module" src="/src/app/start.ts"></script>');
      const chunk = Object.values(bundle).find((file) => file.type === 'chunk' && file.name === 'start');
      if (chunk?.type !== 'chunk') throw new Error('there is no first script');
      delete bundle[chunk.fileName];
      const code = chunk.code.replaceAll('import.meta.url', 'location.href').trim();
      if (/^import\b|\bexport\b|<\//m.test(code)) throw new Error('the first script cannot stand in the page');
      return put(`<script>{${code}}</script>`);
    },
  },
};

/** What stands in public/, by path. */
const fixedFiles = (fixed: URL): string[] =>
  readdirSync(fixed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(fixed.pathname, join(entry.parentPath, entry.name)))
    .sort();

/** Of all names and, as names without a digest stay the same, of what stands under those. */
function versionOf(bundle: Rolldown.OutputBundle, fixed: URL): string {
  const hash = createHash('sha256').update(Object.keys(bundle).sort().join());
  for (const file of Object.values(bundle))
    if (file.type === 'asset' && !file.fileName.startsWith('assets/')) hash.update(file.source);
  for (const name of fixedFiles(fixed)) hash.update(name).update(readFileSync(new URL(name, fixed)));
  return hash.digest('hex').slice(0, 12);
}

/** The page says which build it is: what is handed in tells it, and what grades it compares (see src/app/version.ts). */
function stamp(bundle: Rolldown.OutputBundle, build: string): void {
  const page = bundle['index.html'];
  if (page?.type !== 'asset') throw new Error('there is no page');
  page.source = String(page.source).replace('<html ', `<html data-build="${build}" `);
}

/** Bytes of script, by gzip, that a first prompt may cost. */
const mostFirst = 350 << 10;

const gzipped = (file: Rolldown.OutputAsset | Rolldown.OutputChunk): number =>
  gzipSync(file.type === 'chunk' ? file.code : file.source, { level: 9 }).length;

/** What the first prompt needs. */
function shellOf(bundle: Rolldown.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const entry = chunks.filter((chunk) => chunk.isEntry).flatMap((chunk) => [chunk.fileName, ...chunk.imports]);
  return [...entry, ...Object.keys(bundle).filter((name) => /\.css$|^assets\/worker-.*\.js$/.test(name))];
}

/** The service worker of a build: src/app/offline-worker.js, told which files there are. */
const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  generateBundle: {
    // After those who emit the page and the worker's files.
    order: 'post',
    handler(_options, bundle) {
      const names = Object.keys(bundle);
      const shell = shellOf(bundle);
      const first = shell.filter((name) => name.endsWith('.js')).reduce((sum, name) => sum + gzipped(bundle[name]!), 0);
      if (first > mostFirst) throw new Error(`${first} bytes of script (gzip) before the prompt, ${mostFirst} at most`);
      // All else of this build is fetched once the page is idle; what is large comes last (see offline-worker.js).
      const isLarge = (name: string) => /^pyodide\/|^assets\/(pglite|initdb)-.*\.(wasm|data)$/.test(name);
      const rest = names.filter((name) => name.startsWith('assets/') && !shell.includes(name) && !isLarge(name));
      const fixed = new URL('./public/', import.meta.url);
      const large = [...names.filter(isLarge), ...fixedFiles(fixed)];
      const build = versionOf(bundle, fixed);
      stamp(bundle, `${version}+${build.slice(0, 8)}`);
      const told = { version: build, shell, rest, large };
      const text = readFileSync(new URL('./src/app/offline-worker.js', import.meta.url), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: `const build = ${JSON.stringify(told)};\n${text}` });
    },
  },
};

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as { version: string };

/** What an entry needs at once is one file, also where a part that loads later shares some of it: one request, one parse. */
const oneFile = { name: 'first', tags: ['$initial' as const] };

const notStart = (id: string) => !/\/src\/app\/start\.ts$/.test(id);

/** `eval` is a library's (PGlite); in our own code the linter refuses it. */
const checks = { eval: false, pluginTimings: false };

export default defineConfig({
  plugins: [svelte(), pyodide, start, offline],
  build: {
    outDir: 'dist/app',
    target: 'es2023',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { index: 'index.html', start: 'src/app/start.ts' },
      output: { codeSplitting: { groups: [{ ...oneFile, test: notStart }] } },
      checks,
    },
  },
  worker: { format: 'es', rolldownOptions: { output: { codeSplitting: { groups: [oneFile] } }, checks } },
});
