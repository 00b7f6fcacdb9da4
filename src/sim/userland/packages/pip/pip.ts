/** `pip`: the installer of Python packages, over the simulated index. */
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { exists, listNames, removeQuietly } from '../sys-files.ts';
import { type InstallOptions, install, readRequirements, wantedOf } from './install.ts';
import { compareVersions, normalised, parseRequirement, satisfies } from './requirement.ts';
import { PipError } from './resolve.ts';
import { distributions, findDistribution, findPlace, type Place, recorded, removeDistribution } from './site.ts';

type Options = ReadonlyMap<string, string[]>;

/** Options with a value, by the name that they are kept under. */
const valued: Readonly<Record<string, string>> = {
  '-r': 'requirement',
  '--requirement': 'requirement',
  '--trusted-host': 'trusted-host',
  '-i': 'index-url',
  '--index-url': 'index-url',
  '--extra-index-url': 'extra-index-url',
  '-t': 'target',
  '--target': 'target',
  '--cache-dir': 'cache-dir',
  '--timeout': 'timeout',
  '--retries': 'retries',
  '--default-timeout': 'timeout',
  '-c': 'constraint',
  '--constraint': 'constraint',
  '--root-user-action': 'root-user-action',
  '--progress-bar': 'progress-bar',
  '--format': 'format',
  '--prefix': 'prefix',
  '--no-binary': 'no-binary',
  '--only-binary': 'only-binary',
};

const flags =
  '--no-cache-dir --upgrade -U --quiet -q -qq --verbose -v --no-deps --user --yes -y --force-reinstall --pre --disable-pip-version-check --break-system-packages --no-input --no-compile --no-warn-script-location --prefer-binary --no-color --isolated -I --ignore-installed --compile --no-build-isolation --outdated -o --local -l --files -f --version -V --help -h'.split(
    ' ',
  );

const commands: Readonly<
  Record<string, (sys: Sys, place: Place, args: string[], options: Options) => Promise<number>>
> = {
  install: runInstall,
  uninstall,
  list,
  freeze,
  show,
  check,
  cache,
};

/** Differs from pip: downloads show no bar on a terminal, and source distributions, URLs and VCS are not simulated. */
export const pip: Program = async (sys) => {
  const place = findPlace(sys);
  try {
    const { positionals, options } = parse(sys.argv.slice(1));
    const [command, ...args] = positionals;
    if (options.has('version') || options.has('V')) {
      const pipSite = place.sites.find((one) => exists(sys, `${one}/pip`)) ?? place.site;
      await sys.write(1, `pip ${place.pip} from ${pipSite}/pip (python ${place.python})\n`);
      return 0;
    }
    if (!command || command === 'help' || options.has('help') || options.has('h')) {
      await sys.write(1, usage);
      return 0;
    }
    const run = commands[command];
    if (!run) {
      const notYet = [
        'download',
        'wheel',
        'hash',
        'search',
        'config',
        'debug',
        'index',
        'inspect',
        'completion',
        'lock',
      ];
      const text = notYet.includes(command)
        ? `drydock: pip ${command} is not simulated\n`
        : `ERROR: unknown command "${command}"\n`;
      throw new PipError(text);
    }
    return await run(sys, place, args, options);
  } catch (error) {
    if (!(error instanceof PipError)) throw error;
    await sys.write(2, error.message);
    return error.code;
  }
};

const usage = `
Usage:   
  pip <command> [options]

Commands:
  install                     Install packages.
  uninstall                   Uninstall packages.
  freeze                      Output installed packages in requirements format.
  list                        List installed packages.
  show                        Show information about installed packages.
  check                       Verify installed packages have compatible dependencies.
  cache                       Inspect and manage pip's wheel cache.
  help                        Show help for commands.
`;

function parse(argv: readonly string[]): { positionals: string[]; options: Options } {
  const positionals: string[] = [];
  const options = new Map<string, string[]>();
  const add = (name: string, value: string) => options.set(name, [...(options.get(name) ?? []), value]);
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (!word.startsWith('-') || word === '-') {
      positionals.push(word);
      continue;
    }
    const [name = '', inline] = word.startsWith('--')
      ? splitOnce(word)
      : [word.slice(0, 2), word.slice(2) || undefined];
    const kept = valued[name];
    if (kept && !(name === '-f' || name === '-l')) {
      const value = inline ?? argv[++i];
      if (value === undefined) throw usageError(`${name} option requires 1 argument`);
      add(kept, value);
    } else if (flags.includes(word)) add(word.replace(/^-+/, ''), '');
    else throw usageError(`no such option: ${word}`);
  }
  return { positionals, options };
}

const splitOnce = (word: string): [string, string | undefined] => {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
};

const usageError = (text: string): PipError => new PipError(`\nUsage:   \n  pip <command> [options]\n\n${text}\n`, 2);

