import { describe, expect, it } from 'vitest';
import { makeDirectories, readContent } from '../../src/sim/userland/packages/sys-files.ts';
import { servicePrograms } from '../../src/sim/userland/services/index.ts';
import { Database, globTest } from '../../src/sim/userland/services/redis/database.ts';
import { crc64, readRdb, writeRdb } from '../../src/sim/userland/services/redis/rdb.ts';
import {
  Double,
  encode,
  Members,
  Pairs,
  Rows,
  splitWords,
  Verbatim,
} from '../../src/sim/userland/services/redis/resp.ts';
import { contentBytes, fromUtf8, utf8 } from '../../src/spec/index.ts';
import { run, testMachine } from '../kernel/boot-kernel.ts';

async function start(...options: string[]) {
  const machine = testMachine();
  const { kernel } = machine;
  makeDirectories(kernel.sys, '/data');
  const log: string[] = [];
  const boot = async () =>
    kernel.start(await servicePrograms.get('redis-server')!.load(), {
      argv: ['redis-server', '--dir', '/data', ...options],
      env: {},
      cwd: '/data',
      stdio: { stdout: (bytes) => void log.push(fromUtf8(bytes)), stderr: (bytes) => void log.push(fromUtf8(bytes)) },
    });
  const cli = await servicePrograms.get('redis-cli')!.load();
  const server = await boot();
  await kernel.sys.sleep(10);
  const ask = async (...words: string[]) =>
    (await run(kernel, cli, { argv: ['redis-cli', '--no-raw', ...words] })).stdout;
  const lines = async (text: string) =>
    (await run(kernel, cli, { argv: ['redis-cli', '--no-raw'], stdin: text })).stdout;
  return { kernel, server, boot, ask, lines, log: () => log.join('') };
}

