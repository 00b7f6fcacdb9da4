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

  it('compresses what may be compressed', async () => {
    const page = `<p>${'long '.repeat(40)}</p>`;
    const { call, get } = await start('server { listen 80; root /www; gzip on; gzip_vary on; }', {
      '/www/index.html': page,
      '/www/a.txt': page,
    });
    await call();
    const packed = await get('/', [['Accept-Encoding', 'gzip']]);
    expect([packed.header('content-encoding'), packed.header('vary'), packed.header('content-length')]).toEqual([
      'gzip',
      'Accept-Encoding',
      undefined,
    ]);
    expect(packed.header('etag')).toMatch(/^W\//);
    expect((await get('/')).header('content-encoding')).toBeUndefined();
    expect((await get('/a.txt', [['Accept-Encoding', 'gzip']])).header('content-encoding')).toBeUndefined();
    await call('-s', 'stop');
  });

  it('asks for a password, maps variables, expires, keeps internal locations', async () => {
    const { call, get } = await start(
      `map $http_x_kind $kind { default none; a letter; "~^[0-9]+$" number; }
       server { listen 80; root /www; client_max_body_size 4;
        location /secret { auth_basic "Staff"; auth_basic_user_file /etc/users; return 200 hidden; }
        location /sub/ { auth_basic Staff; auth_basic_user_file /etc/users; }
        location /kind { return 200 $kind; }
        location /inside { internal; }
        location /a.txt { expires 1h; } }`,
      {
        '/etc/users': 'ann:{PLAIN}one\nbob:$apr1$01234567$.ZaqR.waevATBAHjshKrf1\n',
        '/www/a.txt': 'a',
        '/www/sub/index.html': 'in',
      },
    );
    await call();
    // `return` belongs to the rewrite phase, before access.
    expect((await get('/secret')).text).toBe('hidden');
    const refused = await get('/sub/');
    expect([refused.status, refused.header('www-authenticate')]).toEqual([401, 'Basic realm="Staff"']);
    const as = (who: string): [string, string][] => [['Authorization', `Basic ${btoa(who)}`]];
    expect((await get('/sub/', as('ann:one'))).text).toBe('in');
    expect((await get('/sub/', as('ann:two'))).status).toBe(401);
    expect((await get('/sub/', as('bob:two'))).text).toBe('in');
    expect((await get('/sub/', as('bob:one'))).status).toBe(401);
    expect((await get('/kind', [['X-Kind', 'a']])).text).toBe('letter');
    expect((await get('/kind', [['X-Kind', '17']])).text).toBe('number');
    expect((await get('/kind')).text).toBe('none');
    expect((await get('/inside')).status).toBe(404);
    expect((await get('/a.txt')).header('cache-control')).toBe('max-age=3600');
    expect((await get('/a.txt', [['Content-Length', '5']], 'GET')).status).toBe(413);
    await call('-s', 'stop');
  });

  it.each([
    ['server { location / { fastcgi_pass php:9000; } }', 'directive "fastcgi_pass"'],
    ['server { listen 443 ssl; }', '"ssl" of directive "listen"'],
    ['server { location / { limit_req zone=a; } }', 'directive "limit_req"'],
    ['server { location / { if ($a) { add_header X y; } } }', 'directive "add_header" inside "if"'],
    ['server { sub_filter a b; }', 'directive "sub_filter"'],
    ['upstream u { least_conn; }', 'directive "least_conn"'],
  ])('says of %s that it is not simulated', async (text, what) => {
    const { call } = await start(text);
    const { code, stderr } = await call('-t');
    expect(code).toBe(1);
    expect(stderr).toContain(`drydock: nginx: ${what} is not simulated\n`);
  });

  it('says that nothing runs', async () => {
    const { call } = await start('');
    expect((await call('-s', 'stop')).stderr).toBe(
      'nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)\n',
    );
  });
});
