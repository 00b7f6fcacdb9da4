import { beforeAll, describe, expect, it } from 'vitest';
import { allPackages, inImage } from '../../src/catalog/centos/package-facts.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { compareEvr, compareSegments, parseEvr, satisfies } from '../../src/sim/userland/packages/rpm/version.ts';
import { nodeWorld } from '../node-world.ts';

describe('versions', () => {
  it.each([
    ['1.0', '1.0', 0],
    ['1.10', '1.9', 1],
    ['1.0a', '1.0', 1],
    ['1.0~rc1', '1.0', -1],
    ['2.el7', '2.el7_9', -1],
    ['19.el7', '24.el7_9', -1],
    ['1.a', '1.1', -1],
  ])('%s and %s', (a, b, sign) => {
    expect(Math.sign(compareSegments(a, b))).toBe(sign);
    expect(Math.sign(compareSegments(b, a))).toBe(-sign || 0);
  });

  it('count the epoch first', () => {
    expect(compareEvr(parseEvr('1:1.0-1'), parseEvr('9.0-1'))).toBeGreaterThan(0);
    expect(compareEvr(parseEvr('1.0'), parseEvr('1.0-5.el7'))).toBe(0);
  });
});

describe('the packages', () => {
  const given = (all: typeof inImage) => {
    const provided = new Map<string, (typeof inImage)[number]['provides']>();
    const files = new Set(all.flatMap((one) => one.files.map(({ path }) => `/${path}`)));
    for (const one of all.flatMap(({ provides }) => provides))
      provided.set(one.name, [...(provided.get(one.name) ?? []), one]);
    return (wanted: (typeof inImage)[number]['requires'][number]) =>
      files.has(wanted.name) || (provided.get(wanted.name) ?? []).some((one) => satisfies(one, wanted));
  };

  it('require only what some package gives', () => {
    const all = allPackages();
    const met = given(all);
    const missing = all.flatMap(({ name, requires }) =>
      requires.filter((one) => !met(one)).map((one) => `${name}: ${one.name}`),
    );
    expect(missing).toEqual([]);
    expect(all.length).toBeGreaterThan(300);
  });

  it('of the image are complete in themselves', () => {
    const met = given(inImage);
    expect(
      inImage.flatMap(({ name, requires }) => requires.filter((one) => !met(one)).map((one) => `${name}: ${one.name}`)),
    ).toEqual([]);
  });
});

describe('yum and rpm in centos:7', () => {
  let machine: Machine;
  const sh = async (script: string, flags = '') => {
    let out = '';
    const take = (bytes: Uint8Array) => {
      out += new TextDecoder().decode(bytes);
    };
    const line = `docker run --rm ${flags} centos:7 sh -c '${script.replaceAll("'", "'\\''")}'`;
    const status = await machine.run(['/bin/bash', '-c', line], { stdout: take, stderr: take });
    return { status, out };
  };

  beforeAll(async () => {
    machine = await createMachine({ ...nodeWorld, pace: 'skip' });
    await machine.run(['/bin/bash', '-c', 'docker pull -q centos:7'], { stdout: () => {}, stderr: () => {} });
  }, 60_000);

  it('installs with what it needs, as the table says', async () => {
    const { status, out } = await sh(
      'yum install -y httpd && rpm -q httpd apr && httpd -t && yum -y remove apr && rpm -q httpd',
    );
    expect(status).toBe(1);
    expect(out).toContain(`
================================================================================
 Package           Arch        Version                       Repository    Size
================================================================================
Installing:
 httpd             x86_64      2.4.6-99.el7.centos.1         updates      2.7 M
`);
    expect(out).toContain(
      'Install  1 Package (+5 Dependent packages)\n\nTotal download size: 24 M\nInstalled size: 32 M\n',
    );
    expect(out).toContain('  Installing : httpd-2.4.6-99.el7.centos.1.x86_64                           6/6 \n');
    expect(out).toContain('Syntax OK');
    expect(out).toContain('httpd-2.4.6-99.el7.centos.1.x86_64\napr-1.4.8-7.el7.x86_64\n');
    expect(out).toContain('Remove  1 Package (+3 Dependent packages)\n');
    expect(out.trimEnd().endsWith('package httpd is not installed')).toBe(true);
  });

  it('says what it does not know, and what is there', async () => {
    const wrong = await sh('yum install -y xyz');
    expect(wrong).toEqual({
      status: 1,
      out: expect.stringContaining('No package xyz available.\nError: Nothing to do\n'),
    });
    const there = await sh('yum install -y bash');
    expect(there).toEqual({
      status: 0,
      out: expect.stringContaining(
        'Package bash-4.2.46-34.el7.x86_64 already installed and latest version\nNothing to do\n',
      ),
    });
    expect((await sh('yum install wget < /dev/null')).status).toBe(1);
  });

  it('fails without a network in its own words', async () => {
    const { status, out } = await sh('yum install -y wget', '--network none');
    expect(status).toBe(1);
    expect(out).toContain('14: curl#6 - "Could not resolve host: mirrorlist.centos.org; Unknown error"');
    expect(out).toContain('Cannot find a valid baseurl for repo: base/7/x86_64');
  });

  it('finds EPEL after epel-release, and updates what is asked', async () => {
    const { status, out } = await sh(
      'yum -q -y install epel-release && yum -q -y install redis && redis-server --version && yum -y update openssl-libs && rpm -q openssl-libs',
    );
    expect(status).toBe(0);
    expect(out).toContain('Redis server v=3.2.12');
    expect(out).toContain('Updated:\n  openssl-libs.x86_64 1:1.0.2k-26.el7_9');
    expect(out.trimEnd().endsWith('openssl-libs-1.0.2k-26.el7_9.x86_64')).toBe(true);
  });

  it('queries and verifies', async () => {
    const { out } = await sh(
      'rpm -qf /bin/ls /nowhere; rpm -qc yum-plugin-ovl; rpm -V setup; echo x:x:1:1::/: >> /etc/passwd; rpm -V setup; rpm -q --qf "%{NAME} %{EPOCH}\\n" tar bash; rpm -e zlib; rpm -q nothing; rpm -qa | wc -l',
    );
    expect(out).toContain('coreutils-8.22-24.el7.x86_64\nerror: file /nowhere: No such file or directory\n');
    expect(out).toContain(
      '/etc/yum/pluginconf.d/ovl.conf\nS.5....T.  c /etc/hosts\nS.5....T.  c /etc/hosts\nS.5....T.  c /etc/passwd\ntar 2\nbash (none)\n',
    );
    expect(out).toMatch(/error: Failed dependencies:\n\tlibz\.so\.1\(\)\(64bit\) is needed by \(installed\) /);
    expect(out.trimEnd().endsWith('package nothing is not installed\n148')).toBe(true);
  });

  it('has the real image’s labels, history and size', async () => {
    let out = '';
    const take = (bytes: Uint8Array) => {
      out += new TextDecoder().decode(bytes);
    };
    const format = '{{.Size}} {{index .Config.Labels "org.label-schema.name"}} {{json .Config.Cmd}}';
    await machine.run(['/bin/docker', 'inspect', '-f', format, 'centos:7'], { stdout: take, stderr: take });
    expect(out.trim()).toMatch(/^\d+ CentOS Base Image \["\/bin\/bash"\]$/);
    expect(Math.abs(Number(out.split(' ')[0]) / 203_930_000 - 1)).toBeLessThan(0.05);
  });
});
