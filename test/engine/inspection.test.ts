/** What an inspection tells of layers: the files worth a place, and nothing held of what is gone. */
import { expect, it } from 'vitest';
import { Daemon } from '../../src/engine/daemon.ts';
import { inspect } from '../../src/engine/inspection.ts';
import { notable } from '../../src/engine/notable.ts';
import { toldOf } from '../../src/engine/told.ts';
import type { LayerChange } from '../../src/trace/index.ts';
import { fakeWorld, rootfs } from './fake-world.ts';

/** `+ /app/app.py 12`: kind, path, size. */
const changes = (...lines: string[]): LayerChange[] =>
  lines.map((line) => {
    const [mark, path = '', size = '1'] = line.split(' ');
    const kind = mark === '+' ? 'added' : mark === '~' ? 'changed' : 'deleted';
    return { path, kind, type: 'file', size: Number(size), mode: 0o644 };
  });
const shown = (...lines: string[]) => notable(changes(...lines)).map(({ path }) => path);

it('shows what was meant before what came along, and what programs keep for themselves only by itself', () => {
  const installed = ['~ /var/lib/dpkg/status 40000', '+ /usr/lib/libcrypto.so.3 4000000', '+ /etc/ssl/openssl.cnf 9'];
  const apt = shown(...installed, '+ /usr/bin/curl 9', '+ /usr/share/doc/curl/NEWS 90000', '+ /srv/app.py 3');
  expect(apt.slice(0, 3)).toEqual(['/srv/app.py', '/usr/bin/curl', '/etc/ssl/openssl.cnf']);
  expect(apt).not.toContain('/var/lib/dpkg/status');
  expect(
    shown('+ /root/.ash_history 90', '+ /root/note 2', '- /etc/motd', '~ /etc/hosts.allow', '+ /run/x.pid'),
  ).toEqual(['/etc/motd', '/etc/hosts.allow', '/root/note']);
  expect(shown('+ /root/.cache/pip/http-v2/flask 90000', '+ /usr/local/bin/flask 200')[0]).toBe('/usr/local/bin/flask');
  expect(shown('+ /usr/sbin/nginx 90000', '+ /usr/share/nginx/html/index.html 6')[0]).toMatch(/index.html$/);
  // Better than nothing.
  expect(shown('+ /var/lib/apt/lists/Packages 9')).toEqual(['/var/lib/apt/lists/Packages']);
});

it('tells the same object again while a layer is there, and holds nothing of it afterwards', async () => {
  const { ports, request } = await fakeWorld();
  await request('POST', '/v1.41/images/create?fromSrc=-&repo=base', rootfs());
  const daemon = new Daemon(ports);
  const [first, again] = [await inspect(daemon), await inspect(daemon)];
  expect(first.layers).toHaveLength(1);
  expect(again.layers[0]).toBe(first.layers[0]);
  expect(toldOf(daemon).size).toBeGreaterThan(0);
  await request('DELETE', '/v1.41/images/base');
  expect((await inspect(daemon)).layers).toEqual([]);
  expect(toldOf(daemon).size).toBe(0);
});
