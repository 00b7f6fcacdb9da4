/** \d and its kin: questions to the catalogue, printed as psql 18 prints them (describe.c). */
import { literal } from '../cluster.ts';
import type { Session } from './session.ts';
import type { Table } from './table.ts';

/** psql's pattern language: `*` and `?`, a dot between schema and name, quotes keep case. */
function patternCondition(
  pattern: string | undefined,
  schema: string,
  names: readonly string[],
  visible: string,
): string {
  if (pattern === undefined) return visible && ` AND ${visible}`;
  const parts: string[] = [''];
  let open = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === '"') open = !open;
    else if (open) parts[parts.length - 1] += char.replace(/[|*+?()[\]{}.^$\\]/, '\\$&');
    else if (char === '.') parts.push('');
    else if (char === '*') parts[parts.length - 1] += '.*';
    else if (char === '?') parts[parts.length - 1] += '.';
    else parts[parts.length - 1] += char === '$' ? '\\$' : char.toLowerCase();
  }
  const match = (column: string, part: string): string =>
    `${column} OPERATOR(pg_catalog.~) ${literal(`^(${part})$`)} COLLATE pg_catalog.default`;
  const name = parts.pop()!;
  const own = name === '.*' ? '' : ` AND (${names.map((column) => match(column, name)).join(' OR ')})`;
  const inSchema = parts.pop();
  if (inSchema === undefined) return own + (visible && ` AND ${visible}`);
  return own + (schema === '' || inSchema === '.*' ? '' : ` AND ${match(schema, inSchema)}`);
}

/** Runs a question of psql's own; undefined when it failed (which was told). */
async function rowsOf(
  session: Session,
  query: string,
): Promise<{ columns: string[]; rows: (string | null)[][] } | undefined> {
  const { results, error } = await session.ask(query);
  const result = results.at(-1);
  if (error || !result) return undefined;
  return { columns: result.columns.map(({ name }) => name), rows: result.rows };
}

async function list(session: Session, query: string, title: string, extra: Partial<Table> = {}): Promise<boolean> {
  const found = await rowsOf(session, query);
  if (!found) return false;
  const right = found.columns.map(() => false);
  await session.print({ ...found, right, title, ...extra });
  return true;
}

export const listDatabases = (session: Session, pattern: string | undefined, more: boolean): Promise<boolean> =>
  list(
    session,
    `SELECT d.datname AS "Name", pg_catalog.pg_get_userbyid(d.datdba) AS "Owner",
  pg_catalog.pg_encoding_to_char(d.encoding) AS "Encoding",
  CASE d.datlocprovider WHEN 'b' THEN 'builtin' WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' END AS "Locale Provider",
  d.datcollate AS "Collate", d.datctype AS "Ctype", d.datlocale AS "Locale", d.daticurules AS "ICU Rules",
  CASE WHEN pg_catalog.array_length(d.datacl, 1) = 0 THEN '(none)' ELSE pg_catalog.array_to_string(d.datacl, E'\\n') END AS "Access privileges"${
    more
      ? `, CASE WHEN pg_catalog.has_database_privilege(d.datname, 'CONNECT') THEN pg_catalog.pg_size_pretty(pg_catalog.pg_database_size(d.datname)) ELSE 'No Access' END AS "Size",
  t.spcname AS "Tablespace", pg_catalog.shobj_description(d.oid, 'pg_database') AS "Description"`
      : ''
  } FROM pg_catalog.pg_database d${more ? ' JOIN pg_catalog.pg_tablespace t ON d.dattablespace = t.oid' : ''}
WHERE true${patternCondition(pattern, '', ['d.datname'], '')} ORDER BY 1`,
    'List of databases',
  );

const kinds: Readonly<Record<string, { relkinds: string; title: string; none: string }>> = {
  t: { relkinds: "'r','p'", title: 'tables', none: 'tables' },
  v: { relkinds: "'v'", title: 'views', none: 'views' },
  m: { relkinds: "'m'", title: 'materialized views', none: 'materialized views' },
  i: { relkinds: "'i','I'", title: 'indexes', none: 'indexes' },
  s: { relkinds: "'S'", title: 'sequences', none: 'sequences' },
  E: { relkinds: "'f'", title: 'foreign tables', none: 'foreign tables' },
};

