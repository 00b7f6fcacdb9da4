import { describe, expect, it } from 'vitest';
import { arContent, readAr, TarContent, tarEntry } from '../../src/archive/index.ts';
import { packageMirrors } from '../../src/catalog/index.ts';
import { packagePrograms } from '../../src/sim/userland/packages/index.ts';
import { parseRelations } from '../../src/sim/userland/packages/relation.ts';
import { makeDirectories, readText, writeContent, writeText } from '../../src/sim/userland/packages/sys-files.ts';
import { compareVersions } from '../../src/sim/userland/packages/version.ts';
import { contentText, textContent } from '../../src/spec/index.ts';
import { run, testMachine } from '../kernel/boot-kernel.ts';

const program = (name: string) => packagePrograms.get(name)!.load();

const deb = (version: string, files: Record<string, string>) =>
  arContent([
    { name: 'debian-binary', content: textContent('2.0\n') },
    {
      name: 'control.tar',
      content: new TarContent([
        tarEntry({
          name: './control',
          content: textContent(`Package: sample\nVersion: ${version}\nArchitecture: all\nDescription: a sample\n`),
        }),
        tarEntry({ name: './conffiles', content: textContent('/etc/sample.conf\n') }),
      ]),
    },
    {
      name: 'data.tar',
      content: new TarContent([
        tarEntry({ name: './', type: 'directory' }),
        tarEntry({ name: './etc/', type: 'directory' }),
        tarEntry({ name: './opt/', type: 'directory' }),
        ...Object.entries(files).map(([name, text]) => tarEntry({ name: `.${name}`, content: textContent(text) })),
      ]),
    },
  ]);

describe('versions', () => {
  it.each([
    ['1.0', '1.0', 0],
    ['1.0~rc1', '1.0', -1],
    ['1:0.9', '2.0', 1],
    ['1.10', '1.9', 1],
    ['2.36-9+deb12u10', '2.36-9', 1],
    ['1.0-1', '1.0-1.1', -1],
    ['7.0.15-1~deb12u10', '7.0.15-1', -1],
  ])('%s and %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
    expect(Math.sign(compareVersions(b, a))).toBe(-sign || 0);
  });

  it('reads alternatives, versions and architectures', () => {
    expect(parseRelations('a (>= 1:2) | b:any, c')).toEqual([
      [{ name: 'a', relation: '>=', version: '1:2' }, { name: 'b' }],
      [{ name: 'c' }],
    ]);
  });
});

describe('ar', () => {
  it('gives back what was put in', () => {
    const members = readAr(
      arContent([
        { name: 'a', content: textContent('odd') },
        { name: 'b', content: textContent('even') },
      ]),
    );
    expect(members.map(({ name, content }) => [name, contentText(content)])).toEqual([
      ['a', 'odd'],
      ['b', 'even'],
    ]);
  });
});

describe('dpkg', () => {
  const dpkg = async (machine: ReturnType<typeof testMachine>, ...args: string[]) =>
    run(machine.kernel, await program('dpkg'), { argv: ['dpkg', ...args] });

  it('installs, upgrades, removes and purges, keeping changed configuration', async () => {
    const machine = testMachine();
    const { sys } = machine.kernel;
    writeContent(sys, '/one.deb', deb('1.0', { '/opt/a': 'A', '/opt/b': 'B', '/etc/sample.conf': 'x=1\n' }));
    writeContent(sys, '/two.deb', deb('2.0', { '/opt/a': 'AA', '/etc/sample.conf': 'x=2\n' }));
    expect((await dpkg(machine, '-i', '/one.deb')).stdout).toBe(
      'Selecting previously unselected package sample.\n(Reading database ... 0 files and directories currently installed.)\nPreparing to unpack .../one.deb ...\nUnpacking sample (1.0) ...\nSetting up sample (1.0) ...\n',
    );
    expect(readText(sys, '/opt/b')).toBe('B');
    expect((await dpkg(machine, '-L', 'sample')).stdout).toBe('/.\n/etc\n/opt\n/opt/a\n/opt/b\n/etc/sample.conf\n');
    expect((await dpkg(machine, '-S', '/opt/a')).stdout).toBe('sample: /opt/a\n');
    writeText(sys, '/etc/sample.conf', 'mine\n');
    expect((await dpkg(machine, '-i', '/two.deb')).stdout).toContain('Unpacking sample (2.0) over (1.0) ...\n');
    expect(readText(sys, '/opt/a')).toBe('AA');
    expect(readText(sys, '/opt/b')).toBeUndefined();
    expect(readText(sys, '/etc/sample.conf')).toBe('mine\n');
    expect(readText(sys, '/etc/sample.conf.dpkg-dist')).toBe('x=2\n');
    await dpkg(machine, '-r', 'sample');
    expect(readText(sys, '/opt/a')).toBeUndefined();
    expect(readText(sys, '/etc/sample.conf')).toBe('mine\n');
    expect((await dpkg(machine, '-l', 'sample')).stdout).toContain('\nrc  sample');
    await dpkg(machine, '-P', 'sample');
    expect(readText(sys, '/etc/sample.conf')).toBeUndefined();
    expect((await dpkg(machine, '-s', 'sample')).code).toBe(1);
  });

  it('says what is no archive', async () => {
    const machine = testMachine();
    writeText(machine.kernel.sys, '/bad.deb', 'not an archive');
    const { code, stderr } = await dpkg(machine, '-i', '/bad.deb');
    expect(code).toBe(1);
    expect(stderr).toContain("dpkg-deb: error: '/bad.deb' is not a Debian format archive\n");
    expect(stderr).toContain('Errors were encountered while processing:\n /bad.deb\n');
  });
});

