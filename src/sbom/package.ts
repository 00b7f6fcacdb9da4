import type { Digest } from '../spec/index.ts';

/** As package URLs name them. */
export type PackageType = 'apk' | 'deb' | 'github' | 'npm' | 'pypi' | 'rpm';

export interface Package {
  type: PackageType;
  /** `debian` of a deb, `@scope` of an npm package. */
  namespace?: string;
  name: string;
  /** As its own tool writes it. */
  version: string;
  architecture?: string;
  /** `debian-12`, `alpine-3.22.0`. */
  distribution?: string;
  /** The source package that it was built of, where that has another name or version. */
  source?: { name: string; version?: string };
  license?: string;
  summary?: string;
  /** The file that tells of it, absolute. */
  path: string;
  /** diffID of the layer that brought it. */
  layer: Digest;
}

/** encodeURIComponent as package URLs want it: what is safe in a path stays. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('!', '%21');

/** The package URL (purl-spec): `pkg:npm/express@4.17.1`. */
export function purlOf({ type, namespace, name, version, ...more }: Package): string {
  const path = [type, ...(namespace ? namespace.split('/').map(encodeURIComponent) : []), encoded(name)].join('/');
  const { source } = more;
  const distribution = more.distribution?.split('-');
  const qualifiers: [string, string | undefined][] =
    type === 'apk'
      ? [
          ['os_name', distribution?.[0]],
          ['os_version', distribution?.[1]?.split('.').slice(0, 2).join('.')],
        ]
      : type === 'deb' || type === 'rpm'
        ? [
            ['arch', more.architecture],
            ['distro', more.distribution],
            ['upstream', source && (source.version ? `${source.name}@${source.version}` : source.name)],
          ]
        : [];
  const query = qualifiers.flatMap(([key, value]) => (value ? [`${key}=${encodeURIComponent(value)}`] : []));
  return `pkg:${path}@${encoded(version)}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** The inverse, as far as vulnerabilities are looked up by it. */
export function parsePurl(purl: string): Pick<
  Package,
  'name' | 'version' | 'source' | 'distribution' | 'architecture'
> & {
  type: string;
  namespace?: string;
} {
  const [, type = '', path = '', version = '', query = ''] =
    /^pkg:([^/]+)\/([^@?]+)(?:@([^?]*))?(?:\?(.*))?$/.exec(purl.replace('/@', '/%40')) ?? [];
  const words = path.split('/').map(decodeURIComponent);
  const qualifiers = new URLSearchParams(query.replaceAll('+', '%2B'));
  const [source, sourceVersion] = (qualifiers.get('upstream') ?? '').split('@');
  const system = qualifiers.get('os_name');
  const distribution = qualifiers.get('distro') ?? (system ? `${system}-${qualifiers.get('os_version')}` : undefined);
  return {
    type,
    ...(words.length > 1 && { namespace: words.slice(0, -1).join('/') }),
    name: words.at(-1)!,
    version: decodeURIComponent(version),
    ...(source && { source: { name: source, ...(sourceVersion && { version: sourceVersion }) } }),
    ...(distribution && { distribution }),
    ...(qualifiers.get('arch') && { architecture: qualifiers.get('arch')! }),
  };
}
