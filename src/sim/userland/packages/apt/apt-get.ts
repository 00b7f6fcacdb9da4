/** apt-get and apt: one set of verbs, two manners. */
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { OptionError, Options } from '../../core/options.ts';
import { parseRelations } from '../relation.ts';
import { exists, writeContent } from '../sys-files.ts';
import { compareVersions } from '../version.ts';
import { Acquire } from './acquire.ts';
import { AptCache, type Candidate, field } from './cache.ts';
import { localCandidate } from './local-deb.ts';
import { type CommandLine, readCommandLine } from './options.ts';
import { list, madison, policy, search, show } from './queries.ts';
import { type Plan, Resolver, UnmetError } from './resolve.ts';
import { shownUri } from './sources.ts';
import { AptTerminal } from './terminal.ts';
import { clean, Transaction } from './transaction.ts';
import { update } from './update.ts';

const aptVersion = 'apt 2.7.14 (amd64)\n';

/** What a verb gets to work with. */
export interface Job {
  sys: Sys;
  terminal: AptTerminal;
  line: CommandLine;
  /** What follows the verb. */
  names: string[];
  /** Called as `apt`. */
  friendly: boolean;
}

type Verb = (job: Job) => Promise<number>;

export const aptGet: Program = (sys) => main(sys, false);
export const apt: Program = (sys) => main(sys, true);

async function main(sys: Sys, friendly: boolean): Promise<number> {
  let line: CommandLine;
  try {
    line = readCommandLine(sys);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    await sys.write(2, `E: ${error.message}\n`);
    return 100;
  }
  const terminal = new AptTerminal(sys, line.quiet);
  const [verb, ...names] = line.options.operands;
  if (line.options.has('version')) return print(sys, aptVersion);
  if (!verb || line.options.has('help') || verb === 'help')
    return print(sys, usage(friendly), verb || line.options.has('help') ? 0 : 1);
  if (friendly && !sys.isatty(1)) {
    await sys.write(2, '\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n');
  }
  const run = verbs[verb] ?? (friendly ? friendlyVerbs[verb] : undefined);
  if (!run) {
    await terminal.error(`Invalid operation ${verb}`);
    return 100;
  }
  if (needsRoot.has(verb) && !(await lock(terminal, verb))) return 100;
  return run({ sys, terminal, line, names, friendly });
}

async function print(sys: Sys, text: string, status = 0): Promise<number> {
  await sys.write(1, text);
  return status;
}

const usage = (friendly: boolean): string =>
  friendly
    ? `${aptVersion}Usage: apt [options] command\n\napt is a commandline package manager and provides commands for\nsearching and managing as well as querying information about packages.\n\nMost used commands:\n  list - list packages based on package names\n  search - search in package descriptions\n  show - show package details\n  install - install packages\n  reinstall - reinstall packages\n  remove - remove packages\n  autoremove - automatically remove all unused packages\n  update - update list of available packages\n  upgrade - upgrade the system by installing/upgrading packages\n  full-upgrade - upgrade the system by removing/installing/upgrading packages\n`
    : `${aptVersion}Usage: apt-get [options] command\n       apt-get [options] install|remove pkg1 [pkg2 ...]\n       apt-get [options] source pkg1 [pkg2 ...]\n\nMost used commands:\n  update - Retrieve new lists of packages\n  upgrade - Perform an upgrade\n  install - Install new packages (pkg is libc6 not libc6.deb)\n  reinstall - Reinstall packages (pkg is libc6 not libc6.deb)\n  remove - Remove packages\n  purge - Remove packages and config files\n  autoremove - Remove automatically all unused packages\n  dist-upgrade - Distribution upgrade, see apt-get(8)\n  clean - Erase downloaded archive files\n  check - Verify that there are no broken dependencies\n`;

const needsRoot = new Set(
  'update install reinstall remove purge autoremove auto-remove autopurge upgrade dist-upgrade full-upgrade clean autoclean'.split(
    ' ',
  ),
);

