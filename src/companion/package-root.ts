import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This package's directory, without a slash at its end; from its sources as from its bundle. */
export function packageRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'package.json'))) at = dirname(at);
  return at;
}

/** As package.json has it. */
export const programVersion = (): string =>
  (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;

/** The version with what tells builds apart, as the page that was built here says it (`0.1.0+1a2b3c4d`). */
export function buildVersion(): string {
  const page = join(packageRoot(), 'dist/app/index.html');
  const told = existsSync(page) && /<html data-build="([^"]+)"/.exec(readFileSync(page, 'utf8'))?.[1];
  return told || programVersion();
}
