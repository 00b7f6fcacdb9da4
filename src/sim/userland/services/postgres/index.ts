/** PostgreSQL: the server is PostgreSQL itself (PGlite, as WebAssembly), loaded when first run; the clients are ours. */
import type { Assets } from '../../../../port/index.ts';
import type { LazyProgram, Program } from '../../../kernel/program.ts';

/** `hold` stops the host's clock, until what it gives is called: the server's code is loaded in no time of the host. */
export function postgresPrograms(
  assets: Assets | undefined,
  hold: () => () => void = () => () => {},
): ReadonlyMap<string, LazyProgram> {
  const files = async () => {
    const { postgresFiles } = await import('./files.ts');
    return () => assets && postgresFiles(assets);
  };
  const client = (load: () => Promise<Program>): LazyProgram => ({ load });
  return new Map<string, LazyProgram>([
    ['postgres', { load: async () => (await import('./postgres.ts')).postgresProgram(await files(), hold) }],
    ['initdb', { load: async () => (await import('./initdb.ts')).initdbProgram(await files(), hold) }],
    ['pg_ctl', client(async () => (await import('./pg-ctl.ts')).pgCtl)],
    ['pg_isready', client(async () => (await import('./client/pg-isready.ts')).pgIsready)],
    ['psql', client(async () => (await import('./psql/psql.ts')).psql)],
    ['createdb', client(async () => (await import('./client/scripts.ts')).createdb)],
    ['dropdb', client(async () => (await import('./client/scripts.ts')).dropdb)],
    ['createuser', client(async () => (await import('./client/scripts.ts')).createuser)],
    ['dropuser', client(async () => (await import('./client/scripts.ts')).dropuser)],
    ['pg_wrapper', client(async () => (await import('./client/wrapper.ts')).pgWrapper)],
    ['pg_dump', client(async () => (await import('./client/scripts.ts')).notSimulated)],
  ]);
}

const clients = 'psql pg_isready createdb dropdb createuser dropuser'.split(' ');
const absent = 'pg_dump pg_dumpall pg_restore pg_basebackup vacuumdb reindexdb clusterdb'.split(' ');

/** Path in a Debian system -> program: of packages postgresql-client-NN and postgresql-client-common. */
export const postgresProgramPaths: Readonly<Record<string, string>> = Object.fromEntries([
  ['/usr/share/postgresql-common/pg_wrapper', 'pg_wrapper'],
  ...['14', '15', '16', '17', '18'].flatMap((major) => [
    ...clients.map((name) => [`/usr/lib/postgresql/${major}/bin/${name}`, name]),
    ...absent.map((name) => [`/usr/lib/postgresql/${major}/bin/${name}`, 'pg_dump']),
  ]),
]);
