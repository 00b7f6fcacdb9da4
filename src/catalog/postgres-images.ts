/** postgres of the official library, on bookworm-slim and on alpine. The scripts are our own. */
import { parseRfc3339, programFile, type Timespec } from '../spec/index.ts';
import { seedOf } from './file-content.ts';
import type { Repository, Userland } from './images.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { RootfsTree } from './tree.ts';
import { weigh } from './weight.ts';

type MakeRecipe = (userland: Userland) => Promise<Recipe>;

/** What the server is, whatever the tag says. */
const held = '18.7';
/** Differs from Docker Hub: before the simulated host's clock begins, as all images are. */
const created = '2025-06-10T23:58:13Z';
const at = (): Timespec => ({ ...parseRfc3339(created)!, nsec: 0 });
const fresh = (): RootfsTree => new RootfsTree(at());
const built = (createdBy: string, tree?: RootfsTree): RecipeStep => ({
  createdBy,
  comment: 'buildkit.dockerfile.v0',
  tree,
});

/** Differs from Docker Hub: every tag holds PostgreSQL 18; the container says so when it starts. */
const majors = {
  '18': { version: held, names: ['latest'] },
  '17': { version: '17.6', names: [] },
  '16': { version: '16.10', names: [] },
  '15': { version: '15.14', names: [] },
} as const;
type Major = keyof typeof majors;

const oldData = `Error: in 18+, these Docker images are configured to store database data in a
       format which is compatible with "pg_ctlcluster" (specifically, using
       major-version-specific directory names).  This better reflects how
       PostgreSQL itself works, and how upgrades are to be performed.

       See also https://github.com/docker-library/postgres/pull/1259

       Counter to that, there appears to be PostgreSQL data in:
         $found

       This is usually the result of upgrading the Docker image without
       upgrading the underlying database using "pg_upgrade" (which requires both
       versions).

       The suggested container configuration for 18+ is to place a single mount
       at /var/lib/postgresql which will then place PostgreSQL data in a
       subdirectory, allowing usage of "pg_upgrade --link" without mount point
       boundary issues.

       See https://github.com/docker-library/postgres/issues/37 for a (long)
       discussion around this process, and suggestions for how to do so.`;

const noPassword = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html`;

const trustWarning = `********************************************************************************
WARNING: POSTGRES_HOST_AUTH_METHOD has been set to "trust". This will allow
         anyone with access to the Postgres port to access your database without
         a password, even if POSTGRES_PASSWORD is set. See PostgreSQL
         documentation about "trust":
         https://www.postgresql.org/docs/current/auth-trust.html
         In Docker's default configuration, this is effectively any other
         container on the same system.

         It is not recommended to use POSTGRES_HOST_AUTH_METHOD=trust. Replace
         it with "-e POSTGRES_PASSWORD=password" instead to set a password in
         "docker run".
********************************************************************************`;

const entrypoint = (major: Major): string => `#!/usr/bin/env bash
set -eo pipefail

say() { printf '%s\\n' "$1" >&2; }

# NAME, or what stands in the file that NAME_FILE names
from_file() {
  local name="$1" file="$1_FILE" value="\${2:-}"
  if [ -n "\${!name:-}" ] && [ -n "\${!file:-}" ]; then
    say "error: both $name and $file are set (but are exclusive)"
    exit 1
  fi
  if [ -n "\${!name:-}" ]; then value="\${!name}"; elif [ -n "\${!file:-}" ]; then value="$(cat "\${!file}")"; fi
  export "$name=$value"
  unset "$file"
}

prepare_directories() {
  mkdir -p "$PGDATA"
  chmod 00700 "$PGDATA" || :
  mkdir -p /var/run/postgresql || :
  chmod 03775 /var/run/postgresql || :
  if [ -n "\${POSTGRES_INITDB_WALDIR:-}" ]; then
    say "drydock: POSTGRES_INITDB_WALDIR is not simulated"
    exit 1
  fi
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" \\! -user postgres -exec chown postgres '{}' +
    find /var/run/postgresql \\! -user postgres -exec chown postgres '{}' +
  fi
}