export async function listRelations(
  session: Session,
  letters: string,
  pattern: string | undefined,
  more: boolean,
  system: boolean,
): Promise<boolean> {
  const wanted = [...new Set(letters || 'tvms')].map((letter) => kinds[letter]!);
  const one = letters.length === 1 ? wanted[0] : undefined;
  const index = letters.includes('i');
  const hidden =
    system || pattern !== undefined
      ? ''
      : " AND n.nspname <> 'pg_catalog' AND n.nspname !~ '^pg_toast' AND n.nspname <> 'information_schema'";
  const query = `SELECT n.nspname AS "Schema", c.relname AS "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index'
    WHEN 'S' THEN 'sequence' WHEN 't' THEN 'TOAST table' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table'
    WHEN 'I' THEN 'partitioned index' END AS "Type",
  pg_catalog.pg_get_userbyid(c.relowner) AS "Owner"${index ? ', c2.relname AS "Table"' : ''}${
    more
      ? `, CASE c.relpersistence WHEN 'p' THEN 'permanent' WHEN 't' THEN 'temporary' WHEN 'u' THEN 'unlogged' END AS "Persistence",
  ${/[tmiE]|^$/.test(letters) ? 'am.amname AS "Access method", ' : ''}pg_catalog.pg_size_pretty(pg_catalog.pg_table_size(c.oid)) AS "Size",
  pg_catalog.obj_description(c.oid, 'pg_class') AS "Description"`
      : ''
  } FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam${
    index
      ? ' LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_catalog.pg_class c2 ON i.indrelid = c2.oid'
      : ''
  } WHERE c.relkind IN (${wanted.map(({ relkinds }) => relkinds).join()})${hidden}${patternCondition(pattern, 'n.nspname', ['c.relname'], 'pg_catalog.pg_table_is_visible(c.oid)')}
ORDER BY 1,2`;
  const found = await rowsOf(session, query);
  if (!found) return false;
  if (found.rows.length === 0 && !session.quiet) {
    const what = one?.none ?? 'relations';
    await session.complain(
      pattern === undefined ? `Did not find any ${what}.\n` : `Did not find any ${what} named "${pattern}".\n`,
    );
    return true;
  }
  await session.print({
    ...found,
    right: found.columns.map(() => false),
    title: `List of ${one?.title ?? 'relations'}`,
  });
  return true;
}

export async function listRoles(session: Session, pattern: string | undefined, more: boolean): Promise<boolean> {
  const found = await rowsOf(
    session,
    `SELECT r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolconnlimit, r.rolvaliduntil,
  r.rolreplication, r.rolbypassrls, pg_catalog.shobj_description(r.oid, 'pg_authid')
FROM pg_catalog.pg_roles r WHERE ${pattern === undefined ? "r.rolname !~ '^pg_'" : 'true'}${patternCondition(pattern, '', ['r.rolname'], '')} ORDER BY 1`,
  );
  if (!found) return false;
  const rows = found.rows.map((row) => {
    const is = (i: number): boolean => row[i] === 't';
    const limit = Number(row[6]);
    const words = [
      is(1) && 'Superuser',
      !is(2) && 'No inheritance',
      is(3) && 'Create role',
      is(4) && 'Create DB',
      !is(5) && 'Cannot login',
      is(8) && 'Replication',
      is(9) && 'Bypass RLS',
    ].filter(Boolean);
    let attributes = words.join(', ');
    const add = (line: string): void => {
      attributes += `${attributes ? '\n' : ''}${line}`;
    };
    if (limit === 0) add('No connections');
    else if (limit > 0) add(`${limit} connection${limit === 1 ? '' : 's'}`);
    if (row[7] !== null) add(`Password valid until ${row[7]}`);
    return [row[0]!, attributes, ...(more ? [row[10]!] : [])];
  });
  const columns = ['Role name', 'Attributes', ...(more ? ['Description'] : [])];
  await session.print({ columns, right: columns.map(() => false), rows, title: 'List of roles', footers: [] });
  return true;
}

