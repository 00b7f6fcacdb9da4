/**
 * CentOS's and EPEL's package mirrors as HTTP servers: mirror lists, repodata, packages, made when they are asked for.
 *
 * Differs from CentOS: mirrorlist.centos.org, switched off in 2024, still answers; the metadata are XML only (no
 * databases of SQLite), and hold a few hundred packages.
 */
import { GzipContent, rpmContent } from '../../archive/index.ts';
import { digestOf } from '../../content/index.ts';
import { type Content, type Handler, type HttpResponse, textContent } from '../../spec/index.ts';
import { allPackages, type PackageFacts } from './package-facts.ts';
import { evrOf, rpmName, rpmParts } from './package-files.ts';
import { filelistsXml, primaryXml } from './repodata.ts';
import { centosTexts } from './texts.ts';

const modified = 1_720_000_000;

/** Where students change their repositories to: the same tree under another name. */
const mirrorHosts = [
  'mirror.centos.org',
  'vault.centos.org',
  'mirrors.aliyun.com',
  'mirrors.tuna.tsinghua.edu.cn',
  'mirrors.ustc.edu.cn',
  'mirrors.163.com',
  'dl.fedoraproject.org',
  'download.fedoraproject.org',
  'archives.fedoraproject.org',
];

/** Host name -> server. */
export function centosMirrors(): Record<string, Handler> {
  const repositories = new Repositories();
  return {
    'mirrorlist.centos.org': async ({ target }) => mirrorList(target),
    'mirrors.fedoraproject.org': async ({ target }) => metalink(target),
    ...Object.fromEntries(
      mirrorHosts.map((host): [string, Handler] => [
        host,
        async ({ target }) => repositories.answer(host, decodeURIComponent(target.split('?')[0]!)),
      ]),
    ),
  };
}

const notFound = (): HttpResponse => ({
  status: 404,
  headers: [['Content-Type', 'text/html']],
  body: textContent('<html><head><title>404 Not Found</title></head></html>\n'),
});

const ok = (body: Content, type = 'application/octet-stream'): HttpResponse => ({
  status: 200,
  headers: [
    ['Content-Type', type],
    ['Last-Modified', new Date(modified * 1000).toUTCString()],
  ],
  body,
});

/** Name in the query of the mirror list -> repository. */
const lists: Readonly<Record<string, string>> = {
  os: 'os',
  updates: 'updates',
  extras: 'extras',
  centosplus: 'centosplus',
};

function mirrorList(target: string): HttpResponse {
  const query = new URL(target, 'http://mirrorlist.centos.org').searchParams;
  const path = lists[query.get('repo') ?? ''];
  if (!path || !/^7/.test(query.get('release') ?? '') || query.get('arch') !== 'x86_64')
    return ok(textContent('Invalid release/repo/arch combination/\n'), 'text/plain');
  return ok(textContent(`http://mirror.centos.org/centos/7/${path}/x86_64/\n`), 'text/plain');
}

function metalink(target: string): HttpResponse {
  const query = new URL(target, 'https://mirrors.fedoraproject.org').searchParams;
  if (query.get('repo') !== 'epel-7') return notFound();
  const url = 'http://download.fedoraproject.org/pub/epel/7/x86_64/repodata/repomd.xml';
  return ok(
    textContent(
      `<?xml version="1.0" encoding="utf-8"?>\n<metalink version="3.0" xmlns="http://www.metalinker.org/" type="dynamic">\n <files>\n  <file name="repomd.xml">\n   <resources maxconnections="1">\n    <url protocol="http" type="http" location="US" preference="100">${url}</url>\n   </resources>\n  </file>\n </files>\n</metalink>\n`,
    ),
    'application/metalink+xml',
  );
}

/** Path of a repository on a mirror -> its name here. */
const paths: [pattern: RegExp, name: (match: RegExpExecArray) => string][] = [
  [/^\/(?:centos(?:-vault)?\/)?7(?:\.9\.2009)?\/(os|updates|extras|centosplus)\/x86_64\/(.+)$/, (match) => match[1]!],
  [/^\/(?:pub\/)?(?:archive\/)?(?:fedora\/)?epel\/7(?:Server)?\/x86_64\/(.+)$/, () => 'epel'],
];

