/** Strings: SET, GET, INCR and their kin. */
import { type Call, type CommandTable, command, float, integer, range, syntaxError, writes } from '../command.ts';
import { Failure, floatText, ok, type Reply } from '../resp.ts';

const text = ({ db }: Call, key: string): string | undefined => db.typed(key, 'string')?.text;
const put = ({ db }: Call, key: string, value: string, keep = true): void =>
  db.set(key, { type: 'string', text: value }, keep);

/** SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL] */
function set(call: Call): Reply {
  const [key = '', value = '', ...options] = call.args;
  const seen = new Set<string>();
  let deadline: number | undefined;
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!.toLowerCase();
    if (/^(ex|px|exat|pxat)$/.test(option)) {
      if (deadline !== undefined || seen.has('keepttl')) throw syntaxError();
      if (options[i + 1] === undefined) throw syntaxError();
      deadline = moment(call, option, integer(options[++i]));
    } else if (/^(nx|xx|get|keepttl)$/.test(option)) seen.add(option);
    else throw syntaxError();
  }
  if ((seen.has('nx') && seen.has('xx')) || (seen.has('keepttl') && deadline !== undefined)) throw syntaxError();
  const before = seen.has('get') ? (text(call, key) ?? null) : undefined;
  const exists = call.db.get(key) !== undefined;
  if ((seen.has('nx') && exists) || (seen.has('xx') && !exists)) return before ?? null;
  put(call, key, value, seen.has('keepttl'));
  if (deadline !== undefined) call.db.expireAt(key, deadline);
  return before === undefined ? ok : before;
}

/** Milliseconds since the epoch. Throws when it is not after it. */
function moment({ session, name }: Call, unit: string, amount: number): number {
  if (amount <= 0) throw new Failure(`ERR invalid expire time in '${name}' command`);
  const ms = unit.startsWith('ex') ? amount * 1000 : amount;
  return unit.endsWith('at') ? ms : session.server.now() + ms;
}

function increment(call: Call, key: string, by: number): number {
  const next = integer(text(call, key) ?? '0') + by;
  if (!Number.isSafeInteger(next)) throw new Failure('ERR increment or decrement would overflow');
  put(call, key, String(next));
  return next;
}

function withExpiry(unit: string): (call: Call) => Reply {
  return (call) => {
    const [key = '', amount, value = ''] = call.args;
    const deadline = moment(call, unit, integer(amount));
    put(call, key, value, false);
    call.db.expireAt(key, deadline);
    return ok;
  };
}

function setMany(call: Call): void {
  if (call.args.length % 2) throw new Failure(`ERR wrong number of arguments for '${call.name}' command`);
  for (let i = 0; i < call.args.length; i += 2) put(call, call.args[i]!, call.args[i + 1]!, false);
}

function setRange(call: Call): Reply {
  const [key = '', at, value = ''] = call.args;
  const offset = integer(at);
  if (offset < 0) throw new Failure('ERR offset is out of range');
  const before = text(call, key) ?? '';
  if (value === '') return before.length;
  const padded = before.padEnd(offset, '\0');
  const after = padded.slice(0, offset) + value + padded.slice(offset + value.length);
  put(call, key, after);
  return after.length;
}

export const strings: CommandTable = {
  set: writes(-3, set),
  get: command(2, (c) => text(c, c.args[0]!) ?? null),
  getdel: writes(2, (c) => {
    const value = text(c, c.args[0]!) ?? null;
    c.db.delete(c.args[0]!);
    return value;
  }),
  getset: writes(3, (c) => {
    const before = text(c, c.args[0]!) ?? null;
    put(c, c.args[0]!, c.args[1]!, false);
    return before;
  }),
  setnx: writes(3, (c) => {
    if (c.db.get(c.args[0]!)) return 0;
    put(c, c.args[0]!, c.args[1]!, false);
    return 1;
  }),
  setex: writes(4, withExpiry('ex')),
  psetex: writes(4, withExpiry('px')),
  mget: command(-2, (c) =>
    c.args.map((key) => {
      const value = c.db.get(key);
      return value?.type === 'string' ? value.text : null;
    }),
  ),
  mset: writes(-3, (c) => {
    setMany(c);
    return ok;
  }),
  msetnx: writes(-3, (c) => {
    if (c.args.some((key, i) => i % 2 === 0 && c.db.get(key))) return 0;
    setMany(c);
    return 1;
  }),
  incr: writes(2, (c) => increment(c, c.args[0]!, 1)),
  decr: writes(2, (c) => increment(c, c.args[0]!, -1)),
  incrby: writes(3, (c) => increment(c, c.args[0]!, integer(c.args[1]))),
  decrby: writes(3, (c) => increment(c, c.args[0]!, -integer(c.args[1]))),
  incrbyfloat: writes(3, (c) => {
    const next = floatText(Number((float(text(c, c.args[0]!) ?? '0') + float(c.args[1])).toPrecision(15)));
    put(c, c.args[0]!, next);
    return next;
  }),
  append: writes(3, (c) => {
    const value = (text(c, c.args[0]!) ?? '') + c.args[1]!;
    put(c, c.args[0]!, value);
    return value.length;
  }),
  strlen: command(2, (c) => text(c, c.args[0]!)?.length ?? 0),
  getrange: command(4, (c) => {
    const value = text(c, c.args[0]!) ?? '';
    return value.slice(...range(value.length, integer(c.args[1]), integer(c.args[2])));
  }),
  setrange: writes(4, setRange),
};
