/** What is installed: the distributions of a site-packages directory, by their dist-info (PEP 376, PEP 627). */
import type { Sys } from '../../../kernel/sys.ts';
import { findProgram } from '../../core/find-program.ts';
import { exists, listNames, readText, removeQuietly } from '../sys-files.ts';
import { normalised } from './requirement.ts';

export interface Place {
  /** Where packages are put. */
  site: string;
  /** All directories that are looked in. */
  sites: string[];
  bin: string;
  /** `3.12` */
  python: string;
  pip: string;
  managed: boolean;
}

export interface Distribution {
  name: string;
  version: string;
  site: string;
  /** Path of its dist-info. */
  info: string;
  /** Header -> values. */
  metadata: ReadonlyMap<string, string[]>;
}

/** Of the pip that runs: it serves the Python it is installed beside. */
export function findPlace(sys: Sys): Place {
  const own = sys.argv[0] ?? 'pip';
  const path = own.includes('/') ? own : findProgram(sys, own);
  const prefix = sys.realpath(path).replace(/\/bin\/[^/]*$/, '') || '/usr';
  const library = listNames(sys, `${prefix}/lib`).find((name) => /^python3\.\d+$/.test(name)) ?? 'python3';
  const python = library.slice('python'.length);
  const packages = `${prefix}/lib/${library}/site-packages`;
  const debian = `/usr/local/lib/${library}/dist-packages`;
  const upstream = exists(sys, packages);
  const sites = upstream ? [packages] : [debian, '/usr/lib/python3/dist-packages'];
  const pip = distributions(sys, sites).find(({ name }) => name === 'pip');
  return {
    site: upstream ? packages : debian,
    sites,
    bin: upstream ? `${prefix}/bin` : '/usr/local/bin',
    python,
    pip: pip?.version ?? '23.0.1',
    managed: exists(sys, `${prefix}/lib/${library}/EXTERNALLY-MANAGED`),
  };
}

export function distributions(sys: Sys, sites: readonly string[]): Distribution[] {
  return sites.flatMap((site) =>
    listNames(sys, site)
      .filter((name) => /\.(dist|egg)-info$/.test(name))
      .flatMap((directory) => {
        const info = `${site}/${directory}`;
        const [, base = '', version = ''] = /^(.*?)-([^-]+)\.(?:dist|egg)-info$/.exec(directory) ?? [];
        const text = readText(sys, `${info}/METADATA`) ?? readText(sys, `${info}/PKG-INFO`) ?? '';
        const metadata = parseMetadata(text);
        const name = metadata.get('Name')?.[0] ?? base;
        return name ? [{ name, version: metadata.get('Version')?.[0] ?? version, site, info, metadata }] : [];
      }),
  );
}

export const findDistribution = (sys: Sys, sites: readonly string[], name: string): Distribution | undefined =>
  distributions(sys, sites).find((one) => normalised(one.name) === normalised(name));

export function parseMetadata(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    if (line === '') break;
    const [, key, value] = /^([\w-]+): (.*)$/.exec(line) ?? [];
    if (key) found.set(key, [...(found.get(key) ?? []), value!]);
  }
  return found;
}

/** Paths (relative to the site) of what a distribution put there. */
export const recorded = (sys: Sys, { info }: Distribution): string[] =>
  (readText(sys, `${info}/RECORD`) ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(',')[0]!);

/** Removes its files, then the directories that this left empty. */
export function removeDistribution(sys: Sys, one: Distribution, keepCommands = false): void {
  const directories = new Set<string>();
  for (const path of recorded(sys, one)) {
    if (keepCommands && path.startsWith('../')) continue;
    const full = `${one.site}/${path}`;
    removeQuietly(sys, full);
    for (let at = full.lastIndexOf('/'); at > one.site.length; at = full.lastIndexOf('/', at - 1)) {
      if (!full.includes('/../')) directories.add(full.slice(0, at));
    }
  }
  directories.add(one.info);
  for (const directory of [...directories].sort((a, b) => b.length - a.length)) {
    try {
      sys.rmdir(directory);
    } catch {
      // not empty, or gone
    }
  }
}