/** Who may not write dpkg's lock may do nothing. */
async function lock(terminal: AptTerminal, verb: string): Promise<boolean> {
  const { sys } = terminal;
  if (sys.cred.euid === 0) return true;
  const path = verb === 'update' ? '/var/lib/apt/lists/lock' : '/var/lib/dpkg/lock-frontend';
  if (verb === 'update') {
    await terminal.error(`Could not open lock file ${path} - open (13: Permission denied)`);
    await terminal.error('Unable to lock directory /var/lib/apt/lists/');
  } else if (verb === 'clean' || verb === 'autoclean') {
    await terminal.error('Could not open lock file /var/cache/apt/archives/lock - open (13: Permission denied)');
    await terminal.error('Unable to lock directory /var/cache/apt/archives/');
  } else {
    await terminal.error(`Could not open lock file ${path} - open (13: Permission denied)`);
    await terminal.error(`Unable to acquire the dpkg frontend lock (${path}), are you root?`);
  }
  return false;
}

async function openCache({ sys, terminal }: Job): Promise<AptCache> {
  const cache = new AptCache(sys);
  await terminal.progress('Reading package lists');
  await terminal.progress('Building dependency tree');
  await terminal.progress('Reading state information');
  return cache;
}

const recommends = ({ line }: Job): boolean =>
  !line.options.has('no-install-recommends') &&
  (line.options.has('install-recommends') || line.config.flag('APT::Install-Recommends', true));

const newResolver = (job: Job, cache: AptCache): Resolver =>
  new Resolver(cache, { recommends: recommends(job), suggests: job.line.options.has('install-suggests') });

/** Says what cannot be, or carries the plan out. */
async function carryOut(
  job: Job,
  cache: AptCache,
  resolver: Resolver,
  named: ReadonlySet<string>,
  more: { purge?: boolean; reinstall?: boolean; always?: boolean } = {},
): Promise<number> {
  let plan: Plan;
  try {
    plan = resolver.plan(named);
  } catch (error) {
    if (!(error instanceof UnmetError)) throw error;
    return cannotBe(job, error);
  }
  const coming = new Set(plan.install.map((one) => field(one, 'Package')));
  const upgradable = cache.upgradable().filter((name) => !coming.has(name)).length;
  const { options, yes } = job.line;
  await noteUnused(job, cache, plan);
  return new Transaction(job.terminal, job.line.config, cache, plan, {
    yes,
    downloadOnly: options.has('download-only'),
    simulate: options.has('simulate', 'dry-run', 'just-print', 'no-act', 'recon'),
    upgradableKept: upgradable,
    ...more,
  }).run(named);
}

async function cannotBe(job: Job, { unmet }: UnmetError): Promise<number> {
  const { terminal } = job;
  await terminal.say(
    'Some packages could not be installed. This may mean that you have\nrequested an impossible situation or if you are using the unstable\ndistribution that some required packages have not yet been created\nor been moved out of Incoming.\nThe following information may help to resolve the situation:\n\n',
  );
  await terminal.print('The following packages have unmet dependencies:\n');
  for (const { name, kind, wanted, why } of unmet) await terminal.print(` ${name} : ${kind}: ${wanted} ${why}\n`);
  await terminal.error('Unable to correct problems, you have held broken packages.');
  return 100;
}

/** Automatic packages that nothing needs any more. */
export function unused(cache: AptCache, removing: ReadonlySet<string> = new Set()): string[] {
  const present = [...cache.db.packages.values()].filter((one) => one.present && !removing.has(one.name));
  const needed = new Set<string>();
  const visit = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    const one = cache.db.installed(name)!;
    for (const kind of ['Pre-Depends', 'Depends', 'Recommends']) {
      for (const { name: wanted } of parseRelations(one.field(kind)).flat()) {
        for (const other of present) {
          const gives = parseRelations(other.field('Provides')).some(([given]) => given?.name === wanted);
          if (other.name === wanted || gives) visit(other.name);
        }
      }
    }
  };
  for (const one of present) if (!cache.automatic.has(one.name)) visit(one.name);
  return present
    .map((one) => one.name)
    .filter((name) => !needed.has(name))
    .sort();
}