need_password() {
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    say '${noPassword.replaceAll("'", `'"'"'`)}'
    exit 1
  fi
  if [ "$POSTGRES_HOST_AUTH_METHOD" = trust ]; then
    say '${trustWarning.replaceAll("'", `'"'"'`)}'
  fi
}
${
  major === '18'
    ? `
old_databases() {
  local found= d
  for d in /var/lib/postgresql /var/lib/postgresql/data /var/lib/postgresql/*/docker; do
    if [ -s "$d/PG_VERSION" ]; then found="\${found:+$found
         }$d"; fi
  done
  if [ -z "$found" ] && grep -q ' /var/lib/postgresql/data ' /proc/self/mountinfo; then
    found='/var/lib/postgresql/data (unused mount/volume)'
  fi
  if [ -n "$found" ]; then
    say "${oldData.replaceAll('"', '\\"')}"
    exit 1
  fi
}
`
    : ''
}
process_sql() {
  local args=(-v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc)
  if [ -n "$POSTGRES_DB" ]; then args+=(--dbname "$POSTGRES_DB"); fi
  PGHOST= PGHOSTADDR= psql "\${args[@]}" "$@"
}

process_init_files() {
  local f
  printf '\\n'
  for f; do
    case "$f" in
      *.sh)
        if [ -x "$f" ]; then
          printf '%s: running %s\\n' "$0" "$f"
          "$f"
        else
          printf '%s: sourcing %s\\n' "$0" "$f"
          . "$f"
        fi
        ;;
      *.sql) printf '%s: running %s\\n' "$0" "$f"; process_sql -f "$f"; printf '\\n' ;;
      *.sql.gz) printf '%s: running %s\\n' "$0" "$f"; gunzip -c "$f" | process_sql; printf '\\n' ;;
      *) printf '%s: ignoring %s\\n' "$0" "$f" ;;
    esac
    printf '\\n'
  done
}

main() {
  case "\${1:-}" in -*) set -- postgres "$@" ;; esac
  local arg
  for arg; do
    case "$arg" in -'?' | --help | --describe-config | -V | --version) exec "$@" ;; esac
  done
  if [ "\${1:-}" != postgres ]; then exec "$@"; fi

  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  from_file POSTGRES_INITDB_ARGS
  : "\${POSTGRES_HOST_AUTH_METHOD:=}"
  prepare_directories
  if [ "$(id -u)" = 0 ]; then exec gosu postgres "$BASH_SOURCE" "$@"; fi
${major === '18' ? '' : `  say 'drydock: this image of PostgreSQL ${major} holds PostgreSQL ${held}'\n`}
  if [ -s "$PGDATA/PG_VERSION" ]; then
    printf '\\nPostgreSQL Database directory appears to contain a database; Skipping initialization\\n\\n'
    exec "$@"
  fi
${major === '18' ? `  if [ "$PGDATA" = "/var/lib/postgresql/$PG_MAJOR/docker" ]; then old_databases; fi\n` : ''}  need_password
  ls /docker-entrypoint-initdb.d/ > /dev/null
  eval 'initdb --username="$POSTGRES_USER" --pwfile <(printf "%s\\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"
  {
    printf '\\n'
    if [ "$POSTGRES_HOST_AUTH_METHOD" = trust ]; then
      printf '# warning trust is enabled for all connections\\n'
      printf '# see https://www.postgresql.org/docs/17/auth-trust.html\\n'
    fi
    printf 'host all all all %s\\n' "\${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption)}"
  } >> "$PGDATA/pg_hba.conf"

  export PGPASSWORD="\${PGPASSWORD:-$POSTGRES_PASSWORD}"
  shift
  NOTIFY_SOCKET= PGUSER="\${PGUSER:-$POSTGRES_USER}" \\
    pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p \${PGPORT:-5432}\${*:+ $*}" -w start
  if [ -z "$(POSTGRES_DB= process_sql --dbname postgres --set db="$POSTGRES_DB" --tuples-only <<'SQL'
SELECT 1 FROM pg_database WHERE datname = :'db' ;
SQL
)" ]; then
    POSTGRES_DB= process_sql --dbname postgres --set db="$POSTGRES_DB" <<'SQL'
CREATE DATABASE :"db" ;
SQL
    printf '\\n'
  fi
  process_init_files /docker-entrypoint-initdb.d/*
  PGUSER="\${PGUSER:-postgres}" pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  printf '\\nPostgreSQL init process complete; ready for start up.\\n\\n'
  exec postgres "$@"
}

main "$@"
`;

/** In the image's directory of programs; the others of the real one say that they are not simulated. */
const programs = ['postgres', 'initdb', 'pg_ctl', 'psql', 'pg_isready', 'createdb', 'dropdb', 'createuser', 'dropuser'];
const absent = [
  'pg_dump',
  'pg_dumpall',
  'pg_restore',
  'pg_basebackup',
  'pgbench',
  'vacuumdb',
  'reindexdb',
  'pg_upgrade',
];

