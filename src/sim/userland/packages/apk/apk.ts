/** apk: Alpine's package manager, apk(8) 2.14. */
import { decompress, readTar } from '../../../../archive/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { Extractor, globPattern } from '../dpkg/extract.ts';
import { FetchError, httpGet } from '../http-get.ts';
import { exists, makeDirectories, readContent, readText, removeQuietly, writeContent } from '../sys-files.ts';
import { ApkDatabase, type ApkPackage, nameOf, openIndex, parseIndex } from './database.ts';

interface Job {
  sys: Sys;
  names: string[];
  options: Map<string, string>;
  db: ApkDatabase;
  /** Name -> package of the repositories. */
  available: Map<string, ApkPackage>;
}

const version = 'apk-tools 2.14.9, compiled for x86_64.\n';
const withValue = new Set([
  'virtual',
  'repository',
  'root',
  'arch',
  'wait',
  'keys-dir',
  'repositories-file',
  'cache-dir',
]);
const short: Readonly<Record<string, string>> = {
  t: 'virtual',
  U: 'update-cache',
  u: 'upgrade',
  q: 'quiet',
  v: 'verbose',
  X: 'repository',
  p: 'root',
  L: 'contents',
  R: 'depends',
  e: 'installed',
  d: 'description',
  a: 'all',
  s: 'simulate',
  l: 'latest',
  I: 'installed-only',
};

export const apk: Program = async (sys) => {
  const options = new Map<string, string>();
  const words: string[] = [];
  const args = sys.argv.slice(1);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const long = /^--([\w-]+)(?:=(.*))?$/.exec(arg);
    const names = long
      ? [long[1]!]
      : /^-[A-Za-z]+$/.test(arg)
        ? [...arg.slice(1)].map((letter) => short[letter] ?? letter)
        : [];
    if (names.length === 0) words.push(arg);
    for (const name of names) options.set(name, withValue.has(name) ? (long?.[2] ?? args[++i] ?? '') : '');
  }
  if (options.has('version')) {
    await sys.write(1, version);
    return 0;
  }
  const [verb, ...names] = words;
  const run = verb === undefined ? undefined : verbs[verb];
  if (!run) {
    if (verb === undefined) {
      await sys.write(1, `${version}\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n`);
      return 1;
    }
    await sys.write(2, `ERROR: '${verb}' is not an apk command. See 'apk --help'.\n`);
    return 1;
  }
  if (needsRoot.has(verb!) && sys.cred.euid !== 0) {
    await sys.write(
      2,
      'ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n',
    );
    return 99;
  }
  return run({ sys, names, options, db: new ApkDatabase(sys), available: new Map() });
};

const needsRoot = new Set(['add', 'del', 'update', 'upgrade', 'fix', 'cache']);

const say = (job: Job, text: string): Promise<void> =>
  job.options.has('quiet') ? Promise.resolve() : job.sys.write(1, text);

function repositories({ sys, options }: Job): string[] {
  const listed = (readText(sys, '/etc/apk/repositories') ?? '')
    .split('\n')
    .map((line) =>
      line
        .replace(/#.*/, '')
        .trim()
        .replace(/^@\S+\s+/, ''),
    )
    .filter(Boolean);
  const extra = options.get('repository');
  return extra ? [...listed, extra] : listed;
}

const cacheFile = (url: string): string => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < url.length; i++) hash = Math.imul(hash ^ url.charCodeAt(i), 0x01000193);
  return `/var/cache/apk/APKINDEX.${(hash >>> 0).toString(16).padStart(8, '0')}.tar.gz`;
};

interface Opened {
  url: string;
  description: string;
  failed: boolean;
}

/** Reads the indices; fetches those that are not cached, or all with `fresh`. */
async function openRepositories(job: Job, fresh: boolean): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (const url of repositories(job)) opened.push(await openRepository(job, url, fresh));
  return opened;
}