async function noteUnused(job: Job, cache: AptCache, plan: Plan): Promise<void> {
  const names = unused(cache, new Set(plan.remove));
  if (names.length === 0 || job.names[0] === undefined) return;
  const [title, verb] =
    names.length === 1
      ? ['The following package was automatically installed and is no longer required:', 'it']
      : ['The following packages were automatically installed and are no longer required:', 'them'];
  await job.terminal.names(title!, names);
  await job.terminal.say(`Use 'apt autoremove' to remove ${verb}.\n`);
}

const install: Verb = async (job) => {
  const cache = await openCache(job);
  const resolver = newResolver(job, cache);
  const named = new Set<string>();
  const again = job.line.options.has('reinstall');
  let status = 0;
  for (const word of job.names) {
    if (word.endsWith('-') && cache.knows(word.slice(0, -1))) resolver.remove(word.slice(0, -1));
    else if (!(await choose(job, cache, resolver, word, named, again))) status = 100;
  }
  if (status !== 0) return status;
  for (const name of named) cache.automatic.delete(name);
  cache.saveAutomatic();
  return carryOut(job, cache, resolver, named, { reinstall: again });
};

/** False when there is no such thing to install. */
async function choose(
  job: Job,
  cache: AptCache,
  resolver: Resolver,
  word: string,
  named: Set<string>,
  again: boolean,
): Promise<boolean> {
  const { terminal } = job;
  const candidate = await find(job, cache, word);
  if (!candidate) return false;
  const name = field(candidate, 'Package');
  named.add(name);
  const installed = cache.installedVersion(name);
  const newer = installed === undefined || compareVersions(field(candidate, 'Version'), installed) > 0;
  if (newer || again || word.includes('=') || word.includes('/')) {
    if (newer || again || field(candidate, 'Version') !== installed) {
      resolver.install(candidate);
      return true;
    }
  }
  await terminal.say(`${name} is already the newest version (${installed}).\n`);
  if (cache.automatic.has(name)) await terminal.say(`${name} set to manually installed.\n`);
  return true;
}

async function find(job: Job, cache: AptCache, word: string): Promise<Candidate | undefined> {
  const { terminal, sys } = job;
  if (word.includes('/') && (word.startsWith('.') || word.startsWith('/'))) {
    if (!exists(sys, word)) {
      await terminal.error(`Unsupported file ${word} given on commandline`);
      return undefined;
    }
    return localCandidate(job, word);
  }
  const [name = '', version] = word.replace(/:amd64$/, '').split('=');
  const own = cache.available.get(name);
  if (own) {
    if (version === undefined) return own[0];
    const exact = own.find((one) => field(one, 'Version') === version);
    if (!exact) await terminal.error(`Version '${version}' for '${name}' was not found`);
    return exact;
  }
  const givers = cache.providing(name);
  if (givers.length === 1) {
    await terminal.say(`Note, selecting '${givers[0]}' instead of '${name}'\n`);
    return cache.candidate(givers[0]!);
  }
  if (givers.length > 1) return virtual(job, cache, name, givers);
  if (cache.db.installed(name)) return installedAsCandidate(cache, name);
  if (cache.knows(name)) {
    await terminal.print(
      `Package ${name} is not available, but is referred to by another package.\nThis may mean that the package is missing, has been obsoleted, or\nis only available from another source\n\n`,
    );
    await terminal.error(`Package '${name}' has no installation candidate`);
  } else await terminal.error(`Unable to locate package ${name}`);
  return undefined;
}

const installedAsCandidate = (cache: AptCache, name: string): Candidate => ({
  stanza: cache.db.installed(name)!.stanza,
  source: { uri: '/', suite: 'now', components: [] },
  component: '',
  archive: 'now',
});

async function virtual({ terminal }: Job, cache: AptCache, name: string, givers: string[]): Promise<undefined> {
  await terminal.print(`Package ${name} is a virtual package provided by:\n`);
  for (const giver of givers) {
    await terminal.print(`  ${giver} ${field(cache.candidate(giver)!, 'Version')}\n`);
  }
  await terminal.print('You should explicitly select one to install.\n\n');
  await terminal.error(`Package '${name}' has no installation candidate`);
  return undefined;
}

