/** rpm -q: which packages, and what is said of each. */
import { type RpmFile, type RpmHeader, readRpm, rpmFileFlag, TarError } from '../../../../archive/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { globPattern } from '../dpkg/extract.ts';
import { exists, readContent } from '../sys-files.ts';
import { labels, type RpmDatabase } from './database.ts';
import { fetchRpm } from './fetch.ts';
import { isDirectoryFile } from './transaction.ts';
import { formatCapability, nevra } from './version.ts';

export interface QueryOptions {
  all: boolean;
  file: boolean;
  package: boolean;
  whatprovides: boolean;
  whatrequires: boolean;
  info: boolean;
  list: boolean;
  configfiles: boolean;
  docfiles: boolean;
  requires: boolean;
  provides: boolean;
  scripts: boolean;
  changelog: boolean;
  last: boolean;
  state: boolean;
  format: string | undefined;
}

export async function query(
  sys: Sys,
  db: RpmDatabase,
  options: QueryOptions,
  operands: readonly string[],
): Promise<number> {
  let status = 0;
  const selected = options.all ? selectAll(db, options, operands) : await selectEach(sys, db, options, operands);
  for (const one of selected) {
    if (typeof one === 'string') {
      status++;
      await (one.startsWith('error:') ? sys.write(2, `${one}\n`) : sys.write(1, `${one}\n`));
    } else await sys.write(1, describe(one, options));
  }
  return status;
}

function selectAll(db: RpmDatabase, options: QueryOptions, operands: readonly string[]): RpmHeader[] {
  const patterns = operands.map(globPattern);
  const found = db.packages.filter(
    (one) => patterns.length === 0 || patterns.some((pattern) => labels(one).some((label) => pattern.test(label))),
  );
  return options.last ? found.sort((a, b) => (b.installTime ?? 0) - (a.installTime ?? 0)) : found;
}

/** Headers, or what is to be said of an operand that names none. */
async function selectEach(
  sys: Sys,
  db: RpmDatabase,
  options: QueryOptions,
  operands: readonly string[],
): Promise<(RpmHeader | string)[]> {
  const selected: (RpmHeader | string)[] = [];
  for (const operand of operands) selected.push(...(await selectOne(sys, db, options, operand)));
  return selected;
}

async function selectOne(
  sys: Sys,
  db: RpmDatabase,
  options: QueryOptions,
  operand: string,
): Promise<(RpmHeader | string)[]> {
  const some = (found: RpmHeader[], otherwise: string): (RpmHeader | string)[] =>
    found.length > 0 ? found : [otherwise];
  if (options.package) {
    const opened = await openPackage(sys, operand);
    return [typeof opened === 'string' ? opened : opened.header];
  }
  if (options.file) {
    const path = operand.startsWith('/') ? operand : `${sys.getcwd().replace(/\/$/, '')}/${operand}`;
    const owners = db.owners(path);
    if (owners.length === 0 && !exists(sys, path)) return [`error: file ${path}: No such file or directory`];
    return some(owners, `file ${path} is not owned by any package`);
  }
  if (options.whatprovides) return some(db.providers({ name: operand }), `no package provides ${operand}`);
  if (options.whatrequires) {
    const found = db.packages.filter(({ requires }) => requires.some(({ name }) => name === operand));
    return some(found, `no package requires ${operand}`);
  }
  return some(db.labelled(operand), `package ${operand} is not installed`);
}

/** A package file by path or URL; a string says what is wrong. */
export async function openPackage(sys: Sys, operand: string): Promise<ReturnType<typeof readRpm> | string> {
  const content = /^(https?|ftp):/.test(operand) ? await fetchRpm(sys, operand) : readContent(sys, operand);
  if (typeof content === 'string') return content;
  if (!content) return `error: open of ${operand} failed: No such file or directory`;
  try {
    return readRpm(content);
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    return `error: ${operand}: not an rpm package (or package manifest)`;
  }
}