async function runInstall(sys: Sys, place: Place, args: string[], options: Options): Promise<number> {
  if (place.managed && !options.has('break-system-packages') && !options.has('target')) throw new PipError(managed);
  const wanted = [
    ...args.flatMap((text) => {
      if (/^(\.|\/|https?:|git\+)/.test(text)) throw new PipError(`drydock: pip install of ${text} is not simulated\n`);
      return wantedOf(text);
    }),
    ...(options.get('requirement') ?? []).flatMap((path) => readRequirements(sys, path)),
  ];
  if (wanted.length === 0 && !options.has('requirement')) {
    throw new PipError('ERROR: You must give at least one requirement to install (see "pip help install")\n');
  }
  const cacheDirectory = options.get('cache-dir')?.at(-1) ?? `${sys.env.HOME ?? '/root'}/.cache/pip`;
  const cached = !options.has('no-cache-dir') && !truthy(sys.env.PIP_NO_CACHE_DIR);
  const install_: InstallOptions = {
    quiet: options.has('quiet') || options.has('q') || options.has('qq'),
    upgrade: options.has('upgrade') || options.has('U'),
    noDependencies: options.has('no-deps'),
    target: options.get('target')?.at(-1),
    cacheDirectory: cached ? cacheDirectory : undefined,
    constraints: (options.get('constraint') ?? []).flatMap((path) => readRequirements(sys, path)),
    reinstall: options.has('force-reinstall') || options.has('ignore-installed') || options.has('I'),
  };
  const url = options.get('index-url')?.at(-1) ?? sys.env.PIP_INDEX_URL ?? 'https://pypi.org/simple';
  await install(sys, place, { url, warn: (text) => sys.write(2, text) }, wanted, install_);
  await warnRoot(sys, place, options);
  return 0;
}

const truthy = (value: string | undefined): boolean =>
  value !== undefined && !['', '0', 'off', 'false', 'no'].includes(value);

async function warnRoot(sys: Sys, { pip: version, bin }: Place, options: Options): Promise<void> {
  if (exists(sys, `${bin}/../pyvenv.cfg`)) return;
  const action = options.get('root-user-action')?.at(-1) ?? sys.env.PIP_ROOT_USER_ACTION ?? 'warn';
  if (sys.cred.euid !== 0 || action === 'ignore' || compareVersions(version, '21.1') < 0) return;
  const old =
    "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv\n";
  const text =
    "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager, possibly rendering your system unusable. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv. Use the --root-user-action option if you know what you are doing and want to suppress this warning.\n";
  await sys.write(2, compareVersions(version, '24.2') < 0 ? old : text);
}

const managed = `error: externally-managed-environment

× This environment is externally managed
╰─> To install Python packages system-wide, try apt install
    python3-xyz, where xyz is the package you are trying to
    install.
    
    If you wish to install a non-Debian-packaged Python package,
    create a virtual environment using python3 -m venv path/to/venv.
    Then use path/to/venv/bin/python and path/to/venv/bin/pip. Make
    sure you have python3-full installed.
    
    If you wish to install a non-Debian packaged Python application,
    it may be easiest to use pipx install xyz, which will manage a
    virtual environment for you. Make sure you have pipx installed.
    
    See /usr/share/doc/python3.11/README.venv for more information.

note: If you believe this is a mistake, please contact your Python installation or OS distribution provider. You can override this, at the risk of breaking your Python installation or OS, by passing --break-system-packages.
hint: See PEP 668 for the detailed specification.
`;

async function uninstall(sys: Sys, place: Place, args: string[], options: Options): Promise<number> {
  const names = [
    ...args,
    ...(options.get('requirement') ?? []).flatMap((path) =>
      readRequirements(sys, path).map((one) => one.requirement.name),
    ),
  ];
  if (names.length === 0) {
    throw new PipError('ERROR: You must give at least one requirement to uninstall (see "pip help uninstall")\n');
  }
  for (const name of names) {
    const found = findDistribution(sys, place.sites, name);
    if (!found) {
      await sys.write(2, `WARNING: Skipping ${name} as it is not installed.\n`);
      continue;
    }
    await sys.write(
      1,
      `Found existing installation: ${found.name} ${found.version}\nUninstalling ${found.name}-${found.version}:\n`,
    );
    if (!options.has('yes') && !options.has('y') && !(await confirmed(sys, found.site, recorded(sys, found)))) continue;
    removeDistribution(sys, found);
    await sys.write(1, `  Successfully uninstalled ${found.name}-${found.version}\n`);
  }
  await warnRoot(sys, place, options);
  return 0;
}

