/** rpm(8) 4.11, as CentOS 7 has it: -q, -V, -i, -U, -F, -e. */
import type { RpmHeader } from '../../../../archive/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { provides, RpmDatabase } from './database.ts';
import { openPackage, type QueryOptions, query, verify } from './query.ts';
import { digestAt, type RpmPackage, RpmTransaction } from './transaction.ts';
import { compareHeaders, formatCapability, nevra } from './version.ts';

const longNames: Readonly<Record<string, string>> = {
  q: 'query',
  V: 'verify',
  y: 'verify',
  i: 'install',
  U: 'upgrade',
  F: 'freshen',
  e: 'erase',
  v: 'verbose',
  h: 'hash',
  K: 'checksig',
  E: 'eval',
};
/** What letters mean after -q. */
const queryNames: Readonly<Record<string, string>> = {
  a: 'all',
  f: 'file',
  p: 'package',
  i: 'info',
  l: 'list',
  c: 'configfiles',
  d: 'docfiles',
  R: 'requires',
  s: 'state',
};
const withValue = new Set(['queryformat', 'qf', 'root', 'dbpath', 'eval', 'define', 'prefix']);
const known = new Set([
  ...Object.values(longNames),
  ...Object.values(queryNames),
  ...withValue,
  ...'provides scripts changelog last whatprovides whatrequires nodeps force test replacepkgs replacefiles oldpackage quiet import rebuilddb initdb version help nosignature nodigest noscripts'.split(
    ' ',
  ),
]);

interface Line {
  options: Map<string, string>;
  operands: string[];
}

export const rpm: Program = async (sys) => {
  const line = readLine(sys.argv.slice(1));
  if (typeof line === 'string') {
    await sys.write(2, `rpm: ${line}\n`);
    return 1;
  }
  const { options, operands } = line;
  if (options.has('version')) return say(sys, 'RPM version 4.11.3\n');
  if (options.has('eval')) return evaluate(sys, options.get('eval')!);
  for (const name of ['checksig', 'root', 'dbpath', 'prefix'] as const) {
    if (!options.has(name)) continue;
    await sys.write(2, `drydock: rpm --${name} is not simulated\n`);
    return 1;
  }
  if (options.has('import') || options.has('rebuilddb') || options.has('initdb')) return 0;
  const db = new RpmDatabase(sys);
  if (options.has('query')) return runQuery(sys, db, line);
  if (options.has('verify')) return runVerify(sys, db, line);
  if (!['install', 'upgrade', 'freshen', 'erase'].some((name) => options.has(name))) {
    await sys.write(
      options.size > 0 ? 2 : 1,
      options.size > 0 ? 'rpm: one type of major mode may be performed at a time\n' : usage,
    );
    return 1;
  }
  if (operands.length === 0) {
    await sys.write(2, `rpm: no packages given for ${options.has('erase') ? 'erase' : 'install'}\n`);
    return 1;
  }
  if (sys.cred.euid !== 0) {
    await sys.write(2, "error: can't create transaction lock on /var/lib/rpm/.rpm.lock (Permission denied)\n");
    return 1;
  }
  return options.has('erase') ? erase(sys, db, line) : install(sys, db, line);
};

const usage = `RPM version 4.11.3
Copyright (C) 1998-2002 - Red Hat, Inc.
This program may be freely redistributed under the terms of the GNU GPL

Usage: rpm [-aKfgpqVcdiLlsiv?] [-a|--all] [-f|--file] [-p|--package] [-i|--install] [-U|--upgrade] [-e|--erase]
`;

async function say(sys: Sys, text: string): Promise<number> {
  await sys.write(1, text);
  return 0;
}

