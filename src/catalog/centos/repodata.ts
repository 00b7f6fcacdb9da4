/** createrepo's XML: primary (what a package is, needs and gives) and filelists. */
import type { RpmCapability, RpmFile } from '../../archive/index.ts';
import { splitEvr } from './package-facts.ts';
import type { RpmParts } from './package-files.ts';

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const flags = { '<': 'LT', '<=': 'LE', '=': 'EQ', '>=': 'GE', '>': 'GT' } as const;

function entry({ name, relation, version }: RpmCapability): string {
  if (!relation || !version) return `      <rpm:entry name="${escapeXml(name)}"/>\n`;
  const whole = /-/.test(version)
    ? splitEvr(version)
    : { epoch: undefined, version: version.replace(/^\d+:/, ''), release: '' };
  const epoch = whole.epoch ?? Number(/^(\d+):/.exec(version)?.[1] ?? 0);
  return `      <rpm:entry name="${escapeXml(name)}" flags="${flags[relation]}" epoch="${epoch}" ver="${escapeXml(whole.version)}"${whole.release ? ` rel="${escapeXml(whole.release)}"` : ''}/>\n`;
}

const capabilities = (tag: string, list: readonly RpmCapability[]): string =>
  list.length === 0 ? '' : `    <rpm:${tag}>\n${list.map(entry).join('')}    </rpm:${tag}>\n`;

const isDirectory = ({ mode }: RpmFile): boolean => (mode & 0o170000) === 0o040000;
const fileTag = (file: RpmFile): string =>
  isDirectory(file)
    ? `    <file type="dir">${escapeXml(file.path)}</file>\n`
    : `    <file>${escapeXml(file.path)}</file>\n`;

/** What createrepo puts into primary: what others may require by path. */
const prominent = (path: string): boolean => /^\/etc\/|bin\/|^\/usr\/lib\/sendmail$/.test(path);

export function primaryXml(packages: readonly RpmParts[], packed: ReadonlyMap<string, number>, time: number): string {
  const list = packages.map(({ header }) => {
    const evr = `${header.epoch === undefined ? '' : `${header.epoch}:`}${header.version}-${header.release}`;
    const file = `${header.name}-${header.version}-${header.release}.${header.arch}`;
    return `<package type="rpm">
  <name>${escapeXml(header.name)}</name>
  <arch>${header.arch}</arch>
  <version epoch="${header.epoch ?? 0}" ver="${escapeXml(header.version)}" rel="${escapeXml(header.release)}"/>
  <summary>${escapeXml(header.summary)}</summary>
  <description>${escapeXml(header.description)}</description>
  <url>${escapeXml(header.url)}</url>
  <time file="${time}" build="${header.buildTime}"/>
  <size package="${packed.get(`${header.name} ${evr}`) ?? 0}" installed="${header.size}" archive="${header.size}"/>
  <location href="Packages/${file}.rpm"/>
  <format>
    <rpm:license>${escapeXml(header.license)}</rpm:license>
    <rpm:vendor>${escapeXml(header.vendor)}</rpm:vendor>
    <rpm:group>${escapeXml(header.group)}</rpm:group>
    <rpm:sourcerpm>${escapeXml(header.sourceRpm)}</rpm:sourcerpm>
${capabilities('provides', header.provides)}${capabilities('requires', header.requires)}${header.files
  .filter(({ path }) => prominent(path))
  .map(fileTag)
  .join('')}  </format>
</package>
`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${packages.length}">\n${list.join('')}</metadata>\n`;
}

export function filelistsXml(packages: readonly RpmParts[]): string {
  const list = packages.map(
    ({ header }) =>
      `<package name="${escapeXml(header.name)}" arch="${header.arch}">\n  <version epoch="${header.epoch ?? 0}" ver="${escapeXml(header.version)}" rel="${escapeXml(header.release)}"/>\n${header.files.map(fileTag).join('')}</package>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<filelists xmlns="http://linux.duke.edu/metadata/filelists" packages="${packages.length}">\n${list.join('')}</filelists>\n`;
}
