import { describe, expect, it } from 'vitest';
import { exchange } from '../../src/sim/net/http-client.ts';
import { makeDirectories, writeText } from '../../src/sim/userland/packages/sys-files.ts';
import { servicePrograms } from '../../src/sim/userland/services/index.ts';
import { bodyText, header } from '../../src/spec/index.ts';
import { run, testMachine } from '../kernel/boot-kernel.ts';

const base = `PidFile /run/apache2.pid
Listen 80
ErrorLog /tmp/error.log
LoadModule dir_module x
LoadModule headers_module x
LoadModule proxy_module x
<Directory />
  Require all denied
</Directory>
DocumentRoot /www
<Directory /www>
  AllowOverride All
  Require all granted
</Directory>
<Files ".ht*">
  Require all denied
</Files>
`;

async function start(text: string, files: Record<string, string> = {}) {
  const { kernel } = testMachine();
  const { sys } = kernel;
  for (const path of ['/etc/apache2', '/run', '/www/sub', '/www/staff']) makeDirectories(sys, path);
  writeText(sys, '/etc/apache2/apache2.conf', base + text);
  for (const [path, content] of Object.entries(files)) writeText(sys, path, content);
  const httpd = await servicePrograms.get('httpd')!.load();
  const call = (...args: string[]) => run(kernel, httpd, { argv: ['apache2', ...args] });
  const get = async (target: string, headers: [string, string][] = []) => {
    const stream = await kernel.dial({ host: '127.0.0.1', port: 80 });
    const response = await exchange(
      stream,
      { method: 'GET', target, headers: [['Host', 'localhost'], ...headers] },
      false,
    );
    return {
      status: response.status,
      text: await bodyText(response.body),
      header: (name: string) => header(response, name),
    };
  };
  return { call, get };
}

describe('apache', () => {
  it('serves, redirects, adds headers, has its own error pages', async () => {
    const { call, get } = await start(
      `ErrorDocument 404 /gone.html
ErrorDocument 403 "no way"
Redirect permanent /old /new
RedirectMatch ^/(.*)\\.php$ /$1.html
Header set X-A b
ProxyPass /up http://127.0.0.1:9/
`,
      { '/www/index.html': 'home', '/www/gone.html': 'gone' },
    );
    const started = await call();
    expect(started.code).toBe(0);
    expect(started.stderr).toContain("Set the 'ServerName' directive globally to suppress this message\n");
    const home = await get('/');
    expect([home.status, home.text, home.header('x-a')]).toEqual([200, 'home', 'b']);
    const lost = await get('/none');
    expect([lost.status, lost.text]).toEqual([404, 'gone']);
    expect((await get('/old/x')).header('location')).toBe('/new/x');
    expect((await get('/a.php')).header('location')).toBe('/a.html');
    const hidden = await get('/.htaccess');
    expect([hidden.status, hidden.text]).toEqual([403, 'no way']);
    expect((await get('/up/a')).status).toBe(503);
    expect((await call('-k', 'stop')).code).toBe(0);
  });

  it('reads .htaccess where it may, and asks for passwords', async () => {
    const { call, get } = await start('ServerName test\n', {
      '/www/staff/.htaccess': 'AuthType Basic\nAuthName "Staff"\nAuthUserFile /etc/users\nRequire valid-user\n',
      '/www/staff/index.html': 'in',
      '/www/sub/.htaccess': 'RewriteEngine on\n',
      '/www/sub/index.html': 'sub',
      '/etc/users': 'ann:{SHA}/te1z6ckRyfWzJF8wCJoAxHTc4s=\n',
    });
    expect((await call()).stderr).toBe('');
    const refused = await get('/staff/');
    expect([refused.status, refused.header('www-authenticate')]).toEqual([401, 'Basic realm="Staff"']);
    expect((await get('/staff/', [['Authorization', `Basic ${btoa('ann:wrong')}`]])).status).toBe(401);
    expect((await get('/sub/')).status).toBe(500);
    await call('-k', 'stop');
  });

  it.each([
    ['AddHandler cgi-script .cgi', 'drydock: apache2: directive "AddHandler" is not simulated\n'],
    ['SetHandler server-status', 'drydock: apache2: directive "SetHandler" is not simulated\n'],
    ['Require host example.com', 'drydock: apache2: directive "Require host" is not simulated\n'],
    ['LoadModule ssl_module x', 'drydock: apache2: module ssl_module is not simulated\n'],
  ])('says of %s that it is not simulated', async (text, expected) => {
    const { code, stderr } = await (await start(`${text}\n`)).call('-t');
    expect([code, stderr]).toEqual([1, expected]);
  });

  it('does not know what no module brings', async () => {
    const { code, stderr } = await (await start('RewriteEngine on\n')).call('-t');
    expect(code).toBe(1);
    expect(stderr).toContain("Invalid command 'RewriteEngine', perhaps misspelled or defined by a module not included");
  });
});
