/** createdb, dropdb, createuser, dropuser: a statement each. */
import type { Program } from '../../../../kernel/program.ts';
import { identifier, literal } from '../cluster.ts';
import { serverVersion } from '../config.ts';
import { message, readReport, text } from '../wire.ts';
import {
  connectionOptions,
  type Given,
  type OptionSpec,
  readArguments,
  targetOptions,
  UsageError,
  usage,
} from './options.ts';
import { ConnectionProblem, Server, targetOf, userName } from './server.ts';

interface Script {
  name: string;
  spec: OptionSpec;
  more?: readonly string[];
  /** The statement and what a failure begins with. */
  statement(given: Given, user: string): { sql: string; failed: string } | UsageError;
}

const script =
  ({ name, spec, more, statement }: Script): Program =>
  async (sys) => {
    let given: Given;
    try {
      given = readArguments(sys.argv.slice(1), { ...connectionOptions, e: 'echo', V: 'version', ...spec }, [
        ...['maintenance-db=', 'if-exists', 'help'],
        ...(more ?? []),
      ]);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return usage(sys, name, error);
    }
    const named = new Map(given.options);
    if (named.has('version')) {
      await sys.write(1, `${name} (PostgreSQL) ${serverVersion}\n`);
      return 0;
    }
    const database = named.get('maintenance-db') ?? 'postgres';
    const target = targetOf(sys, name, { ...targetOptions(given), database });
    const made = statement(given, target.user || userName(sys));
    if (made instanceof UsageError) return usage(sys, name, made);
    try {
      const server = await Server.connect(sys, target);
      if (named.has('echo')) await sys.write(1, `${made.sql}\n`);
      await server.send(message('Q', text(made.sql)));
      let failed: Map<string, string> | undefined;
      for (let one = await server.next(); one && one.type !== 'Z'; one = await server.next())
        if (one.type === 'E') failed = readReport(one.body);
      await server.end();
      if (!failed) return 0;
      const detail = failed.has('D') ? `\nDETAIL:  ${failed.get('D')}` : '';
      await sys.write(2, `${name}: error: ${made.failed}: ${failed.get('S')}:  ${failed.get('M')}${detail}\n`);
      return 1;
    } catch (error) {
      if (!(error instanceof ConnectionProblem)) throw error;
      await sys.write(2, `${name}: error: ${error.message}\n`);
      return 1;
    }
  };

const needed = (operands: readonly string[], what: string): string | UsageError =>
  operands[0] ?? new UsageError(`error: missing required argument ${what}`);

export const createdb = script({
  name: 'createdb',
  spec: { O: 'owner=', E: 'encoding=', T: 'template=', l: 'locale=' },
  statement({ options, operands }, user) {
    const named = new Map(options);
    const database = operands[0] ?? user;
    const owner = named.has('owner') ? ` OWNER ${identifier(named.get('owner')!)}` : '';
    const encoding = named.has('encoding') ? ` ENCODING ${literal(named.get('encoding')!)}` : '';
    const template = named.has('template') ? ` TEMPLATE ${identifier(named.get('template')!)}` : '';
    const sql = `CREATE DATABASE ${identifier(database)}${owner}${encoding}${template};`;
    return { sql, failed: 'database creation failed' };
  },
});

export const dropdb = script({
  name: 'dropdb',
  spec: { f: 'force', i: 'interactive' },
  statement({ options, operands }) {
    const database = needed(operands, 'database name');
    if (database instanceof UsageError) return database;
    const named = new Map(options);
    const sql = `DROP DATABASE ${named.has('if-exists') ? 'IF EXISTS ' : ''}${identifier(database)}${named.has('force') ? ' WITH (FORCE)' : ''};`;
    return { sql, failed: 'database removal failed' };
  },
});

export const createuser = script({
  name: 'createuser',
  spec: {
    s: 'superuser',
    S: 'no-superuser',
    d: 'createdb',
    D: 'no-createdb',
    r: 'createrole',
    R: 'no-createrole',
    l: 'login',
    L: 'no-login',
  },
  statement({ options, operands }, user) {
    const named = new Map(options);
    const flag = (name: string, word: string): string => `${named.has(name) ? '' : 'NO'}${word}`;
    const words = [flag('superuser', 'SUPERUSER'), flag('createdb', 'CREATEDB'), flag('createrole', 'CREATEROLE')];
    const sql = `CREATE ROLE ${identifier(operands[0] ?? user)} ${words.join(' ')} INHERIT ${named.has('no-login') ? 'NOLOGIN' : 'LOGIN'} NOREPLICATION NOBYPASSRLS;`;
    return { sql, failed: 'creation of new role failed' };
  },
});

export const dropuser = script({
  name: 'dropuser',
  spec: { i: 'interactive' },
  statement({ options, operands }) {
    const role = needed(operands, 'role name');
    if (role instanceof UsageError) return role;
    const sql = `DROP ROLE ${new Map(options).has('if-exists') ? 'IF EXISTS ' : ''}${identifier(role)};`;
    return { sql, failed: `removal of role "${role}" failed` };
  },
});

/** pg_dump, pg_restore and what else the real image has. */
export const notSimulated: Program = async (sys) => {
  const name = sys.argv[0]!.slice(sys.argv[0]!.lastIndexOf('/') + 1);
  await sys.write(2, `drydock: ${name} is not simulated\n`);
  return 1;
};
