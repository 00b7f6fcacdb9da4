import { beforeAll, describe, expect, it } from 'vitest';
import { appendText, exists, readText, writeText } from '../../../src/sim/userland/packages/sys-files.ts';
import { serverBuild } from '../../../src/sim/userland/services/postgres/config.ts';
import { methodFor, readHba } from '../../../src/sim/userland/services/postgres/hba.ts';
import { startPostgres } from './start.ts';

let host: Awaited<ReturnType<typeof startPostgres>>;
let server: Awaited<ReturnType<typeof host.boot>>;
const psql = (...args: string[]) => host.ask('psql', ['-X', ...args]);
const value = async (query: string, ...args: string[]) => (await psql('-tA', ...args, '-c', query)).stdout.trim();

beforeAll(async () => {
  host = await startPostgres();
  server = await host.boot();
});

describe('postgres', () => {
  it('is PostgreSQL', async () => {
    expect(await value('SELECT version()')).toContain(serverBuild);
    expect(await value('SELECT sum(g) FROM generate_series(1, 100) g')).toBe('5050');
    expect((await host.ask('pg_isready')).stdout).toBe('/var/run/postgresql:5432 - accepting connections\n');
    expect((await host.ask('pg_isready', ['-p', '1'])).code).toBe(2);
  });

  it('serves many clients in turn, each with its own settings, role and statements', async () => {
    await psql('-c', 'CREATE TABLE t (a int)', '-c', "CREATE ROLE bob LOGIN PASSWORD 'secret'");
    const script = (name: string) =>
      host.ask(
        'psql',
        ['-X', '-q', '-U', name, '-d', 'postgres'],
        `SET search_path = ${name}s; PREPARE p AS SELECT current_user; SELECT 1 \\g /dev/null\nSHOW search_path;`,
      );
    const [one, two] = await Promise.all([script('postgres'), script('bob')]);
    expect(one.stdout).toContain('postgress');
    expect(two.stdout).toContain('bobs');
    // A transaction has the server until it ends.
    const long = host.ask('psql', ['-X', '-q'], 'BEGIN; INSERT INTO t VALUES (1); SELECT pg_sleep(5); COMMIT;');
    const other = value('SELECT count(*) FROM t');
    await long;
    expect(['0', '1']).toContain(await other);
    expect(await value('SELECT count(*) FROM t')).toBe('1');
  });

  it('answers whether it is there while a transaction is open', async () => {
    let answer = '';
    const ready = async () => {
      answer = (await host.ask('pg_isready', ['-U', 'postgres'])).stdout;
    };
    await ready();
    answer = '';
    await host.typed('psql', ['-X'], ['BEGIN;', ready, 'COMMIT;', '\\q']);
    expect(answer).toContain('accepting connections');
  });

  it('rests in the time of the host', async () => {
    const before = host.kernel.sys.monotonic();
    await psql('-c', 'SELECT pg_sleep(3)');
    expect(host.kernel.sys.monotonic() - before).toBeGreaterThanOrEqual(3000);
  });

  it('takes who proves who he is', async () => {
    const hba = readText(host.kernel.sys, '/data/pg_hba.conf')!;
    writeText(host.kernel.sys, '/data/pg_hba.conf', hba.replace(/^host .*/gm, ''));
    appendText(host.kernel.sys, '/data/pg_hba.conf', 'host all all all scram-sha-256\n');
    const connect = (password: string) =>
      psql('-tA', '-c', 'SELECT current_user', `postgresql://bob:${password}@localhost/postgres`);
    expect((await connect('secret')).stdout).toBe('bob\n');
    const wrong = await connect('wrong');
    expect(wrong.stderr).toContain('FATAL:  password authentication failed for user "bob"');
    expect(wrong.code).toBe(2);
    expect((await psql('-U', 'nobody')).stderr).toContain('FATAL:  role "nobody" does not exist');
    expect((await psql('nowhere')).stderr).toContain('FATAL:  database "nowhere" does not exist');
  });

  it('has what was committed after SIGKILL, and after a stop', async () => {
    await psql('-c', 'INSERT INTO t VALUES (2)');
    server.kill(9);
    await server.wait();
    server = await host.boot();
    expect(host.log()).toContain('automatic recovery in progress');
    expect(await value('SELECT count(*) FROM t')).toBe('2');
    server.kill(2);
    expect((await server.wait()).code).toBe(0);
    expect(exists(host.kernel.sys, '/data/postmaster.pid')).toBe(false);
    expect(host.log()).toMatch(/database system is shut down\n$/);
  });
});

it('pg_hba.conf is read line by line, the first that fits', () => {
  const lines = readHba(
    '# no\nlocal all all trust\nhost all bob 10.0.0.0/8 reject\nhost "a b",c all 10.1.0.0 255.255.0.0 md5\nhost all all all scram-sha-256\n',
  );
  expect(methodFor(lines, { user: 'x', database: 'y' })).toBe('trust');
  expect(methodFor(lines, { address: '10.9.9.9', user: 'bob', database: 'y' })).toBe('reject');
  expect(methodFor(lines, { address: '10.1.2.3', user: 'ann', database: 'a b' })).toBe('md5');
  expect(methodFor(lines, { address: '10.2.2.3', user: 'ann', database: 'c' })).toBe('scram-sha-256');
});