export const listSchemas = (session: Session, pattern: string | undefined, more: boolean): Promise<boolean> =>
  list(
    session,
    `SELECT n.nspname AS "Name", pg_catalog.pg_get_userbyid(n.nspowner) AS "Owner"${
      more
        ? `, pg_catalog.array_to_string(n.nspacl, E'\\n') AS "Access privileges", pg_catalog.obj_description(n.oid, 'pg_namespace') AS "Description"`
        : ''
    } FROM pg_catalog.pg_namespace n WHERE ${pattern === undefined ? "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'" : 'true'}${patternCondition(pattern, '', ['n.nspname'], '')} ORDER BY 1`,
    'List of schemas',
  );

export const listFunctions = (session: Session, pattern: string | undefined): Promise<boolean> =>
  list(
    session,
    `SELECT n.nspname AS "Schema", p.proname AS "Name", pg_catalog.pg_get_function_result(p.oid) AS "Result data type",
  pg_catalog.pg_get_function_arguments(p.oid) AS "Argument data types",
  CASE p.prokind WHEN 'a' THEN 'agg' WHEN 'w' THEN 'window' WHEN 'p' THEN 'proc' ELSE 'func' END AS "Type"
FROM pg_catalog.pg_proc p LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE true${patternCondition(pattern, 'n.nspname', ['p.proname'], 'pg_catalog.pg_function_is_visible(p.oid)')}${
      pattern === undefined ? " AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema'" : ''
    } ORDER BY 1, 2, 4`,
    'List of functions',
  );

export const listExtensions = (session: Session, pattern: string | undefined): Promise<boolean> =>
  list(
    session,
    `SELECT e.extname AS "Name", e.extversion AS "Version", ae.default_version AS "Default version", n.nspname AS "Schema", d.description AS "Description"
FROM pg_catalog.pg_extension e LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
  LEFT JOIN pg_catalog.pg_description d ON d.objoid = e.oid AND d.classoid = 'pg_catalog.pg_extension'::pg_catalog.regclass
  LEFT JOIN pg_catalog.pg_available_extensions() ae(name, default_version, comment) ON ae.name = e.extname
WHERE true${patternCondition(pattern, '', ['e.extname'], '')} ORDER BY 1`,
    'List of installed extensions',
  );

export const listPrivileges = (session: Session, pattern: string | undefined): Promise<boolean> =>
  list(
    session,
    `SELECT n.nspname AS "Schema", c.relname AS "Name",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' WHEN 'p' THEN 'partitioned table' END AS "Type",
  CASE WHEN pg_catalog.array_length(c.relacl, 1) = 0 THEN '(none)' ELSE pg_catalog.array_to_string(c.relacl, E'\\n') END AS "Access privileges",
  pg_catalog.array_to_string(ARRAY(SELECT attname || E':\\n  ' || pg_catalog.array_to_string(attacl, E'\\n  ')
    FROM pg_catalog.pg_attribute a WHERE attrelid = c.oid AND NOT attisdropped AND attacl IS NOT NULL), E'\\n') AS "Column privileges",
  pg_catalog.array_to_string(ARRAY(SELECT polname FROM pg_catalog.pg_policy pol WHERE polrelid = c.oid), E'\\n') AS "Policies"
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r','v','m','S','f','p')${patternCondition(pattern, 'n.nspname', ['c.relname'], 'pg_catalog.pg_table_is_visible(c.oid)')}${
      pattern === undefined ? " AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'" : ''
    } ORDER BY 1, 2`,
    'Access privileges',
  );

export const listTypes = (session: Session, pattern: string | undefined): Promise<boolean> =>
  list(
    session,
    `SELECT n.nspname AS "Schema", pg_catalog.format_type(t.oid, NULL) AS "Name", pg_catalog.obj_description(t.oid, 'pg_type') AS "Description"
FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid))
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type el WHERE el.oid = t.typelem AND el.typarray = t.oid)${patternCondition(
    pattern,
    'n.nspname',
    ['t.typname', 'pg_catalog.format_type(t.oid, NULL)'],
    'pg_catalog.pg_type_is_visible(t.oid)',
  )}${pattern === undefined ? " AND n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema'" : ''} ORDER BY 1, 2`,
    'List of data types',
  );