function server(major: Major, alpine: boolean): RootfsTree {
  const tree = fresh();
  const directory = alpine ? 'usr/local/bin' : `usr/lib/postgresql/${major}/bin`;
  const put = (name: string, stands: string, size: number): void => {
    tree.file(`${directory}/${name}`, programFile(stands, size, seedOf(`postgres:${name}`)), 0o755);
    if (!alpine && name !== 'postgres' && name !== 'initdb' && name !== 'pg_ctl')
      tree.symlink(`usr/bin/${name}`, `../lib/postgresql/${major}/bin/${name}`);
  };
  for (const name of programs) put(name, name, name === 'postgres' ? 9_660_000 : name === 'psql' ? 780_000 : 110_000);
  for (const name of absent) put(name, 'pg_dump', 110_000);
  return weigh(
    tree,
    alpine ? 260_000_000 : 310_000_000,
    alpine ? 'usr/local/lib/postgresql/llvmjit.so' : `usr/lib/postgresql/${major}/lib/llvmjit.so`,
  );
}

function users(below: Recipe, alpine: boolean, id: number): RootfsTree {
  const tree = fresh();
  const append = (path: string, line: string): void => {
    const old = below.steps.findLast((step) => step.tree?.has(path))!.tree!.get(path)!;
    tree.file(path, new TextDecoder().decode(old.content.read(0, old.size)) + line, old.mode, old.uid, old.gid);
  };
  const shell = alpine ? '/bin/sh' : '/bin/bash';
  append('etc/passwd', `postgres:x:${id}:${id}::/var/lib/postgresql:${shell}\n`);
  append('etc/group', `postgres:x:${id}:\n`);
  return tree.directory('var/lib/postgresql', 0o1777, id, id);
}

const postgres =
  (base: MakeRecipe, major: Major, alpine: boolean): MakeRecipe =>
  async (userland) => {
    const below = await base(userland);
    const { version } = majors[major];
    const id = alpine ? 70 : 999;
    const data = major === '18' ? '/var/lib/postgresql/18/docker' : '/var/lib/postgresql/data';
    const volume = major === '18' ? '/var/lib/postgresql' : data;
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const env = [
      `PATH=${path}${alpine ? '' : `:/usr/lib/postgresql/${major}/bin`}`,
      'GOSU_VERSION=1.19',
      'LANG=en_US.utf8',
      `PG_MAJOR=${major}`,
      `PG_VERSION=${version}${alpine ? '' : '-1.pgdg12+1'}`,
      `PGDATA=${data}`,
    ];
    const gosu = fresh().file('usr/local/bin/gosu', programFile('gosu', 2_465_792, seedOf('gosu')), 0o755);
    const tree = server(major, alpine);
    if (alpine && !below.steps.some((step) => step.tree?.has('bin/bash')))
      tree.file('bin/bash', programFile('bash', 760_000, seedOf('bash')), 0o755);
    const scripts = fresh().file('usr/local/bin/docker-entrypoint.sh', entrypoint(major), 0o755);
    const run = (command: string): string => `RUN /bin/sh -c ${command} # buildkit`;
    const dataTree = fresh();
    if (major !== '18') dataTree.directory('var/lib/postgresql/data', 0o1777, id, id);
    return {
      created,
      steps: [
        ...below.steps,
        built(
          run(
            alpine
              ? 'set -eux; \taddgroup -g 70 -S postgres; \tadduser -u 70 -S -D -G postgres -H -h /var/lib/postgresql -s /bin/sh postgres; \tinstall --verbose --directory --owner postgres --group postgres --mode 1777 /var/lib/postgresql'
              : 'set -eux; \tgroupadd -r postgres --gid=999; \tuseradd -r -g postgres --uid=999 --home-dir=/var/lib/postgresql --shell=/bin/bash postgres; \tinstall --verbose --directory --owner postgres --group postgres --mode 1777 /var/lib/postgresql',
          ),
          users(below, alpine, id),
        ),
        built('ENV GOSU_VERSION=1.19'),
        built(run('set -eux; \tchmod +x /usr/local/bin/gosu; \tgosu --version; \tgosu nobody true'), gosu),
        built('ENV LANG=en_US.utf8'),
        built(run('mkdir /docker-entrypoint-initdb.d'), fresh().directory('docker-entrypoint-initdb.d')),
        built(`ENV PG_MAJOR=${major}`),
        built(`ENV PG_VERSION=${env[4]!.slice('PG_VERSION='.length)}`),
        built(
          run(
            alpine
              ? 'set -eux; \twget -O postgresql.tar.bz2 "https://ftp.postgresql.org/pub/source/v$PG_VERSION/postgresql-$PG_VERSION.tar.bz2"; \tmake -j "$(nproc)" world-bin; \tmake install-world-bin; \tpostgres --version'
              : 'set -ex; \tapt-get install -y --no-install-recommends "postgresql-$PG_MAJOR=$PG_VERSION"; \tpostgres --version',
          ),
          tree,
        ),
        built(
          run('install --verbose --directory --owner postgres --group postgres --mode 3777 /var/run/postgresql'),
          alpine
            ? fresh().directory('var/run/postgresql', 0o3777, id, id)
            : fresh().directory('run/postgresql', 0o3777, id, id),
        ),
        built(`ENV PGDATA=${data}`),
        ...(major === '18'
          ? []
          : [
              built(
                run('install --verbose --directory --owner postgres --group postgres --mode 1777 "$PGDATA"'),
                dataTree,
              ),
            ]),
        built(`VOLUME [${volume}]`),
        built('COPY docker-entrypoint.sh docker-ensure-initdb.sh /usr/local/bin/ # buildkit', scripts),
        built('ENTRYPOINT ["docker-entrypoint.sh"]'),
        built('STOPSIGNAL SIGINT'),
        built('EXPOSE map[5432/tcp:{}]'),
        built('CMD ["postgres"]'),
      ],
      config: {
        Env: env,
        ExposedPorts: { '5432/tcp': {} },
        Volumes: { [volume]: {} },
        WorkingDir: '/',
        Entrypoint: ['docker-entrypoint.sh'],
        Cmd: ['postgres'],
        StopSignal: 'SIGINT',
      },
    };
  };