describe('redis', () => {
  it('keeps strings, counters and deadlines', async () => {
    const { kernel, ask } = await start();
    expect(await ask('PING')).toBe('PONG\n');
    expect(await ask('SET', 'a', '1', 'EX', '10')).toBe('OK\n');
    expect(await ask('INCRBY', 'a', '41')).toBe('(integer) 42\n');
    expect(await ask('TTL', 'a')).toBe('(integer) 10\n');
    expect(await ask('SET', 'a', 'x', 'NX')).toBe('(nil)\n');
    expect(await ask('MGET', 'a', 'b')).toBe('1) "42"\n2) (nil)\n');
    await kernel.sys.sleep(11_000);
    expect(await ask('GET', 'a')).toBe('(nil)\n');
    expect(await ask('TTL', 'a')).toBe('(integer) -2\n');
    expect(await ask('SET', 'k', 'a"\nb')).toBe('OK\n');
    expect(await ask('GET', 'k')).toBe('"a\\"\\nb"\n');
  });

  it('keeps lists, hashes, sets and sorted sets', async () => {
    const { lines } = await start();
    expect(await lines('lpush l x y "z z"\nlrange l 0 -1\nlpop l\nllen l\n')).toBe(
      '(integer) 3\n1) "z z"\n2) "y"\n3) "x"\n"z z"\n(integer) 2\n',
    );
    expect(await lines('hset h a 1 b 2\nhincrby h a 5\nhgetall h\n')).toBe(
      '(integer) 2\n(integer) 6\n1) "a"\n2) "6"\n3) "b"\n4) "2"\n',
    );
    expect(await lines('sadd s a b a\nsadd t b c\nsinter s t\n')).toBe('(integer) 2\n(integer) 2\n1) "b"\n');
    expect(await lines('zadd z 2 two 1 one 1.5 mid\nzrange z 0 -1 withscores\nzrank z two\n')).toBe(
      '(integer) 3\n1) "one"\n2) "1"\n3) "mid"\n4) "1.5"\n5) "two"\n6) "2"\n(integer) 2\n',
    );
    expect(await lines('srem s a b\nexists s\nkeys [hl]\n')).toBe('(integer) 2\n(integer) 0\n1) "l"\n2) "h"\n');
  });

  it.each([
    ['get', "(error) ERR wrong number of arguments for 'get' command\n"],
    ['foo bar', "(error) ERR unknown command 'foo', with args beginning with: 'bar' \n"],
    ['select 16', '(error) ERR DB index is out of range\n'],
    ['exec', '(error) ERR EXEC without MULTI\n'],
    ['set a b ex', '(error) ERR syntax error\n'],
    ['xadd s * a b', '(error) ERR drydock: XADD is not simulated\n'],
    ['lpush l a\nincr l', '(integer) 1\n(error) WRONGTYPE Operation against a key holding the wrong kind of value\n'],
    ['set a b\nincr a', 'OK\n(error) ERR value is not an integer or out of range\n'],
    [
      'multi\nfoo\nexec',
      "OK\n(error) ERR unknown command 'foo', with args beginning with: \n(error) EXECABORT Transaction discarded because of previous errors.\n",
    ],
    ['multi\nset a 1\nincr a\nexec', 'OK\nQUEUED\nQUEUED\n1) OK\n2) (integer) 2\n'],
  ])('answers %j', async (text, reply) => {
    const { lines } = await start();
    expect(await lines(`${text}\n`)).toBe(reply);
  });

  it('saves, ends on SIGTERM and loads again', async () => {
    const { kernel, server, boot, ask, log } = await start();
    await ask('SET', 'a', '1');
    await ask('RPUSH', 'l', 'x', 'y');
    expect(await ask('SAVE')).toBe('OK\n');
    expect(readContent(kernel.sys, '/data/dump.rdb')).toBeDefined();
    await ask('SET', 'b', '2');
    kernel.sys.kill(Number(/^(\d+):M/m.exec(log())![1]), 15);
    expect((await server.wait()).code).toBe(0);
    expect(log()).toMatch(/Received SIGTERM scheduling shutdown\.\.\.\n.*User requested shutdown/);
    expect(log()).toContain('# Redis is now ready to exit, bye bye...\n');
    await boot();
    await kernel.sys.sleep(10);
    expect(await ask('MGET', 'a', 'b')).toBe('1) "1"\n2) "2"\n');
    expect(log()).toContain('Done loading RDB, keys loaded: 3, keys expired: 0.');
  });

  it('keeps what was done in the append-only file, deadlines as moments', async () => {
    const { kernel, server, boot, lines, log } = await start('--appendonly', 'yes', '--save', '');
    await lines(
      'set a 1 ex 100\nset a 9 nx\nincr n\nincr n\nrpush l x y\nselect 1\nsadd s p q\nspop s\nset gone 1\ndel gone\n',
    );
    const left = await lines('select 1\nsmembers s\n');
    await kernel.sys.sleep(30_000);
    kernel.sys.kill(Number(/^(\d+):M/m.exec(log())![1]), 9);
    await server.wait();
    const file = fromUtf8(contentBytes(readContent(kernel.sys, '/data/appendonlydir/appendonly.aof.1.incr.aof')!));
    expect(file).toMatch(
      /^\*2\r\n\$6\r\nSELECT\r\n\$1\r\n0\r\n\*5\r\n\$3\r\nSET\r\n\$1\r\na\r\n\$1\r\n1\r\n\$4\r\nPXAT\r\n/,
    );
    await boot();
    await kernel.sys.sleep(10);
    expect(await lines('get a\nttl a\nget n\nlrange l 0 -1\n')).toBe('"1"\n(integer) 70\n"2"\n1) "x"\n2) "y"\n');
    expect(await lines('select 1\nsmembers s\n')).toBe(left);
    expect(log()).toContain('DB loaded from append only file: 0.000 seconds\n');
  });

  it('speaks protocol 3 to who asks for it', () => {
    const flat = ['a', '1'];
    expect(encode(new Pairs(flat), 3)).toBe('%1\r\n$1\r\na\r\n$1\r\n1\r\n');
    expect(encode(new Pairs(flat))).toBe('*2\r\n$1\r\na\r\n$1\r\n1\r\n');
    expect(encode([null, new Double(1.5), new Members(['x'])], 3)).toBe('*3\r\n_\r\n,1.5\r\n~1\r\n$1\r\nx\r\n');
    expect(encode(new Rows([['m', new Double(2)]]), 3)).toBe('*1\r\n*2\r\n$1\r\nm\r\n,2\r\n');
    expect(encode(new Rows([['m', new Double(2)]]))).toBe('*2\r\n$1\r\nm\r\n$1\r\n2\r\n');
    expect(encode(new Verbatim('text'), 3)).toBe('=8\r\ntxt:text\r\n');
  });

  it('wants its password, refuses what it cannot', async () => {
    const { ask } = await start('--requirepass', 'pw');
    expect(await ask('GET', 'a')).toBe('(error) NOAUTH Authentication required.\n');
    expect(await ask('-a', 'pw', 'GET', 'a')).toBe('(nil)\n');
    const { log, server } = await start('--replicaof', 'a 1');
    expect((await server.wait()).code).toBe(1);
    expect(log()).toContain('drydock: redis-server: directive "replicaof a 1" is not simulated\n');
  });

  it('says when there is nobody', async () => {
    const { kernel } = testMachine();
    const cli = await servicePrograms.get('redis-cli')!.load();
    const { code, stderr } = await run(kernel, cli, { argv: ['redis-cli', 'ping'] });
    expect([code, stderr]).toEqual([1, 'Could not connect to Redis at 127.0.0.1:6379: Connection refused\n']);
  });
});

describe('rdb', () => {
  it('has the checksum of crc64.c', () => {
    expect(crc64(utf8('123456789'))).toBe(0xe9c6d914c4b8d9can);
  });

  it('gives back what was put in', () => {
    const now = () => 1000;
    const db = new Database(now);
    db.set('text', { type: 'string', text: 'x'.repeat(20_000) });
    db.set('list', { type: 'list', items: ['a', 'b'] });
    db.set('scores', { type: 'zset', scores: new Map([['a', 1.5]]) });
    db.expireAt('list', 5000);
    const read = readRdb(writeRdb([new Database(now), db], '7.4.4', 1), now);
    const back = read.databases.get(1)!;
    expect(back.keys().map((key) => back.get(key))).toEqual(db.keys().map((key) => db.get(key)));
    expect([back.deadline('list'), read.version]).toEqual([5000, '7.4.4']);
  });
});

it('reads words and globs as Redis does', () => {
  expect(splitWords(String.raw`set "a\x41\n" 'it\'s' b`)).toEqual(['set', 'aA\n', "it's", 'b']);
  expect(splitWords('"open')).toBeUndefined();
  expect(['hello', 'hallo', 'hxllo'].filter(globTest('h[ae]llo'))).toEqual(['hello', 'hallo']);
});