async function confirmed(sys: Sys, site: string, files: readonly string[]): Promise<boolean> {
  const tops = [...new Set(files.map((path) => path.split('/')[0]!))].filter((one) => one !== '..').sort();
  await sys.write(1, `  Would remove:\n${tops.map((one) => `    ${site}/${one}/*\n`).join('')}Proceed (Y/n)? `);
  const answer = new TextDecoder()
    .decode(await sys.read(0, 256))
    .trim()
    .toLowerCase();
  return answer === '' || answer === 'y';
}

const byName = (sys: Sys, { sites }: Place) =>
  distributions(sys, sites).sort((a, b) => (normalised(a.name) < normalised(b.name) ? -1 : 1));

async function list(sys: Sys, place: Place, _args: string[], options: Options): Promise<number> {
  const found = byName(sys, place);
  if (options.get('format')?.at(-1) === 'freeze')
    return writeLines(
      sys,
      found.map(({ name, version }) => `${name}==${version}`),
    );
  if (options.get('format')?.at(-1) === 'json') {
    return writeLines(sys, [JSON.stringify(found.map(({ name, version }) => ({ name, version })))]);
  }
  const widths = [
    Math.max(7, ...found.map(({ name }) => name.length)),
    Math.max(7, ...found.map((one) => one.version.length)),
  ];
  const rows = found.map(({ name, version }) => `${name.padEnd(widths[0]!)} ${version}`);
  const rule = widths.map((width) => '-'.repeat(width)).join(' ');
  return writeLines(sys, [`${'Package'.padEnd(widths[0]!)} Version`, rule, ...rows]);
}

async function writeLines(sys: Sys, lines: readonly string[]): Promise<number> {
  await sys.write(1, lines.map((line) => `${line}\n`).join(''));
  return 0;
}

function freeze(sys: Sys, place: Place): Promise<number> {
  return writeLines(
    sys,
    byName(sys, place)
      .filter(({ name }) => !['pip', 'setuptools', 'wheel', 'distribute'].includes(name))
      .map(({ name, version }) => `${name}==${version}`),
  );
}

async function show(sys: Sys, place: Place, args: string[], options: Options): Promise<number> {
  const all = distributions(sys, place.sites);
  let shown = 0;
  for (const name of args) {
    const one = all.find((other) => normalised(other.name) === normalised(name));
    if (!one) {
      await sys.write(2, `WARNING: Package(s) not found: ${name}\n`);
      continue;
    }
    const of = (key: string) => one.metadata.get(key)?.[0] ?? '';
    const requires = requirementNames(one.metadata);
    const by = all.filter((other) => requirementNames(other.metadata).map(normalised).includes(normalised(one.name)));
    await writeLines(sys, [
      ...(shown++ > 0 ? ['---'] : []),
      `Name: ${one.name}`,
      `Version: ${one.version}`,
      `Summary: ${of('Summary')}`,
      `Home-page: ${of('Home-page')}`,
      `Author: ${of('Author')}`,
      `Author-email: ${of('Author-email')}`,
      `License${of('License-Expression') ? `-Expression: ${of('License-Expression')}` : `: ${of('License')}`}`,
      `Location: ${one.site}`,
      `Requires: ${requires.sort().join(', ')}`,
      `Required-by: ${by
        .map((other) => other.name)
        .sort()
        .join(', ')}`,
      ...(options.has('files') || options.has('f') ? ['Files:', ...recorded(sys, one).map((path) => `  ${path}`)] : []),
    ]);
  }
  return shown > 0 ? 0 : 1;
}

const requirementNames = (metadata: ReadonlyMap<string, string[]>): string[] =>
  (metadata.get('Requires-Dist') ?? []).flatMap((text) => parseRequirement(text)?.name ?? []);

async function check(sys: Sys, place: Place): Promise<number> {
  const all = distributions(sys, place.sites);
  const broken = all.flatMap((one) =>
    (one.metadata.get('Requires-Dist') ?? []).flatMap((text) => {
      const wanted = parseRequirement(text);
      if (!wanted) return [];
      const there = all.find((other) => normalised(other.name) === normalised(wanted.name));
      if (!there) return [`${one.name} ${one.version} requires ${wanted.name}, which is not installed.`];
      return satisfies(there.version, wanted)
        ? []
        : [`${one.name} ${one.version} has requirement ${wanted.text}, but you have ${there.name} ${there.version}.`];
    }),
  );
  await writeLines(sys, broken.length === 0 ? ['No broken requirements found.'] : broken);
  return broken.length === 0 ? 0 : 1;
}

async function cache(sys: Sys, _place: Place, [verb]: string[]): Promise<number> {
  const directory = `${sys.env.HOME ?? '/root'}/.cache/pip`;
  if (verb === 'dir') return writeLines(sys, [directory]);
  if (verb !== 'purge') throw new PipError(`drydock: pip cache ${verb ?? ''} is not simulated\n`);
  const names = listNames(sys, `${directory}/http-v2`);
  for (const name of names) removeQuietly(sys, `${directory}/http-v2/${name}`);
  return writeLines(sys, [`Files removed: ${names.length}`]);
}