async function openRepository(job: Job, url: string, fresh: boolean): Promise<Opened> {
  const { sys, options } = job;
  const keep = !options.has('no-cache');
  let content = fresh || !keep ? undefined : readContent(sys, cacheFile(url));
  if (!content) {
    const index = `${url}/x86_64/APKINDEX.tar.gz`;
    await say(job, `fetch ${index}\n`);
    const problem = (text: string): Promise<void> =>
      sys.write(2, `WARNING: ${keep ? 'updating and opening' : 'fetching'} ${url}: ${text}\n`);
    try {
      const got = await httpGet(sys, index);
      if (got.status !== 200) {
        await problem('No such file or directory');
        return { url, description: '', failed: true };
      }
      content = got.body;
      if (keep) {
        makeDirectories(sys, '/var/cache/apk');
        writeContent(sys, cacheFile(url), content);
      }
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      await problem(
        error.failure.kind === 'resolve'
          ? 'temporary error (try again later)'
          : 'could not connect to server (check repositories file)',
      );
      return { url, description: '', failed: true };
    }
  }
  const { description, index } = openIndex(content);
  for (const one of parseIndex(index, url)) if (!job.available.has(one.name)) job.available.set(one.name, one);
  return { url, description, failed: false };
}

/** The package of the repositories that is or provides this. */
function lookup({ available }: Job, wanted: string): ApkPackage | undefined {
  const name = nameOf(wanted);
  const own = available.get(name);
  if (own) return own;
  const alias = aliases[name];
  return alias ? available.get(alias) : [...available.values()].find((one) => one.provides.includes(name));
}

/** Names that a package of another name provides. */
const aliases: Readonly<Record<string, string>> = {
  'postgresql-client': 'postgresql17-client',
  'nodejs-current': 'nodejs',
  procps: 'procps-ng',
};

/** What must be installed, each after what it depends on; names that nothing is known of are put into `missing`. */
function plan(job: Job, names: readonly string[], missing: [name: string, by: string][]): ApkPackage[] {
  const order: ApkPackage[] = [];
  const seen = new Set<string>();
  const visit = (wanted: string, by: string): void => {
    if (wanted.startsWith('!') || wanted.startsWith('so:') || wanted.startsWith('/')) return;
    if (job.db.providing(wanted)) return;
    const found = lookup(job, wanted);
    if (!found) {
      missing.push([nameOf(wanted), by]);
      return;
    }
    if (seen.has(found.name)) return;
    seen.add(found.name);
    for (const dependency of found.depends) visit(dependency, `${found.name}-${found.version}`);
    order.push(found);
  };
  for (const name of names) visit(name, `world[${name}]`);
  return order;
}

async function unsatisfiable(job: Job, missing: readonly [string, string][]): Promise<number> {
  const lines = missing.map(([name, by]) => `  ${name} (no such package):\n    required by: ${by}\n`);
  await job.sys.write(2, `ERROR: unable to select packages:\n${lines.join('')}`);
  return missing.length;
}

async function add(job: Job): Promise<number> {
  const { sys, db, options, names } = job;
  await openRepositories(job, options.has('update-cache') || options.has('update'));
  const missing: [string, string][] = [];
  const order = plan(job, names, missing);
  if (missing.length > 0) return unsatisfiable(job, missing);
  const virtual = options.get('virtual');
  const total = order.length + (virtual ? 1 : 0);
  for (const [i, one] of order.entries()) {
    await say(job, `(${i + 1}/${total}) Installing ${one.name} (${one.version})\n`);
    if (!(await install(job, one))) return 1;
  }
  if (virtual) {
    const stamp = new Date(sys.now().sec * 1000)
      .toISOString()
      .replace(/[-:]|\.\d+Z/g, '')
      .replace('T', '.');
    await say(job, `(${total}/${total}) Installing ${virtual} (${stamp})\n`);
    db.installed.set(virtual, {
      name: virtual,
      version: stamp,
      size: 0,
      depends: names,
      provides: [],
      description: 'virtual meta package',
      files: [],
      sums: new Map(),
    });
    db.world.push(virtual);
  } else db.world.push(...names);
  db.save();
  await summary(job, total > 0);
  return 0;
}

