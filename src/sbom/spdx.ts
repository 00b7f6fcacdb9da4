/** A list of packages as SPDX 2.3 (https://spdx.github.io/spdx-spec/v2.3/). */
import type { Digest } from '../spec/index.ts';
import { type Package, purlOf } from './package.ts';

export interface SpdxPackage {
  name: string;
  SPDXID: string;
  versionInfo?: string;
  supplier?: string;
  downloadLocation: string;
  filesAnalyzed: boolean;
  sourceInfo?: string;
  licenseConcluded: string;
  licenseDeclared: string;
  copyrightText: string;
  externalRefs?: { referenceCategory: string; referenceType: string; referenceLocator: string }[];
}

export interface SpdxDocument {
  spdxVersion: 'SPDX-2.3';
  dataLicense: 'CC0-1.0';
  SPDXID: 'SPDXRef-DOCUMENT';
  name: string;
  documentNamespace: string;
  creationInfo: { licenseListVersion: string; creators: string[]; created: string };
  packages: SpdxPackage[];
  relationships: { spdxElementId: string; relatedSpdxElement: string; relationshipType: string }[];
}

export interface SpdxSource {
  /** What was scanned. */
  name: string;
  /** Makes the document's namespace its own. */
  digest: Digest;
  /** RFC 3339. */
  created: string;
  /** `Tool: NAME-VERSION`. */
  tool: string;
}

const sources: Readonly<Record<Package['type'], string>> = {
  apk: 'acquired package info from APK DB',
  deb: 'acquired package info from DPKG DB',
  github: 'acquired package info from the image configuration',
  npm: 'acquired package info from installed node module manifest file',
  pypi: 'acquired package info from installed python package manifest file',
  rpm: 'acquired package info from RPM DB',
};

const idOf = ({ type, name, namespace }: Package, at: number): string =>
  `SPDXRef-Package-${type}-${[namespace, name]
    .filter(Boolean)
    .join('-')
    .replace(/[^A-Za-z0-9.-]+/g, '-')}-${at}`;

export function spdxDocument(packages: readonly Package[], { name, digest, created, tool }: SpdxSource): SpdxDocument {
  const listed = packages.map((one, at): SpdxPackage => {
    const license = one.license ?? 'NOASSERTION';
    return {
      name: one.namespace?.startsWith('@') ? `${one.namespace}/${one.name}` : one.name,
      SPDXID: idOf(one, at),
      versionInfo: one.version,
      supplier: 'NOASSERTION',
      downloadLocation: 'NOASSERTION',
      filesAnalyzed: false,
      sourceInfo: `${sources[one.type]}: ${one.path}`,
      licenseConcluded: 'NOASSERTION',
      licenseDeclared: license,
      copyrightText: 'NOASSERTION',
      externalRefs: [
        { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purlOf(one) },
        { referenceCategory: 'OTHER', referenceType: 'layer', referenceLocator: one.layer },
      ],
    };
  });
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `https://spdx.org/spdxdocs/${name.replace(/[^\w.-]+/g, '-')}-${digest.replace(':', '-')}`,
    creationInfo: { licenseListVersion: '3.25', creators: ['Organization: Drydock', tool], created },
    packages: listed,
    relationships: listed.map(({ SPDXID }) => ({
      spdxElementId: 'SPDXRef-DOCUMENT',
      relatedSpdxElement: SPDXID,
      relationshipType: 'DESCRIBES',
    })),
  };
}

/** What a document tells of packages: those that have a package URL. */
export const purlsOf = ({
  packages,
}: Pick<SpdxDocument, 'packages'>): { purl: string; layer?: Digest; path?: string }[] =>
  packages.flatMap(({ externalRefs, sourceInfo }) => {
    const locator = (kind: string): string | undefined =>
      externalRefs?.find(({ referenceType }) => referenceType === kind)?.referenceLocator;
    const [purl, layer] = [locator('purl'), locator('layer')];
    return purl
      ? [{ purl, ...(layer && { layer: layer as Digest }), path: /: (\/.*)$/.exec(sourceInfo ?? '')?.[1] }]
      : [];
  });
