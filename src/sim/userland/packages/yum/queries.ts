/** yum list, info, search, provides, repolist: what is printed. */
import type { RpmHeader } from '../../../../archive/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { globPattern } from '../dpkg/extract.ts';
import type { RpmDatabase } from '../rpm/database.ts';
import { compareHeaders, epochNevra, formatCapability, shortEvr } from '../rpm/version.ts';
import type { AvailablePackage, Sack } from './available.ts';
import { calculateColumns, columnsOf, countLengths, formatColumns, formatNumber } from './output.ts';
import type { Repositories } from './repositories.ts';
import { fromRepository } from './transaction.ts';

type Either = AvailablePackage | RpmHeader;

export interface Listing {
  title: string;
  packages: Either[];
}

/** Whether one of the names (globs) means it: name, name.arch, name-version and so on. */
export function matches(one: Either, names: readonly string[]): boolean {
  if (names.length === 0) return true;
  const { name, version, release, arch } = one;
  const forms = [
    name,
    `${name}.${arch}`,
    `${name}-${version}`,
    `${name}-${version}-${release}`,
    `${name}-${version}-${release}.${arch}`,
    epochNevra(one),
  ];
  return names.some((text) => {
    const pattern = globPattern(text);
    return forms.some((form) => pattern.test(form));
  });
}

export function updatesOf(db: RpmDatabase, sack: Sack): AvailablePackage[] {
  return db.packages.flatMap((header) => {
    const found = sack.named(header.name);
    return found && compareHeaders(found, header) > 0 ? [found] : [];
  });
}

export function listings(db: RpmDatabase, sack: Sack, kind: string, names: readonly string[]): Listing[] {
  const byName = (a: Either, b: Either): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const installed = db.packages.filter((one) => matches(one, names));
  const newest = sack.newest().filter((one) => matches(one, names));
  const available = newest.filter((one) => {
    const have = db.named(one.name)[0];
    return !have || compareHeaders(one, have) > 0;
  });
  const updates = updatesOf(db, sack).filter((one) => matches(one, names));
  const all: Record<string, Listing[]> = {
    installed: [{ title: 'Installed Packages', packages: installed }],
    available: [{ title: 'Available Packages', packages: available }],
    updates: [{ title: 'Updated Packages', packages: updates }],
    all: [
      { title: 'Installed Packages', packages: installed },
      { title: 'Available Packages', packages: available },
    ],
  };
  return (all[kind] ?? [])
    .map(({ title, packages }) => ({ title, packages: packages.toSorted(byName) }))
    .filter(({ packages }) => packages.length > 0);
}

const repositoryOf = (sys: Sys, one: Either): string => {
  if ('repository' in one) return one.repository;
  const from = fromRepository(sys, one);
  return from === 'installed' ? from : `@${from}`;
};

export function listText(sys: Sys, lists: readonly Listing[]): string {
  const row = (one: Either): string[] => [`${one.name}.${one.arch}`, shortEvr(one), repositoryOf(sys, one)];
  const rows = lists.flatMap(({ packages }) => packages.map(row));
  const lengths = [0, 1, 2].map((i) => countLengths(rows.map((cells) => cells[i]!)));
  const widths = calculateColumns(lengths, [1, 1, 1], 1, columnsOf(sys), 0);
  const line = (cells: string[]): string =>
    formatColumns(
      cells.map((text, i): [string, number] => [text, -widths[i]!]),
      '',
      '\n',
    );
  return lists.map(({ title, packages }) => `${title}\n${packages.map((one) => line(row(one))).join('')}`).join('');
}

export function infoText(sys: Sys, lists: readonly Listing[], releasever: string): string {
  return lists
    .map(
      ({ title, packages }) => `${title}\n${packages.map((one) => `${information(sys, one, releasever)}\n`).join('')}`,
    )
    .join('');
}

