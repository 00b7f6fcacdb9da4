/** pg_isready(1). */
import type { Program } from '../../../../kernel/program.ts';
import { serverVersion } from '../config.ts';
import { connectionOptions, type Given, readArguments, targetOptions, UsageError, usage } from './options.ts';
import { ConnectionProblem, readConnectionString, Server, socketDirectory, targetOf } from './server.ts';

const spec = { ...connectionOptions, d: 'dbname=', q: 'quiet', t: 'timeout=', V: 'version' };

export const pgIsready: Program = async (sys) => {
  let given: Given;
  try {
    given = readArguments(sys.argv.slice(1), spec);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return usage(sys, 'pg_isready', error, 3);
  }
  const named = new Map(given.options);
  if (named.has('version')) {
    await sys.write(1, `pg_isready (PostgreSQL) ${serverVersion}\n`);
    return 0;
  }
  const database = named.get('dbname');
  const inString = database === undefined ? undefined : readConnectionString(database);
  const target = targetOf(sys, 'pg_isready', { ...(inString ?? (database && { database })), ...targetOptions(given) });
  const [status, text] = await ask();
  if (!named.has('quiet')) await sys.write(1, `${target.host ?? socketDirectory}:${target.port} - ${text}\n`);
  return status;

  async function ask(): Promise<[status: number, text: string]> {
    try {
      await (await Server.connect(sys, { password: '', ...target })).end();
      return [0, 'accepting connections'];
    } catch (error) {
      if (!(error instanceof ConnectionProblem)) throw error;
      if (!error.answered) return [2, 'no response'];
      return /the database system is (starting up|shutting down)/.test(error.message)
        ? [1, 'rejecting connections']
        : [0, 'accepting connections'];
    }
  }
};
