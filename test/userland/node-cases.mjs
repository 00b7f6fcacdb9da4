// Programs for node, one a case: what they print is recorded from the real one (scripts/record-node.mjs) and compared
// with ours (node.test.ts).
export const nodeCases = [
  `console.log('a', 1, true, null, undefined, 1n, Symbol('s'), -0);`,
  `console.log([1, 'two', [3, [4, [5, [6]]]]], { a: { b: { c: { d: 1 } } } });`,
  `console.log(Array.from({ length: 120 }, (_, i) => i)); console.log(Array.from({ length: 30 }, (_, i) => 'item' + i));`,
  `console.log(new Map([['a', { x: 1 }], [{ k: 1 }, [1]]]), new Set([1, 'b']), new WeakMap(), [,1,,]);`,
  `class A { constructor() { this.x = 1; } get y() { return 2; } static z = 3; } class B extends A {} console.log(new A(), A, B, new B(), [A], function f() {}, () => {}, async () => {}, function* g() {});`,
  `const o = { name: 'o' }; o.self = o; o.list = [o, { o }]; console.log(o);`,
  `console.log('%s is %d years and %i, %f, %j %o %O %%', 'Bob', 42.5, 42.9, '1.5', { a: 1 }, [1], { b: { c: {} } }, 'extra');`,
  `console.log({ 'a-b': 1, valid_id: 2, 3: 'three', [Symbol('k')]: 4, f() {}, get g() { return 1; }, set h(v) {}, nested: { arr: [[]], e: {} } });`,
  `console.log(['it\\'s', "say \\"hi\\"", 'both \\' and "', 'line\\nbreak', '\\u0001']);`,
  `console.log(new Date(0), /ab+c/gi, [new Date(NaN)], new Error('x').message, Object.create(null), Object.create({ a: 1 }));`,
  `console.log(Buffer.from('hello world'), new Uint8Array([1, 2, 3]), new ArrayBuffer(4), new Float64Array(2));`,
  `console.log(Promise.resolve(1), Promise.reject(new Error('r')).catch(() => {}) && 1, new Promise(() => {}), (async () => 5)());`,
  `console.table([{ a: 1, b: 'x' }, { a: 2, c: true }]); console.table(['p', 'q']);`,
  `console.group('G'); console.log('in'); console.group(); console.log({ a: 1,\n b: [1,2] }); console.groupEnd(); console.groupEnd(); console.log('out'); console.error('err'); console.count(); console.count('x'); console.count(); console.assert(1 === 2, 'no %s', 'way');`,
  `console.log({ long: 'x'.repeat(100), list: ['aaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'cccccccccccccccccccccc', 'ddddddddddddd'] });`,
  `setTimeout(() => console.log('timeout'), 0); setImmediate(() => console.log('immediate')); process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('micro')); queueMicrotask(() => console.log('queued')); console.log('sync');`,
  `const t = setInterval(() => { console.log('i'); if (++n === 3) clearInterval(t); }, 5); let n = 0;`,
  `process.on('exit', (c) => console.log('exit', c)); process.exitCode = 3;`,
  `process.on('exit', (c) => console.log('exit', c)); process.exit(4); console.log('never');`,
  `try { null.x; } catch (e) { console.log(e.message, e instanceof TypeError, e.name); } try { nope; } catch (e) { console.log(String(e)); } try { const c = 1; c = 2; } catch (e) { console.log(e.message); } try { ({}).f(); } catch (e) { console.log(e.message); } try { undefined.a.b = 1; } catch (e) { console.log(e.message); }`,
  `for (const t of ['', '{', '{"a":}', '[1,]', 'nope', '{"a":1,}', '"abc']) try { JSON.parse(t); } catch (e) { console.log(e.name + ': ' + e.message); }`,
  `const o = {}; o.o = o; try { JSON.stringify(o); } catch (e) { console.log(e.message); }`,
  `function f() { f(); } try { f(); } catch (e) { console.log(e.name, e.message); }`,
  `throw new Error('boom');`,
  `function deep() {\n  throw new TypeError('deep down');\n}\ndeep();`,
  `throw { a: 1 };`,
  `throw 'text';`,
  `require('./nowhere');`,
  `require('no-such-package');`,
  `const a = ;`,
  `console.log('x'`,
  `let x = 1; let x = 2;`,
  `import fs from 'fs';`,
  `async function main() {\n  throw new Error('unhandled');\n}\nmain();`,
  `Promise.reject(5);`,
  `process.on('uncaughtException', (e, origin) => console.log('caught', e.message, origin)); setTimeout(() => console.log('on'), 5); throw new Error('first');`,
  `process.on('unhandledRejection', (e) => console.log('rejected', e.message)); Promise.reject(new Error('r'));`,
  `const e = new Error('outer', { cause: new Error('inner') }); console.log(e.cause.message, Object.keys(e)); class MyError extends Error { constructor(m) { super(m); this.name = 'MyError'; this.code = 7; } } const m = new MyError('mine'); console.log(m instanceof MyError, String(m), m.stack.split('\\n')[0]);`,
  `const EventEmitter = require('events'); const e = new EventEmitter(); e.on('a', (x) => console.log('a', x)); e.once('a', () => console.log('once')); console.log(e.emit('a', 1), e.emit('a', 2), e.emit('b'), e.listenerCount('a'), e.eventNames()); try { e.emit('error', new Error('ee')); } catch (x) { console.log(x.message); }`,
  `const path = require('path'); console.log(path.join('/a', '..', 'b', './c'), path.resolve('/x', 'y', '../z'), path.basename('/a/b.txt', '.txt'), path.extname('a.b.c'), path.parse('/home/u/f.txt'), path.relative('/a/b/c', '/a/d'), path.normalize('/a//b/../c/.'));`,
  `const url = new URL('https://user:pw@example.com:8080/p/a/t/h?query=string&a=1#hash'); console.log(url.host, url.pathname, url.searchParams.get('a'), url); console.log(new URLSearchParams({ a: '1', b: 'x y&z' }).toString()); try { new URL('nope'); } catch (e) { console.log(e.code, e.message, e.input); }`,
  `const u = require('url').parse('http://a.com:80/p?q=1#h', true); console.log(u.query.q, u.pathname, u.host, u.search, u.href); console.log(require('querystring').parse('a=1&b=2&a=3&c=%20x'), require('querystring').stringify({ a: [1, 2], b: 'x y' }));`,
  `const util = require('util'); console.log(util.format('%s %s', 'a'), util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: 0 }), util.inspect('str'), util.isDeepStrictEqual({ a: [1] }, { a: [1] }), util.types.isRegExp(/a/), util.inspect(new Map([[1, { a: 2 }]]), { compact: false })); util.promisify(setTimeout)(1).then(() => console.log('later'));`,
  `const assert = require('assert'); for (const f of [() => assert.strictEqual(1, 2), () => assert(false), () => assert.deepStrictEqual({ a: 1 }, { a: 2 }), () => assert.equal(1, 2, 'msg'), () => assert.throws(() => {}), () => assert.notStrictEqual(1, 1)]) try { f(); } catch (e) { console.log(e.name, e.code, e.message); }`,
  `const c = require('crypto'); console.log(c.createHash('sha256').update('abc').digest('hex'), c.createHash('md5').update('abc').digest('base64'), c.createHash('sha1').update('').digest('hex'), c.createHmac('sha256', 'k').update('d').digest('hex'), c.randomBytes(8).length, c.randomUUID().length);`,
  `const b = Buffer.from('héllo wörld'); console.log(b.length, b.toString('hex'), b.toString('base64'), b.slice(0, 3), Buffer.concat([b, Buffer.alloc(2)]).length, b.indexOf('w'), Buffer.from('aGk=', 'base64').toString(), b.equals(Buffer.from(b)), Buffer.byteLength('é'), b.readUInt16BE(0), JSON.stringify(Buffer.from('a')));`,
  `const fs = require('fs'); fs.writeFileSync('t.txt', 'one\\ntwo\\n'); fs.appendFileSync('t.txt', 'three\\n'); console.log(fs.readFileSync('t.txt', 'utf8').split('\\n'), fs.existsSync('t.txt'), fs.existsSync('u'), fs.statSync('t.txt').size, fs.statSync('.').isDirectory()); fs.mkdirSync('d/e', { recursive: true }); console.log(fs.readdirSync('.').sort()); try { fs.readFileSync('missing'); } catch (e) { console.log(e.code, e.errno, e.syscall, e.path, e.message); } fs.rmSync('d', { recursive: true }); fs.unlinkSync('t.txt'); try { fs.rmdirSync('none'); } catch (e) { console.log(e.message); }`,
  `const fs = require('fs'); fs.promises.writeFile('p', 'x').then(() => fs.promises.readFile('p', 'utf8')).then((t) => { console.log(t); fs.readFile('zzz', (e, d) => console.log(e.message, d)); fs.unlinkSync('p'); });`,
  `const { Readable, Transform, pipeline } = require('stream'); const up = new Transform({ transform(c, e, cb) { cb(null, c.toString().toUpperCase()); } }); pipeline(Readable.from(['a', 'b', 'c']), up, (e) => console.log('done', e)); up.on('data', (d) => console.log(String(d)));`,
  `const http = require('http'); const s = http.createServer((q, r) => { let b = ''; q.on('data', (d) => (b += d)); q.on('end', () => { r.setHeader('X-T', 'y'); r.statusCode = 201; r.end(q.method + ' ' + q.url + ' ' + b); }); }); s.listen(0, '127.0.0.1', () => { const q = http.request({ port: s.address().port, host: '127.0.0.1', method: 'POST', path: '/p?x=1' }, (r) => { console.log(r.statusCode, r.statusMessage, r.headers['x-t'], r.headers['content-length'], r.headers.connection); r.setEncoding('utf8'); r.on('data', (d) => console.log(d)); r.on('end', () => s.close(() => console.log('closed'))); }); q.end('body'); });`,
  `const http = require('http'); http.get('http://127.0.0.1:1/', () => {}).on('error', (e) => console.log(e.code, e.message, e.syscall, e.address, e.port));`,
  `const s = require('net').createServer((c) => { c.write('hi\\n'); c.on('data', (d) => c.end('got ' + d)); }); s.listen(0, () => { const c = require('net').connect(s.address().port); c.on('data', (d) => { console.log(String(d)); if (String(d) === 'hi\\n') c.write('x'); }); c.on('end', () => console.log('end')); c.on('close', () => s.close(() => console.log('bye'))); });`,
  `console.log([3, 1, 2].toSorted(), [1, 2, 3].at(-1), Object.groupBy === undefined, structuredClone({ a: new Date(0), m: new Map([[1, 2]]) }), 'abc'.replaceAll('b', 'x'), (1234567.891).toLocaleString(), (0.1 + 0.2).toFixed(2), 2 ** 40, 10n ** 20n, Number.MAX_SAFE_INTEGER, parseInt('12px'), [10, 9, 1].sort(), typeof globalThis, new Intl.NumberFormat('en-US').format(12345.6));`,
  `const d = new Date(Date.UTC(2024, 0, 31, 12, 5, 9)); console.log(d.toISOString(), d.toString(), d.toDateString(), d.toLocaleDateString('en-US'), d.toLocaleTimeString('en-US'), d.getDay(), JSON.stringify({ d }), d.toUTCString());`,
  `const cp = require('child_process'); cp.exec('echo out; echo err >&2; exit 3', (e, so, se) => console.log(e.code, JSON.stringify(so), JSON.stringify(se), e.message)); `,
  `process.stdout.write('no newline'); process.stderr.write('e\\n'); console.log(process.argv.length, process.platform, process.arch, typeof process.pid, process.env.HOME, process.cwd().length > 0, process.version.split('.')[0], typeof process.hrtime.bigint(), process.uptime() > 0, Object.keys(process.memoryUsage()));`,
  `const rl = require('readline').createInterface({ input: process.stdin }); rl.on('line', (l) => console.log('[' + l + ']')); rl.on('close', () => console.log('over'));`,
  `const ac = new AbortController(); ac.signal.addEventListener('abort', () => console.log('aborted', ac.signal.reason.name)); ac.abort(); const t = new EventTarget(); t.addEventListener('x', (e) => console.log(e.type)); t.dispatchEvent(new Event('x')); console.log(new TextDecoder().decode(new TextEncoder().encode('é')), btoa('hi'), atob('aGk='));`,
  `const m = require('module'); console.log(m.builtinModules.includes('fs'), require.main === module, __filename.endsWith('case.js'), typeof require.resolve, module.exports === exports, this === exports);`,
  `label: for (const [k, v] of Object.entries({ a: 1, b: 2 })) { if (k === 'b') break label; console.log(k, v); } const { x = 5, ...r } = { y: 1, z: 2 }; console.log(x, r, [...'ab'], Math.max(...[1, 2]), null ?? 'd', { a: 1 }?.a, \`t\${1 + 1}\`);`,
  `(async () => { for await (const x of (async function* () { yield 1; yield 2; })()) console.log(x); const r = await Promise.allSettled([Promise.resolve(1), Promise.reject(new Error('no'))]); console.log(r.map((x) => x.status)); try { await Promise.any([Promise.reject(1)]); } catch (e) { console.log(e.name, e.message, e.errors); } })();`,
];

export const caseInput = 'first\nsecond\n';

/** What differs between two machines, or between two engines' stacks, and says nothing. */
export function cleaned(text, directory) {
  return text
    .replaceAll(directory, '/work')
    .split('\n')
    .filter((line) => !/^ {4}at (.*\()?(node:|<anonymous>)/.test(line) && !/^ {4}at .*\(<anonymous>\)$/.test(line))
    .map((line) =>
      line.replace(/^( {4}at .*:\d+):\d+(\)?)( \{)?$/, '$1:C$2$3').replace(/^Node\.js v20\..*/, 'Node.js v20'),
    )
    .map((line) => (/^ +\^+$/.test(line) ? '^' : line))
    .join('\n');
}
