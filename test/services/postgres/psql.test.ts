/** psql against recordings of the real one (scripts/record-psql.mjs). */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { startPostgres } from './start.ts';

interface Recorded {
  args: string[];
  input?: string;
  stdout: string;
  stderr: string;
  code: number;
}

const cases: Recorded[] = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8'));

/** What differs, and why: psql and server are 18 here, 15 there. */
const different: Readonly<Record<string, string>> = {
  'psql -c \\d+ cheap': 'the server writes a view with fewer table names',
  'psql -c \\du': 'psql shows no memberships since 16',
  'psql -c \\dp t': 'there is one more privilege since 17',
  'psql -c \\dt nothere': 'psql says tables since 18',
};

let host: Awaited<ReturnType<typeof startPostgres>>;

beforeAll(async () => {
  host = await startPostgres();
  await host.boot();
});

it('psql prints what the real one prints', async () => {
  const wrong: string[] = [];
  for (const { args, input, stdout, stderr, code } of cases) {
    const got = await host.ask('psql', ['-X', ...args], input ?? '');
    const name = `psql ${args.join(' ')}${input ? ` < ${JSON.stringify(input)}` : ''}`;
    const same = got.stdout === stdout && got.stderr === stderr && got.code === code;
    if (same === name in different) {
      wrong.push(`${name}\nWANT ${code}\n${stdout}${stderr}\nGOT  ${got.code}\n${got.stdout}${got.stderr}`);
    }
  }
  if (process.env.SHOW) console.log(wrong.join('\n=====\n'));
  expect(wrong.length, wrong.slice(0, 3).join('\n')).toBe(0);
}, 60_000);

it('prompts at a terminal as the real one does', async () => {
  const screen = await host.typed(
    'psql',
    ['-X'],
    ['SELECT 1 AS', 'one;', "SELECT ('a", "');", 'BEGIN;', 'SELECT nix;', 'ROLLBACK;', '\\c template1', '\\q'],
  );
  expect(screen.split('\r\n')).toEqual([
    'psql (18.7)',
    'Type "help" for help.',
    '',
    'postgres=# SELECT 1 AS',
    'postgres-# one;',
    ' one ',
    '-----',
    '   1',
    '(1 row)',
    '',
    "postgres=# SELECT ('a",
    "postgres'# ');",
    ' ?column? ',
    '----------',
    ' a       +',
    ' ',
    '(1 row)',
    '',
    'postgres=# BEGIN;',
    'BEGIN',
    'postgres=*# SELECT nix;',
    'ERROR:  column "nix" does not exist',
    'LINE 1: SELECT nix;',
    '               ^',
    'postgres=!# ROLLBACK;',
    'ROLLBACK',
    'postgres=# \\c template1',
    'You are now connected to database "template1" as user "postgres".',
    'template1=# \\q',
    '',
  ]);
});
