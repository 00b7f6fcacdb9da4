/** Packages of the repositories, read from their primary.xml. */
import type { RpmCapability } from '../../../../archive/index.ts';
import { mergedPath } from '../rpm/database.ts';
import { compareHeaders, satisfies } from '../rpm/version.ts';

export interface AvailablePackage {
  name: string;
  epoch: number | undefined;
  version: string;
  release: string;
  arch: string;
  summary: string;
  description: string;
  url: string;
  license: string;
  /** Bytes to download, and when installed. */
  packed: number;
  size: number;
  /** Relative to the repository. */
  location: string;
  requires: RpmCapability[];
  provides: RpmCapability[];
  /** What primary.xml tells of them. */
  files: string[];
  repository: string;
}

const unescapeXml = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

const relations: Readonly<Record<string, NonNullable<RpmCapability['relation']>>> = {
  LT: '<',
  LE: '<=',
  EQ: '=',
  GE: '>=',
  GT: '>',
};

/** As createrepo writes it: one element a line. */
export function parsePrimary(xml: string, repository: string): AvailablePackage[] {
  return xml
    .split('<package type="rpm">')
    .slice(1)
    .map((text) => parsePackage(text, repository));
}

function parsePackage(text: string, repository: string): AvailablePackage {
  const element = (name: string): string => unescapeXml(new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '');
  const attribute = (tag: string, name: string): string =>
    unescapeXml(new RegExp(`<${tag}\\b[^>]*?\\b${name}="([^"]*)"`).exec(text)?.[1] ?? '');
  const epoch = Number(attribute('version', 'epoch') || 0);
  return {
    name: element('name'),
    epoch: epoch === 0 ? undefined : epoch,
    version: attribute('version', 'ver'),
    release: attribute('version', 'rel'),
    arch: element('arch'),
    summary: element('summary'),
    description: element('description'),
    url: element('url'),
    license: element('rpm:license'),
    packed: Number(attribute('size', 'package')),
    size: Number(attribute('size', 'installed')),
    location: attribute('location', 'href'),
    requires: capabilities(text, 'requires'),
    provides: capabilities(text, 'provides'),
    files: [...text.matchAll(/<file(?: type="\w+")?>([^<]*)<\/file>/g)].map((match) => unescapeXml(match[1]!)),
    repository,
  };
}

function capabilities(text: string, kind: 'requires' | 'provides'): RpmCapability[] {
  const inner = new RegExp(`<rpm:${kind}>(.*?)</rpm:${kind}>`, 's').exec(text)?.[1] ?? '';
  return [
    ...inner.matchAll(
      /<rpm:entry name="([^"]*)"(?: flags="(\w+)"(?: epoch="(\d+)")? ver="([^"]*)"(?: rel="([^"]*)")?)?/g,
    ),
  ].map(([, name = '', flags, epoch, version, release]) => {
    const relation = relations[flags ?? ''];
    if (!relation || version === undefined) return { name: unescapeXml(name) };
    const evr = `${epoch && epoch !== '0' ? `${epoch}:` : ''}${unescapeXml(version)}${release ? `-${unescapeXml(release)}` : ''}`;
    return { name: unescapeXml(name), relation, version: evr };
  });
}

/** All of the enabled repositories' packages. */
export class Sack {
  constructor(readonly packages: readonly AvailablePackage[]) {}

  /** The newest of each name. */
  newest(packages: readonly AvailablePackage[] = this.packages): AvailablePackage[] {
    const best = new Map<string, AvailablePackage>();
    for (const one of packages) {
      const have = best.get(one.name);
      if (!have || preference(one, have) > 0) best.set(one.name, one);
    }
    return [...best.values()];
  }

  named = (name: string): AvailablePackage | undefined =>
    this.newest(this.packages.filter((one) => one.name === name))[0];

  providers(wanted: RpmCapability): AvailablePackage[] {
    return this.newest(this.packages.filter((one) => gives(one, wanted)));
  }
}

/** The newer; of equals, that of the repository that comes first by name. */
const preference = (a: AvailablePackage, b: AvailablePackage): number =>
  compareHeaders(a, b) || (a.repository < b.repository ? 1 : -1);

export function gives(one: Pick<AvailablePackage, 'provides' | 'files'>, wanted: RpmCapability): boolean {
  if (one.provides.some((given) => satisfies(given, wanted))) return true;
  return wanted.name.startsWith('/') && one.files.includes(mergedPath(wanted.name));
}
