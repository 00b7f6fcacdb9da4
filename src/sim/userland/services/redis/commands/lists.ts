/** Lists: LPUSH, RPOP, LRANGE. */
import { type Call, type CommandTable, command, integer, range, syntaxError, writes } from '../command.ts';
import { Failure, nilArray, ok, type Reply } from '../resp.ts';

const items = ({ db, args }: Call): string[] | undefined => db.typed(args[0]!, 'list')?.items;

function push(left: boolean, must: boolean): (call: Call) => Reply {
  return (call) => {
    const { db, args } = call;
    const [key = '', ...values] = args;
    const own = items(call);
    if (!own && must) return 0;
    const list = own ?? [];
    if (left) list.unshift(...values.toReversed());
    else list.push(...values);
    if (own) db.changed(key);
    else db.set(key, { type: 'list', items: list });
    return list.length;
  };
}

function pop(left: boolean): (call: Call) => Reply {
  return (call) => {
    const count = call.args[1] === undefined ? undefined : integer(call.args[1]);
    if (count !== undefined && count < 0) throw new Failure('ERR value is out of range, must be positive');
    const list = items(call);
    if (!list) return count === undefined ? null : nilArray;
    const taken = left ? list.splice(0, count ?? 1) : list.splice(Math.max(0, list.length - (count ?? 1))).toReversed();
    call.db.changed(call.args[0]!);
    return count === undefined ? taken[0]! : taken;
  };
}

function move(from: string, to: string, left: boolean, toLeft: boolean, call: Call): Reply {
  const value = pop(left)({ ...call, args: [from] });
  if (typeof value !== 'string') return null;
  push(toLeft, false)({ ...call, args: [to, value] });
  return value;
}

function insert(call: Call): Reply {
  const [key = '', where = '', pivot = '', value = ''] = call.args;
  if (!/^(before|after)$/i.test(where)) throw syntaxError();
  const list = items(call);
  if (!list) return 0;
  const at = list.indexOf(pivot);
  if (at < 0) return -1;
  list.splice(/^before$/i.test(where) ? at : at + 1, 0, value);
  call.db.changed(key);
  return list.length;
}

function removeValue(call: Call): Reply {
  const list = items(call);
  const count = integer(call.args[1]);
  if (!list) return 0;
  let left = count === 0 ? list.length : Math.abs(count);
  const order = count < 0 ? [...list.keys()].reverse() : [...list.keys()];
  const gone = new Set(order.filter((i) => list[i] === call.args[2] && left-- > 0));
  const kept = list.filter((_, i) => !gone.has(i));
  list.splice(0, list.length, ...kept);
  call.db.changed(call.args[0]!);
  return gone.size;
}

const side = (text: string | undefined): boolean => {
  if (!/^(left|right)$/i.test(text ?? '')) throw syntaxError();
  return /^left$/i.test(text!);
};

export const lists: CommandTable = {
  lpush: writes(-3, push(true, false)),
  rpush: writes(-3, push(false, false)),
  lpushx: writes(-3, push(true, true)),
  rpushx: writes(-3, push(false, true)),
  lpop: writes(-2, pop(true)),
  rpop: writes(-2, pop(false)),
  llen: command(2, (c) => items(c)?.length ?? 0),
  lrange: command(4, (c) => {
    const list = items(c) ?? [];
    return list.slice(...range(list.length, integer(c.args[1]), integer(c.args[2])));
  }),
  lindex: command(3, (c) => items(c)?.at(integer(c.args[1])) ?? null),
  lset: writes(4, (c) => {
    const list = items(c);
    if (!list) throw new Failure('ERR no such key');
    const at = integer(c.args[1]);
    const index = at < 0 ? list.length + at : at;
    if (index < 0 || index >= list.length) throw new Failure('ERR index out of range');
    list[index] = c.args[2]!;
    c.db.changed(c.args[0]!);
    return ok;
  }),
  linsert: writes(5, insert),
  lrem: writes(4, removeValue),
  ltrim: writes(4, (c) => {
    const list = items(c);
    if (!list) return ok;
    const kept = list.slice(...range(list.length, integer(c.args[1]), integer(c.args[2])));
    list.splice(0, list.length, ...kept);
    c.db.changed(c.args[0]!);
    return ok;
  }),
  lpos: command(3, (c) => {
    const at = items(c)?.indexOf(c.args[1]!) ?? -1;
    return at < 0 ? null : at;
  }),
  rpoplpush: writes(3, (c) => move(c.args[0]!, c.args[1]!, false, true, c)),
  lmove: writes(5, (c) => move(c.args[0]!, c.args[1]!, side(c.args[2]), side(c.args[3]), c)),
};