export async function connectionInfo(session: Session): Promise<boolean> {
  const { server } = session;
  if (!server) {
    await session.out('You are currently not connected to a database.\n');
    return true;
  }
  const { target, parameters } = server;
  const local = target.host === undefined || target.host.startsWith('/');
  const rows: [string, string][] = [
    ['Database', target.database],
    ['Client User', target.user],
    ...(local
      ? ([['Socket Directory', target.host ?? '/var/run/postgresql']] as [string, string][])
      : ([
          ['Host', target.host!],
          ...(server.address !== target.host ? [['Host Address', server.address!] as [string, string]] : []),
        ] as [string, string][])),
    ['Server Port', String(target.port)],
    ['Options', ''],
    ['Protocol Version', '3.0'],
    ['Password Used', String(server.passwordUsed)],
    ['GSSAPI Authenticated', 'false'],
    ['Backend PID', String(server.pid)],
    ['SSL Connection', 'false'],
    ['Superuser', parameters.get('is_superuser') ?? 'unknown'],
    ['Hot Standby', parameters.get('in_hot_standby') ?? 'unknown'],
  ];
  await session.print({
    columns: ['Parameter', 'Value'],
    right: [false, false],
    rows,
    title: 'Connection Information',
  });
  return true;
}

/** \d NAME: every relation that fits. */
export async function describe(session: Session, pattern: string, more: boolean): Promise<boolean> {
  const found = await rowsOf(
    session,
    `SELECT c.oid, n.nspname, c.relname, c.relkind, am.amname, c.relhastriggers, c.relpersistence, c.relispartition, c.relrowsecurity
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
WHERE true${patternCondition(pattern, 'n.nspname', ['c.relname'], 'pg_catalog.pg_table_is_visible(c.oid)')} ORDER BY 2, 3`,
  );
  if (!found) return false;
  if (found.rows.length === 0) {
    await session.complain(`Did not find any relation named "${pattern}".\n`);
    return false;
  }
  for (const row of found.rows) if (!(await describeOne(session, row as string[], more))) return false;
  return true;
}

const kindNames: Readonly<Record<string, string>> = {
  ...{ r: 'Table', v: 'View', m: 'Materialized view', i: 'Index', I: 'Partitioned index', S: 'Sequence' },
  ...{ t: 'TOAST table', c: 'Composite type', f: 'Foreign table', p: 'Partitioned table' },
};

