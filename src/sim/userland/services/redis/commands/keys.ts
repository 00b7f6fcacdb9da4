/** Keys whatever their type: DEL, EXPIRE, KEYS, SCAN, RENAME. */
import { type Call, type CommandTable, command, integer, syntaxError, writes } from '../command.ts';
import { globTest } from '../database.ts';
import { Failure, ok, type Reply, Simple } from '../resp.ts';

const remove = writes(-2, ({ db, args }) => args.filter((key) => db.get(key) && db.delete(key)).length);
const exists = command(-2, ({ db, args }) => args.filter((key) => db.get(key)).length);

/** EXPIRE key n [NX | XX | GT | LT] and its three sisters: the deadline is in the unit, counted from `base`. */
function expire(unit: number, absolute: boolean): (call: Call) => Reply {
  return ({ db, args, session, name }) => {
    const [key = '', amount, condition = ''] = args;
    const deadline = (absolute ? 0 : session.server.now()) + integer(amount) * unit;
    if (!Number.isSafeInteger(deadline)) throw new Failure(`ERR invalid expire time in '${name}' command`);
    if (!/^(|nx|xx|gt|lt)$/i.test(condition)) throw new Failure(`ERR Unsupported option ${condition}`);
    if (!db.get(key)) return 0;
    const before = db.deadline(key);
    const refused: Record<string, boolean> = {
      nx: before !== undefined,
      xx: before === undefined,
      gt: deadline <= (before ?? Number.POSITIVE_INFINITY),
      lt: deadline >= (before ?? Number.POSITIVE_INFINITY),
    };
    if (refused[condition.toLowerCase()]) return 0;
    if (deadline <= session.server.now()) db.delete(key);
    else db.expireAt(key, deadline);
    return 1;
  };
}

/** -2 without a key, -1 without a deadline. */
function left(unit: number, absolute: boolean): (call: Call) => Reply {
  return ({ db, args, session }) => {
    if (!db.get(args[0]!)) return -2;
    const deadline = db.deadline(args[0]!);
    if (deadline === undefined) return -1;
    return Math.round((deadline - (absolute ? 0 : session.server.now())) / unit);
  };
}

function rename({ db, args }: Call): void {
  const [from = '', to = ''] = args;
  const value = db.get(from);
  if (!value) throw new Failure('ERR no such key');
  const deadline = db.deadline(from);
  db.delete(from);
  db.set(to, value);
  if (deadline !== undefined) db.expireAt(to, deadline);
}

/** MATCH, COUNT, TYPE of the SCAN family; the cursor is a position. */
export function scanned<T>(
  args: readonly string[],
  all: readonly T[],
  keep: (one: T, match: (s: string) => boolean) => boolean,
): [string, T[]] {
  const cursor = Number(args[0]);
  if (!/^\d+$/.test(args[0] ?? '')) throw new Failure('ERR invalid cursor');
  let match: (text: string) => boolean = () => true;
  let count = 10;
  for (let i = 1; i < args.length; i += 2) {
    const option = args[i]!.toLowerCase();
    if (args[i + 1] === undefined) throw syntaxError();
    if (option === 'match') match = globTest(args[i + 1]!);
    else if (option === 'count') count = integer(args[i + 1]);
    else if (option !== 'type') throw syntaxError();
    if (count < 1) throw syntaxError();
  }
  const next = cursor + count;
  return [String(next < all.length ? next : 0), all.slice(cursor, next).filter((one) => keep(one, match))];
}

function scan({ db, args }: Call): Reply {
  const at = args.findIndex((arg, i) => i % 2 === 1 && arg.toLowerCase() === 'type');
  const type = at < 0 ? undefined : args[at + 1]?.toLowerCase();
  return scanned(args, db.keys(), (key, match) => match(key) && (type === undefined || db.get(key)?.type === type));
}

function copy({ db, args }: Call): Reply {
  const [from = '', to = '', option] = args;
  const value = db.get(from);
  if (option !== undefined && option.toLowerCase() !== 'replace') throw syntaxError();
  if (!value || (db.get(to) && option === undefined)) return 0;
  db.set(to, structuredClone(value));
  return 1;
}

export const keys: CommandTable = {
  del: remove,
  unlink: remove,
  exists,
  touch: exists,
  type: command(2, ({ db, args }) => new Simple(db.get(args[0]!)?.type ?? 'none')),
  expire: writes(-3, expire(1000, false)),
  pexpire: writes(-3, expire(1, false)),
  expireat: writes(-3, expire(1000, true)),
  pexpireat: writes(-3, expire(1, true)),
  ttl: command(2, left(1000, false)),
  pttl: command(2, left(1, false)),
  expiretime: command(2, left(1000, true)),
  pexpiretime: command(2, left(1, true)),
  persist: writes(2, ({ db, args }) => {
    if (db.deadline(args[0]!) === undefined) return 0;
    db.expireAt(args[0]!, undefined);
    return 1;
  }),
  keys: command(2, ({ db, args }) => db.keys().filter(globTest(args[0]!))),
  scan: command(-2, scan),
  rename: writes(3, (call) => {
    rename(call);
    return ok;
  }),
  renamenx: writes(3, (call) => {
    if (!call.db.get(call.args[0]!)) throw new Failure('ERR no such key');
    if (call.db.get(call.args[1]!)) return 0;
    rename(call);
    return 1;
  }),
  copy: writes(-3, copy),
  randomkey: command(1, ({ db, session }) => {
    const all = db.keys();
    return all.length === 0 ? null : all[session.server.chance(all.length)]!;
  }),
};
