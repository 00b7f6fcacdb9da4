import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rootCommand } from '../../src/cli/command/root.ts';
import { main } from '../../src/cli/index.ts';
import { find } from '../../src/cli/main.ts';
import { fakeHost } from './fake-host.ts';

const directory = new URL('../recorded/help/', import.meta.url);

/** A file's name has hyphens where its command has blanks; `join-token` and `unlock-key` have hyphens of their own. */
const words = (file: string): string[] =>
  file
    .replace(/^docker-?/, '')
    .replace(/\.txt$/, '')
    .split(/(?<!-join(?=-token)|-unlock(?=-key))-/)
    .filter(Boolean);

describe('help screens are the real client’s (28.2.2 against API 1.41)', () => {
  for (const file of readdirSync(directory)) {
    it(['docker', ...words(file), '--help'].join(' '), async () => {
      expect(find(rootCommand, words(file)).rest).toEqual([]);
      const host = fakeHost([...words(file), '--help']);
      expect(await main(host)).toBe(0);
      expect(host.out.stdout).toBe(readFileSync(new URL(file, directory), 'utf8'));
    });
  }
});
