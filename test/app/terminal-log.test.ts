import { describe, expect, it } from 'vitest';
import { distance, nearest } from '../../src/app/edit-distance.ts';
import { TerminalLog } from '../../src/app/terminal-log.ts';

const told = (...parts: string[]) => {
  const log = new TerminalLog(3);
  for (const part of parts) log.take(new TextEncoder().encode(part));
  return log.flush();
};

describe('what a screen reader is told of a terminal', () => {
  it('is whole lines without escape sequences, also of one cut in two', () => {
    expect(told('\x1b[1;32mroot\x1b[0m: \x1b]0;title\x07hi\r\nre', '\x1b[3', '1md\x1b[m\n').lines).toEqual([
      'root: hi',
      'red',
    ]);
  });

  it('is the last state of a line that writes over itself', () => {
    expect(told('10%\r50%\r100%\r\n').lines).toEqual(['100%']);
  });

  it('is bounded, and says how much was left out', () => {
    expect(told('1\n2\n3\n4\n5\n')).toEqual({ lines: ['3', '4', '5'], leftOut: 2 });
  });
});

describe('what was probably meant', () => {
  it('counts a swap as one slip', () => {
    expect(distance('dokcer', 'docker')).toBe(1);
    expect(distance('', 'ab')).toBe(2);
  });
  it('is near, never far-fetched', () => {
    expect(nearest('wbe', ['web', 'db', 'worker'])).toEqual(['web']);
    expect(nearest('nothing-like-it', ['web', 'db'])).toEqual([]);
  });
});
