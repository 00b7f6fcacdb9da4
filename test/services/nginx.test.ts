import { describe, expect, it } from 'vitest';
import { exchange } from '../../src/sim/net/http-client.ts';
import { makeDirectories, readText, writeText } from '../../src/sim/userland/packages/sys-files.ts';
import { servicePrograms } from '../../src/sim/userland/services/index.ts';
import { bodyText, header } from '../../src/spec/index.ts';
import { run, testMachine } from '../kernel/boot-kernel.ts';

const config = (server: string): string =>
  `events {}\nhttp {\n  types { text/html html; text/plain txt; }\n  access_log /tmp/access.log;\n  error_log /tmp/error.log;\n${server}\n}\n`;

async function start(server: string, files: Record<string, string> = {}) {
  const machine = testMachine();
  const { kernel } = machine;
  const { sys } = kernel;
  for (const path of ['/etc/nginx', '/var', '/var/log', '/var/log/nginx', '/run', '/www', '/www/sub']) {
    makeDirectories(sys, path);
  }
  writeText(sys, '/etc/nginx/nginx.conf', config(server));
  for (const [path, text] of Object.entries(files)) writeText(sys, path, text);
  const nginx = await servicePrograms.get('nginx')!.load();
  const call = (...args: string[]) => run(kernel, nginx, { argv: ['nginx', ...args] });
  const get = async (target: string, headers: [string, string][] = [], method = 'GET') => {
    const stream = await kernel.dial({ host: '127.0.0.1', port: 80 });
    const response = await exchange(stream, { method, target, headers: [['Host', 'localhost'], ...headers] }, false);
    return {
      status: response.status,
      text: await bodyText(response.body),
      header: (name: string) => header(response, name),
    };
  };
  return { sys, call, get };
}

describe('nginx', () => {
  it('serves files, chooses locations, logs, and stops', async () => {
    const { sys, call, get } = await start(
      `server { listen 80; root /www; error_page 404 /missing.html;
        location = /exact { return 200 "exact"; }
        location ^~ /sub/ { autoindex on; }
        location ~ \\.(txt|md)$ { add_header X-Kind text; }
        location /go { return 301 /elsewhere; }
        location /try { try_files $uri /index.html; }
        location /none { return 204; } }`,
      { '/www/index.html': '<p>home</p>', '/www/a.txt': 'text', '/www/missing.html': 'lost', '/www/sub/f.txt': 'f' },
    );
    expect((await call()).code).toBe(0);
    const home = await get('/');
    expect([home.status, home.text, home.header('content-type')]).toEqual([200, '<p>home</p>', 'text/html']);
    expect((await get('/exact')).text).toBe('exact');
    expect((await get('/a.txt')).header('x-kind')).toBe('text');
    expect((await get('/sub/f.txt')).header('x-kind')).toBeUndefined();
    expect((await get('/sub/')).text).toContain('<a href="f.txt">f.txt</a>');
    expect((await get('/go')).header('location')).toBe('http://localhost/elsewhere');
    expect((await get('/try/x')).text).toBe('<p>home</p>');
    const lost = await get('/nothing');
    expect([lost.status, lost.text]).toEqual([404, 'lost']);
    const etag = home.header('etag')!;
    expect((await get('/', [['If-None-Match', etag]])).status).toBe(304);
    expect((await get('/a.txt', [['Range', 'bytes=1-2']])).text).toBe('ex');
    expect((await get('/', [], 'HEAD')).header('content-length')).toBe('11');
    expect(readText(sys, '/tmp/access.log')).toContain('"GET /nothing HTTP/1.1" 404 4 "-" "-"\n');
    expect(readText(sys, '/tmp/error.log')).toContain('open() "/www/nothing" failed (2: No such file or directory)');
    expect((await call('-s', 'stop')).code).toBe(0);
  });

  it.each([
    ['server { lisen 80; }', 'unknown directive "lisen" in /etc/nginx/nginx.conf:6'],
    ['server { root; }', 'invalid number of arguments in "root" directive in /etc/nginx/nginx.conf:6'],
    ['server { listen 80 }', 'unexpected "}" in /etc/nginx/nginx.conf:6'],
    ['listen 80;', '"listen" directive is not allowed here in /etc/nginx/nginx.conf:6'],
  ])('refuses %s', async (text, reason) => {
    const { call } = await start(text);
    const { code, stderr } = await call('-t');
    expect([code, stderr]).toEqual([
      1,
      `nginx: [emerg] ${reason}\nnginx: configuration file /etc/nginx/nginx.conf test failed\n`,
    ]);
  });

  it('says that nothing runs', async () => {
    const { call } = await start('');
    expect((await call('-s', 'stop')).stderr).toBe(
      'nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)\n',
    );
  });
});
