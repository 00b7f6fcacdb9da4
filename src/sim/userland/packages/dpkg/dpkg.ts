/** dpkg, dpkg-query and dpkg-deb: dpkg(1). */
import { TarError } from '../../../../archive/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { baseName } from '../../core/command.ts';
import { listNames, makeDirectories, readContent } from '../sys-files.ts';
import { compareVersions } from '../version.ts';
import { openDeb } from './archive.ts';
import { Extractor } from './extract.ts';
import { archiveInfo, listFiles, listPackages, searchFiles, showFormatted, showStatus } from './query.ts';
import { DpkgSession } from './session.ts';

interface Invocation {
  action: string;
  args: string[];
  options: Map<string, string>;
}

const actions: Readonly<Record<string, string>> = {
  '-i': 'install',
  '-r': 'remove',
  '-P': 'purge',
  '-l': 'list',
  '-s': 'status',
  '-L': 'listfiles',
  '-S': 'search',
  '-W': 'show',
  '-c': 'contents',
  '-I': 'info',
  '-x': 'extract',
  '-X': 'vextract',
  '-e': 'control',
  '-f': 'field',
  '-C': 'audit',
};

const longActions = new Set([
  ...Object.values(actions),
  ...'unpack configure print-architecture print-foreign-architectures compare-versions get-selections add-architecture triggers-only version help'.split(
    ' ',
  ),
]);

function parse(argv: readonly string[]): Invocation | string {
  let action = '';
  const args: string[] = [];
  const options = new Map<string, string>();
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i]!;
    const long = /^--([\w-]+)(?:=(.*))?$/.exec(arg);
    if (action === 'compare-versions') args.push(arg);
    else if (arg === '-a' || arg === '--pending') options.set('all', '');
    else if (arg === '-f' && (argv[0]!.endsWith('query') || action === 'show'))
      options.set('showformat', argv[++i] ?? '');
    else if (/^-f./.test(arg)) options.set('showformat', arg.slice(2).replace(/^=/, ''));
    else if (actions[arg]) action ||= actions[arg]!;
    else if (long && longActions.has(long[1]!)) action ||= long[1]!;
    else if (long) options.set(long[1]!, long[2] ?? '');
    else if (/^-[A-Za-z]/.test(arg)) {
      if (!/^-[GOERB]$/.test(arg)) return `unknown option ${arg}`;
      options.set(arg, '');
    } else args.push(arg);
  }
  return { action, args, options };
}

const versionText = "Debian 'dpkg' package management program version 1.21.22 (amd64).\n";

export const dpkg: Program = async (sys) => {
  const name = baseName(sys.argv[0] ?? 'dpkg');
  const invocation = parse(sys.argv);
  if (typeof invocation === 'string') return usageError(sys, name, invocation);
  if (!invocation.action) return usageError(sys, name, 'need an action option');
  const run = handlers[invocation.action];
  if (run) return run(sys, invocation, name);
  await sys.write(2, `drydock: ${name} --${invocation.action} is not simulated\n`);
  return 2;
};

async function usageError(sys: Sys, name: string, message: string): Promise<number> {
  const hint =
    name === 'dpkg'
      ? "\nType dpkg --help for help about installing and deinstalling packages [*];\nUse 'apt' or 'aptitude' for user-friendly package management;\nType dpkg -Dhelp for a list of dpkg debug flag values;\nType dpkg --force-help for a list of forcing options;\nType dpkg-deb --help for help about manipulating *.deb files;\n\nOptions marked [*] produce a lot of output - pipe it through 'less' or 'more' !\n"
      : `\nUse --help for help about ${name === 'dpkg-deb' ? 'manipulating *.deb files' : 'querying packages'}.\n`;
  await sys.write(2, `${name}: error: ${message}\n${hint}`);
  return 2;
}

type Handler = (sys: Sys, invocation: Invocation, name: string) => Promise<number>;

const mustBeRoot = async (sys: Sys): Promise<boolean> => {
  if (sys.cred.euid === 0) return true;
  await sys.write(2, 'dpkg: error: requested operation requires superuser privilege\n');
  return false;
};

