import { expect, it } from 'vitest';
import { upTo } from '../../src/app/hand-in-log.ts';

const typed = (...lines: string[]) => lines.map((line, at) => ({ at, line, terminal: 'pts/0' }));

it('keeps what was typed up to the moment that was gone back to, looks between included', () => {
  const log = typed('docker pull alpine', 'docker images', 'docker build .', 'ls', 'docker build .', 'docker ps');
  const kept = (...lines: string[]) => upTo(log, 0, lines).map(({ line }) => line);
  expect(kept('docker pull alpine')).toEqual(['docker pull alpine']);
  expect(kept('docker pull alpine', 'docker build .')).toHaveLength(3);
  expect(kept('docker pull alpine', 'docker build .', 'docker build .')).toHaveLength(5);
  expect(upTo(log, 4, [])).toHaveLength(4);
});
