/** Lookup in a merged view of 1, 10 and 100 layers (must not grow by more than 2x), and files made, read, looked at. */
import { bench, describe } from 'vitest';
import { mkdirs, world } from '../vfs/world.ts';

const FILES = 1000;

for (const depth of [1, 10, 100]) {
  const w = world();
  const lower = Array.from({ length: depth }, (_, i) => `/l${i}`);
  for (const [i, path] of lower.entries()) {
    mkdirs(w.host, `${path}/usr/bin`);
    for (let n = i; n < FILES; n += depth) w.write(`${path}/usr/bin/f${n}`, 'x');
  }
  w.overlay({ lower, upper: '/u', work: '/w', at: '/m' });
  let n = 0;
  describe(`overlay of ${depth}`, () => {
    bench('stat', () => void w.host.stat(`/m/usr/bin/f${n++ % FILES}`));
    bench('absent name', () => void w.errno(() => w.host.stat(`/m/usr/bin/none${n++ % FILES}`)));
  });
}

describe('memory tree', () => {
  const w = world();
  const bytes = new Uint8Array(100);
  let n = 0;
  bench('create and write', () => {
    w.host.open(`/${n++}`, { write: true, create: true }).inode.write(0, bytes);
  });
  bench('stat', () => void w.host.stat(`/${n % FILES}`));
  bench('read', () => void w.host.open(`/${n % FILES}`, { read: true }).inode.read(0, 100));
  bench('inode alone: create and write', () => {
    w.tree.root.create(`i${n++}`, 0o644, { uid: 0, gid: 0 }).write(0, bytes);
  });
});