async function install(job: Job, one: ApkPackage): Promise<boolean> {
  const { sys, db } = job;
  const failed = async (why: string): Promise<boolean> => {
    await sys.write(2, `ERROR: ${one.name}-${one.version}: ${why}\n`);
    db.save();
    return false;
  };
  try {
    const got = await httpGet(sys, `${one.repository}/x86_64/${one.name}-${one.version}.apk`);
    if (got.status !== 200) return failed("package mentioned in index not found (try 'apk update')");
    const extractor = new Extractor(sys);
    const files: string[] = [];
    for (const entry of readTar(decompress(got.body))) {
      if (/^\.[^/]*$/.test(entry.name)) continue;
      const path = `/${entry.name}`;
      // A link to busybox gives way to the real program.
      extractor.extract({ ...entry, name: path });
      if (entry.type !== 'directory') files.push(path);
    }
    db.installed.set(one.name, { ...one, files: files.sort() });
    return true;
  } catch (error) {
    if (error instanceof FetchError) return failed('temporary error (try again later)');
    throw error;
  }
}

async function summary(job: Job, changed: boolean): Promise<void> {
  const { db } = job;
  const busybox = db.installed.get('busybox');
  if (changed && busybox) await say(job, `Executing busybox-${busybox.version}.trigger\n`);
  const bytes = [...db.installed.values()].reduce((sum, one) => sum + one.size, 0);
  await say(job, `OK: ${Math.round(bytes / 1024 / 1024)} MiB in ${db.installed.size} packages\n`);
}

/** Everything that world does not need goes. */
async function del(job: Job): Promise<number> {
  const { sys, db, names } = job;
  for (const name of names) {
    if (!db.world.includes(name) && !db.installed.has(name)) await sys.write(2, `ERROR: No such package: ${name}\n`);
  }
  const before = db.world;
  db.world = db.world.filter((one) => !names.includes(nameOf(one)));
  const needed = closure(db);
  const still = names.filter((name) => needed.has(name));
  for (const name of still) {
    const users = [...db.installed.values()].filter(
      (one) => one.name !== name && one.depends.some((wanted) => db.providing(wanted) === name),
    );
    await sys.write(
      1,
      `World updated, but the following packages are not removed due to:\n  ${name}: ${users.map((one) => one.name).join(' ')}\n\n`,
    );
  }
  const gone = [...db.installed.values()].filter((one) => !needed.has(one.name)).reverse();
  if (gone.length === 0 && before.length === db.world.length && names.some((name) => !db.installed.has(name))) {
    return 1;
  }
  for (const [i, one] of gone.entries()) {
    await say(job, `(${i + 1}/${gone.length}) Purging ${one.name} (${one.version})\n`);
    for (const path of one.files) removeFile(sys, path);
    db.installed.delete(one.name);
  }
  db.save();
  await summary(job, gone.length > 0);
  return 0;
}