function readLine(args: readonly string[]): Line | string {
  const options = new Map<string, string>();
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(arg);
    if (long) {
      const name = long[1]!;
      if (!known.has(name)) return `--${name}: unknown option`;
      options.set(name, withValue.has(name) ? (long[2] ?? args[++i] ?? '') : '');
    } else if (/^-[A-Za-z?]+$/.test(arg)) {
      for (const letter of arg.slice(1)) {
        const queries = options.has('query') || options.has('verify');
        const name = (queries ? queryNames[letter] : undefined) ?? longNames[letter];
        if (!name) return `-${letter}: unknown option`;
        options.set(name, name === 'eval' ? (args[++i] ?? '') : '');
      }
    } else operands.push(arg);
  }
  return { options, operands };
}

function evaluate(sys: Sys, text: string): Promise<number> {
  const macros: Record<string, string> = {
    rhel: '7',
    centos: '7',
    dist: '.el7',
    _arch: 'x86_64',
    _dbpath: '/var/lib/rpm',
  };
  return say(sys, `${text.replace(/%\{\??(\w+)\}|%(\w+)/g, (all, a, b) => macros[a ?? b] ?? all)}\n`);
}

async function runQuery(sys: Sys, db: RpmDatabase, { options, operands }: Line): Promise<number> {
  const has = (name: string): boolean => options.has(name);
  if (operands.length === 0 && !has('all')) {
    await sys.write(2, 'rpm: no arguments given for query\n');
    return 1;
  }
  const wanted: QueryOptions = {
    all: has('all'),
    file: has('file'),
    package: has('package'),
    whatprovides: has('whatprovides'),
    whatrequires: has('whatrequires'),
    info: has('info'),
    list: has('list'),
    configfiles: has('configfiles'),
    docfiles: has('docfiles'),
    requires: has('requires'),
    provides: has('provides'),
    scripts: has('scripts'),
    changelog: has('changelog'),
    last: has('last'),
    state: has('state'),
    format: options.get('queryformat') ?? options.get('qf'),
  };
  return query(sys, db, wanted, operands);
}

async function runVerify(sys: Sys, db: RpmDatabase, { options, operands }: Line): Promise<number> {
  const headers: RpmHeader[] = options.has('all') ? db.packages : [];
  let status = 0;
  for (const operand of options.has('all') ? [] : operands) {
    const found = options.has('file') ? db.owners(operand) : db.labelled(operand);
    if (found.length === 0) {
      status = 1;
      await sys.write(
        1,
        options.has('file') ? `file ${operand} is not owned by any package\n` : `package ${operand} is not installed\n`,
      );
    }
    headers.push(...found);
  }
  for (const header of headers) {
    const text = verify(sys, header, (path) => digestAt(sys, path));
    if (text) status = 1;
    await sys.write(1, text);
  }
  return status;
}

async function erase(sys: Sys, db: RpmDatabase, { options, operands }: Line): Promise<number> {
  const gone = new Set<RpmHeader>();
  let missing = 0;
  for (const operand of operands) {
    const found = db.labelled(operand);
    if (found.length === 0) {
      missing++;
      await sys.write(2, `error: package ${operand} is not installed\n`);
    }
    for (const one of found) gone.add(one);
  }
  if (missing > 0) return missing;
  const broken = options.has('nodeps') ? [] : db.brokenWithout(gone);
  if (broken.length > 0) {
    const lines = broken.map(
      ([one, wanted]) => `\t${formatCapability(wanted)} is needed by (installed) ${full(one)}\n`,
    );
    await sys.write(2, `error: Failed dependencies:\n${[...new Set(lines)].join('')}`);
    return gone.size;
  }
  if (options.has('test')) return 0;
  const transaction = new RpmTransaction(sys, db);
  if (options.has('verbose')) await sys.write(1, 'Preparing packages...\n');
  for (const header of gone) {
    if (options.has('verbose')) await sys.write(1, `${nevra(header)}\n`);
    await transaction.erase(header);
  }
  db.save();
  return 0;
}