export function postgresTags(debian: MakeRecipe, alpine: MakeRecipe): Repository['tags'] {
  const tags: Repository['tags'] = {};
  for (const [major, { version, names }] of Object.entries(majors) as [Major, (typeof majors)[Major]][]) {
    const onDebian = postgres(debian, major, false);
    const onAlpine = postgres(alpine, major, true);
    for (const tag of [major, version, ...names]) {
      tags[tag] = onDebian;
      if (tag !== 'latest') tags[`${tag}-bookworm`] = onDebian;
      tags[tag === 'latest' ? 'alpine' : `${tag}-alpine`] = onAlpine;
    }
  }
  return tags;
}

/** Differs from Docker Hub: web pages over a database are not simulated; the image is there and says so. */
const standIn =
  (base: MakeRecipe, name: string, port: string): MakeRecipe =>
  async (userland) => {
    const below = await base(userland);
    const script = `#!/bin/sh\necho 'drydock: ${name} is not simulated; psql is: docker exec -it CONTAINER psql -U postgres' >&2\nexit 1\n`;
    return {
      created,
      steps: [
        ...below.steps,
        built('COPY entrypoint.sh / # buildkit', fresh().file('entrypoint.sh', script, 0o755)),
        built(`EXPOSE map[${port}/tcp:{}]`),
        built('ENTRYPOINT ["/entrypoint.sh"]'),
      ],
      config: { ExposedPorts: { [`${port}/tcp`]: {} }, WorkingDir: '/', Entrypoint: ['/entrypoint.sh'] },
    };
  };

export function standInRepositories(alpine: MakeRecipe): Repository[] {
  const adminer = standIn(alpine, 'Adminer', '8080');
  const pgadmin = standIn(alpine, 'pgAdmin', '80');
  return [
    {
      name: 'adminer',
      description: 'Database management in a single PHP file.',
      stars: 818,
      tags: { latest: adminer, '5': adminer, '4': adminer },
    },
    {
      name: 'dpage/pgadmin4',
      description: 'A containerized build of pgAdmin 4 - the leading Open Source tool for PostgreSQL.',
      stars: 2000,
      tags: { latest: pgadmin, '9': pgadmin, '9.14.0': pgadmin, '8': pgadmin },
    },
  ];
}
