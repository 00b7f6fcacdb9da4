/** The overlay document's cases against what a real kernel answered (test/linux/overlay.test.ts records it). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTrace, type TraceEvent } from '../../src/trace/index.ts';
import { overlayCases } from './overlay-cases.ts';
import { runCase } from './overlay-run.ts';
import { mkdirs, world } from './world.ts';

const recorded = JSON.parse(readFileSync(new URL('../recorded/overlay.json', import.meta.url), 'utf8'));

describe(`overlay as Linux ${recorded.kernel} has it`, () => {
  for (const case_ of overlayCases) it(case_.name, () => expect(runCase(case_)).toEqual(recorded.cases[case_.name]));
});

describe('overlay', () => {
  it('is read-only without an upper directory', () => {
    const w = world();
    for (const dir of ['/a', '/b']) mkdirs(w.host, dir);
    w.write('/a/f', 'f');
    w.overlay({ lower: ['/a', '/b'], at: '/m' });
    for (const run of [
      () => w.write('/m/new', ''),
      () => w.append('/m/f', 'x'),
      () => w.host.unlink('/m/f'),
      () => w.host.chmod('/m/f', 0o600),
      () => w.host.mkdir('/m/d'),
      () => w.host.access('/m/f', 2),
    ]) {
      expect(w.errno(run)).toBe('EROFS');
    }
    expect(w.read('/m/f')).toBe('f');
  });

  it('refuses what mount(2) refuses', () => {
    const w = world();
    const refused = (options: { lower: string[]; upper?: string; work?: string }) =>
      w.errno(() => w.overlay({ ...options, at: '/m' }));
    expect(refused({ lower: ['/only'] })).toBe('EINVAL');
    expect(refused({ lower: ['/a'], upper: '/u', work: '/u/inside' })).toBe('EINVAL');
    expect(refused({ lower: ['/a'], upper: '/u', work: '/w' })).toBe('ok');
    // Overlay on overlay as a lower layer, twice at most; never as the upper one.
    w.overlay({ lower: ['/m', '/a'], upper: '/u2', work: '/w2', at: '/m2' });
    expect(w.errno(() => w.overlay({ lower: ['/m2', '/a'], at: '/m3' }))).toBe('EINVAL');
    expect(w.errno(() => w.overlay({ lower: ['/a'], upper: '/m/u', work: '/m/w', at: '/m4' }))).toBe('EINVAL');
  });

  it('copies up by reference: a gigabyte at once', () => {
    const w = world();
    mkdirs(w.host, '/base');
    w.host.open('/base/big', { write: true, create: true }).inode.setattr({ size: 2 ** 30 });
    w.overlay({ lower: ['/base'], upper: '/u', work: '/w', at: '/m' });
    w.append('/m/big', 'end');
    expect(w.host.stat('/m/big').size).toBe(2 ** 30 + 3);
    expect(w.host.stat('/base/big').size).toBe(2 ** 30);
  });

  it('a full disk leaves no half copy, and does not bring deleted names back', () => {
    const w = world({ bytes: 64 * 4096 });
    mkdirs(w.host, '/base');
    w.write('/base/f', 'x'.repeat(40 * 4096));
    w.write('/base/g', 'g');
    w.overlay({ lower: ['/base'], upper: '/u', work: '/w', at: '/m' });
    w.host.unlink('/m/g');
    expect(w.errno(() => w.append('/m/f', 'x'))).toBe('ENOSPC');
    expect(w.names('/u')).toEqual(['g']);
    expect(w.errno(() => w.write('/m/g', 'x'.repeat(40 * 4096)))).toBe('ENOSPC');
    expect(w.read('/m/f').length).toBe(40 * 4096);
  });

  it('sees what someone else writes into the upper directory', () => {
    const w = world();
    w.overlay({ lower: ['/base'], upper: '/u', work: '/w', at: '/m' });
    expect(w.errno(() => w.host.stat('/m/late'))).toBe('ENOENT');
    w.write('/u/late', 'late');
    expect(w.read('/m/late')).toBe('late');
    expect(w.names('/m')).toEqual(['late']);
  });

  it('tells what it does', () => {
    const w = world();
    mkdirs(w.host, '/base/d');
    w.write('/base/d/f', 'four');
    const trace = createTrace();
    const seen: TraceEvent[] = [];
    trace.on((event) => seen.push(event));
    w.overlay({ lower: ['/base'], upper: '/u', work: '/w', at: '/m' }, trace);
    w.append('/m/d/f', '!');
    w.host.unlink('/m/d/f');
    w.host.mkdir('/m/d/f');
    w.write('/m/n', '');
    expect(seen.filter(({ type }) => type !== 'overlay.lookup')).toEqual([
      { type: 'overlay.copyup', upper: '/u', path: '/d', from: '/base', size: 0 },
      { type: 'overlay.copyup', upper: '/u', path: '/d/f', from: '/base', size: 4 },
      { type: 'overlay.whiteout', upper: '/u', path: '/d/f' },
      { type: 'overlay.create', upper: '/u', path: '/d/f' },
      { type: 'overlay.opaque', upper: '/u', path: '/d/f' },
      { type: 'overlay.create', upper: '/u', path: '/n' },
    ]);
    expect(seen.find((event) => event.type === 'overlay.lookup')).toEqual({
      type: 'overlay.lookup',
      upper: '/u',
      path: '/d',
      layers: [
        { dir: '/u', found: 'miss' },
        { dir: '/base', found: 'hit' },
      ],
    });
  });
});
