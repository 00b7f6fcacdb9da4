/**
 * initdb(1). Differs from PostgreSQL: what initdb made once, when this was built, is put into the directory (running it
 * takes many seconds here), so each cluster has the same system identifier; WAL segments are 1 MB.
 */
import { isErrno } from '../../../../spec/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import {
  exists,
  idsByName,
  listNames,
  makeDirectories,
  readText,
  readToEnd,
  writeText,
} from '../../packages/sys-files.ts';
import { Cluster, identifier, literal } from './cluster.ts';
import { serverVersion } from './config.ts';
import { type PostgresFiles, placeCluster } from './files.ts';

interface Options {
  directory?: string;
  user?: string;
  passwordFile?: string;
  local: string;
  host: string;
  /** None of -A, --auth-local, --auth-host. */
  byDefault: boolean;
}

const valued: Readonly<Record<string, string>> = {
  ...{ '-D': 'directory', '--pgdata': 'directory', '-U': 'user', '--username': 'user', '--pwfile': 'passwordFile' },
  ...{ '-A': 'auth', '--auth': 'auth', '--auth-local': 'local', '--auth-host': 'host' },
  ...{
    '-E': 'encoding',
    '--encoding': 'encoding',
    '--locale': 'locale',
    '--lc-collate': 'locale',
    '--lc-ctype': 'locale',
  },
};
const plain = new Set(['-k', '--data-checksums', '-N', '--no-sync', '--no-instructions']);

async function readOptions(sys: Sys): Promise<Options | number> {
  const o: Options & Record<string, unknown> = { local: 'trust', host: 'trust', byDefault: true };
  const args = sys.argv.slice(1);
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (arg === '-V' || arg === '--version') {
      await sys.write(1, `initdb (PostgreSQL) ${serverVersion}\n`);
      return 0;
    }
    const [, long, given] = /^(--[\w-]+)=(.*)$/s.exec(arg) ?? [];
    const name = long ?? (/^-[A-Za-z]./.test(arg) ? arg.slice(0, 2) : arg);
    const what = valued[name];
    if (what) {
      const value = given ?? (name !== arg ? arg.slice(2) : args.shift());
      if (value === undefined) return problem(sys, `option requires an argument -- '${name.replace(/^-+/, '')}'`);
      if (what === 'auth') Object.assign(o, { local: value, host: value });
      else o[what] = value;
      if (/^--?(A|auth)/.test(name)) o.byDefault = false;
    } else if (plain.has(arg)) continue;
    else if (arg.startsWith('-')) {
      await sys.write(2, `drydock: initdb ${arg} is not simulated\n`);
      return 1;
    } else o.directory = arg;
  }
  if (typeof o.encoding === 'string' && !/^utf-?8$/i.test(o.encoding)) {
    await sys.write(2, `drydock: initdb --encoding=${o.encoding} is not simulated\n`);
    return 1;
  }
  return o;
}

async function problem(sys: Sys, text: string, hint?: string): Promise<number> {
  await sys.write(2, `initdb: error: ${text}\n${hint ? `initdb: hint: ${hint}\n` : ''}`);
  return 1;
}

export const initdbProgram =
  (files: () => PostgresFiles | undefined, hold: () => () => void): Program =>
  async (sys) => {
    const options = await readOptions(sys);
    if (typeof options === 'number') return options;
    if (sys.cred.euid === 0) {
      const hint = 'Please log in (using, e.g., "su") as the (unprivileged) user that will own the server process.';
      return problem(sys, 'cannot be run as root', hint);
    }
    const directory = (options.directory ?? sys.env.PGDATA)?.replace(/(.)\/+$/, '$1');
    if (!directory) {
      const hint =
        'You must identify the directory where the data for this database system will reside.  Do this with either the invocation option -D or the environment variable PGDATA.';
      return problem(sys, 'no data directory specified', hint);
    }
    const loaded = files();
    if (!loaded) {
      await sys.write(2, 'drydock: initdb: this host was started without its assets\n');
      return 126;
    }
    try {
      return await create(sys, loaded, hold, directory, options);
    } catch (error) {
      if (!isErrno(error)) throw error;
      return problem(sys, `could not access directory "${directory}": ${error.message}`);
    }
  };

