/** Packages told from layers, and what orders their versions. */
import { describe, expect, it } from 'vitest';
import { SeekingReader, TarContent, tarEntry } from '../../src/archive/index.ts';
import { compareVersionsOf, type Package, parsePurl, purlOf, scanLayers } from '../../src/sbom/index.ts';
import { type Digest, type ImageConfig, textContent } from '../../src/spec/index.ts';

const layer = (files: Record<string, string>): SeekingReader => {
  const tar = new TarContent(
    Object.entries(files).map(([name, text]) => tarEntry({ name, content: textContent(text) })),
  );
  return new SeekingReader({ size: tar.size, read: async (at, length) => tar.read(at, length) });
};
const ids = ['sha256:a', 'sha256:b', 'sha256:c'] as Digest[];
const scan = (layers: Record<string, string>[], env: string[] = []): Promise<Package[]> =>
  scanLayers(
    {
      config: { Env: env },
      rootfs: { type: 'layers', diff_ids: ids.slice(0, layers.length) },
    } as unknown as ImageConfig,
    layers.map(layer),
  );
const shown = ({ layer: from, ...one }: Package): string => `${purlOf({ layer: from, ...one })} ${from}`;

describe('packages of layers', () => {
  it('each comes from the layer that brought it, and is gone where it was taken away', async () => {
    const first = 'Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n';
    const packages = await scan([
      { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n', 'var/lib/dpkg/status': first },
      {
        'var/lib/dpkg/status': `${first}\nPackage: b\nStatus: install ok installed\nVersion: 2:1+x-1\nSource: src (2)\n\nPackage: c\nStatus: deinstall ok config-files\nVersion: 9\n`,
        'app/node_modules/@x/y/package.json': '{"name":"@x/y","version":"1.0.0"}',
        'app/node_modules/gone/package.json': '{"name":"gone","version":"1.0.0"}',
        'app/node_modules/broken/package.json': '{',
      },
      { 'app/node_modules/.wh.gone': '', 'v/lib/Foo_Bar-1.dist-info/METADATA': 'Name: Foo_Bar\nVersion: 1\n\nText' },
    ]);
    expect(packages.map(shown)).toEqual([
      'pkg:deb/debian/a@1?arch=amd64&distro=debian-12 sha256:a',
      'pkg:deb/debian/b@2:1%2Bx-1?distro=debian-12&upstream=src%402 sha256:b',
      'pkg:npm/%40x/y@1.0.0 sha256:b',
      'pkg:pypi/foo-bar@1 sha256:c',
    ]);
    expect(parsePurl(purlOf(packages[2]!))).toMatchObject({
      type: 'npm',
      namespace: '@x',
      name: 'y',
      version: '1.0.0',
    });
    expect(parsePurl(purlOf(packages[1]!))).toMatchObject({
      version: '2:1+x-1',
      source: { name: 'src', version: '2' },
    });
  });

  it('apk and an interpreter that the environment tells of', async () => {
    const packages = await scan(
      [{ 'lib/apk/db/installed': 'P:musl-utils\nV:1.2.5-r1\no:musl\nL:MIT\n\n', 'usr/local/bin/node': 'x' }],
      ['NODE_VERSION=24.3.0'],
    );
    expect(packages.map(({ type, name, version, source }) => [type, name, version, source?.name])).toEqual([
      ['apk', 'musl-utils', '1.2.5-r1', 'musl'],
      ['github', 'node', '24.3.0', undefined],
    ]);
  });
});

it('versions are ordered by the rule of their kind', () => {
  const ascending: Record<string, string[]> = {
    apk: ['1.2_rc1', '1.2', '1.2-r1', '1.2-r10', '1.2_p1', '1.2a', '1.10'],
    deb: ['1.0~rc1', '1.0', '1.0-1', '1.0-1+deb12u2', '1.0-1+deb12u10', '1:0.1'],
    npm: ['5.0.0-alpha.1', '5.0.0-beta.3', '5.0.0', '5.10.0'],
    pypi: ['1.0.dev1', '1.0a2', '1.0rc1', '1.0', '1.0.post1', '1.1'],
  };
  for (const [type, versions] of Object.entries(ascending))
    for (let at = 1; at < versions.length; at++)
      expect([
        type,
        versions[at - 1],
        versions[at],
        Math.sign(compareVersionsOf(type, versions[at - 1]!, versions[at]!)),
      ]).toEqual([type, versions[at - 1], versions[at], -1]);
});
