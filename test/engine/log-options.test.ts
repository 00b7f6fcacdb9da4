import { describe, expect, it } from 'vitest';
import { extraAttributes, rotationOf, verifyLogOptions } from '../../src/engine/log-options.ts';

describe('json-file log options', () => {
  it('refuses what is unknown when the container is created', () => {
    expect(() => verifyLogOptions({ bogus: '1' })).toThrow("unknown log opt 'bogus' for json-file log driver");
    expect(() => verifyLogOptions({ mode: 'bogus' })).toThrow('logger: logging mode not supported: bogus');
  });

  it('reads sizes in powers of 1000 and refuses others when it starts', () => {
    expect(rotationOf({ 'max-size': '1k', 'max-file': '3' })).toEqual({ maxSize: 1000, maxFile: 3 });
    expect(() => rotationOf({ 'max-size': 'abc' })).toThrow("failed to initialize logging driver: invalid size: 'abc'");
    expect(() => rotationOf({ 'max-file': '0' })).toThrow('max-file cannot be less than 1');
  });

  it('takes the labels and variables it names', () => {
    expect(extraAttributes({ labels: 'team', env: 'V' }, { team: 'a', x: 'y' }, ['V=1', 'W=2'])).toEqual({
      team: 'a',
      V: '1',
    });
  });
});