function describe(header: RpmHeader, options: QueryOptions): string {
  if (options.format !== undefined) return expandFormat(options.format, header);
  const parts: string[] = [];
  if (options.info) parts.push(information(header));
  if (options.requires) parts.push(header.requires.map((one) => `${formatCapability(one)}\n`).join(''));
  if (options.provides) parts.push(header.provides.map((one) => `${formatCapability(one)}\n`).join(''));
  if (options.scripts) parts.push(scripts(header));
  if (options.changelog) parts.push('');
  if (options.list || options.configfiles || options.docfiles || options.state) parts.push(files(header, options));
  if (parts.length > 0) return parts.join('');
  return options.last ? `${nevra(header).padEnd(45)} ${date(header.installTime)}\n` : `${nevra(header)}\n`;
}

function files({ files }: RpmHeader, options: QueryOptions): string {
  const wanted = (file: RpmFile): boolean =>
    (!options.configfiles && !options.docfiles) ||
    (options.configfiles && (file.flags & rpmFileFlag.config) !== 0) ||
    (options.docfiles && (file.flags & rpmFileFlag.doc) !== 0);
  const state = options.state ? 'normal        ' : '';
  const shown = files.filter(wanted).map(({ path }) => `${state}${path}\n`);
  return shown.length === 0 && !options.configfiles && !options.docfiles ? '(contains no files)\n' : shown.join('');
}

function scripts({ scripts: all }: RpmHeader): string {
  const names = { pre: 'preinstall', post: 'postinstall', preun: 'preuninstall', postun: 'postuninstall' } as const;
  return Object.entries(names)
    .map(([key, name]) => [name, all[key as keyof typeof names]])
    .filter(([, text]) => text)
    .map(([name, text]) => `${name} scriptlet (using /bin/sh):\n${text}`)
    .join('');
}

function information(header: RpmHeader): string {
  const lines: [string, string | undefined][] = [
    ['Name', header.name],
    ['Epoch', header.epoch?.toString()],
    ['Version', header.version],
    ['Release', header.release],
    ['Architecture', header.arch],
    ['Install Date', header.installTime ? date(header.installTime) : '(not installed)'],
    ['Group', header.group],
    ['Size', String(header.size)],
    ['License', header.license],
    ['Signature', '(none)'],
    ['Source RPM', header.sourceRpm],
    ['Build Date', date(header.buildTime)],
    ['Build Host', header.buildHost],
    ['Relocations', '(not relocatable)'],
    ['Vendor', header.vendor],
    ['URL', header.url || undefined],
    ['Summary', header.summary],
  ];
  const text = lines.flatMap(([key, value]) => (value === undefined ? [] : [`${key.padEnd(12)}: ${value}\n`])).join('');
  return `${text}Description :\n${header.description}\n`;
}

/** As ctime(3), which is %c where no locale is set. */
export function date(seconds: number | undefined): string {
  const [day, month, number, time, year] = (() => {
    const at = new Date((seconds ?? 0) * 1000);
    const [, weekday, dayOfMonth, name, full, clock] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(at.toUTCString())!;
    return [weekday, name, String(Number(dayOfMonth)).padStart(2), clock, full];
  })();
  return `${day} ${month} ${number} ${time} ${year}`;
}

/** --queryformat: %{TAG}, %-20{TAG}, %{TAG:date}, [ for each ] and the escapes of printf. */
export function expandFormat(format: string, header: RpmHeader): string {
  const plain = (text: string, index?: number): string =>
    text.replace(/%(-?\d*)\{([=\w]+)(?::(\w+))?\}/g, (_, width: string, tag: string, modifier?: string) => {
      const value = tagValue(tag.toUpperCase().replace(/^=/, ''), header, index);
      const shown = modifier === 'date' ? date(Number(value)) : value;
      const size = Math.abs(Number(width || 0));
      return width.startsWith('-') ? shown.padEnd(size) : shown.padStart(size);
    });
  const lists = format.replace(/\[([^\]]*)\]/g, (_, inner: string) =>
    Array.from({ length: lengthOf(inner, header) }, (_unused, i) => plain(inner, i)).join(''),
  );
  return plain(lists).replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/%%/g, '%');
}