function information(sys: Sys, one: Either, releasever: string): string {
  const there = !('repository' in one);
  const lines: [string, string | undefined][] = [
    ['Name', one.name],
    ['Arch', one.arch],
    ['Epoch', one.epoch?.toString()],
    ['Version', one.version],
    ['Release', one.release],
    ['Size', formatNumber(there ? one.size : one.packed)],
    ['Repo', there ? 'installed' : `${one.repository}/${one.repository === 'epel' ? '' : `${releasever}/`}x86_64`],
    ['From repo', there ? fromRepository(sys, one) : undefined],
    ['Summary', one.summary],
    ['URL', one.url || undefined],
    ['License', one.license],
    ['Description', wrap(one.description, columnsOf(sys) - 14).join(`\n${' '.repeat(12)}: `)],
  ];
  return lines.flatMap(([key, value]) => (value === undefined ? [] : [`${key.padEnd(12)}: ${value}\n`])).join('');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

/** Name and summary, all words; `everything` looks at descriptions too. */
export function searchText(
  sys: Sys,
  db: RpmDatabase,
  sack: Sack,
  words: readonly string[],
  everything: boolean,
): string {
  const merged = new Map<string, Either>();
  for (const one of [...sack.newest(), ...db.packages]) if (!merged.has(one.name)) merged.set(one.name, one);
  const hit = (one: Either, word: string): boolean =>
    [one.name, one.summary, everything ? one.description : ''].some((text) =>
      text.toLowerCase().includes(word.toLowerCase()),
    );
  const found = [...merged.values()].filter((one) => words.every((word) => hit(one, word)));
  if (found.length === 0) return '';
  const inName = (one: Either): boolean => words.some((word) => one.name.toLowerCase().includes(word.toLowerCase()));
  found.sort((a, b) => Number(inName(b)) - Number(inName(a)) || (a.name < b.name ? -1 : 1));
  const title = ` ${everything ? 'Matched' : 'N/S matched'}: ${words.join(', ')} `;
  const columns = columnsOf(sys);
  const left = '='.repeat(Math.max(0, Math.floor((columns - title.length) / 2)));
  const rule = (left + title).padEnd(columns, '=');
  const lines = found.map((one) => `${one.name}.${one.arch} : ${one.summary}\n`).join('');
  const hint = everything
    ? '  Full name and summary matches only, use "search all" for everything.\n'
    : '  Name and summary matches only, use "search all" for everything.\n';
  return `${rule}\n${lines}\n${everything ? '' : hint}`;
}

/** Who gives a capability or has a file. */
export async function providesText(
  sys: Sys,
  db: RpmDatabase,
  repositories: Repositories,
  sack: Sack,
  wanted: string,
): Promise<string> {
  const pattern = globPattern(wanted);
  const byPath = /[/*?]/.test(wanted);
  const files = byPath ? await allFiles(repositories) : new Map<string, string[]>();
  const parts: string[] = [];
  const add = (one: Either, repository: string, paths: readonly string[]): void => {
    const named = paths.filter((path) => pattern.test(path) || pattern.test(path.replace(/^\/usr(?=\/s?bin\/)/, '')));
    const given = byPath ? [] : one.provides.filter(({ name }) => pattern.test(name));
    if (named.length + given.length === 0) return;
    const from = [
      ...named.map((path) => `Filename    : ${path}\n`),
      ...given.map((capability) => `Provides    : ${formatCapability(capability)}\n`),
    ];
    parts.push(
      `${epochNevra(one)} : ${one.summary}\nRepo        : ${repository}\nMatched from:\n${from.join('')}\n\n\n`,
    );
  };
  for (const one of sack.packages)
    add(one, one.repository, files.get(`${one.repository} ${epochNevra(one)}`) ?? one.files);
  for (const one of db.packages)
    add(
      one,
      repositoryOf(sys, one),
      one.files.map(({ path }) => path),
    );
  return parts.join('');
}

async function allFiles(repositories: Repositories): Promise<Map<string, string[]>> {
  const files = new Map<string, string[]>();
  for (const repository of repositories.enabled) {
    const xml = await repositories.filelists(repository);
    for (const text of xml.split('<package ').slice(1)) {
      const [, name, arch] = /name="([^"]*)" arch="([^"]*)"/.exec(text) ?? [];
      const [, epoch = '0', version = '', release = ''] = /epoch="(\d+)" ver="([^"]*)" rel="([^"]*)"/.exec(text) ?? [];
      const key = `${repository.id} ${epoch === '0' ? '' : `${epoch}:`}${name}-${version}-${release}.${arch}`;
      files.set(
        key,
        [...text.matchAll(/<file(?: type="\w+")?>([^<]*)<\/file>/g)].map((match) => match[1]!.replaceAll('&amp;', '&')),
      );
    }
  }
  return files;
}

export function repolistText(sys: Sys, repositories: Repositories, sack: Sack, kind: string): string {
  const { config } = repositories;
  const shown = config.repositories.filter(({ enabled }) => kind === 'all' || enabled === (kind !== 'disabled'));
  const rows = shown.map((one) => {
    const count = String(sack.packages.filter(({ repository }) => repository === one.id).length);
    const status = one.enabled ? (kind === 'all' ? `enabled: ${count}` : count) : 'disabled';
    return [`${one.id}/${one.metalink ? '' : `${config.releasever}/`}x86_64`, one.name, status];
  });
  const widths = [0, 1, 2].map((i) =>
    Math.max(...[['repo id', 'repo name', 'status'], ...rows].map((row) => row[i]!.length)),
  );
  const left = columnsOf(sys) - widths.reduce((sum, one) => sum + one, 0) - 2;
  if (left > 0) {
    widths[0]! += Math.floor(left / 2);
    widths[1]! += left - Math.floor(left / 2);
  }
  const line = (cells: readonly string[]): string =>
    `${cells[0]!.padEnd(widths[0]!)} ${cells[1]!.padEnd(widths[1]!)} ${cells[2]}\n`;
  const total = sack.packages.length.toLocaleString('en-US');
  return `${rows.length > 0 ? line(['repo id', 'repo name', 'status']) : ''}${rows.map(line).join('')}repolist: ${kind === 'disabled' ? 0 : total}\n`;
}
