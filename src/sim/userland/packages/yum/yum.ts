/** yum(8) 3.4.3, as CentOS 7 has it. */
import type { RpmHeader } from '../../../../archive/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { RpmDatabase } from '../rpm/database.ts';
import { openPackage } from '../rpm/query.ts';
import type { RpmPackage } from '../rpm/transaction.ts';
import { compareHeaders, nevra } from '../rpm/version.ts';
import { exists, isDirectory, listNames, removeQuietly } from '../sys-files.ts';
import { type AvailablePackage, gives, Sack } from './available.ts';
import { NoSuchRepository, readYumConfig } from './config.ts';
import { DependencyError, Depsolver } from './depsolve.ts';
import { infoText, listings, listText, matches, providesText, repolistText, searchText, updatesOf } from './queries.ts';
import { Repositories, RepositoryError, repositoryAdvice } from './repositories.ts';
import { reasonOf, YumTransaction } from './transaction.ts';

interface Job {
  sys: Sys;
  names: string[];
  db: RpmDatabase;
  repositories: Repositories;
  options: Map<string, string>;
  say(text: string): Promise<void>;
}

const short: Readonly<Record<string, string>> = {
  y: 'assumeyes',
  q: 'quiet',
  v: 'verbose',
  C: 'cacheonly',
  d: 'debuglevel',
  e: 'errorlevel',
  R: 'randomwait',
  c: 'config',
  x: 'exclude',
  h: 'help',
  t: 'tolerant',
};
const withValue = new Set(
  'debuglevel errorlevel randomwait config exclude enablerepo disablerepo setopt releasever installroot disableplugin enableplugin downloaddir disableexcludes'.split(
    ' ',
  ),
);
const flags = new Set([
  ...Object.values(short),
  ...'assumeno nogpgcheck skip-broken downloadonly noplugins showduplicates version obsoletes color disableincludes'.split(
    ' ',
  ),
]);
const notSimulated = new Set(['installroot', 'config', 'exclude', 'releasever']);

interface Line {
  options: Map<string, string>;
  changes: [kind: 'enable' | 'disable', ids: string][];
  words: string[];
}

function readLine(args: readonly string[]): Line | string {
  const line: Line = { options: new Map(), changes: [], words: [] };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(arg);
    const names = long ? [long[1]!] : /^-[A-Za-z]+/.test(arg) ? letters(arg) : [];
    if (typeof names === 'string') return names;
    if (names.length === 0) line.words.push(arg);
    for (const name of names) {
      if (!withValue.has(name) && !flags.has(name)) return `no such option: ${arg}`;
      const value = withValue.has(name) ? (long?.[2] ?? /^-[a-zA-Z](\d+)$/.exec(arg)?.[1] ?? args[++i] ?? '') : '';
      if (name === 'enablerepo' || name === 'disablerepo')
        line.changes.push([name === 'enablerepo' ? 'enable' : 'disable', value]);
      line.options.set(name, value);
    }
  }
  return line;
}

function letters(arg: string): string[] | string {
  const names: string[] = [];
  for (const letter of arg.slice(1).replace(/\d+$/, '')) {
    const name = short[letter];
    if (!name) return `no such option: -${letter}`;
    names.push(name);
  }
  return names;
}

const usage = `Usage: yum [options] COMMAND

List of Commands:

check-update   Check for available package updates
clean          Remove cached data
erase          Remove a package or packages from your system
info           Display details about a package or group of packages
install        Install a package or packages on your system
list           List a package or groups of packages
makecache      Generate the metadata cache
provides       Find what package provides the given value
reinstall      reinstall a package
repolist       Display the configured software repositories
search         Search package details for the given string
update         Update a package or packages on your system
upgrade        Update packages taking obsoletes into account
`;

export const yum: Program = async (sys) => {
  const line = readLine(sys.argv.slice(1));
  if (typeof line === 'string') {
    await sys.write(2, `${usage}\n\nCommand line error: ${line}\n`);
    return 1;
  }
  const { options, words } = line;
  for (const name of notSimulated) {
    if (!options.has(name)) continue;
    await sys.write(2, `drydock: yum --${name} is not simulated\n`);
    return 1;
  }
  if (options.has('version')) {
    await sys.write(1, '3.4.3\n');
    return 0;
  }
  const [verb, ...names] = words;
  const quiet = options.has('quiet');
  const say = (text: string): Promise<void> => (quiet || text === '' ? Promise.resolve() : sys.write(1, text));
  await say('Loaded plugins: fastestmirror, ovl\n');
  if (!verb) {
    await sys.write(2, `You need to give some command\n${usage}`);
    return 1;
  }
  if (options.has('help') || verb === 'help') {
    await sys.write(1, usage);
    return 0;
  }
  const run = verbs[verb];
  if (!run) {
    if (unsimulated.has(verb)) await sys.write(2, `drydock: yum ${verb} is not simulated\n`);
    else await sys.write(2, `No such command: ${verb}. Please use /usr/bin/yum --help\n`);
    return 1;
  }
  if (needsRoot.has(verb) && sys.cred.euid !== 0) {
    await sys.write(2, 'You need to be root to perform this command.\n');
    return 1;
  }
  return guarded(sys, async () => {
    const config = readYumConfig(sys, line.changes);
    const repositories = new Repositories(sys, config, quiet, options.has('cacheonly'));
    return run({ sys, names, options, repositories, say, db: new RpmDatabase(sys) });
  });
};

