/** npm init -y. */
import type { Sys } from '../../../kernel/sys.ts';
import { exists, readText, writeText } from '../../packages/sys-files.ts';
import type { Manifest } from './manifest.ts';

export const initText = 'drydock: npm init without -y asks questions, which is not simulated';

export async function init(sys: Sys): Promise<number> {
  const directory = sys.getcwd();
  const path = `${directory === '/' ? '' : directory}/package.json`;
  const old = JSON.parse(readText(sys, path) ?? '{}') as Manifest;
  const main = ['index.js', 'server.js', 'app.js'].find((file) => exists(sys, `${directory}/${file}`)) ?? 'index.js';
  const scripts = { test: 'echo "Error: no test specified" && exit 1' };
  const manifest = {
    name:
      directory
        .slice(directory.lastIndexOf('/') + 1)
        .toLowerCase()
        .replace(/^[._]|[^a-z0-9._-]+/g, '-') || 'root',
    version: '1.0.0',
    main,
    scripts: exists(sys, `${directory}/server.js`) ? { ...scripts, start: 'node server.js' } : scripts,
    keywords: [],
    author: '',
    license: 'ISC',
    description: '',
    ...old,
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeText(sys, path, text);
  await sys.write(1, `Wrote to ${path}:\n\n${text}\n\n\n`);
  return 0;
}
