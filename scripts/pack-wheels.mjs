#!/usr/bin/env node
// pack-wheels.mjs DIR: makes public/wheels/, which the simulated files.pythonhosted.org serves, of the wheels in DIR (what
// `pip download --no-deps NAME...` put there), and their names and sizes in src/catalog/data/wheels.json. A wheel with
// compiled parts is packed again without them, as one for any platform; its licence is in its dist-info as in all others.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

const isCompiled = (name) => /\.(so|pyd|c|pyx|pxd)$/.test(name);

const digestOf = (bytes) => `sha256=${createHash('sha256').update(bytes).digest('base64url')}`;

/** The same distribution for any platform: only the tags and the list of files change. */
function pure(filename, files) {
  const kept = Object.entries(files).filter(([name]) => !isCompiled(name) && !/^[\w.]*__mypyc|\/$/.test(name));
  const zip = Object.fromEntries(kept);
  const info = kept.find(([name]) => name.endsWith('.dist-info/WHEEL'))[0].replace(/\/WHEEL$/, '');
  const wheel = strFromU8(zip[`${info}/WHEEL`]);
  zip[`${info}/WHEEL`] = strToU8(
    wheel
      .replace(/^Root-Is-Purelib: false/m, 'Root-Is-Purelib: true')
      .replace(/^Tag: .*\n(Tag: .*\n)*/m, 'Tag: py3-none-any\n'),
  );
  delete zip[`${info}/RECORD`];
  const lines = Object.entries(zip).map(([name, bytes]) => `${name},${digestOf(bytes)},${bytes.length}\n`);
  zip[`${info}/RECORD`] = strToU8(`${lines.join('')}${info}/RECORD,,\n`);
  const [name, version] = filename.split('-');
  return [`${name}-${version}-py3-none-any.whl`, zipSync(zip, { level: 9, mtime: '2025-06-01T00:00:00Z' })];
}

const directory = process.argv[2];
const out = new URL('../public/wheels/', import.meta.url);
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const sizes = {};
for (const file of readdirSync(directory).sort()) {
  if (!file.endsWith('.whl')) continue;
  const bytes = readFileSync(join(directory, file));
  const files = unzipSync(bytes);
  const [name, packed] = Object.keys(files).some(isCompiled) ? pure(file, files) : [file, bytes];
  writeFileSync(new URL(name, out), packed);
  sizes[name] = packed.length;
}
writeFileSync(new URL('../src/catalog/data/wheels.json', import.meta.url), `${JSON.stringify(sizes, null, 2)}\n`);
const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
console.log(`${Object.keys(sizes).length} wheels, ${total} bytes`);