/** What stops any command. */
async function guarded(sys: Sys, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof NoSuchRepository) {
      await sys.write(2, `\n\nError getting repository data for ${error.message}, repository not found\n`);
      return 1;
    }
    if (error instanceof DependencyError) {
      await sys.write(
        2,
        `${error.message} You could try using --skip-broken to work around the problem\n You could try running: rpm -Va --nofiles --nodigest\n`,
      );
      return 1;
    }
    if (!(error instanceof RepositoryError)) throw error;
    const advice = repositoryAdvice.replaceAll('<repoid>', error.repository.id);
    await sys.write(2, `${error.notes}${advice}${error.problem}\n`);
    return 1;
  }
}

const needsRoot = new Set(
  'install localinstall update upgrade update-to erase remove autoremove reinstall clean makecache'.split(' '),
);
const unsimulated = new Set(
  'history groupinstall groups group grouplist groupinfo groupremove downgrade distro-sync check deplist load-transaction shell swap version updateinfo fs langavailable repo-pkgs repoinfo'.split(
    ' ',
  ),
);

const isFile = (name: string): boolean => name.endsWith('.rpm');

async function transact(job: Job, solver: Depsolver, local: ReadonlyMap<string, RpmPackage>): Promise<number> {
  await solver.resolve();
  const { sys, db, repositories, options } = job;
  const transaction = new YumTransaction(sys, db, repositories, solver.members.values(), local, {
    yes: options.has('assumeyes'),
    no: options.has('assumeno'),
    quiet: options.has('quiet'),
    downloadOnly: options.has('downloadonly'),
  });
  return transaction.run();
}

async function nothing(job: Job): Promise<number> {
  await job.sys.write(2, 'Error: Nothing to do\n');
  return 1;
}

async function install(job: Job): Promise<number> {
  const { sys, db, names, say } = job;
  if (names.length === 0) {
    await sys.write(2, 'Error: Need to pass a list of pkgs to install\n');
    return 1;
  }
  const local = new Map<string, RpmPackage>();
  const files = names.filter(isFile);
  for (const name of files) await examine(job, name, local);
  if (files.length > 0 && local.size === 0) return nothing(job);
  const repositories = await job.repositories.sack();
  const sack = new Sack([...repositories.packages, ...[...local.values()].map(localPackage)]);
  const solver = new Depsolver(db, sack, say);
  let have = 0;
  for (const { header } of local.values())
    solver.bring(sack.packages.find((one) => one.repository === `/${nevra(header)}`)!, false);
  for (const name of names.filter((one) => !isFile(one))) have += await mark(job, sack, solver, name);
  if (solver.members.size > 0) return transact(job, solver, local);
  if (have === 0) return nothing(job);
  await say('Nothing to do\n');
  return 0;
}

/** Marks what a name means for installation; 1 when it is there already. */
async function mark(job: Job, sack: Sack, solver: Depsolver, name: string): Promise<number> {
  const { db, say } = job;
  const group = name.startsWith('@');
  let found = group ? [] : sack.newest(sack.packages.filter((one) => matches(one, [name])));
  if (found.length === 0 && !group) found = sack.providers({ name }).slice(0, 1);
  const installed = db.packages.filter(
    (one) => matches(one, [name]) || (found.length === 0 && db.providers({ name }).includes(one)),
  );
  if (found.length === 0 && installed.length === 0) {
    await job.sys.write(
      1,
      group ? `Warning: Group ${name.slice(1)} does not exist.\n` : `No package ${name} available.\n`,
    );
    return 0;
  }
  let have = 0;
  for (const one of found) {
    const old = db.named(one.name)[0];
    if (old && compareHeaders(one, old) <= 0) {
      have = 1;
      await say(`Package ${longForm(old)} already installed and latest version\n`);
    } else solver.bring(one, false);
  }
  return have;
}

