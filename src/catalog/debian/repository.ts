/**
 * Debian's and Ubuntu's package mirrors as HTTP servers: dists/SUITE/InRelease, its Packages indices, pool/. Everything
 * is made from the package facts when it is asked for.
 *
 * Differs from Debian: InRelease is not signed; an index carries the real archive's Size and no digest of it, since our
 * archives, not being compressed, have others. Ubuntu's mirrors offer Debian's versions of the packages.
 */
import { GzipContent } from '../../archive/index.ts';
import { digestOf } from '../../content/index.ts';
import {
  BytesContent,
  type Content,
  emptyContent,
  type Handler,
  type HttpResponse,
  header,
  parseRfc3339,
  textContent,
  utf8,
} from '../../spec/index.ts';
import type { ProgramAt } from '../file-content.ts';
import { type PackageFields, packageIndex } from '../package-data.ts';
import { controlText, debArchive } from './deb.ts';

interface Suite {
  origin: 'Debian' | 'Ubuntu';
  suite: string;
  codename: string;
  version: string;
  components: readonly string[];
  /** Pockets (updates, security ...) hold nothing: what would be in them is in the release itself. */
  empty?: boolean;
}

const ubuntuComponents = ['main', 'restricted', 'universe', 'multiverse'];

function ubuntuSuites(codename: string, version: string): [string, Suite][] {
  return ['', '-updates', '-backports', '-security'].map((pocket) => [
    codename + pocket,
    {
      origin: 'Ubuntu',
      suite: codename + pocket,
      codename,
      version,
      components: ubuntuComponents,
      empty: pocket !== '',
    },
  ]);
}

const debianSuite = (codename: string, suite: string, empty: boolean, version = '12.11'): [string, Suite] => [
  codename,
  { origin: 'Debian', suite, codename, version, components: ['main', 'contrib', 'non-free'], empty },
];

/** Path prefix of a mirror -> its suites. */
const ubuntuArchive = {
  '/ubuntu/': new Map([
    ...ubuntuSuites('noble', '24.04'),
    ...ubuntuSuites('jammy', '22.04'),
    ...ubuntuSuites('focal', '20.04'),
    ...ubuntuSuites('bionic', '18.04'),
    ...ubuntuSuites('xenial', '16.04'),
    ...ubuntuSuites('trusty', '14.04'),
  ]),
};
const mirrors: Readonly<Record<string, Readonly<Record<string, ReadonlyMap<string, Suite>>>>> = {
  'archive.ubuntu.com': ubuntuArchive,
  'security.ubuntu.com': ubuntuArchive,
  'old-releases.ubuntu.com': { '/ubuntu/': new Map(ubuntuSuites('precise', '12.04')) },
  'deb.debian.org': {
    '/debian/': new Map([
      debianSuite('bookworm', 'stable', false),
      debianSuite('stable', 'stable', false),
      debianSuite('bullseye', 'oldstable', false, '11.11'),
      debianSuite('bullseye-updates', 'oldstable-updates', true, '11.11'),
      debianSuite('bookworm-updates', 'stable-updates', true),
      debianSuite('stable-updates', 'stable-updates', true),
    ]),
    '/debian-security/': new Map([
      debianSuite('bookworm-security', 'stable-security', true),
      debianSuite('bullseye-security', 'oldstable-security', true, '11.11'),
    ]),
  },
};

/** Names of what Ubuntu keeps in universe, as patterns over the packages we know. */
const universe =
  /^(redis-|liblzf1|libjemalloc2|tini$|gosu$|dumb-init|cowsay|figlet|fortune|neofetch|screenfetch|supervisor|lighttpd|sl$|chafa|caca-utils|libsixel|golang|httpie|python3-(pip|venv|wheel)|stress|pv$|inetutils|w3m|haproxy|tree$|jq$|htop$|php|ruby|apt-transport|imagemagick)/;

const modified = '2025-06-20T08:00:00Z';
const httpDate = 'Fri, 20 Jun 2025 08:00:00 GMT';

/** Host name -> server of a mirror. */
export function debianMirrors(programAt: ProgramAt): Record<string, Handler> {
  const pool = new Pool(programAt);
  return Object.fromEntries(
    Object.entries(mirrors).map(([host, bases]) => [host, async (request) => serve(pool, bases, request)]),
  );
}

