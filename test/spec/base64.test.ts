import { expect, it } from 'vitest';
import { base64, base64url, fromBase64 } from '../../src/spec/index.ts';

it('is what Node writes, of bytes of any length', () => {
  for (const length of [0, 1, 2, 3, 8191, 8192, 8193, 300_001]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7919) >> 3);
    expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    expect(Buffer.compare(fromBase64(base64(bytes)), bytes)).toBe(0);
    expect(Buffer.compare(fromBase64(base64url(bytes)), bytes)).toBe(0);
  }
  expect(() => fromBase64('*')).toThrow();
});