/** As librpm names a package in its problems: the epoch before the version. */
const full = ({ name, epoch, version, release, arch }: RpmHeader): string =>
  `${name}-${epoch === undefined ? '' : `${epoch}:`}${version}-${release}.${arch}`;

async function install(sys: Sys, db: RpmDatabase, line: Line): Promise<number> {
  const { options, operands } = line;
  const packages: RpmPackage[] = [];
  let failures = 0;
  for (const operand of operands) {
    if (options.has('verbose') && /^https?:/.test(operand)) await sys.write(1, `Retrieving ${operand}\n`);
    const opened = await openPackage(sys, operand);
    if (typeof opened === 'string') {
      failures++;
      await sys.write(2, `${opened}\n`);
    } else packages.push(opened);
  }
  const wanted = options.has('freshen') ? packages.filter(({ header }) => db.named(header.name).length > 0) : packages;
  if (failures > 0 || wanted.length === 0) return failures;
  const problem = await problems(sys, db, options, wanted);
  if (problem > 0) return problem;
  if (options.has('test')) return 0;
  return run(sys, db, options, wanted);
}

async function problems(
  sys: Sys,
  db: RpmDatabase,
  options: ReadonlyMap<string, string>,
  packages: readonly RpmPackage[],
): Promise<number> {
  const force = options.has('force') || options.has('replacepkgs');
  const headers = packages.map(({ header }) => header);
  const unmet = options.has('nodeps')
    ? []
    : headers.flatMap((one) =>
        one.requires
          .filter((wanted) => ![...db.packages, ...headers].some((header) => provides(header, wanted)))
          .map((wanted) => `\t${formatCapability(wanted)} is needed by ${full(one)}\n`),
      );
  if (unmet.length > 0) {
    await sys.write(2, `error: Failed dependencies:\n${unmet.join('')}`);
    return packages.length;
  }
  if (options.has('hash') || options.has('verbose')) await sys.write(1, preparing(sys, options));
  let refused = 0;
  for (const one of headers) {
    const old = db.named(one.name);
    if (!force && old.some((header) => compareHeaders(header, one) === 0)) {
      refused++;
      await sys.write(2, `\tpackage ${nevra(one)} is already installed\n`);
    } else if (!options.has('oldpackage') && !force && !options.has('install')) {
      const newer = old.find((header) => compareHeaders(header, one) > 0);
      if (!newer) continue;
      refused++;
      await sys.write(2, `\tpackage ${nevra(newer)} (which is newer than ${nevra(one)}) is already installed\n`);
    }
  }
  return refused;
}

const bar = (sys: Sys, label: string): string =>
  sys.isatty(1) ? `${label.padEnd(38)}${'#'.repeat(33)} [100%]\n` : `${label.padEnd(38)}${'#'.repeat(40)}\n`;

const preparing = (sys: Sys, options: ReadonlyMap<string, string>): string =>
  options.has('hash') ? bar(sys, 'Preparing...') : 'Preparing packages...\n';

async function run(
  sys: Sys,
  db: RpmDatabase,
  options: ReadonlyMap<string, string>,
  packages: readonly RpmPackage[],
): Promise<number> {
  const transaction = new RpmTransaction(sys, db);
  if (options.has('hash')) await sys.write(1, 'Updating / installing...\n');
  let failures = 0;
  for (const [i, one] of packages.entries()) {
    const { name, version, release } = one.header;
    const label = `${name}-${version}-${release}`;
    const old = options.has('install') && !options.has('force') ? [] : db.named(name);
    if (options.has('hash'))
      await sys.write(1, bar(sys, sys.isatty(1) ? `${String(i + 1).padStart(4)}:${label}` : label));
    else if (options.has('verbose')) await sys.write(1, `${nevra(one.header)}\n`);
    if (!(await transaction.install(one, old))) {
      failures++;
      continue;
    }
    for (const header of old) await transaction.erase(header, one.header);
  }
  db.save();
  return failures;
}
