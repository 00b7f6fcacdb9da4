import { expect, it } from 'vitest';
import { MemoryRecords } from '../../src/content/index.ts';
import { MemoryMounter } from '../../src/sim/mounter.ts';
import { MemorySnapshotter } from '../../src/sim/snapshotter.ts';
import { VfsTree } from '../../src/sim/vfs/index.ts';
import { silent } from '../../src/trace/index.ts';
import { snapshotterSuite } from '../suites/snapshotter.suite.ts';
import { treeSuite } from '../suites/tree.suite.ts';
import { random, type World, world } from '../vfs/world.ts';

function ports(w: World) {
  const pick = random(7);
  const entropy = { bytes: (length: number) => Uint8Array.from({ length }, () => pick(256)) };
  let dev = 40;
  return {
    snapshotter: new MemorySnapshotter({ host: w.host, records: new MemoryRecords(), entropy, clock: w.clock }),
    mounter: new MemoryMounter({ host: w.host, tracer: silent, allocateDev: () => ++dev }),
  };
}

snapshotterSuite('memory', () => ports(world()));

treeSuite('a directory in memory', () => new VfsTree(world().tree.root));

treeSuite('an overlay in memory', () => {
  const w = world();
  w.overlay({ lower: ['/l'], upper: '/u', work: '/w', at: '/m' });
  return new VfsTree(w.host.resolve('/m').inode);
});

it("is laid out as Docker's overlay2 driver does it", async () => {
  const w = world();
  const { snapshotter } = ports(w);
  await snapshotter.prepare('x', '');
  await snapshotter.commit('base', 'x');
  const [mount] = await snapshotter.prepare('c', 'base');
  const base = (await snapshotter.upperDir('base')).replace(/\/diff$/, '');
  const top = (await snapshotter.upperDir('c')).replace(/\/diff$/, '');
  expect(base).toMatch(/^\/var\/lib\/docker\/overlay2\/[0-9a-f]{64}$/);
  expect(w.names(base)).toEqual(['committed', 'diff', 'link']);
  expect(w.names(top)).toEqual(['diff', 'link', 'lower', 'merged', 'work']);
  const link = w.read(`${base}/link`);
  expect(link).toMatch(/^[A-Z2-7]{26}$/);
  expect(w.read(`${top}/lower`)).toBe(`l/${link}`);
  expect(w.host.realpath(`/var/lib/docker/overlay2/l/${link}`)).toBe(`${base}/diff`);
  expect(mount).toEqual({
    type: 'overlay',
    source: 'overlay',
    target: '/',
    options: [`lowerdir=/var/lib/docker/overlay2/l/${link}`, `upperdir=${top}/diff`, `workdir=${top}/work`],
  });
});
