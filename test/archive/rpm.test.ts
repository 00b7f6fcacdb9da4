import { describe, expect, it } from 'vitest';
import { type RpmHeader, readRpm, readRpmHeader, rpmContent, rpmHeaderBytes } from '../../src/archive/index.ts';
import { contentText, textContent } from '../../src/spec/index.ts';

const header: RpmHeader = {
  name: 'sample',
  epoch: 1,
  version: '1.0',
  release: '2.el7',
  arch: 'x86_64',
  summary: 'A sample',
  description: 'A sample of ünicode.',
  license: 'MIT',
  group: 'Unspecified',
  url: 'http://example.com/',
  vendor: 'CentOS',
  sourceRpm: 'sample-1.0-2.el7.src.rpm',
  buildHost: 'host',
  buildTime: 1_600_000_000,
  installTime: undefined,
  size: 14,
  requires: [{ name: '/bin/sh' }, { name: 'libc', relation: '>=', version: '2.17' }],
  provides: [{ name: 'sample', relation: '=', version: '1:1.0-2.el7' }],
  conflicts: [],
  obsoletes: [],
  scripts: { post: 'exit 0\n' },
  files: [
    {
      path: '/etc/s.conf',
      mode: 0o100644,
      size: 5,
      mtime: 1,
      user: 'root',
      group: 'root',
      flags: 17,
      link: '',
      digest: 'ab',
    },
    {
      path: '/usr/bin/s',
      mode: 0o120777,
      size: 3,
      mtime: 1,
      user: 'root',
      group: 'root',
      flags: 0,
      link: 's1',
      digest: '',
    },
    {
      path: '/usr/bin/s1',
      mode: 0o100755,
      size: 9,
      mtime: 1,
      user: 'root',
      group: 'root',
      flags: 0,
      link: '',
      digest: '',
    },
  ],
};

describe('an rpm', () => {
  it('says after reading what was written', () => {
    const { header: read, contents } = readRpm(
      rpmContent(header, [textContent('a=1\n\n'), undefined, textContent('#!/bin/sh')]),
    );
    expect(read).toEqual(header);
    expect([...contents].map(([path, content]) => [path, contentText(content)])).toEqual([
      ['/etc/s.conf', 'a=1\n\n'],
      ['/usr/bin/s', 's1'],
      ['/usr/bin/s1', '#!/bin/sh'],
    ]);
  });

  it('has a header of a whole number of entries, one after the other in a database', () => {
    const bytes = rpmHeaderBytes(header);
    const two = new Uint8Array([...bytes, ...bytes]);
    expect(readRpmHeader(two).end).toBe(bytes.length);
    expect(readRpmHeader(two, bytes.length).header.name).toBe('sample');
  });

  it('is refused when it is none', () => {
    expect(() => readRpm(textContent('not a package'))).toThrow('not an rpm package');
  });
});
