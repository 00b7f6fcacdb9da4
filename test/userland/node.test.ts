/** node against recordings of the real one (scripts/record-node.mjs), and what it is to a simulated host. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/spec/index.ts';
import { caseInput, cleaned } from './node-cases.mjs';
import { scriptHost } from './script-host.ts';

interface Recorded {
  line: string;
  node: { stdout: string; stderr: string; code: number };
}

const cases: Recorded[] = JSON.parse(readFileSync(new URL('recorded/node.json', import.meta.url), 'utf8'));
/** Measured; only ever raised. */
const floor = 0.7;

describe('node', () => {
  it('prints what the real one prints', async () => {
    const { kernel, put, start } = scriptHost();
    const different: string[] = [];
    for (const [i, { line, node }] of cases.entries()) {
      const cwd = `/tmp/case-${i}`;
      kernel.sys.mkdir(cwd);
      put(`${cwd}/case.js`, utf8(line));
      const { stdout, stderr, code } = await (await start(['node', 'case.js'], cwd, caseInput)).ended;
      const got = { stdout: cleaned(stdout, cwd), stderr: cleaned(stderr, cwd), code };
      if (got.stdout === node.stdout && got.stderr === node.stderr && got.code === node.code) continue;
      different.push(`${line}\n  want ${JSON.stringify(node)}\n  got  ${JSON.stringify(got)}`);
    }
    const good = cases.length - different.length;
    console.log(`${good} of ${cases.length} identical (${((100 * good) / cases.length).toFixed(1)}%)`);
    if (process.env.SHOW) console.log(different.join('\n'));
    expect(good / cases.length, different.slice(0, 5).join('\n')).toBeGreaterThanOrEqual(floor);
  }, 120_000);

  it('gives an endless loop up, and takes a signal only when it is handled or deadly', async () => {
    const { kernel, put, start } = scriptHost();
    put(
      '/tmp/wait.js',
      utf8(
        "process.on('SIGTERM', () => { console.log('term'); process.exit(9); }); setInterval(() => {}, 1000); console.log('up');",
      ),
    );
    const handled = await start(['node', '/tmp/wait.js'], '/tmp');
    while (handled.out.length === 0) await kernel.sys.sleep(10);
    kernel.sys.kill(handled.process.pid, 15);
    expect(await handled.ended).toMatchObject({ stdout: 'up\nterm\n', code: 9 });
    const plain = await start(['node', '-e', "setInterval(() => {}, 1000); console.log('up')"], '/tmp');
    while (plain.out.length === 0) await kernel.sys.sleep(10);
    kernel.sys.kill(plain.process.pid, 15);
    expect(await plain.ended).toMatchObject({ signal: 15 });
  });

  it('forks, with messages both ways, and keeps every byte of a string', async () => {
    const { put, start } = scriptHost();
    const code = `
if (process.send) {
  process.on('message', (m) => { process.send({ got: m }); if (m === 'bye') process.disconnect(); });
  process.send('hello');
} else {
  const child = require('child_process').fork(__filename);
  child.on('message', (m) => { console.log(JSON.stringify(m)); if (m === 'hello') { child.send({ x: 1 }); child.send('bye'); } });
  child.on('exit', (status) => console.log('exit', status));
  console.log(Buffer.from('x\\0y').length, JSON.stringify(Buffer.from([65, 0]).toString()));
}`;
    put('/tmp/fork.js', utf8(code));
    const { stdout } = await (await start(['node', '/tmp/fork.js'], '/tmp')).ended;
    expect(stdout.split('\n')).toEqual(['3 "A\\u0000"', '"hello"', '{"got":{"x":1}}', '{"got":"bye"}', 'exit 0', '']);
  });

  it('has constructors of file streams that others may stand on', async () => {
    const { put, start } = scriptHost();
    const code = `
const fs = require('fs');
const Old = fs.ReadStream;
function Mine(...args) { return this instanceof Mine ? (Old.apply(this, args), this) : new Mine(...args); }
Mine.prototype = Object.create(Old.prototype);
new Mine(__filename).on('data', (part) => console.log(part.length > 10, fs.createReadStream(__filename) instanceof Old));`;
    put('/tmp/streams.js', utf8(code));
    expect((await (await start(['node', '/tmp/streams.js'], '/tmp')).ended).stdout).toBe('true true\n');
  });

  it('answers -v, -p, and a program on standard input', async () => {
    const { start } = scriptHost();
    expect((await (await start(['node', '-v'], '/tmp')).ended).stdout).toMatch(/^v20\.\d+\.\d+\n$/);
    expect((await (await start(['node', '-p', '({ a: [1, 2].map((x) => x * 2) })'], '/tmp')).ended).stdout).toBe(
      '{ a: [ 2, 4 ] }\n',
    );
    expect((await (await start(['node', '-'], '/tmp', 'console.log(process.argv.length)')).ended).stdout).toBe('2\n');
  });

  it('loads ES modules, packages by their exports, and JSON', async () => {
    const { kernel, put, start } = scriptHost();
    for (const path of ['/tmp/m', '/tmp/m/node_modules', '/tmp/m/node_modules/dual', '/tmp/m/node_modules/dual/lib'])
      kernel.sys.mkdir(path);
    put('/tmp/m/package.json', utf8('{"type":"module"}'));
    put(
      '/tmp/m/node_modules/dual/package.json',
      utf8('{"name":"dual","exports":{".":{"import":"./lib/a.mjs","require":"./lib/a.cjs"},"./sub/*":"./lib/*.cjs"}}'),
    );
    put('/tmp/m/node_modules/dual/lib/a.mjs', utf8('export default "esm"; export const kind = 1;'));
    put('/tmp/m/node_modules/dual/lib/a.cjs', utf8('module.exports = { kind: "cjs" };'));
    put('/tmp/m/util.js', utf8('export const twice = (n) => n * 2;'));
    put(
      '/tmp/m/main.js',
      utf8(`import fs, { existsSync } from 'node:fs';
import d, { kind } from 'dual';
import sub from 'dual/sub/a';
import { twice } from './util.js';
import { createRequire } from 'module';
const require = createRequire(import.meta.url);
console.log(d, kind, sub, twice(4), typeof fs.readFileSync, existsSync('/tmp'), import.meta.url, require('dual').kind);
const late = await import('./util.js');
console.log(late.twice(1));`),
    );
    const { stdout, stderr } = await (await start(['node', 'main.js'], '/tmp/m')).ended;
    expect(stderr).toBe('');
    expect(stdout).toBe("esm 1 { kind: 'cjs' } 8 function true file:///tmp/m/main.js cjs\n2\n");
  });
});
