import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index.ts';
import { fakeHost } from './fake-host.ts';

interface Recorded {
  cmd?: string;
  stdout: string;
  stderr: string;
  exit: number;
}
const transcript = ['errors-cli', 'errors-cli-2']
  .map((name) => readFileSync(new URL(`../recorded/${name}.jsonl`, import.meta.url), 'utf8'))
  .join('')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Recorded);

/** Words of a simple command line: single quotes only. */
const words = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);

/** What the client alone decides: nothing in the recording came from a daemon, a registry or a pipe. */
const own = transcript.filter(
  ({ cmd, stdout, stderr }) =>
    cmd?.startsWith('docker ') &&
    !/[|]|tcp:|unix:|bogus ps|buildx|compose|trust|login|logout|push|plugin|checkpoint|swarm|--context|manifest|-l debug|ssh:|--tls|-c nosuch/.test(
      cmd,
    ) &&
    stdout === '' &&
    !/daemon|An image|Unable to find|DEPRECATED/.test(stderr) &&
    stderr !== '',
);

describe('errors of the command line', () => {
  for (const { cmd, stdout, stderr, exit } of own) {
    it(cmd!, async () => {
      const host = fakeHost(words(cmd!.slice(7)));
      const status = await main(host);
      expect({ ...host.out, exit: status }).toEqual({ stdout, stderr, exit });
    });
  }
});
