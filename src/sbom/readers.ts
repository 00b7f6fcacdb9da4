/** Each package manager's own record of what it installed. */
import { readRpmHeader } from '../archive/index.ts';
import type { Found } from './scan.ts';

/** Paragraphs of `Key: value` lines; continued lines are left out. */
function paragraphs(text: string, separator: string): Map<string, string>[] {
  return text.split(/\n\n+/).flatMap((paragraph) => {
    const fields = new Map<string, string>();
    for (const line of paragraph.split('\n')) {
      const at = line.indexOf(separator);
      if (at > 0 && !/^\s/.test(line)) fields.set(line.slice(0, at), line.slice(at + separator.length).trim());
    }
    return fields.size > 0 ? [fields] : [];
  });
}

/** dpkg's status file, or one of status.d (which has no `Status` field). */
export function dpkgPackages(text: string, system: string | undefined): Found[] {
  return paragraphs(text, ':').flatMap((fields): Found[] => {
    const [name, version] = [fields.get('Package'), fields.get('Version')];
    const status = fields.get('Status');
    if (!name || !version || (status !== undefined && !/ installed$/.test(status))) return [];
    const [, source, sourceVersion] = /^(\S+)(?:\s+\((.*)\))?$/.exec(fields.get('Source') ?? '') ?? [];
    return [
      {
        type: 'deb',
        namespace: system?.split('-')[0] ?? 'debian',
        name,
        version,
        ...(fields.has('Architecture') && { architecture: fields.get('Architecture')! }),
        ...(system && { distribution: system }),
        ...(source && { source: { name: source, ...(sourceVersion && { version: sourceVersion }) } }),
        ...(fields.has('Description') && { summary: fields.get('Description')! }),
      },
    ];
  });
}

/** apk's database: one letter a field. */
export function apkPackages(text: string, system: string | undefined): Found[] {
  return paragraphs(text, ':').flatMap((fields): Found[] => {
    const [name, version, origin] = [fields.get('P'), fields.get('V'), fields.get('o')];
    if (!name || !version) return [];
    return [
      {
        type: 'apk',
        namespace: 'alpine',
        name,
        version,
        ...(fields.has('A') && { architecture: fields.get('A')! }),
        ...(system && { distribution: system }),
        ...(origin && origin !== name && { source: { name: origin } }),
        ...(fields.has('L') && { license: fields.get('L')! }),
        ...(fields.has('T') && { summary: fields.get('T')! }),
      },
    ];
  });
}

/** Headers one after the other: so our images keep them (what is no header ends the list). */
export function rpmPackages(bytes: Uint8Array, system: string | undefined): Found[] {
  const found: Found[] = [];
  try {
    for (let at = 0; at < bytes.length; ) {
      const { header, end } = readRpmHeader(bytes, at);
      const { name, version, release, arch } = header;
      found.push({
        type: 'rpm',
        namespace: system?.split('-')[0] ?? 'rhel',
        name,
        version: `${version}-${release}`,
        architecture: arch,
        ...(system && { distribution: system }),
      });
      at = end;
    }
  } catch {
    // A database of another kind.
  }
  return found;
}

const parsed = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return value instanceof Object ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

/** A package.json counts when it names a package and a version. */
export function npmPackages(text: string): Found[] {
  const { name, version, license, description } = parsed(text) ?? {};
  if (typeof name !== 'string' || typeof version !== 'string' || !name || !version) return [];
  const [, scope, base = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return [
    {
      type: 'npm',
      ...(scope && { namespace: scope }),
      name: base,
      version,
      ...(typeof license === 'string' && { license }),
      ...(typeof description === 'string' && { summary: description }),
    },
  ];
}

/** METADATA of a dist-info, PKG-INFO of an egg-info: headers, then the description. */
export function pythonPackages(text: string): Found[] {
  const head = text.slice(0, `${text}\n\n`.indexOf('\n\n'));
  const value = (key: string): string | undefined => new RegExp(`^${key}: *(.*)$`, 'm').exec(head)?.[1]?.trim();
  const [name, version] = [value('Name'), value('Version')];
  if (!name || !version) return [];
  const license = value('License-Expression') ?? value('License');
  const summary = value('Summary');
  return [
    {
      type: 'pypi',
      name: name.toLowerCase().replace(/[-_.]+/g, '-'),
      version,
      ...(license && { license }),
      ...(summary && { summary }),
    },
  ];
}
