/** Connections, transactions, messages: AUTH, SELECT, MULTI, PUBLISH. */
import { type CommandTable, command, integer } from '../command.ts';
import { globTest } from '../database.ts';
import { Failure, ok, type Reply, Simple } from '../resp.ts';
import type { Session } from '../session.ts';

function authenticate(session: Session, args: readonly string[]): Reply {
  const { password } = session.server;
  if (args.length > 2) throw new Failure('ERR syntax error');
  if (password === '' && args.length === 1) {
    throw new Failure(
      'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    );
  }
  if ((args.length === 2 && args[0] !== 'default') || args.at(-1) !== password) {
    throw new Failure('WRONGPASS invalid username-password pair or user is disabled.');
  }
  session.authenticated = true;
  return ok;
}

const subscribe = command(-2, ({ session, name, args }) => session.subscribe(name, args));
const unsubscribe = command(-1, ({ session, name, args }) => session.subscribe(name, args));

export const connection: CommandTable = {
  ping: command(-1, ({ args, session, name }) => {
    if (args.length > 1) throw new Failure(`ERR wrong number of arguments for '${name}' command`);
    if (session.subscriptions > 0) return ['pong', args[0] ?? ''];
    return args[0] ?? new Simple('PONG');
  }),
  echo: command(2, ({ args }) => args[0]!),
  quit: command(-1, ({ session }) => {
    session.closing = true;
    return ok;
  }),
  auth: command(-2, ({ session, args }) => authenticate(session, args)),
  hello: command(-1, ({ session, args }) => {
    if (args[0] !== undefined && args[0] !== '2') throw new Failure('NOPROTO unsupported protocol version');
    if (!session.authenticated) throw new Failure('NOAUTH HELLO must be called with the client already authenticated.');
    return [
      ...['server', 'redis', 'version', session.server.version, 'proto', 2, 'id', session.id],
      ...['mode', 'standalone', 'role', 'master', 'modules', []],
    ];
  }),
  select: command(2, ({ session, args }) => {
    const index = integer(args[0]);
    if (index < 0 || index >= session.server.databases.length) throw new Failure('ERR DB index is out of range');
    session.database = index;
    return ok;
  }),
  client: command(-2, ({ session, args }) => {
    const [what = '', value = ''] = args;
    if (/^id$/i.test(what)) return session.id;
    if (/^getname$/i.test(what)) return session.name || null;
    if (/^setname$/i.test(what)) {
      session.name = value;
      return ok;
    }
    if (/^(list|info)$/i.test(what)) {
      const all = /^list$/i.test(what) ? [...session.server.sessions] : [session];
      return all.map((one) => `id=${one.id} addr=${one.address} name=${one.name} db=${one.database}\n`).join('');
    }
    throw new Failure(`ERR drydock: CLIENT ${what.toUpperCase()} is not simulated`);
  }),
  multi: command(1, ({ session }) => session.multi()),
  exec: command(1, ({ session }) => session.exec()),
  discard: command(1, ({ session }) => session.discard()),
  watch: command(-2, ({ session, args }) => session.watch(args)),
  unwatch: command(1, ({ session }) => {
    session.watched.clear();
    return ok;
  }),
  subscribe,
  psubscribe: subscribe,
  unsubscribe,
  punsubscribe: unsubscribe,
  publish: command(3, async ({ session, args }) => {
    let count = 0;
    for (const one of [...session.server.sessions]) count += await one.deliver(args[0]!, args[1]!);
    return count;
  }),
  pubsub: command(-2, ({ session, args }) => {
    const sessions = [...session.server.sessions];
    const [what = '', ...rest] = args;
    const channels = [...new Set(sessions.flatMap((one) => [...one.channels]))];
    if (/^channels$/i.test(what)) return channels.filter(globTest(rest[0] ?? '*'));
    if (/^numpat$/i.test(what)) return new Set(sessions.flatMap((one) => [...one.patterns])).size;
    if (/^numsub$/i.test(what)) {
      return rest.flatMap((name) => [name, sessions.filter((one) => one.channels.has(name)).length]);
    }
    throw new Failure(`ERR unknown subcommand '${what}'. Try PUBSUB HELP.`);
  }),
};