async function serve(
  pool: Pool,
  bases: Readonly<Record<string, ReadonlyMap<string, Suite>>>,
  request: Parameters<Handler>[0],
): Promise<HttpResponse> {
  const path = decodeURIComponent(request.target.split('?')[0]!).replace(/\/{2,}/g, '/');
  const base = Object.keys(bases).find((one) => path.startsWith(one));
  const content = base && (await pool.find(bases[base]!, path.slice(base.length)));
  if (!content) return notFound(path);
  const headers: [string, string][] = [
    ['Server', 'Apache/2.4.52 (Ubuntu)'],
    ['Last-Modified', httpDate],
  ];
  if (header(request, 'if-modified-since') === httpDate) return { status: 304, headers };
  headers.push(['Content-Type', 'application/octet-stream']);
  return { status: 200, headers, body: content };
}

const notFound = (path: string): HttpResponse => ({
  status: 404,
  headers: [['Content-Type', 'text/html; charset=iso-8859-1']],
  body: textContent(`<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>${path}</body></html>\n`),
});

class Pool {
  private readonly indices = new Map<string, Promise<Map<string, Content>>>();
  constructor(private readonly programAt: ProgramAt) {}

  async find(suites: ReadonlyMap<string, Suite>, path: string): Promise<Content | undefined> {
    const [, name = '', rest = ''] = /^dists\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (name) {
      const suite = suites.get(name);
      if (!suite) return undefined;
      if (rest === 'InRelease' || rest === 'Release') return textContent(await this.release(suite));
      return (await this.indicesOf(suite)).get(rest);
    }
    const [, deb] = /^pool\/[^/]+\/[^/]+\/[^/]+\/([^/]+\.deb)$/.exec(path) ?? [];
    return deb ? this.deb(deb) : undefined;
  }

  private async deb(file: string): Promise<Content | undefined> {
    const name = file.slice(0, file.indexOf('_'));
    const fields = (await packageIndex())[name];
    if (!fields || file !== debName(name, fields)) return undefined;
    return debArchive(name, fields, this.programAt, { ...parseRfc3339(modified)!, nsec: 0 });
  }

  private async release(suite: Suite): Promise<string> {
    const files = [...(await this.indicesOf(suite))];
    return [
      `Origin: ${suite.origin}`,
      `Label: ${suite.origin}`,
      `Suite: ${suite.suite}`,
      `Version: ${suite.version}`,
      `Codename: ${suite.codename}`,
      'Date: Fri, 20 Jun 2025 08:00:00 UTC',
      'Architectures: amd64',
      `Components: ${suite.components.join(' ')}`,
      'SHA256:',
      ...files.map(([path, content]) => ` ${digestOf(content).slice(7)} ${String(content.size).padStart(16)} ${path}`),
      '',
    ].join('\n');
  }

  /** The indices of a suite by path, `main/binary-amd64/Packages.gz` ... */
  private indicesOf(suite: Suite): Promise<Map<string, Content>> {
    const key = `${suite.origin}/${suite.suite}`;
    let made = this.indices.get(key);
    if (!made) this.indices.set(key, (made = makeIndices(suite)));
    return made;
  }
}

async function makeIndices(suite: Suite): Promise<Map<string, Content>> {
  const found = new Map<string, Content>();
  const packages = suite.empty ? [] : Object.entries(await packageIndex()).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const component of suite.components) {
    const text = packages
      .filter(([name]) => componentOf(suite, name) === component)
      .map(([name, fields]) => indexStanza(component, name, fields))
      .join('\n');
    const plain = text ? new BytesContent(utf8(text)) : emptyContent;
    found.set(`${component}/binary-amd64/Packages`, plain);
    found.set(`${component}/binary-amd64/Packages.gz`, new GzipContent(plain));
  }
  return found;
}

const componentOf = ({ origin }: Suite, name: string): string =>
  origin === 'Ubuntu' && universe.test(name) ? 'universe' : 'main';

const indexStanza = (component: string, name: string, fields: PackageFields): string =>
  `${controlText(name, fields)}Filename: ${poolPath(component, name, fields)}\nSize: ${fields.Size}\n`;

const debName = (name: string, fields: PackageFields): string =>
  `${name}_${fields.Version!.replace(/^\d+:/, '')}_${fields.Architecture}.deb`;

function poolPath(component: string, name: string, fields: PackageFields): string {
  const letter = name.startsWith('lib') ? name.slice(0, 4) : name[0]!;
  return `pool/${component}/${letter}/${name}/${debName(name, fields)}`;
}
