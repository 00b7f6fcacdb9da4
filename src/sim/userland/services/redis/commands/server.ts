/** The server itself: INFO, CONFIG, SAVE, FLUSHALL, SHUTDOWN. */
import { type CommandTable, command, writes } from '../command.ts';
import { globTest } from '../database.ts';
import { Failure, ok, Pairs, Simple, Verbatim } from '../resp.ts';
import type { RedisServer } from '../server.ts';

/** INFO's sections, with what there is to say of this server. */
function info(server: RedisServer, wanted: readonly string[]): string {
  const up = Math.floor((server.now() - server.started) / 1000);
  const keyspace = server.databases.flatMap((db, i) => {
    const count = db.keys().length;
    return count === 0 ? [] : [`db${i}:keys=${count},expires=${db.withDeadline},avg_ttl=0`];
  });
  const sections: Record<string, string[]> = {
    Server: [
      `redis_version:${server.version}`,
      'redis_mode:standalone',
      `os:${server.os}`,
      'arch_bits:64',
      `process_id:${server.pid}`,
      `tcp_port:${server.config.get('port')}`,
      `uptime_in_seconds:${up}`,
      `uptime_in_days:${Math.floor(up / 86400)}`,
      `config_file:${server.configFile}`,
    ],
    Clients: [`connected_clients:${server.sessions.size}`],
    Persistence: [
      'loading:0',
      `rdb_changes_since_last_save:${server.dirty}`,
      'rdb_bgsave_in_progress:0',
      `rdb_last_save_time:${Math.floor(server.lastSave / 1000)}`,
      'rdb_last_bgsave_status:ok',
      `aof_enabled:${server.config.get('appendonly') === 'yes' ? 1 : 0}`,
    ],
    Stats: [
      `total_connections_received:${server.connections}`,
      `total_commands_processed:${server.commandsProcessed}`,
      `expired_keys:${server.databases.reduce((sum, db) => sum + db.expired, 0)}`,
    ],
    Replication: ['role:master', 'connected_slaves:0'],
    Keyspace: keyspace,
  };
  const all = wanted.length === 0 || wanted.some((one) => /^(all|default|everything)$/i.test(one));
  return Object.entries(sections)
    .filter(([name]) => all || wanted.some((one) => one.toLowerCase() === name.toLowerCase()))
    .map(([name, lines]) => `# ${name}\r\n${lines.map((line) => `${line}\r\n`).join('')}`)
    .join('\r\n');
}

const settable = new Set(['save', 'requirepass', 'dbfilename', 'dir', 'timeout', 'loglevel', 'maxclients']);

export const serverCommands: CommandTable = {
  dbsize: command(1, ({ db }) => db.keys().length),
  flushdb: writes(-1, ({ db }) => {
    db.clear();
    return ok;
  }),
  flushall: writes(-1, async ({ session }) => {
    for (const db of session.server.databases) db.clear();
    return ok;
  }),
  info: command(-1, ({ session, args }) => new Verbatim(info(session.server, args))),
  time: command(1, ({ session }) => {
    const now = session.server.now();
    return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
  }),
  lastsave: command(1, ({ session }) => Math.floor(session.server.lastSave / 1000)),
  command: command(-1, ({ args }) => {
    // redis-cli asks for COMMAND DOCS when it begins; without them it gives no hints.
    if (/^docs$/i.test(args[0] ?? '')) return new Pairs([]);
    throw new Failure('ERR drydock: COMMAND is not simulated');
  }),
  config: command(-2, ({ session, args }) => {
    const { config } = session.server;
    const [what = '', ...rest] = args;
    if (/^get$/i.test(what) && rest.length > 0) {
      return new Pairs([...config].filter(([name]) => rest.some((one) => globTest(one.toLowerCase())(name))).flat());
    }
    if (/^resetstat$/i.test(what)) return ok;
    if (!/^set$/i.test(what) || rest.length !== 2) {
      throw new Failure(`ERR unknown subcommand or wrong number of arguments for '${what}'. Try CONFIG HELP.`);
    }
    const name = rest[0]!.toLowerCase();
    if (!config.has(name)) {
      throw new Failure(`ERR Unknown option or number of arguments for CONFIG SET - '${rest[0]}'`);
    }
    if (!settable.has(name)) throw new Failure(`ERR drydock: CONFIG SET ${name} is not simulated`);
    config.set(name, rest[1]!);
    return ok;
  }),
  save: command(1, async ({ session }) => {
    if (!(await session.server.save())) throw new Failure('ERR');
    return ok;
  }),
  bgsave: command(-1, async ({ session }) => {
    await session.server.backgroundSave();
    return new Simple('Background saving started');
  }),
  shutdown: command(-1, async ({ session, args }) => {
    await session.server.log('User requested shutdown...', 'notice');
    await session.server.shutdown(
      !args.some((one) => /^nosave$/i.test(one)),
      args.some((one) => /^save$/i.test(one)),
    );
    session.closing = true;
    return ok;
  }),
};