describe('apt-get', () => {
  const online = () => {
    const machine = testMachine();
    const { sys, internet } = machine.kernel;
    const handler = packageMirrors(() => undefined)['archive.ubuntu.com']!;
    internet.hosts.set('archive.ubuntu.com', '198.51.100.7');
    internet.listen('198.51.100.7', 80, handler);
    for (const path of ['/etc/apt', '/var/lib', '/usr/share']) makeDirectories(sys, path);
    writeText(sys, '/etc/apt/sources.list', 'deb http://archive.ubuntu.com/ubuntu noble main universe\n');
    return machine;
  };
  const apt = async (machine: ReturnType<typeof testMachine>, ...args: string[]) =>
    run(machine.kernel, await program('apt-get'), { argv: ['apt-get', ...args] });

  it('knows nothing before update', async () => {
    const { code, stderr } = await apt(online(), 'install', '-y', 'media-types');
    expect([code, stderr]).toEqual([100, 'E: Unable to locate package media-types\n']);
  });

  it('warns when names do not resolve', async () => {
    const machine = online();
    writeText(machine.kernel.sys, '/etc/resolv.conf', 'nameserver 127.0.0.9\n');
    const { code, stdout, stderr } = await apt(machine, 'update');
    expect(code).toBe(0);
    expect(stdout).toContain("  Temporary failure resolving 'archive.ubuntu.com'\n");
    expect(stderr).toContain(
      'W: Some index files failed to download. They have been ignored, or old ones used instead.\n',
    );
  });

  it('installs and removes over the network', async () => {
    const machine = online();
    const { sys } = machine.kernel;
    writeText(sys, '/etc/resolv.conf', 'nameserver 10.0.2.3\n');
    const updated = await apt(machine, 'update');
    expect(updated.stdout).toMatch(/^Get:1 http:\/\/archive.ubuntu.com\/ubuntu noble InRelease \[/);
    expect((await apt(machine, 'update')).stdout).toMatch(/^Hit:1 /);
    const installed = await apt(machine, 'install', '-y', 'media-types');
    expect(installed.code).toBe(0);
    expect(installed.stdout).toContain(
      'The following NEW packages will be installed:\n  media-types\n0 upgraded, 1 newly installed',
    );
    expect(installed.stdout).toMatch(/Setting up media-types \(/);
    expect(readText(sys, '/etc/mime.types')).toBeDefined();
    expect(readText(sys, '/var/lib/dpkg/status')).toContain('Package: media-types\nStatus: install ok installed\n');
    expect((await apt(machine, 'install', '-y', 'media-types')).stdout).toContain(
      'media-types is already the newest version',
    );
    await apt(machine, 'purge', '-y', 'media-types');
    expect(readText(sys, '/etc/mime.types')).toBeUndefined();
    expect(readText(sys, '/var/lib/dpkg/status')).not.toContain('media-types');
  });
});
