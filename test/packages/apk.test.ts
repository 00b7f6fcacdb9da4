import { describe, expect, it } from 'vitest';
import { packageMirrors } from '../../src/catalog/index.ts';
import { packagePrograms } from '../../src/sim/userland/packages/index.ts';
import { exists, makeDirectories, readText, writeText } from '../../src/sim/userland/packages/sys-files.ts';
import { run, testMachine } from '../kernel/boot-kernel.ts';

async function start(online = true) {
  const machine = testMachine();
  const { sys, internet } = machine.kernel;
  if (online) {
    internet.hosts.set('dl-cdn.alpinelinux.org', '198.51.100.8');
    internet.listen('198.51.100.8', 443, packageMirrors(() => undefined)['dl-cdn.alpinelinux.org']!);
  }
  for (const path of ['/etc/apk', '/lib/apk/db', '/var/cache/apk', '/usr/bin', '/usr/lib']) makeDirectories(sys, path);
  writeText(sys, '/etc/resolv.conf', 'nameserver 10.0.2.3\n');
  writeText(sys, '/etc/apk/repositories', 'https://dl-cdn.alpinelinux.org/alpine/v3.22/main\n');
  writeText(sys, '/etc/apk/world', '');
  writeText(sys, '/lib/apk/db/installed', '');
  const program = await packagePrograms.get('apk')!.load();
  const apk = (...args: string[]) => run(machine.kernel, program, { argv: ['apk', ...args] });
  return { sys, apk };
}

describe('apk', () => {
  it('installs with what is needed, and removes both', async () => {
    const { sys, apk } = await start();
    const added = await apk('add', '--no-cache', 'htop');
    expect([added.code, added.stderr]).toEqual([0, '']);
    expect(added.stdout).toMatch(/\(1\/\d+\) Installing /);
    expect(added.stdout).toContain('Installing htop (3.4.1-r0)\n');
    expect(readText(sys, '/etc/apk/world')).toContain('htop\n');
    expect(exists(sys, '/usr/bin/htop')).toBe(true);
    expect((await apk('info')).stdout).toContain('libncursesw');
    expect((await apk('del', 'htop')).stdout).toContain('Purging htop (3.4.1-r0)\n');
    expect(exists(sys, '/usr/bin/htop')).toBe(false);
    expect((await apk('info')).stdout).not.toContain('libncursesw');
  });

  it('keeps a virtual package while it is wanted', async () => {
    const { sys, apk } = await start();
    expect((await apk('add', '--no-cache', '--virtual', '.deps', 'make')).code).toBe(0);
    expect(readText(sys, '/etc/apk/world')).toContain('.deps');
    expect(exists(sys, '/usr/bin/make')).toBe(true);
    expect((await apk('del', '.deps')).code).toBe(0);
    expect(exists(sys, '/usr/bin/make')).toBe(false);
  });

  it('says which name there is not', async () => {
    const { apk } = await start();
    const { code, stdout, stderr } = await apk('add', '--no-cache', 'nosuch');
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(
      'ERROR: unable to select packages:\n  nosuch (no such package):\n    required by: world[nosuch]\n',
    );
  });

  it('warns without a network', async () => {
    const { apk } = await start(false);
    const { code, stdout, stderr } = await apk('update');
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain('WARNING: ');
  });
});