async function create(
  sys: Sys,
  files: PostgresFiles,
  hold: () => () => void,
  directory: string,
  options: Options,
): Promise<number> {
  const say = (text: string): Promise<void> => sys.write(1, text);
  const owner = [...idsByName(sys, '/etc/passwd')].find(([, id]) => id === sys.cred.euid)?.[0] ?? 'postgres';
  await say(
    `The files belonging to this database system will be owned by user "${owner}".\nThis user must also own the server process.\n\nThe database cluster will be initialized with locale "en_US.UTF-8".\nThe default database encoding has accordingly been set to "UTF8".\nThe default text search configuration will be set to "english".\n\nData page checksums are enabled.\n\n`,
  );
  const present = exists(sys, directory);
  if (listNames(sys, directory).length > 0) {
    return problem(
      sys,
      `directory "${directory}" exists but is not empty`,
      `If you want to create a new database system, either remove or empty the directory "${directory}" or run initdb with an argument other than "${directory}".`,
    );
  }
  await say(
    present ? `fixing permissions on existing directory ${directory} ... ` : `creating directory ${directory} ... `,
  );
  makeDirectories(sys, directory);
  sys.chmod(directory, 0o700);
  const release = hold();
  const cluster = await files.cluster().finally(release);
  await say('ok\ncreating subdirectories ... ');
  placeCluster(sys, cluster, directory);
  await say(
    'ok\nselecting dynamic shared memory implementation ... posix\nselecting default "max_connections" ... 100\nselecting default "shared_buffers" ... 128MB\nselecting default time zone ... UTC\ncreating configuration files ... ',
  );
  configure(sys, directory, options);
  await say('ok\nrunning bootstrap script ... ok\nperforming post-bootstrap initialization ... ');
  const password = options.passwordFile === undefined ? undefined : await firstLine(sys, options.passwordFile);
  const user = options.user ?? owner;
  if (password !== undefined || user !== 'postgres') await setSuperuser(sys, files, hold, directory, user, password);
  await say('ok\nsyncing data to disk ... ok\n\n');
  if (options.byDefault) {
    await sys.write(
      2,
      'initdb: warning: enabling "trust" authentication for local connections\ninitdb: hint: You can change this by editing pg_hba.conf or using the option -A, or --auth-local and --auth-host, the next time you run initdb.\n',
    );
  }
  await say(
    `\nSuccess. You can now start the database server using:\n\n    pg_ctl -D ${directory} -l logfile start\n\n`,
  );
  return 0;
}

/** May be a pipe. */
async function firstLine(sys: Sys, path: string): Promise<string> {
  const fd = await sys.open(path);
  try {
    return (await readToEnd(sys, fd)).split('\n')[0]!;
  } finally {
    sys.close(fd);
  }
}

function configure(sys: Sys, directory: string, { local, host }: Options): void {
  const edit = (name: string, change: (text: string) => string): void =>
    writeText(sys, `${directory}/${name}`, change(readText(sys, `${directory}/${name}`) ?? ''), 0o600);
  edit('pg_hba.conf', (text) =>
    text.replace(
      /^(local|host)(\s.*\s)trust$/gm,
      (_all, kind: string, middle: string) => `${kind}${middle}${kind === 'local' ? local : host}`,
    ),
  );
  // As the sample file of the official image has it.
  edit('postgresql.conf', (text) => text.replace(/^#listen_addresses = 'localhost'/m, "listen_addresses = '*'"));
}

/** The bootstrap superuser keeps its number; its name and password are the caller's. */
async function setSuperuser(
  sys: Sys,
  files: PostgresFiles,
  hold: () => () => void,
  directory: string,
  user: string,
  password: string | undefined,
): Promise<void> {
  const release = hold();
  const code = await files.code().finally(release);
  const none = (): void => undefined;
  const cluster = new Cluster({ sys, code, directory, hold, settings: [], log: none, started: none });
  await cluster.open('postgres');
  await cluster.ask(`UPDATE pg_catalog.pg_authid SET rolname = ${literal(user)} WHERE oid = 10`);
  if (password !== undefined) await cluster.ask(`ALTER ROLE ${identifier(user)} PASSWORD ${literal(password)}`);
  await cluster.close();
}
