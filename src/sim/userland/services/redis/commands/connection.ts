/** Connections, transactions, messages: AUTH, SELECT, MULTI, PUBLISH. */
import { type CommandTable, command, integer } from '../command.ts';
import { globTest } from '../database.ts';
import { Failure, ok, Pairs, type Reply, Simple, Verbatim } from '../resp.ts';
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

/** HELLO [version [AUTH user password] [SETNAME name]] */
function hello(session: Session, args: readonly string[]): Reply {
  const [version, ...options] = args;
  if (version !== undefined && !/^\d+$/.test(version)) {
    throw new Failure('ERR Protocol version is not an integer or out of range');
  }
  if (version !== undefined && version !== '2' && version !== '3') {
    throw new Failure('NOPROTO unsupported protocol version');
  }
  for (let option = options.shift(); option !== undefined; option = options.shift()) {
    if (/^auth$/i.test(option) && options.length >= 2) authenticate(session, options.splice(0, 2));
    else if (/^setname$/i.test(option) && options.length >= 1) session.name = options.shift()!;
    else throw new Failure(`ERR Syntax error in HELLO option '${option}'`);
  }
  if (!session.authenticated) {
    throw new Failure(
      'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
    );
  }
  if (version !== undefined) session.protocol = version === '3' ? 3 : 2;
  return new Pairs([
    ...['server', 'redis', 'version', session.server.version, 'proto', session.protocol, 'id', session.id],
    ...['mode', 'standalone', 'role', 'master', 'modules', []],
  ]);
}

/** What a client's library tells of itself. */
function setInfo(name: string, value: string | undefined): Reply {
  if (value === undefined) throw new Failure("ERR wrong number of arguments for 'client|setinfo' command");
  if (!/^lib-(name|ver)$/i.test(name)) throw new Failure(`ERR Unrecognized option '${name}'`);
  return ok;
}

const notSimulated =
  /^(kill|pause|unpause|reply|tracking|trackinginfo|caching|getredir|unblock|no-evict|no-touch|help)$/i;

const subscribe = command(-2, ({ session, name, args }) => session.subscribe(name, args));
const unsubscribe = command(-1, ({ session, name, args }) => session.subscribe(name, args));

export const connection: CommandTable = {
  ping: command(-1, ({ args, session, name }) => {
    if (args.length > 1) throw new Failure(`ERR wrong number of arguments for '${name}' command`);
    if (session.subscriptions > 0 && session.protocol === 2) return ['pong', args[0] ?? ''];
    return args[0] ?? new Simple('PONG');
  }),
  echo: command(2, ({ args }) => args[0]!),
  quit: command(-1, ({ session }) => {
    session.closing = true;
    return ok;
  }),
  auth: command(-2, ({ session, args }) => authenticate(session, args)),
  hello: command(-1, ({ session, args }) => hello(session, args)),
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
      return new Verbatim(
        all.map((one) => `id=${one.id} addr=${one.address} name=${one.name} db=${one.database}\n`).join(''),
      );
    }
    if (/^setinfo$/i.test(what)) return setInfo(value, args[2]);
    if (notSimulated.test(what)) throw new Failure(`ERR drydock: CLIENT ${what.toUpperCase()} is not simulated`);
    throw new Failure(`ERR unknown subcommand '${what}'. Try CLIENT HELP.`);
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