const session = (sys: Sys, { options }: Invocation): DpkgSession =>
  new DpkgSession(sys, {
    progress: sys.isatty(1),
    force: new Set([...options.keys()].flatMap((key) => /^force-(.*)$/.exec(key)?.[1] ?? [])),
  });

const installing =
  (configure: boolean): Handler =>
  async (sys, invocation) => {
    if (!(await mustBeRoot(sys))) return 2;
    const job = session(sys, invocation);
    const names: string[] = [];
    for (const path of invocation.args) {
      const unpacked = await unpackFile(sys, job, path);
      if (unpacked) names.push(unpacked);
    }
    if (configure) await configureAll(job, names);
    await job.triggers();
    return job.finish();
  };

/** What one needs is set up before it, in whatever order they were named. */
async function configureAll(job: DpkgSession, names: readonly string[]): Promise<void> {
  const wanted = new Set(names);
  const done = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    if (done.has(name)) return;
    done.add(name);
    const fields = job.db.installed(name)?.field('Depends') ?? '';
    for (const [, needed] of fields.matchAll(/(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]*)/g)) {
      if (wanted.has(needed!)) await visit(needed!);
    }
    await job.configure(name);
  };
  for (const name of names) await visit(name);
}

async function unpackFile(sys: Sys, job: DpkgSession, path: string): Promise<string | undefined> {
  const problem = async (message: string): Promise<undefined> => {
    await sys.write(2, `dpkg: error processing archive ${path} (--install):\n ${message}\n`);
    job.failed.push(path);
    return undefined;
  };
  const content = readContent(sys, path);
  if (!content) return problem(`cannot access archive: No such file or directory`);
  try {
    return (await job.unpack(content, path.startsWith('/') ? `.../${baseName(path)}` : path))?.name;
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    await sys.write(2, `dpkg-deb: error: '${path}' is not a Debian format archive\n`);
    return problem('dpkg-deb --control subprocess returned error exit status 2');
  }
}

const removing =
  (purge: boolean): Handler =>
  async (sys, invocation) => {
    if (!(await mustBeRoot(sys))) return 2;
    const job = session(sys, invocation);
    for (const name of invocation.args) if (!(await needed(sys, job, name, invocation))) await job.remove(name, purge);
    await job.triggers();
    return job.finish();
  };