const longForm = (one: RpmHeader): string => `${one.epoch ? `${one.epoch}:` : ''}${nevra(one)}`;

/** A package given as a file or a URL. */
async function examine(job: Job, name: string, local: Map<string, RpmPackage>): Promise<void> {
  const { sys, db, say } = job;
  const opened = await openPackage(sys, name);
  if (typeof opened === 'string') {
    await sys.write(
      2,
      /^https?:/.test(name) ? `Cannot open: ${name}. Skipping.\n` : `Cannot open file: ${name}. Skipping.\n`,
    );
    return;
  }
  const path = /^https?:/.test(name) ? `/var/tmp/yum-root/${name.split('/').at(-1)}` : name;
  const { header } = opened;
  await say(`Examining ${path}: ${longForm(header)}\n`);
  const old = db.named(header.name)[0];
  if (old && compareHeaders(header, old) <= 0) await say(`${path}: does not update installed package.\n`);
  else {
    await say(`Marking ${path} ${old ? `as an update to ${longForm(old)}` : 'to be installed'}\n`);
    local.set(header.name, opened);
  }
}

const localPackage = ({ header }: RpmPackage): AvailablePackage => ({
  ...header,
  packed: header.size,
  location: '',
  files: header.files.map(({ path }) => path),
  repository: `/${nevra(header)}`,
});

async function update(job: Job): Promise<number> {
  const { db, names, say } = job;
  const sack = await job.repositories.sack();
  const solver = new Depsolver(db, sack, say);
  const updates = updatesOf(db, sack);
  for (const one of updates.filter((each) => matches(each, names))) solver.bring(one, false);
  for (const name of names) {
    if (db.packages.some((one) => matches(one, [name]))) continue;
    const offered = sack.packages.some((one) => matches(one, [name]));
    await job.sys.write(
      1,
      offered ? `Package(s) ${name} available, but not installed.\n` : `No Match for argument: ${name}\n`,
    );
  }
  if (solver.members.size > 0) return transact(job, solver, new Map());
  await say('No packages marked for update\n');
  return 0;
}

async function checkUpdate(job: Job): Promise<number> {
  const { sys, db, names } = job;
  const sack = await job.repositories.sack();
  const packages = updatesOf(db, sack).filter((one) => matches(one, names));
  if (packages.length === 0) return 0;
  await sys.write(1, `\n${listText(sys, [{ title: '', packages }]).slice(1)}`);
  return 100;
}

async function reinstall(job: Job): Promise<number> {
  const { db, names, say, sys } = job;
  const sack = await job.repositories.sack();
  const solver = new Depsolver(db, sack, say);
  for (const name of names) {
    const old = db.packages.find((one) => matches(one, [name]));
    const same = old && sack.packages.find((one) => one.name === old.name && compareHeaders(one, old) === 0);
    if (same) solver.bring(same, false, true);
    else if (old) await sys.write(1, `Installed package ${longForm(old)} not available.\n`);
    else await sys.write(1, `No Match for argument: ${name}\n`);
  }
  return solver.members.size > 0 ? transact(job, solver, new Map()) : nothing(job);
}

/** Protected: what yum itself stands on. */
const isProtected = (name: string): boolean => name === 'yum';

async function remove(job: Job): Promise<number> {
  const { sys, db, names, say } = job;
  const solver = new Depsolver(db, new Sack([]), say);
  for (const name of names) {
    const found = db.packages.filter((one) => matches(one, [name]));
    if (found.length === 0) await sys.write(1, `No Match for argument: ${name}\n`);
    for (const one of found) solver.take(one, false);
  }
  if (solver.members.size === 0) {
    await say('No Packages marked for removal\n');
    return 0;
  }
  await solver.resolve();
  const guarded = [...solver.members.keys()].find(isProtected);
  if (guarded) {
    await sys.write(2, `Error: Trying to remove "${guarded}", which is protected\n`);
    return 1;
  }
  const { options, repositories } = job;
  const choice = {
    yes: options.has('assumeyes'),
    no: options.has('assumeno'),
    quiet: options.has('quiet'),
    downloadOnly: false,
  };
  return new YumTransaction(sys, db, repositories, solver.members.values(), new Map(), choice).run();
}

/** What came as a dependency and nothing needs any more. */
async function autoremove(job: Job): Promise<number> {
  const { sys, db } = job;
  if (job.names.length > 0) return remove(job);
  const idle: string[] = [];
  for (let more = true; more; ) {
    const rest = db.packages.filter(({ name }) => !idle.includes(name));
    const free = rest.filter(
      (one) =>
        reasonOf(sys, one) === 'dep' &&
        !rest.some(
          (other) =>
            other !== one &&
            other.requires.some((wanted) => gives({ ...one, files: one.files.map(({ path }) => path) }, wanted)),
        ),
    );
    idle.push(...free.map(({ name }) => name));
    more = free.length > 0;
  }
  if (idle.length > 0) return remove({ ...job, names: idle });
  await job.say('No Packages marked for removal\n');
  return 0;
}

