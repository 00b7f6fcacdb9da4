import { describe, expect, it } from 'vitest';
import {
  familiarReference,
  formatReference,
  parseAnyReference,
  parseReference,
  ReferenceFormatError,
  withDefaultTag,
} from '../../src/spec/index.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('references', () => {
  // [as typed, in full, as shown]
  const valid: [string, string, string][] = [
    ['ubuntu', 'docker.io/library/ubuntu', 'ubuntu'],
    ['ubuntu:22.04', 'docker.io/library/ubuntu:22.04', 'ubuntu:22.04'],
    ['library/ubuntu', 'docker.io/library/ubuntu', 'ubuntu'],
    ['docker.io/ubuntu', 'docker.io/library/ubuntu', 'ubuntu'],
    ['index.docker.io/student/app:1', 'docker.io/student/app:1', 'student/app:1'],
    ['student/app', 'docker.io/student/app', 'student/app'],
    ['localhost/app', 'localhost/app', 'localhost/app'],
    ['localhost:5000/app:V1', 'localhost:5000/app:V1', 'localhost:5000/app:V1'],
    ['localhost:5000', 'docker.io/library/localhost:5000', 'localhost:5000'],
    ['a.b/c', 'a.b/c', 'a.b/c'],
    ['[::1]:5000/x', '[::1]:5000/x', '[::1]:5000/x'],
    ['Upper/app', 'Upper/app', 'Upper/app'],
    [`ubuntu@${digest}`, `docker.io/library/ubuntu@${digest}`, `ubuntu@${digest}`],
    [`ubuntu:1@${digest}`, `docker.io/library/ubuntu:1@${digest}`, `ubuntu:1@${digest}`],
    ['a__b/c-d--e/f.g', 'docker.io/a__b/c-d--e/f.g', 'a__b/c-d--e/f.g'],
  ];
  for (const [typed, full, shown] of valid) {
    it(`${typed} is ${full}`, () => {
      const reference = parseReference(typed);
      expect(formatReference(reference)).toBe(full);
      expect(familiarReference(reference)).toBe(shown);
      // Both forms are inverses of parsing.
      expect(parseReference(full)).toEqual(reference);
      expect(parseReference(shown)).toEqual(reference);
    });
  }

  const invalid: [string, string][] = [
    ['', 'invalid reference format'],
    ['UPPER', 'invalid reference format: repository name (library/UPPER) must be lowercase'],
    ['Bad Name', 'invalid reference format: repository name (library/Bad Name) must be lowercase'],
    ['a:b:c', 'invalid reference format'],
    ['a/', 'invalid reference format'],
    ['-a', 'invalid reference format'],
    ['a..b', 'invalid reference format'],
    ['a:', 'invalid reference format'],
    [`a:${'t'.repeat(129)}`, 'invalid reference format'],
    ['a@sha256:12', 'invalid reference format'],
    [`a@sha256:${'0'.repeat(40)}`, 'invalid checksum digest length'],
    [`a@md5:${'0'.repeat(32)}`, 'unsupported digest algorithm'],
    ['a'.repeat(300), 'repository name must not be more than 255 characters'],
    [digest.slice(7), `invalid repository name (${digest.slice(7)}), cannot specify 64-byte hexadecimal strings`],
  ];
  for (const [text, message] of invalid) {
    it(`${JSON.stringify(text.slice(0, 40))}: ${message.slice(0, 80)}`, () => {
      expect(() => parseReference(text)).toThrow(new ReferenceFormatError(message));
    });
  }

  it('get :latest only when they are a name alone', () => {
    expect(formatReference(withDefaultTag(parseReference('a')))).toBe('docker.io/library/a:latest');
    expect(formatReference(withDefaultTag(parseReference('a:1')))).toBe('docker.io/library/a:1');
    expect(formatReference(withDefaultTag(parseReference(`a@${digest}`)))).toBe(`docker.io/library/a@${digest}`);
  });
  it('or IDs', () => {
    expect(parseAnyReference(digest)).toEqual({ id: digest });
    expect(parseAnyReference(digest.slice(7))).toEqual({ id: digest });
    expect(parseAnyReference('a')).toMatchObject({ path: 'library/a' });
  });
});