const remove =
  (purging: boolean): Verb =>
  async (job) => {
    const cache = await openCache(job);
    const resolver = newResolver(job, cache);
    const purge = purging || job.line.options.has('purge');
    for (const name of job.names) {
      if (cache.db.installed(name)) resolver.remove(name);
      else if (cache.knows(name)) await job.terminal.say(`Package '${name}' is not installed, so not removed\n`);
      else {
        await job.terminal.error(`Unable to locate package ${name}`);
        return 100;
      }
    }
    const status = await carryOut(job, cache, resolver, new Set(job.names), { purge });
    if (status === 0 && job.line.options.has('auto-remove', 'autoremove')) return autoremove(purge)(job);
    return status;
  };

const autoremove =
  (purging: boolean): Verb =>
  async (job) => {
    const cache = await openCache(job);
    const resolver = newResolver(job, cache);
    for (const name of unused(cache)) resolver.remove(name);
    return carryOut({ ...job, names: [] }, cache, resolver, new Set(), {
      purge: purging || job.line.options.has('purge'),
    });
  };

const upgrade: Verb = async (job) => {
  const cache = await openCache(job);
  await job.terminal.progress('Calculating upgrade');
  const resolver = newResolver(job, cache);
  const names = cache.upgradable();
  for (const name of names) resolver.install(cache.candidate(name)!);
  return carryOut(job, cache, resolver, new Set(names), { always: true });
};

const updateVerb: Verb = async (job) => {
  const status = await update(job.terminal, job.line.config);
  if (!job.friendly || status !== 0) return status;
  await job.terminal.progress('Building dependency tree');
  await job.terminal.progress('Reading state information');
  const count = new AptCache(job.sys).upgradable().length;
  await job.terminal.say(
    count === 0
      ? 'All packages are up to date.\n'
      : count === 1
        ? "1 package can be upgraded. Run 'apt list --upgradable' to see it.\n"
        : `${count} packages can be upgraded. Run 'apt list --upgradable' to see them.\n`,
  );
  return 0;
};

const download: Verb = async (job) => {
  const cache = new AptCache(job.sys);
  const acquire = new Acquire(job.terminal);
  for (const name of job.names) {
    const one = await find(job, cache, name);
    if (!one) return 100;
    const file = field(one, 'Filename').split('/').at(-1)!;
    const words = `${one.source.suite}/${one.component} amd64 ${name} ${field(one, 'Architecture')} ${field(one, 'Version')}`;
    const got = await acquire.get(`${one.source.uri}${field(one, 'Filename')}`, `${shownUri(one.source)} ${words}`, {
      size: Number(field(one, 'Size')),
    });
    if (got.kind !== 'got') return 100;
    writeContent(job.sys, file, got.content);
  }
  await acquire.summary();
  return 0;
};

const lacking =
  (verb: string): Verb =>
  async ({ sys }) => {
    await sys.write(2, `drydock: apt-get ${verb} is not simulated\n`);
    return 100;
  };

const verbs: Readonly<Record<string, Verb>> = {
  update: updateVerb,
  install,
  reinstall: (job) => install({ ...job, line: { ...job.line, options: withOption(job, 'reinstall') } }),
  remove: remove(false),
  purge: remove(true),
  autoremove: autoremove(false),
  'auto-remove': autoremove(false),
  autopurge: autoremove(true),
  upgrade,
  'dist-upgrade': upgrade,
  'full-upgrade': upgrade,
  download,
  clean: async ({ terminal }) => {
    clean(terminal);
    return 0;
  },
  autoclean: async (job) => {
    await openCache(job);
    return 0;
  },
  check: async (job) => {
    await openCache(job);
    return 0;
  },
  source: lacking('source'),
  'build-dep': lacking('build-dep'),
  changelog: lacking('changelog'),
};

const withOption = ({ line: { options } }: Job, name: string): Options =>
  new Options([...options.list, { name }], options.operands);

const friendlyVerbs: Readonly<Record<string, Verb>> = { list, search, show, policy, madison };