async function list(job: Job, print: (sys: Sys, lists: ReturnType<typeof listings>) => string): Promise<number> {
  const { sys, db, names, repositories } = job;
  const kinds = new Set(['installed', 'available', 'updates', 'all']);
  const [kind, rest] = kinds.has(names[0] ?? '') ? [names[0]!, names.slice(1)] : ['all', names];
  const sack = kind === 'installed' ? new Sack([]) : await repositories.sack();
  const lists = listings(db, sack, kind, rest);
  if (lists.length === 0) {
    if (rest.length === 0) return 0;
    await sys.write(2, 'Error: No matching Packages to list\n');
    return 1;
  }
  await sys.write(1, print(sys, lists));
  return 0;
}

async function search(job: Job): Promise<number> {
  const { sys, db, names, say } = job;
  const everything = names[0] === 'all' && names.length > 1;
  const words = everything ? names.slice(1) : names;
  if (words.length === 0) {
    await sys.write(2, 'Error: Need an item to match\n');
    return 1;
  }
  const text = searchText(sys, db, await job.repositories.sack(), words, everything);
  if (text) await sys.write(1, text);
  else await say(`Warning: No matches found for: ${words.join(', ')}\nNo matches found\n`);
  return 0;
}

async function whatProvides(job: Job): Promise<number> {
  const { sys, db, names, repositories, say } = job;
  if (names.length === 0) {
    await sys.write(2, 'Error: Need a list of files or provides to match\n');
    return 1;
  }
  const sack = await repositories.sack();
  let found = false;
  for (const name of names) {
    let text = await providesText(sys, db, repositories, sack, name);
    if (!text && !/[/*?]/.test(name)) text = await providesText(sys, db, repositories, sack, `/usr/*bin/${name}`);
    found ||= text !== '';
    await sys.write(1, text);
  }
  if (!found) await say('No matches found\n');
  return found ? 0 : 1;
}

function removeTree(sys: Sys, path: string): void {
  for (const name of listNames(sys, path)) {
    const inner = `${path}/${name}`;
    if (isDirectory(sys, inner)) {
      removeTree(sys, inner);
      sys.rmdir(inner);
    } else removeQuietly(sys, inner);
  }
}

async function clean(job: Job): Promise<number> {
  const { sys, names, repositories, say } = job;
  const known = new Set([
    'all',
    'metadata',
    'packages',
    'expire-cache',
    'dbcache',
    'headers',
    'rpmdb',
    'plugins',
    'cache',
  ]);
  if (names.length === 0 || !names.every((name) => known.has(name))) {
    await sys.write(
      2,
      `Error: ${names.length === 0 ? 'clean requires an option' : `invalid clean argument: '${names[0]}'`}: headers, packages, metadata, dbcache, plugins, expire-cache, rpmdb, all\n`,
    );
    return 1;
  }
  await say(`Cleaning repos: ${repositories.enabled.map(({ id }) => id).join(' ')}\n`);
  for (const { id } of repositories.enabled) {
    const directory = repositories.directory(id);
    if (names.includes('packages')) removeTree(sys, `${directory}/packages`);
    else removeTree(sys, directory);
  }
  const hosts = `${repositories.config.cachedir}/timedhosts`;
  if ((names.includes('all') || names.includes('plugins')) && exists(sys, hosts)) {
    removeQuietly(sys, hosts);
    await say('Cleaning up list of fastest mirrors\n');
  }
  return 0;
}

const verbs: Readonly<Record<string, (job: Job) => Promise<number>>> = {
  install,
  localinstall: install,
  update,
  upgrade: update,
  'check-update': checkUpdate,
  reinstall,
  remove,
  erase: remove,
  autoremove,
  clean,
  search,
  provides: whatProvides,
  whatprovides: whatProvides,
  list: (job) => list(job, listText),
  info: (job) => list(job, (sys, lists) => infoText(sys, lists, job.repositories.config.releasever)),
  makecache: async (job) => {
    await job.repositories.refresh();
    await job.say('Metadata Cache Created\n');
    return 0;
  },
  repolist: async (job) => {
    const sack = await job.repositories.sack();
    await job.sys.write(1, repolistText(job.sys, job.repositories, sack, job.names[0] ?? 'enabled'));
    return 0;
  },
};
