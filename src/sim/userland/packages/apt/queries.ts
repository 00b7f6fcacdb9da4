/** apt list, search, show, policy, madison, depends: questions to the cache. */
import { globPattern } from '../dpkg/extract.ts';
import { formatDependency, parseRelations } from '../relation.ts';
import { compareVersions } from '../version.ts';
import type { Job } from './apt-get.ts';
import { AptCache, type Candidate, field } from './cache.ts';
import { shownUri } from './sources.ts';
import { shortSize } from './terminal.ts';

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const everyName = (cache: AptCache): string[] =>
  [...new Set([...cache.available.keys(), ...cache.db.packages.keys()])].sort(byName);

export async function list({ sys, terminal, line, names }: Job): Promise<number> {
  const cache = new AptCache(sys);
  await terminal.say(terminal.quiet === 0 ? 'Listing... Done\n' : 'Listing...\n');
  const patterns = names.map(globPattern);
  for (const name of everyName(cache)) {
    if (patterns.length > 0 && !patterns.some((pattern) => pattern.test(name))) continue;
    const text = listLine(cache, name, line.options);
    if (text) await terminal.print(text);
  }
  return 0;
}

function listLine(cache: AptCache, name: string, options: Job['line']['options']): string | undefined {
  const installed = cache.db.installed(name);
  const candidate = cache.candidate(name);
  const newer = installed && candidate && compareVersions(field(candidate, 'Version'), installed.version) > 0;
  if (options.has('installed') && !installed) return undefined;
  if (options.has('upgradable') && !newer) return undefined;
  if (!installed && !candidate) return undefined;
  const version = candidate && (!installed || newer) ? field(candidate, 'Version') : installed!.version;
  const architecture = candidate ? field(candidate, 'Architecture') : installed!.architecture;
  const known = candidate && field(candidate, 'Version') === version;
  const origin = [...(known ? [candidate.archive] : []), ...(installed && !newer ? ['now'] : [])].join(',');
  return `${name}/${origin} ${version} ${architecture}${mark(cache, name, Boolean(newer), Boolean(known))}\n`;
}

function mark(cache: AptCache, name: string, newer: boolean, known: boolean): string {
  const installed = cache.db.installed(name);
  if (!installed) return '';
  if (newer) return ` [upgradable from: ${installed.version}]`;
  const automatic = cache.automatic.has(name);
  return known ? (automatic ? ' [installed,automatic]' : ' [installed]') : ' [installed,local]';
}

export async function search({ sys, terminal, line, names }: Job): Promise<number> {
  if (names.length === 0) {
    await terminal.error('You must give at least one search pattern');
    return 100;
  }
  const cache = new AptCache(sys);
  await terminal.say(
    terminal.quiet === 0 ? 'Sorting... Done\nFull Text Search... Done\n' : 'Sorting...\nFull Text Search...\n',
  );
  const patterns = names.map((name) => new RegExp(name, 'i'));
  for (const name of everyName(cache)) {
    const candidate = cache.candidate(name);
    const stanza = candidate?.stanza ?? cache.db.packages.get(name)!.stanza;
    const text = line.options.has('names-only') ? name : `${name} ${stanza.get('Description')}`;
    if (!patterns.every((pattern) => pattern.test(text))) continue;
    const first = (stanza.get('Description') ?? '').split('\n')[0];
    await terminal.print(`${listLine(cache, name, line.options)}  ${first}\n\n`);
  }
  return 0;
}

/** apt-cache search: one line each. */
export async function searchPlain({ sys, terminal, line, names }: Job): Promise<number> {
  const cache = new AptCache(sys);
  const patterns = names.map((name) => new RegExp(name, 'i'));
  for (const name of everyName(cache)) {
    const stanza = cache.candidate(name)?.stanza ?? cache.db.packages.get(name)!.stanza;
    const description = (stanza.get('Description') ?? '').split('\n')[0];
    const text = line.options.has('names-only') ? name : `${name} ${description}`;
    if (patterns.every((pattern) => pattern.test(text))) await terminal.print(`${name} - ${description}\n`);
  }
  return 0;
}

export async function show({ sys, terminal, names, friendly }: Job): Promise<number> {
  const cache = new AptCache(sys);
  let status = 0;
  for (const name of names) {
    const candidate = cache.candidate(name);
    const installed = cache.db.installed(name);
    if (!candidate && !installed) {
      await terminal.error(friendly ? `No packages found` : 'No packages found');
      status = 100;
      continue;
    }
    const stanza = new Map(candidate?.stanza ?? installed!.stanza);
    if (friendly) friendlyFields(stanza, candidate, Boolean(installed));
    await terminal.print(`${[...stanza].map(([key, value]) => `${key}: ${value}\n`).join('')}\n`);
  }
  return status;
}

