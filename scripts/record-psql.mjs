// Asks a real psql and server (Debian's postgresql-15 and postgresql-client-15) what test/services/postgres/psql-cases.mjs
// lists, and writes the answers to test/services/postgres/recorded.json. Run as root: node scripts/record-psql.mjs
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cases } from '../test/services/postgres/psql-cases.mjs';

const bin = '/usr/lib/postgresql/15/bin';
const directory = mkdtempSync(join(tmpdir(), 'psql-'));
const asPostgres = (...command) =>
  execFileSync('setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', ...command], {
    cwd: '/',
    stdio: 'pipe',
  });
execFileSync('chown', ['postgres', directory]);
asPostgres(
  `${bin}/initdb`,
  '-D',
  `${directory}/data`,
  '-U',
  'postgres',
  '-E',
  'UTF8',
  '--locale=C.UTF-8',
  '-A',
  'trust',
);
asPostgres(
  `${bin}/pg_ctl`,
  '-D',
  `${directory}/data`,
  '-w',
  '-l',
  `${directory}/log`,
  '-o',
  `-k ${directory} -c listen_addresses='' -c timezone=UTC`,
  'start',
);
try {
  const recorded = cases.map(({ args, input }) => {
    const env = {
      PATH: '/usr/bin:/bin',
      LC_ALL: 'C.UTF-8',
      PGHOST: directory,
      PGUSER: 'postgres',
      HOME: '/nonexistent',
      TZ: 'UTC',
    };
    const done = spawnSync(`${bin}/psql`, ['-X', ...args], { env, input: input ?? '', encoding: 'utf8', cwd: '/' });
    const clean = (text) => text.replaceAll(directory, '/var/run/postgresql').replaceAll(`${bin}/psql`, 'psql');
    return {
      args,
      ...(input !== undefined && { input }),
      stdout: clean(done.stdout),
      stderr: clean(done.stderr),
      code: done.status,
    };
  });
  writeFileSync(
    new URL('../test/services/postgres/recorded.json', import.meta.url),
    `${JSON.stringify(recorded, null, 1)}\n`,
  );
  console.log(`${recorded.length} cases`);
} finally {
  asPostgres(`${bin}/pg_ctl`, '-D', `${directory}/data`, '-m', 'immediate', '-w', 'stop');
  rmSync(directory, { recursive: true });
}
