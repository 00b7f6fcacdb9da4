#!/usr/bin/env node
// lock-catalog.mjs [--all]: computes, from the bytes themselves, the digests and sizes of the catalogue's layers and
// writes src/catalog/data/lock.json. Run it when a recipe or the userland's list of files has changed (a test says
// when). Layers whose recipe is as it was keep what was computed of them, unless --all.
import { writeFileSync } from 'node:fs';
import { createServer } from 'vite';

const root = new URL('..', import.meta.url).pathname;
const server = await createServer({
  root,
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
const { openUnlockedCatalog, userland } = await server.ssrLoadModule('/src/machine/boot-engine.ts');
const { digestOf } = await server.ssrLoadModule('/src/content/index.ts');
const { fingerprint, openCatalog } = await server.ssrLoadModule('/src/catalog/index.ts');
const catalog = process.argv.includes('--all') ? openUnlockedCatalog() : openCatalog(userland());
const locks = {};
const seen = new Map();
for (const { name, tags } of catalog.repositories) {
  for (const [tag, make] of Object.entries(tags)) {
    const image = await catalog.image(name, tag);
    // Tags that share a recipe share its lock: it is found under the first.
    if (!seen.has(make)) {
      seen.set(make, true);
      console.log(`${name}:${tag}`);
    }
    locks[`${name}:${tag}`] = image.layers.map((layer) => ({
      recipe: fingerprint(layer.inner.entries),
      diffId: digestOf(layer.inner),
      digest: digestOf(layer),
      size: layer.size,
    }));
  }
}
writeFileSync(`${root}src/catalog/data/lock.json`, `${JSON.stringify(locks, null, 1)}\n`);
await server.close();
process.exit(0);
