/** dpkg -l, -s, -L, -S, -W: questions to dpkg's database. */
import type { Sys } from '../../../kernel/sys.ts';
import { formatStanza } from '../deb822.ts';
import { readContent } from '../sys-files.ts';
import { openDeb } from './archive.ts';
import { Database, type InstalledPackage } from './database.ts';
import { globPattern } from './extract.ts';

const stateLetters: Readonly<Record<string, string>> = {
  'not-installed': 'n',
  'config-files': 'c',
  'half-installed': 'H',
  unpacked: 'U',
  'half-configured': 'F',
  'triggers-pending': 't',
  installed: 'i',
};

const wantLetters: Readonly<Record<string, string>> = {
  unknown: 'u',
  install: 'i',
  hold: 'h',
  deinstall: 'r',
  purge: 'p',
};

const sorted = (db: Database): InstalledPackage[] =>
  [...db.packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

function matching(db: Database, patterns: readonly string[]): InstalledPackage[] {
  const tests = patterns.map((pattern) => globPattern(pattern.replace(/:amd64$/, '')));
  return sorted(db).filter((one) => tests.length === 0 || tests.some((test) => test.test(one.name)));
}

async function noneMatching(sys: Sys, db: Database, patterns: readonly string[]): Promise<number> {
  let status = 0;
  for (const pattern of patterns) {
    if (matching(db, [pattern]).length > 0) continue;
    await sys.write(2, `dpkg-query: no packages found matching ${pattern}\n`);
    status = 1;
  }
  return status;
}

/** `dpkg -l`: columns as wide as what is in them; on a terminal cut to its width. */
export async function listPackages(sys: Sys, patterns: readonly string[]): Promise<number> {
  const db = new Database(sys);
  const found = matching(db, patterns);
  if (found.length > 0) {
    const rows = found.map((one) => [
      one.name,
      one.version,
      one.architecture,
      one.field('Description').split('\n')[0]!,
    ]);
    const titles = ['Name', 'Version', 'Architecture', 'Description'];
    const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
    const line = (row: readonly string[]): string =>
      row.map((cell, i) => (i === 3 ? cell : cell.padEnd(widths[i]!))).join(' ');
    const rule = widths.map((width) => '='.repeat(width)).join('-');
    const head = `Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
||/ ${line(titles)}
+++-${rule}
`;
    const body = found.map(
      (one, i) => `${wantLetters[one.want] ?? 'u'}${stateLetters[one.state] ?? 'n'}  ${line(rows[i]!)}\n`,
    );
    await sys.write(1, head + body.join(''));
  }
  return noneMatching(sys, db, patterns);
}

export async function showStatus(sys: Sys, names: readonly string[]): Promise<number> {
  const db = new Database(sys);
  let status = 0;
  for (const [i, name] of names.entries()) {
    const found = db.packages.get(name);
    if (found) await sys.write(1, `${i > 0 ? '\n' : ''}${formatStanza(found.stanza)}`);
    else {
      status = 1;
      await sys.write(
        2,
        `dpkg-query: package '${name}' is not installed and no information is available\nUse dpkg --info (= dpkg-deb --info) to examine archive files.\n`,
      );
    }
  }
  return status;
}

export async function listFiles(sys: Sys, names: readonly string[]): Promise<number> {
  const db = new Database(sys);
  let status = 0;
  for (const [i, name] of names.entries()) {
    if (db.packages.has(name))
      await sys.write(
        1,
        `${i > 0 ? '\n' : ''}${db
          .files(name)
          .map((path) => `${path}\n`)
          .join('')}`,
      );
    else {
      status = 1;
      await sys.write(
        2,
        `dpkg-query: package '${name}' is not installed\nUse dpkg --contents (= dpkg-deb --contents) to list archive files contents.\n`,
      );
    }
  }
  return status;
}

export async function searchFiles(sys: Sys, patterns: readonly string[]): Promise<number> {
  const db = new Database(sys);
  let status = 0;
  for (const pattern of patterns) {
    const glob = /[*?[]/.test(pattern) || pattern.startsWith('/') ? pattern : `*${pattern}*`;
    const test = globPattern(glob);
    const owners = new Map<string, string[]>();
    for (const { name } of sorted(db)) {
      for (const path of db.files(name)) if (test.test(path)) owners.set(path, [...(owners.get(path) ?? []), name]);
    }
    for (const [path, names] of owners) await sys.write(1, `${names.join(', ')}: ${path}\n`);
    if (owners.size > 0) continue;
    status = 1;
    await sys.write(2, `dpkg-query: no path found matching pattern ${pattern}\n`);
  }
  return status;
}

/** `dpkg-query -W [-f FORMAT]`: `${Field}`, `${Field;width}`, \n, \t. */
export async function showFormatted(sys: Sys, patterns: readonly string[], format: string): Promise<number> {
  const db = new Database(sys);
  const text = matching(db, patterns).map((one) =>
    format
      .replace(/\\n/g, '\n')
      .replace(/\\t/g, '\t')
      .replace(/\$\{([\w:-]+)(?:;(-?\d+))?\}/g, (_, name: string, width?: string) => {
        const value = formatField(one, name);
        if (!width) return value;
        return Number(width) < 0 ? value.padEnd(-Number(width)) : value.padStart(Number(width));
      }),
  );
  await sys.write(1, text.join(''));
  return noneMatching(sys, db, patterns);
}

function formatField(one: InstalledPackage, name: string): string {
  switch (name) {
    case 'binary:Package':
      return one.name;
    case 'db:Status-Abbrev':
      return `${wantLetters[one.want] ?? 'u'}${stateLetters[one.state] ?? 'n'} `;
    case 'db:Status-Status':
      return one.state;
    case 'binary:Summary':
      return one.field('Description').split('\n')[0]!;
    default:
      return one.field(name);
  }
}

/** dpkg-deb -I. */
export async function archiveInfo(sys: Sys, path: string): Promise<number> {
  const content = readContent(sys, path)!;
  const { stanza, scripts } = openDeb(content);
  const members = [...scripts].map(([name, { text }]) => {
    const shell = text.startsWith('#!') ? `   *  ${name.padEnd(20)} ${text.split('\n')[0]}` : `      ${name}`;
    return ` ${String(text.length).padStart(7)} bytes, ${String(text.split('\n').length - 1).padStart(5)} lines   ${shell.trimEnd()}\n`;
  });
  const lines = [...stanza].map(([key, value]) => ` ${key}: ${value}\n`).join('');
  await sys.write(1, ` new Debian package, version 2.0.\n size ${content.size} bytes\n${members.join('')}${lines}`);
  return 0;
}