/** True, and said so, when others that stay depend on it. */
async function needed(sys: Sys, job: DpkgSession, name: string, { args, options }: Invocation): Promise<boolean> {
  if (options.has('force-depends') || !job.db.installed(name)) return false;
  const users = [...job.db.packages.values()].filter(
    (one) =>
      one.present &&
      !args.includes(one.name) &&
      one
        .field('Depends')
        .split(',')
        .some((group) => !group.includes('|') && group.trim().split(/[ :(]/)[0] === name),
  );
  if (users.length === 0) return false;
  await sys.write(
    2,
    `dpkg: dependency problems prevent removal of ${name}:\n${users.map((one) => ` ${one.name} depends on ${name}.\n`).join('')}\ndpkg: error processing package ${name} (--remove):\n dependency problems - not removing\n`,
  );
  job.failed.push(name);
  return true;
}

const configuring: Handler = async (sys, invocation) => {
  if (!(await mustBeRoot(sys))) return 2;
  const job = session(sys, invocation);
  const waiting = [...job.db.packages.values()].filter((one) => one.present && one.state !== 'installed');
  const names = invocation.options.has('all') ? waiting.map((one) => one.name) : invocation.args;
  await configureAll(job, names);
  await job.triggers();
  return job.finish();
};

const comparisons: Readonly<Record<string, (difference: number) => boolean>> = {
  lt: (d) => d < 0,
  '<<': (d) => d < 0,
  le: (d) => d <= 0,
  '<=': (d) => d <= 0,
  eq: (d) => d === 0,
  '=': (d) => d === 0,
  ne: (d) => d !== 0,
  ge: (d) => d >= 0,
  '>=': (d) => d >= 0,
  gt: (d) => d > 0,
  '>>': (d) => d > 0,
};

const contents: Handler = async (sys, { args }) => {
  const { entries } = openDeb(readContent(sys, args[0]!)!);
  const kinds: Record<string, string> = { directory: 'd', symlink: 'l', link: 'h' };
  for (const entry of entries) {
    const bits = [...'rwxrwxrwx'].map((c, i) => ((entry.mode >> (8 - i)) & 1 ? c : '-')).join('');
    const time = new Date(entry.mtime.sec * 1000).toISOString().slice(0, 16).replace('T', ' ');
    const target = entry.type === 'symlink' ? ` -> ${entry.linkname}` : '';
    const owner = `${entry.uname || 'root'}/${entry.gname || 'root'}`;
    await sys.write(
      1,
      `${kinds[entry.type] ?? '-'}${bits} ${owner} ${String(entry.size).padStart(9)} ${time} ${entry.name}${target}\n`,
    );
  }
  return 0;
};

const extract: Handler = async (sys, { args }) => {
  const directory = args[1] ?? '.';
  makeDirectories(sys, directory);
  const extractor = new Extractor(sys, directory);
  for (const entry of openDeb(readContent(sys, args[0]!)!).entries) extractor.extract(entry);
  return 0;
};

const withArchive =
  (handler: Handler): Handler =>
  async (sys, invocation, name) => {
    const [path] = invocation.args;
    if (!path) return usageError(sys, 'dpkg-deb', `--${invocation.action} needs a .deb filename argument`);
    if (!readContent(sys, path)) {
      await sys.write(2, `dpkg-deb: error: failed to read archive '${path}': No such file or directory\n`);
      return 2;
    }
    try {
      return await handler(sys, invocation, name);
    } catch (error) {
      if (!(error instanceof TarError)) throw error;
      await sys.write(2, `dpkg-deb: error: '${path}' is not a Debian format archive\n`);
      return 2;
    }
  };

const print =
  (text: string): Handler =>
  async (sys) => {
    await sys.write(1, text);
    return 0;
  };

const handlers: Readonly<Record<string, Handler>> = {
  install: installing(true),
  unpack: installing(false),
  configure: configuring,
  remove: removing(false),
  purge: removing(true),
  list: (sys, { args }) => listPackages(sys, args),
  status: (sys, { args }) => showStatus(sys, args),
  listfiles: (sys, { args }) => listFiles(sys, args),
  search: (sys, { args }) => searchFiles(sys, args),
  show: (sys, { args, options }) =>
    showFormatted(sys, args, options.get('showformat') ?? '${binary:Package}\t${Version}\n'),
  'print-architecture': print('amd64\n'),
  'print-foreign-architectures': print(''),
  version: print(versionText),
  audit: print(''),
  help: print('Usage: dpkg [<option>...] <command>\n'),
  'compare-versions': async (_sys, { args }) => {
    const test = comparisons[args[1] ?? ''];
    return test?.(compareVersions(args[0] ?? '', args[2] ?? '')) ? 0 : 1;
  },
  'get-selections': async (sys) => {
    for (const name of listNames(sys, '/var/lib/dpkg/info').flatMap((file) => /^(.*)\.list$/.exec(file)?.[1] ?? [])) {
      await sys.write(1, `${name}\t\t\t\t\tinstall\n`);
    }
    return 0;
  },
  contents: withArchive(contents),
  info: withArchive((sys, { args }) => archiveInfo(sys, args[0]!)),
  extract: withArchive(extract),
  vextract: withArchive(extract),
  field: withArchive(async (sys, { args }) => {
    const { stanza } = openDeb(readContent(sys, args[0]!)!);
    const wanted = args.slice(1);
    for (const [key, value] of stanza) {
      if (wanted.length === 1 && key === wanted[0]) await sys.write(1, `${value}\n`);
      else if (wanted.length === 0 || wanted.includes(key)) await sys.write(1, `${key}: ${value}\n`);
    }
    return 0;
  }),
};