const listTags: Readonly<Record<string, (header: RpmHeader) => readonly (string | number)[]>> = {
  FILENAMES: ({ files }) => files.map(({ path }) => path),
  FILESIZES: ({ files }) => files.map(({ size }) => size),
  REQUIRENAME: ({ requires }) => requires.map(({ name }) => name),
  REQUIRES: ({ requires }) => requires.map(({ name }) => name),
  REQUIREVERSION: ({ requires }) => requires.map(({ version }) => version ?? ''),
  PROVIDENAME: ({ provides }) => provides.map(({ name }) => name),
  PROVIDES: ({ provides }) => provides.map(({ name }) => name),
};

function lengthOf(format: string, header: RpmHeader): number {
  const tag = /\{=?(\w+)/.exec(format)?.[1]?.toUpperCase() ?? '';
  return listTags[tag]?.(header).length ?? 1;
}

function tagValue(tag: string, header: RpmHeader, index = 0): string {
  const list = listTags[tag];
  if (list) return String(list(header)[index] ?? '(none)');
  const values: Record<string, string | number | undefined> = {
    NAME: header.name,
    EPOCH: header.epoch ?? '(none)',
    EPOCHNUM: header.epoch ?? 0,
    VERSION: header.version,
    RELEASE: header.release,
    ARCH: header.arch,
    EVR: `${header.epoch === undefined ? '' : `${header.epoch}:`}${header.version}-${header.release}`,
    NVR: `${header.name}-${header.version}-${header.release}`,
    NVRA: nevra(header),
    NEVRA: `${header.name}-${header.epoch === undefined ? '' : `${header.epoch}:`}${header.version}-${header.release}.${header.arch}`,
    SUMMARY: header.summary,
    DESCRIPTION: header.description,
    LICENSE: header.license,
    GROUP: header.group,
    URL: header.url || '(none)',
    SIZE: header.size,
    VENDOR: header.vendor,
    PACKAGER: '(none)',
    SOURCERPM: header.sourceRpm,
    BUILDTIME: header.buildTime,
    BUILDHOST: header.buildHost,
    INSTALLTIME: header.installTime ?? '(none)',
    OS: 'linux',
    SIGPGP: '(none)',
  };
  return String(values[tag] ?? '(none)');
}

/** rpm -V: one line for each file that is not as it was installed. */
export function verify(sys: Sys, header: RpmHeader, digestAt: (path: string) => string | undefined): string {
  return header.files.map((file) => verifyFile(sys, file, digestAt)).join('');
}

function verifyFile(sys: Sys, file: RpmFile, digestAt: (path: string) => string | undefined): string {
  const kind = (file.flags & rpmFileFlag.config) !== 0 ? 'c' : (file.flags & rpmFileFlag.doc) !== 0 ? 'd' : ' ';
  if (!exists(sys, file.path)) return `missing   ${kind} ${file.path}\n`;
  const stat = sys.lstat(file.path);
  const regular = (file.mode & 0o170000) === 0o100000;
  const size = regular && stat.size !== file.size;
  const time = regular && stat.mtime.sec !== file.mtime;
  const content = !regular || isDirectoryFile(file) ? '.' : contentMark(file, size, time, digestAt);
  const marks = [
    size ? 'S' : '.',
    stat.mode !== file.mode ? 'M' : '.',
    content,
    '.',
    (file.mode & 0o170000) === 0o120000 && sys.readlink(file.path) !== file.link ? 'L' : '.',
    file.user === 'root' && stat.uid !== 0 ? 'U' : '.',
    file.group === 'root' && stat.gid !== 0 ? 'G' : '.',
    time ? 'T' : '.',
    '.',
  ].join('');
  return marks === '.........' ? '' : `${marks}  ${kind} ${file.path}\n`;
}

/** A size that differs says that the bytes do; of files without a digest nobody knows the rest. */
function contentMark(
  file: RpmFile,
  size: boolean,
  time: boolean,
  digestAt: (path: string) => string | undefined,
): string {
  if (size) return '5';
  if (!time) return '.';
  if (!file.digest) return '?';
  return digestAt(file.path) === file.digest ? '.' : '5';
}
