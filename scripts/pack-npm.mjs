#!/usr/bin/env node
// pack-npm.mjs DIR: makes public/npm/, which the simulated registry.npmjs.org serves, of the tarballs in DIR (what
// `npm pack NAME@VERSION...` put there): the tarballs as they are, licences and all, and an index of what their
// package.json say.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const kept =
  'name version description license dependencies optionalDependencies peerDependencies peerDependenciesMeta bin engines os cpu funding deprecated'.split(
    ' ',
  );

function entries(tar) {
  const out = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136).replaceAll('\0', ''), 8) || 0;
    const name = tar.toString('utf8', at, tar.indexOf(0, at));
    const type = tar.toString('latin1', at + 156, at + 157);
    if (type === '0' || type === '\0') out.push({ name, content: tar.subarray(at + 512, at + 512 + size) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return out;
}

const byVersion = (a, b) => {
  const [x, y] = [a, b].map((text) => text.split(/[.-]/).map(Number));
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
};

const directory = process.argv[2];
const index = {};
const out = new URL('../public/npm/', import.meta.url);
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
let total = 0;
for (const file of readdirSync(directory).sort()) {
  const bytes = readFileSync(join(directory, file));
  const files = entries(gunzipSync(bytes));
  const manifest = JSON.parse(files.find(({ name }) => /^[^/]+\/package\.json$/.test(name)).content);
  const base = manifest.name.replace(/^.*\//, '');
  const tarball = `${manifest.name}/-/${base}-${manifest.version}.tgz`;
  const known = (index[manifest.name] ??= { 'dist-tags': {}, versions: {} });
  const scripts = manifest.scripts ?? {};
  known.versions[manifest.version] = {
    ...Object.fromEntries(kept.filter((key) => manifest[key] !== undefined).map((key) => [key, manifest[key]])),
    ...(['preinstall', 'install', 'postinstall'].some((name) => scripts[name]) && { hasInstallScript: true }),
    dist: {
      tarball: `https://registry.npmjs.org/${tarball}`,
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
      shasum: createHash('sha1').update(bytes).digest('hex'),
      fileCount: files.length,
      unpackedSize: files.reduce((sum, { content }) => sum + content.length, 0),
    },
  };
  known['dist-tags'].latest = Object.keys(known.versions).sort(byVersion).at(-1);
  const to = new URL(tarball, out);
  mkdirSync(new URL('.', to), { recursive: true });
  writeFileSync(to, bytes);
  total += bytes.length;
}
writeFileSync(new URL('index.json', out), JSON.stringify(index));
console.log(`${Object.keys(index).length} packages, ${total} bytes`);
