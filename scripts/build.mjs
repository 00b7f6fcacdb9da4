#!/usr/bin/env node
// Builds what is served and what runs on Node: dist/app (the page) and dist/companion (the `drydock` program).
// `build.mjs app` or `build.mjs companion` builds one of them.
import { build } from 'vite';

const root = new URL('..', import.meta.url).pathname;
const wanted = process.argv.slice(2);
const wants = (name) => wanted.length === 0 || wanted.includes(name);

if (wants('app')) await build({ root, logLevel: 'warn' });
if (wants('companion')) {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      ssr: 'src/companion/index.ts',
      outDir: 'dist/companion',
      target: 'node20',
      minify: false,
      emptyOutDir: true,
      // See vite.config.ts.
      rolldownOptions: { checks: { eval: false, pluginTimings: false } },
    },
    ssr: { noExternal: true, external: [] },
  });
}