/** Repository files that mirrors offer for download. */
const configurations: Readonly<Record<string, (host: string) => string>> = {
  '/repo/Centos-7.repo': (host) =>
    centosTexts
      .get('etc/yum.repos.d/CentOS-Base.repo')!
      .replace(/^mirrorlist=.*\n#(baseurl=http:\/\/)mirror\.centos\.org/gm, `$1${host}`)
      .replaceAll('file:///etc/pki/rpm-gpg/', `http://${host}/centos/`)
      .replaceAll(/^name=(.*)$/gm, `name=$1 - ${host}`),
  '/repo/epel-7.repo': (host) =>
    `[epel]\nname=Extra Packages for Enterprise Linux 7 - $basearch\nbaseurl=http://${host}/epel/7/$basearch\nfailovermethod=priority\nenabled=1\ngpgcheck=0\n`,
};

class Repositories {
  private readonly byName = new Map<string, PackageFacts[]>();
  private readonly files = new Map<string, Content>();

  answer(host: string, path: string): HttpResponse {
    const configuration = configurations[path]?.(host);
    if (configuration) return ok(textContent(configuration), 'text/plain');
    if (/\/epel-release-latest-7\.noarch\.rpm$/.test(path)) return this.package('extras', 'epel-release-7-11.noarch');
    for (const [pattern, name] of paths) {
      const match = pattern.exec(path);
      if (match) return this.file(name(match), match.at(-1)!);
    }
    return notFound();
  }

  private file(repository: string, path: string): HttpResponse {
    if (path.startsWith('repodata/')) {
      const content = this.metadata(repository).get(path);
      return content ? ok(content, path.endsWith('.xml') ? 'text/xml' : undefined) : notFound();
    }
    const name = /^Packages\/(?:\w\/)?([^/]+)\.rpm$/.exec(path)?.[1];
    return name ? this.package(repository, name) : notFound();
  }

  private package(repository: string, name: string): HttpResponse {
    const facts = this.packages(repository).find((one) => rpmName(one) === name);
    if (!facts) return notFound();
    const { header, contents } = rpmParts(facts, modified);
    return ok(rpmContent(header, contents), 'application/x-rpm');
  }

  private packages(repository: string): PackageFacts[] {
    if (this.byName.size === 0) for (const one of allPackages()) this.add(one);
    return this.byName.get(repository) ?? [];
  }

  private add(facts: PackageFacts): void {
    const put = (name: string) => this.byName.set(name, [...(this.byName.get(name) ?? []), facts]);
    put(facts.repository === 'base' ? 'os' : facts.repository);
    // Differs from CentOS: extras carries EPEL's nginx too, so that a Dockerfile that installs nginx and nothing before
    // it (as many tutorials print it) builds; in life epel-release comes first.
    if (alsoInExtras.has(facts.name)) put('extras');
  }

  private metadata(repository: string): ReadonlyMap<string, Content> {
    const known = [...this.files].filter(([key]) => key.startsWith(`${repository}/`));
    if (known.length === 0)
      for (const [path, content] of this.made(repository)) this.files.set(`${repository}/${path}`, content);
    return new Map(
      [...this.files]
        .filter(([key]) => key.startsWith(`${repository}/`))
        .map(([key, content]) => [key.slice(repository.length + 1), content]),
    );
  }

  private made(repository: string): [string, Content][] {
    const packages = this.packages(repository).map((facts) => rpmParts(facts, modified));
    const packed = new Map(this.packages(repository).map((facts) => [`${facts.name} ${evrOf(facts)}`, facts.packed]));
    const files = (['primary', 'filelists'] as const).map((kind) => {
      const text = kind === 'primary' ? primaryXml(packages, packed, modified) : filelistsXml(packages);
      const open = textContent(text);
      const content = new GzipContent(open);
      const digest = digestOf(content).slice(7);
      return { kind, path: `repodata/${digest}-${kind}.xml.gz`, content, digest, open };
    });
    const repomd = `<?xml version="1.0" encoding="UTF-8"?>\n<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">\n <revision>${modified}</revision>\n${files
      .map(
        ({ kind, path, content, digest, open }) =>
          `<data type="${kind}">\n  <checksum type="sha256">${digest}</checksum>\n  <open-checksum type="sha256">${digestOf(open).slice(7)}</open-checksum>\n  <location href="${path}"/>\n  <timestamp>${modified}</timestamp>\n  <size>${content.size}</size>\n  <open-size>${open.size}</open-size>\n</data>\n`,
      )
      .join('')}</repomd>\n`;
    return [
      ['repodata/repomd.xml', textContent(repomd)],
      ...files.map(({ path, content }): [string, Content] => [path, content]),
    ];
  }
}

const alsoInExtras = new Set(['nginx', 'nginx-filesystem', 'openssl11-libs']);