/** busybox puts its link back where a program of its own name lay. */
function removeFile(sys: Sys, path: string): void {
  if (!removeQuietly(sys, path)) return;
  const name = path.split('/').at(-1)!;
  if (/^\/(usr\/)?s?bin\//.test(path) && appletNames.has(name)) sys.symlink('/bin/busybox', path);
}

/** Commands of these packages that BusyBox has too. */
const appletNames = new Set(
  'wget sed grep find xargs tar gzip diff less ps cat cp ls mv rm nc unzip ping ip vi tree patch nslookup awk df du sort head tail wc tr cut date dd echo env id ln md5sum mkdir mktemp nl od printf pwd readlink realpath rmdir seq sha1sum sha256sum sha512sum shuf sleep split stat stty sum sync tac tee test timeout touch true false truncate tsort tty uname unexpand uniq whoami yes chmod chown basename dirname comm cksum expand expr fold install mknod nproc paste printenv base64 xxd'.split(
    ' ',
  ),
);

function closure(db: ApkDatabase): Set<string> {
  const needed = new Set<string>();
  const visit = (wanted: string): void => {
    const name = db.providing(wanted);
    if (!name || needed.has(name)) return;
    needed.add(name);
    for (const one of db.installed.get(name)!.depends) visit(one);
  };
  for (const one of db.world) visit(one);
  // Packages of the base image have no dependencies recorded; they are never in the way.
  for (const one of db.installed.values())
    if (one.files.length === 0 && !one.description.startsWith('virtual') && one.size > 0) visit(one.name);
  return needed;
}

async function update(job: Job): Promise<number> {
  const opened = await openRepositories(job, true);
  const failed = opened.filter((one) => one.failed).length;
  for (const one of opened) if (!one.failed) await say(job, `${one.description} [${one.url}]\n`);
  const count = job.available.size;
  if (failed > 0) {
    await job.sys.write(1, `${failed} unavailable, 0 stale; ${count} distinct packages available\n`);
    return failed;
  }
  await say(job, `OK: ${count} distinct packages available\n`);
  return 0;
}

async function upgrade(job: Job): Promise<number> {
  await openRepositories(job, job.options.has('update-cache'));
  await summary(job, false);
  return 0;
}

async function info(job: Job): Promise<number> {
  const { sys, db, names, options } = job;
  if (names.length === 0) {
    const list = [...db.installed.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    await sys.write(1, list.map((one) => `${one.name}${options.has('verbose') ? `-${one.version}` : ''}\n`).join(''));
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const one = db.installed.get(name);
    if (!one) {
      status = 1;
      continue;
    }
    const title = `${one.name}-${one.version}`;
    if (options.has('installed')) await sys.write(1, `${one.name}\n`);
    else if (options.has('contents'))
      await sys.write(1, `${title} contains:\n${one.files.map((path) => `${path.slice(1)}\n`).join('')}\n`);
    else if (options.has('depends'))
      await sys.write(1, `${title} depends on:\n${one.depends.map((wanted) => `${wanted}\n`).join('')}\n`);
    else {
      const size = one.size >= 1048576 ? `${Math.round(one.size / 1048576)} MiB` : `${Math.round(one.size / 1024)} KiB`;
      await sys.write(1, `${title} description:\n${one.description}\n\n${title} installed size:\n${size}\n\n`);
    }
  }
  return status;
}

async function search(job: Job): Promise<number> {
  await openRepositories(job, false);
  const tests = job.names.map((name) =>
    globPattern(/[*?]/.test(name) || job.options.has('exact') ? name : `*${name}*`),
  );
  const found = [...job.available.values()].filter(
    (one) => tests.length === 0 || tests.some((test) => test.test(one.name)),
  );
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = (one: ApkPackage): string =>
    `${one.name}-${one.version}${job.options.has('verbose') || job.options.has('description') ? ` - ${one.description}` : ''}\n`;
  await job.sys.write(1, found.map(text).join(''));
  return 0;
}

async function list(job: Job): Promise<number> {
  const only = job.options.has('installed-only') || job.options.has('installed');
  if (!only) await openRepositories(job, false);
  const all = new Map([...job.available, ...job.db.installed]);
  const tests = job.names.map(globPattern);
  for (const one of [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (only && !job.db.installed.has(one.name)) continue;
    if (tests.length > 0 && !tests.some((test) => test.test(one.name))) continue;
    const mark = job.db.installed.has(one.name) ? ' [installed]' : '';
    await job.sys.write(1, `${one.name}-${one.version} x86_64 {${one.name}} ()${mark}\n`);
  }
  return 0;
}

/** The files of installed packages that have a checksum in the database. */
async function manifest({ sys, names, db }: Job): Promise<number> {
  for (const name of names) {
    for (const [path, sum] of db.installed.get(name)?.sums ?? []) {
      const hex = [...atob(sum)].map((c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
      await sys.write(1, `sha1:${hex}  ${path.slice(1)}\n`);
    }
  }
  return 0;
}

const verbs: Readonly<Record<string, (job: Job) => Promise<number>>> = {
  add,
  del,
  update,
  upgrade,
  info,
  search,
  list,
  manifest,
  cache: async ({ sys, names }) => {
    if (names[0] === 'clean' && exists(sys, '/etc/apk/cache')) return 0;
    await sys.write(2, 'ERROR: Package cache is not enabled.\n');
    return 1;
  },
};
