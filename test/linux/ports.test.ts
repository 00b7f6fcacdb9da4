/** The port suites on this machine's own files and mounts. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  DiskBlobBacking,
  DiskRecordStore,
  DiskTree,
  LinuxEntropy,
  LinuxMounter,
  LinuxSnapshotter,
  linuxClock,
} from '../../src/linux/index.ts';
import { contentBytes, SyntheticContent, textContent } from '../../src/spec/index.ts';
import { describeWith } from '../needs.ts';
import { blobBackingSuite } from '../suites/blob-backing.suite.ts';
import { snapshotterSuite } from '../suites/snapshotter.suite.ts';
import { treeSuite } from '../suites/tree.suite.ts';

const work = mkdtempSync(join(tmpdir(), 'drydock-ports-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(work, 'x'));

describe('blobs on disk', () => {
  blobBackingSuite(() => new DiskBlobBacking(fresh()));
  it('are what was put, for the next start too, and nothing else lies there', () => {
    const root = fresh();
    const blob = new SyntheticContent(70_000, 3);
    const digest = `sha256:${'a'.repeat(64)}` as const;
    new DiskBlobBacking(root).put(digest, blob);
    expect(contentBytes(new DiskBlobBacking(root).get(digest)!)).toEqual(contentBytes(blob));
    expect(readdirSync(join(root, 'blobs/sha256'))).toEqual(['a'.repeat(64)]);
  });
});

describe('records on disk', () => {
  it('keep their order and values over a restart', () => {
    const root = fresh();
    const records = new DiskRecordStore(root);
    const long = 'x/'.repeat(300);
    for (const key of ['z', 'a/b:c', '..', long, 'm']) records.put('things', key, { key });
    records.put('things', 'z', { key: 'again' });
    records.delete('things', 'm');
    for (const store of [records, new DiskRecordStore(root)]) {
      expect(store.keys('things')).toEqual(['z', 'a/b:c', '..', long]);
      expect(store.get('things', 'z')).toEqual({ key: 'again' });
      expect(store.get('things', long)).toEqual({ key: long });
      expect(store.get('things', 'm')).toBeUndefined();
      expect(store.keys('nothing')).toEqual([]);
    }
  });
});

describeWith({ programs: ['perl'], root: true }, 'files', () => {
  treeSuite('a directory on disk', () => new DiskTree(fresh()));
  it('a large file stays what it was in a content that was taken before it was written', () => {
    const tree = new DiskTree(fresh());
    const large = new SyntheticContent(600_000, 1);
    tree.writeFile('f', large);
    const [one, two] = [tree.content('f'), tree.content('f')];
    tree.writeFile('f', textContent('new'));
    expect(Buffer.compare(contentBytes(one), contentBytes(large))).toBe(0);
    expect(Buffer.compare(contentBytes(two), contentBytes(large))).toBe(0);
  });
  it('makes whiteouts and other devices', () => {
    const tree = new DiskTree(fresh());
    tree.mknod('gone', 'char', { major: 0, minor: 0 });
    tree.mknod('null', 'char', { major: 1, minor: 3 });
    expect(tree.lstat('gone')).toMatchObject({ type: 'char', rdev: { major: 0, minor: 0 } });
    expect(tree.lstat('null')).toMatchObject({ type: 'char', rdev: { major: 1, minor: 3 } });
  });
});

describeWith({ programs: ['perl'], root: true }, 'overlayfs', () => {
  snapshotterSuite('overlayfs', () => {
    const root = fresh();
    const records = new DiskRecordStore(join(root, 'records'));
    return {
      snapshotter: new LinuxSnapshotter({
        root: join(root, 'overlay2'),
        records,
        entropy: new LinuxEntropy(),
        clock: linuxClock,
      }),
      mounter: new LinuxMounter(join(root, 'mounts')),
    };
  });
});
