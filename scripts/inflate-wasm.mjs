#!/usr/bin/env node
// Compiles src/archive/inflate-wasm (AssemblyScript) into src/archive/inflate-code.ts.
// `--check` only says whether that file is what the source compiles to (exit 1 when not).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const root = new URL('..', import.meta.url).pathname;
const to = join(root, 'src/archive/inflate-code.ts');

let code;
const options = ['-O3', '--noAssert', '--runtime', 'stub', '--initialMemory', '9', '--maximumMemory', '9'];
const { error, stderr } = await asc.main(['src/archive/inflate-wasm/index.ts', ...options, '--outFile', 'code'], {
  readFile: (name, base) => {
    try {
      return readFileSync(join(root, base === '.' ? '' : base, name), 'utf8');
    } catch {
      return null;
    }
  },
  writeFile: (_name, contents) => (code = contents),
  listFiles: () => [],
});
if (error) throw new Error(`${error.message}\n${stderr}`);

const text = `/** What src/archive/inflate-wasm compiles to: made by \`node scripts/inflate-wasm.mjs\`. */
export const inflateCode =
  '${Buffer.from(code).toString('base64')}';
`;
if (process.argv.includes('--check')) {
  const same = readFileSync(to, 'utf8') === text;
  if (!same) console.error('src/archive/inflate-code.ts is out of date: run node scripts/inflate-wasm.mjs');
  process.exit(same ? 0 : 1);
}
writeFileSync(to, text);
