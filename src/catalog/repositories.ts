import type { Assets } from '../port/index.ts';
import type { Handler } from '../spec/index.ts';
import type { ProgramAt } from './file-content.ts';

/** What answers at the mirrors' names; the servers are loaded with the first request. */
export function packageMirrors(programAt: ProgramAt, assets?: Assets): Record<string, Handler> {
  return {
    ...lazily(debianHosts, async () => (await import('./debian/repository.ts')).debianMirrors(programAt)),
    ...lazily(centosHosts, async () => (await import('./centos/repository.ts')).centosMirrors()),
    ...lazily(['registry.npmjs.org'], async () => (await import('./npm-registry.ts')).npmRegistry(assets)),
    ...lazily(pythonHosts, async () => (await import('./python-index.ts')).pythonIndex(assets)),
    ...lazily(alpineHosts, async () => (await import('./alpine-repository.ts')).alpineMirrors()),
  };
}

const debianHosts = ['archive.ubuntu.com', 'security.ubuntu.com', 'old-releases.ubuntu.com', 'deb.debian.org'];
const centosHosts = [
  'mirrorlist.centos.org',
  'mirror.centos.org',
  'vault.centos.org',
  'mirrors.fedoraproject.org',
  'dl.fedoraproject.org',
  'download.fedoraproject.org',
  'archives.fedoraproject.org',
  'mirrors.aliyun.com',
  'mirrors.tuna.tsinghua.edu.cn',
  'mirrors.ustc.edu.cn',
  'mirrors.163.com',
];
const pythonHosts = ['pypi.org', 'pypi.python.org', 'files.pythonhosted.org'];
const alpineHosts = ['dl-cdn.alpinelinux.org'];

function lazily(hosts: readonly string[], load: () => Promise<Record<string, Handler>>): Record<string, Handler> {
  let loaded: Promise<Record<string, Handler>> | undefined;
  return Object.fromEntries(
    hosts.map((host): [string, Handler] => [
      host,
      async (request, context) => {
        loaded ??= load();
        return (await loaded)[host]!(request, context);
      },
    ]),
  );
}
