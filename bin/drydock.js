#!/usr/bin/env node
// Starts the companion; builds it first when it is missing or older than its sources.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = join(root, 'dist/companion/index.js');

/** Whether a file below src/ is newer than what was built from it (an installed package has no src/). */
function stale() {
  const src = join(root, 'src');
  if (!existsSync(src)) return false;
  const built = statSync(entry).mtimeMs;
  return readdirSync(src, { recursive: true }).some(
    (file) =>
      /\.(ts|js|py|json|txt)$/.test(file) && !file.startsWith('app/') && statSync(join(src, file)).mtimeMs > built,
  );
}

if (!existsSync(entry) || stale()) {
  const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), 'companion'], {
    stdio: ['ignore', 2, 2],
  });
  if (built.status !== 0) {
    console.error('drydock: the build failed');
    process.exit(1);
  }
}
const { main } = await import(entry);
process.exitCode = await main(process.argv.slice(2));
