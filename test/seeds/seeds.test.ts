/** The articles that students read: each runs to its end on a fresh host. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMachine } from '../../src/machine/index.ts';
import { textContent } from '../../src/spec/index.ts';
import { nodeWorld } from '../node-world.ts';

const here = new URL('.', import.meta.url).pathname;

describe('the articles', () => {
  for (const file of readdirSync(here)
    .filter((name) => name.endsWith('.sh'))
    .sort()) {
    it(`${file} runs to its end`, { timeout: 240_000 }, async () => {
      const machine = await createMachine({ ...nodeWorld, pace: 'skip' });
      let output = '';
      const take = (bytes: Uint8Array) => {
        output += new TextDecoder().decode(bytes);
      };
      machine.writeFile('/tmp/article.sh', textContent(readFileSync(here + file, 'utf8')));
      const status = await machine.run(['/bin/bash', '/tmp/article.sh'], { stdout: take, stderr: take });
      await machine.shutdown();
      expect({ status, tail: status === 0 ? '' : output.split('\n').slice(-25).join('\n') }).toEqual({
        status: 0,
        tail: '',
      });
    });
  }

  it('gives the same ids and digests in every replay', { timeout: 120_000 }, async () => {
    const play = async () => {
      const machine = await createMachine({ ...nodeWorld, pace: 'skip', seed: 7 });
      const line =
        'docker run ubuntu bash -c "echo x > /x"; docker commit $(docker ps -lq) me/x; docker ps -a --no-trunc; date';
      let output = '';
      const take = (bytes: Uint8Array) => {
        output += new TextDecoder().decode(bytes);
      };
      await machine.run(['/bin/bash', '-c', line], { stdout: take, stderr: take });
      await machine.shutdown();
      return output;
    };
    expect(await play()).toBe(await play());
  });
});