async function describeOne(session: Session, row: readonly string[], more: boolean): Promise<boolean> {
  const [oid, schema, name, kind, method, , persistence] = row;
  if (kind === 'S') return describeSequence(session, oid!, `${schema}.${name}`);
  const unlogged = persistence === 'u' ? 'Unlogged ' : '';
  const word = kindNames[kind!] ?? '?';
  const title = `${unlogged}${unlogged ? word.toLowerCase() : word} "${schema}.${name}"`;
  if (kind === 'i' || kind === 'I') return describeIndex(session, oid!, title, more);
  const attributes = await rowsOf(
    session,
    `SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
  (SELECT c.collname FROM pg_catalog.pg_collation c, pg_catalog.pg_type t WHERE c.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation),
  CASE WHEN a.attnotnull THEN 'not null' ELSE '' END,
  CASE WHEN a.attidentity = 'a' THEN 'generated always as identity' WHEN a.attidentity = 'd' THEN 'generated by default as identity'
    WHEN a.attgenerated = 's' THEN 'generated always as (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) || ') stored'
    WHEN a.attgenerated = 'v' THEN 'generated always as (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) || ')'
    ELSE coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid, true), '') END,
  CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' WHEN 'e' THEN 'external' END,
  CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE a.attcompression::text END,
  CASE WHEN a.attstattarget = -1 THEN NULL ELSE a.attstattarget END, pg_catalog.col_description(a.attrelid, a.attnum)
FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ${oid} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  );
  if (!attributes) return false;
  const plainKinds = kind === 'r' || kind === 'p' || kind === 'm' || kind === 'f';
  const columns = ['Column', 'Type', 'Collation', 'Nullable', 'Default'];
  if (more) columns.push('Storage', ...(plainKinds ? ['Compression', 'Stats target'] : []), 'Description');
  const rows = attributes.rows.map((one) => [
    ...one.slice(0, 5).map((value) => value ?? ''),
    ...(more ? [one[5]!, ...(plainKinds ? [one[6] ?? '', one[7] ?? ''] : []), one[8] ?? ''] : []),
  ]);
  const footers =
    kind === 'v' ? await viewFooters(session, oid!, more) : await tableFooters(session, oid!, kind!, more);
  if (more && method) footers.push(`Access method: ${method}`);
  await session.print({ columns, right: columns.map(() => false), rows, title, footers });
  return true;
}

async function viewFooters(session: Session, oid: string, more: boolean): Promise<string[]> {
  if (!more) return [];
  const found = await rowsOf(session, `SELECT pg_catalog.pg_get_viewdef(${oid}::pg_catalog.oid, true)`);
  return found ? ['View definition:', ...found.rows[0]![0]!.split('\n')] : [];
}

async function section(session: Session, title: string, query: string): Promise<string[]> {
  const found = await rowsOf(session, query);
  return found && found.rows.length > 0 ? [title, ...found.rows.map(([line]) => `    ${line}`)] : [];
}

async function tableFooters(session: Session, oid: string, kind: string, more: boolean): Promise<string[]> {
  const one = async (query: string): Promise<string[]> =>
    (await rowsOf(session, query))?.rows.map(([line]) => line!) ?? [];
  return [
    ...(await one(
      `SELECT 'Partition of: ' || inhparent::pg_catalog.regclass || ' ' || pg_catalog.pg_get_expr(c.relpartbound, c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_inherits i ON c.oid = inhrelid WHERE c.oid = ${oid} AND c.relispartition`,
    )),
    ...(kind === 'p'
      ? await one(`SELECT 'Partition key: ' || pg_catalog.pg_get_partkeydef(${oid}::pg_catalog.oid)`)
      : []),
    ...(await section(
      session,
      'Indexes:',
      `SELECT '"' || c2.relname || '"' ||
  CASE WHEN con.contype = 'x' THEN ' ' || pg_catalog.pg_get_constraintdef(con.oid, true) ELSE
  CASE WHEN i.indisprimary THEN ' PRIMARY KEY,' WHEN i.indisunique AND con.contype = 'u' THEN ' UNIQUE CONSTRAINT,' WHEN i.indisunique THEN ' UNIQUE,' ELSE '' END ||
  regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid, 0, true), '^.*? USING ', ' ') END ||
  CASE WHEN con.condeferrable THEN ' DEFERRABLE' ELSE '' END || CASE WHEN con.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END ||
  CASE WHEN i.indisclustered THEN ' CLUSTER' ELSE '' END || CASE WHEN NOT i.indisvalid THEN ' INVALID' ELSE '' END ||
  CASE WHEN i.indisreplident THEN ' REPLICA IDENTITY' ELSE '' END
FROM pg_catalog.pg_class c, pg_catalog.pg_class c2, pg_catalog.pg_index i
  LEFT JOIN pg_catalog.pg_constraint con ON conrelid = i.indrelid AND conindid = i.indexrelid AND contype IN ('p','u','x')
WHERE c.oid = ${oid} AND c.oid = i.indrelid AND i.indexrelid = c2.oid ORDER BY i.indisprimary DESC, c2.relname`,
    )),
    ...(await section(
      session,
      'Check constraints:',
      `SELECT '"' || r.conname || '" ' || pg_catalog.pg_get_constraintdef(r.oid, true) FROM pg_catalog.pg_constraint r WHERE r.conrelid = ${oid} AND r.contype = 'c' ORDER BY r.conname`,
    )),
    ...(await section(
      session,
      'Foreign-key constraints:',
      `SELECT '"' || conname || '" ' || pg_catalog.pg_get_constraintdef(oid, true) FROM pg_catalog.pg_constraint WHERE conrelid = ${oid} AND contype = 'f' AND conparentid = 0 ORDER BY conname`,
    )),
    ...(await section(
      session,
      'Referenced by:',
      `SELECT 'TABLE "' || replace(conrelid::pg_catalog.regclass::pg_catalog.text, '.', '"."') || '" CONSTRAINT "' || conname || '" ' || pg_catalog.pg_get_constraintdef(oid, true) FROM pg_catalog.pg_constraint WHERE confrelid = ${oid} AND contype = 'f' AND conparentid = 0 ORDER BY conname`,
    )),
    ...(more
      ? await section(
          session,
          'Not-null constraints:',
          `SELECT '"' || co.conname || '" NOT NULL "' || at.attname || '"' || CASE WHEN co.connoinherit THEN ' NO INHERIT' WHEN co.conislocal THEN '' ELSE ' (inherited)' END
FROM pg_catalog.pg_constraint co JOIN pg_catalog.pg_attribute at ON at.attnum = co.conkey[1] AND at.attrelid = co.conrelid
WHERE co.contype = 'n' AND co.conrelid = ${oid} ORDER BY at.attnum`,
        )
      : []),
    ...(await section(
      session,
      'Triggers:',
      `SELECT regexp_replace(pg_catalog.pg_get_triggerdef(t.oid, true), '^.*? TRIGGER ', '') FROM pg_catalog.pg_trigger t WHERE t.tgrelid = ${oid} AND NOT t.tgisinternal ORDER BY t.tgname`,
    )),
    ...(kind === 'p'
      ? await one(
          `SELECT 'Number of partitions: ' || count(*) || CASE WHEN count(*) > 0 THEN ' (Use \\d+ to list them.)' ELSE '' END FROM pg_catalog.pg_inherits WHERE inhparent = ${oid}`,
        )
      : []),
  ];
}

async function describeIndex(session: Session, oid: string, title: string, more: boolean): Promise<boolean> {
  const found = await rowsOf(
    session,
    `SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnum <= i.indnkeyatts THEN 'yes' ELSE 'no' END,
  pg_catalog.pg_get_indexdef(a.attrelid, a.attnum, true),
  CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' WHEN 'e' THEN 'external' END
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_index i ON i.indexrelid = a.attrelid WHERE a.attrelid = ${oid} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  );
  const facts = await rowsOf(
    session,
    `SELECT i.indisprimary, i.indisunique, a.amname, n.nspname || '.' || c2.relname, pg_catalog.pg_get_expr(i.indpred, i.indrelid, true), i.indisvalid
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class c2 ON c2.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c2.relnamespace JOIN pg_catalog.pg_am a ON a.oid = c.relam WHERE i.indexrelid = ${oid}`,
  );
  if (!found || !facts) return false;
  const [primary, unique, method, table, predicate, valid] = facts.rows[0]!;
  const kind = primary === 't' ? 'primary key, ' : unique === 't' ? 'unique, ' : '';
  const where = predicate === null ? '' : `, predicate (${predicate})`;
  const footer = `${kind}${method}, for table "${table}"${where}${valid === 't' ? '' : ', invalid'}`;
  const columns = ['Column', 'Type', 'Key?', 'Definition', ...(more ? ['Storage', 'Stats target'] : [])];
  const rows = found.rows.map((row) => [...row.slice(0, 4), ...(more ? [row[4]!, ''] : [])]);
  await session.print({ columns, right: columns.map(() => false), rows, title, footers: [footer] });
  return true;
}

async function describeSequence(session: Session, oid: string, name: string): Promise<boolean> {
  const found = await rowsOf(
    session,
    `SELECT pg_catalog.format_type(seqtypid, NULL) AS "Type", seqstart AS "Start", seqmin AS "Minimum", seqmax AS "Maximum", seqincrement AS "Increment",
  CASE WHEN seqcycle THEN 'yes' ELSE 'no' END AS "Cycles?", seqcache AS "Cache" FROM pg_catalog.pg_sequence WHERE seqrelid = ${oid}`,
  );
  const owner = await rowsOf(
    session,
    `SELECT n.nspname || '.' || c.relname || '.' || a.attname, d.deptype FROM pg_catalog.pg_class c JOIN pg_catalog.pg_depend d ON c.oid = d.refobjid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = ${oid} AND d.deptype IN ('a','i')`,
  );
  if (!found || !owner) return false;
  const footers = owner.rows.map(([column, type]) =>
    type === 'a' ? `Owned by: ${column}` : `Sequence for identity column: ${column}`,
  );
  const right = [false, true, true, true, true, false, true];
  await session.print({ ...found, right, title: `Sequence "${name}"`, footers });
  return true;
}