function friendlyFields(stanza: Map<string, string>, candidate: Candidate | undefined, installed: boolean): void {
  const size = Number(stanza.get('Size') ?? 0);
  stanza.set('Installed-Size', `${shortSize(Number(stanza.get('Installed-Size')) * 1024)}B`);
  for (const key of ['Size', 'Filename', 'Architecture', 'Status']) stanza.delete(key);
  const description = stanza.get('Description') ?? '';
  stanza.delete('Description');
  if (size > 0) stanza.set('Download-Size', `${shortSize(size)}B`);
  if (installed) stanza.set('APT-Manual-Installed', 'yes');
  if (candidate) {
    stanza.set(
      'APT-Sources',
      `${shownUri(candidate.source)} ${candidate.source.suite}/${candidate.component} amd64 Packages`,
    );
  }
  stanza.set('Description', description);
}

export async function policy({ sys, terminal, names }: Job): Promise<number> {
  const cache = new AptCache(sys);
  for (const name of names) {
    if (!cache.knows(name)) continue;
    const installed = cache.installedVersion(name);
    const candidates = cache.available.get(name) ?? [];
    const best = candidates[0] ? field(candidates[0], 'Version') : installed;
    await terminal.print(
      `${name}:\n  Installed: ${installed ?? '(none)'}\n  Candidate: ${best ?? '(none)'}\n  Version table:\n`,
    );
    const versions = [
      ...new Set([...candidates.map((one) => field(one, 'Version')), ...(installed ? [installed] : [])]),
    ];
    for (const version of versions) {
      await terminal.print(` ${version === installed ? '***' : '   '} ${version} 500\n`);
      for (const one of candidates.filter((candidate) => field(candidate, 'Version') === version)) {
        await terminal.print(
          `        500 ${shownUri(one.source)} ${one.source.suite}/${one.component} amd64 Packages\n`,
        );
      }
      if (version === installed) await terminal.print('        100 /var/lib/dpkg/status\n');
    }
  }
  return 0;
}

export async function madison({ sys, terminal, names }: Job): Promise<number> {
  const cache = new AptCache(sys);
  for (const name of names) {
    for (const one of cache.available.get(name) ?? []) {
      const origin = `${shownUri(one.source)} ${one.source.suite}/${one.component} amd64 Packages`;
      await terminal.print(`${name.padStart(10)} | ${field(one, 'Version').padStart(10)} | ${origin}\n`);
    }
  }
  return 0;
}

export async function depends({ sys, terminal, names }: Job): Promise<number> {
  const cache = new AptCache(sys);
  for (const name of names) {
    const stanza = cache.candidate(name)?.stanza ?? cache.db.packages.get(name)?.stanza;
    if (!stanza) {
      await terminal.error('No packages found');
      return 100;
    }
    await terminal.print(`${name}\n`);
    for (const kind of ['Pre-Depends', 'Depends', 'Conflicts', 'Breaks', 'Suggests', 'Recommends', 'Replaces']) {
      for (const group of parseRelations(stanza.get(kind))) {
        for (const [i, one] of group.entries()) {
          const bar = i < group.length - 1 ? ' |' : '  ';
          await terminal.print(`${bar}${kind.replace('Pre-Depends', 'PreDepends')}: ${formatDependency(one)}\n`);
        }
      }
    }
  }
  return 0;
}

export async function rdepends({ sys, terminal, names }: Job): Promise<number> {
  const cache = new AptCache(sys);
  for (const name of names) {
    await terminal.print(`${name}\nReverse Depends:\n`);
    for (const [other, [candidate]] of [...cache.available].sort(([a], [b]) => byName(a, b))) {
      const wanted = parseRelations(field(candidate!, 'Depends')).flat();
      if (wanted.some((one) => one.name === name)) await terminal.print(`  ${other}\n`);
    }
  }
  return 0;
}

export async function pkgnames({ sys, terminal, names }: Job): Promise<number> {
  const known = everyName(new AptCache(sys)).filter((name) => name.startsWith(names[0] ?? ''));
  await terminal.print(known.map((name) => `${name}\n`).join(''));
  return 0;
}
