#!/usr/bin/env node
// Writes public/postgres/cluster.tar.gz: the data directory that PostgreSQL's own initdb makes, once, as initdb takes many
// seconds as WebAssembly. Files that are equal are stored once (hard links): template0, template1 and postgres are copies.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { MemoryFS, PGlite } from '@electric-sql/pglite';

const resolve = createRequire(import.meta.url).resolve;
const read = (name) => readFileSync(resolve(`@electric-sql/pglite/${name}`));
const root = '/pglite/data';
const files = new Map();
const directories = [];

/** Takes all files when the server has shut down. */
class Taken extends MemoryFS {
  async closeFs() {
    const { FS } = this.pg.Module;
    const walk = (path) => {
      for (const name of FS.readdir(path)
        .filter((name) => name !== '.' && name !== '..')
        .sort()) {
        const full = `${path}/${name}`;
        if (FS.isDir(FS.lstat(full).mode)) {
          directories.push(full.slice(root.length + 1));
          walk(full);
        } else files.set(full.slice(root.length + 1), FS.readFile(full));
      }
    };
    walk(root);
    await super.closeFs();
  }
}

const server = await PGlite.create({
  pgliteWasmModule: await WebAssembly.compile(read('pglite.wasm')),
  initdbWasmModule: await WebAssembly.compile(read('initdb.wasm')),
  fsBundle: new Blob([read('pglite.data')]),
  fs: new Taken(),
  initDbStartParams: ['--wal-segsize=1', '--locale=en_US.UTF-8'],
});
await server.exec('VACUUM FREEZE');
await server.exec('SELECT pg_switch_wal(); CHECKPOINT; SELECT pg_switch_wal(); CHECKPOINT');
const { rows } = await server.query('SELECT pg_walfile_name(pg_current_wal_insert_lsn()) AS name');
await server.close();

const skipped = (name) => name === 'postmaster.pid' || (/^pg_wal\/0/.test(name) && name !== `pg_wal/${rows[0].name}`);
const blocks = [];
const field = (text, length) => Buffer.from(text.padEnd(length, '\0'));
const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`;
function header(name, type, size, link = '') {
  const head = Buffer.concat([
    field(name, 100),
    Buffer.from(octal(type === '5' ? 0o700 : 0o600, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12)),
    Buffer.from('        '),
    Buffer.from(type),
    field(link, 100),
    Buffer.from('ustar\x0000'),
    Buffer.alloc(247),
  ]);
  head.write(
    `${octal(
      head.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
    148,
  );
  blocks.push(head);
}
for (const name of directories) header(`${name}/`, '5', 0);
const seen = new Map();
for (const [name, bytes] of files) {
  if (skipped(name)) continue;
  const digest = bytes.length > 0 && createHash('sha256').update(bytes).digest('hex');
  if (digest && seen.has(digest)) header(name, '1', 0, seen.get(digest));
  else {
    header(name, '0', bytes.length);
    blocks.push(bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
    seen.set(digest, name);
  }
}
blocks.push(Buffer.alloc(1024));
const tar = Buffer.concat(blocks);
const packed = gzipSync(tar, { level: 9 });
mkdirSync(new URL('../public/postgres/', import.meta.url), { recursive: true });
writeFileSync(new URL('../public/postgres/cluster.tar.gz', import.meta.url), packed);
console.log(`${files.size} files, ${tar.length} bytes, ${packed.length} packed`);
