/** Sets: SADD, SINTER, SPOP. */
import { type Call, type CommandTable, command, integer, writes } from '../command.ts';
import { Members, type Reply } from '../resp.ts';
import { scanned } from './keys.ts';

const membersOf = ({ db }: Call, key: string): Set<string> | undefined => db.typed(key, 'set')?.members;
const members = (call: Call): Set<string> => membersOf(call, call.args[0]!) ?? new Set();

function add(call: Call): number {
  const [key = '', ...values] = call.args;
  const own = membersOf(call, key);
  const set = own ?? new Set<string>();
  const before = set.size;
  for (const value of values) set.add(value);
  if (own) call.db.changed(key);
  else call.db.set(key, { type: 'set', members: set });
  return set.size - before;
}

type Combine = (a: Set<string>, b: Set<string>) => Set<string>;
const inter: Combine = (a, b) => new Set([...a].filter((one) => b.has(one)));
const union: Combine = (a, b) => new Set([...a, ...b]);
const difference: Combine = (a, b) => new Set([...a].filter((one) => !b.has(one)));

const combined = (call: Call, keys: readonly string[], how: Combine): Set<string> =>
  keys.map((key) => membersOf(call, key) ?? new Set<string>()).reduce(how);

/** SINTERSTORE destination key ...: how many there are. */
function stored(how: Combine): (call: Call) => Reply {
  return (call) => {
    const [to = '', ...keys] = call.args;
    const result = combined(call, keys, how);
    if (result.size === 0) call.db.delete(to);
    else call.db.set(to, { type: 'set', members: new Set(result) });
    return result.size;
  };
}

/** `count` different members by chance; negative: that many, the same one perhaps often. */
function chosen({ session }: Call, set: ReadonlySet<string>, count: number): string[] {
  const all = [...set];
  if (count < 0)
    return all.length === 0 ? [] : Array.from({ length: -count }, () => all[session.server.chance(all.length)]!);
  const out: string[] = [];
  while (out.length < count && all.length > 0) out.push(...all.splice(session.server.chance(all.length), 1));
  return out;
}

function pop(call: Call): Reply {
  const set = members(call);
  const taken = chosen(call, set, call.args[1] === undefined ? 1 : integer(call.args[1]));
  for (const one of taken) set.delete(one);
  if (taken.length > 0) call.db.changed(call.args[0]!);
  return call.args[1] === undefined ? (taken[0] ?? null) : new Members(taken);
}

export const sets: CommandTable = {
  sadd: writes(-3, add),
  srem: writes(-3, (c) => {
    const set = members(c);
    const gone = c.args.slice(1).filter((one) => set.delete(one)).length;
    if (gone) c.db.changed(c.args[0]!);
    return gone;
  }),
  smembers: command(2, (c) => new Members([...members(c)])),
  sismember: command(3, (c) => (members(c).has(c.args[1]!) ? 1 : 0)),
  smismember: command(-3, (c) => c.args.slice(1).map((one) => (members(c).has(one) ? 1 : 0))),
  scard: command(2, (c) => members(c).size),
  sinter: command(-2, (c) => new Members([...combined(c, c.args, inter)])),
  sunion: command(-2, (c) => new Members([...combined(c, c.args, union)])),
  sdiff: command(-2, (c) => new Members([...combined(c, c.args, difference)])),
  sinterstore: writes(-3, stored(inter)),
  sunionstore: writes(-3, stored(union)),
  sdiffstore: writes(-3, stored(difference)),
  spop: writes(-2, pop),
  srandmember: command(-2, (c) => {
    const found = chosen(c, members(c), c.args[1] === undefined ? 1 : integer(c.args[1]));
    return c.args[1] === undefined ? (found[0] ?? null) : found;
  }),
  smove: writes(4, (c) => {
    const [from = '', to = '', member = ''] = c.args;
    if (!membersOf(c, from)?.delete(member)) return 0;
    c.db.changed(from);
    add({ ...c, args: [to, member] });
    return 1;
  }),
  sscan: command(-3, (c) => scanned(c.args.slice(1), [...members(c)], (one, match) => match(one))),
};
