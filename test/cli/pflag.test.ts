import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FlagSet, flag, HelpRequested } from '../../src/cli/flag/index.ts';

const recorded = (name: string): unknown[] =>
  JSON.parse(readFileSync(new URL(`../recorded/pflag/${name}`, import.meta.url), 'utf8'));
const cases = recorded('pflag-cases.json') as string[][];
const answers = recorded('pflag-go-answers.json') as string[];
const flags = [
  ...(['interactive', 'tty', 'detach', 'rm'] as const).map((name) =>
    flag(name, name === 'rm' ? '' : name[0]!, 'bool', ''),
  ),
  ...(['publish', 'env', 'volume'] as const).map((name) => flag(name, name[0]!, 'list', '')),
  flag('name', '', 'string', ''),
  flag('workdir', 'w', 'string', ''),
  flag('entrypoint', '', 'string', ''),
  flag('memory', '', 'string', ''),
];

function run(argv: string[]): string {
  const set = new FlagSet(flags, false);
  try {
    set.parse(argv);
  } catch (error) {
    return error instanceof HelpRequested ? 'ERR pflag: help requested' : `ERR ${(error as Error).message}`;
  }
  const given = set
    .given()
    .map(
      ({ name, type }) =>
        [name, type === 'bool' ? set.bool(name) : type === 'list' ? set.list(name) : set.string(name)] as const,
    );
  return JSON.stringify(Object.fromEntries([...given].sort(([a], [b]) => (a < b ? -1 : 1)))) + JSON.stringify(set.args);
}

/** The recorded program read booleans and empty lists in its own way; docker 28.2.2 reports strconv's error. */
const otherwise = /must be true or false|"env":\[\]/;

describe('what spf13/pflag answered', () => {
  cases.forEach((argv, index) => {
    if (otherwise.test(answers[index]!)) return;
    it(argv.join(' '), () => expect(run(argv)).toBe(answers[index]));
  });
});
