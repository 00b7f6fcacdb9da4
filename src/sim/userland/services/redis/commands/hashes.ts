/** Hashes: HSET, HGETALL. */
import { type Call, type CommandTable, command, float, integer, writes } from '../command.ts';
import { Failure, floatText, ok, Pairs, type Reply } from '../resp.ts';
import { scanned } from './keys.ts';

const fields = ({ db, args }: Call): Map<string, string> | undefined => db.typed(args[0]!, 'hash')?.fields;

function own(call: Call): Map<string, string> {
  const found = fields(call);
  if (found) return found;
  const made = new Map<string, string>();
  call.db.set(call.args[0]!, { type: 'hash', fields: made });
  return made;
}

/** How many fields are new. */
function set(call: Call): number {
  const pairs = call.args.slice(1);
  if (pairs.length % 2) throw new Failure(`ERR wrong number of arguments for '${call.name}' command`);
  const map = own(call);
  const before = map.size;
  for (let i = 0; i < pairs.length; i += 2) map.set(pairs[i]!, pairs[i + 1]!);
  call.db.changed(call.args[0]!);
  return map.size - before;
}

function increase(call: Call, next: (before: string) => string): string {
  const before = fields(call)?.get(call.args[1]!) ?? '0';
  const value = next(before);
  own(call).set(call.args[1]!, value);
  call.db.changed(call.args[0]!);
  return value;
}

function hashInteger(text: string): number {
  try {
    return integer(text);
  } catch {
    throw new Failure('ERR hash value is not an integer');
  }
}

export const hashes: CommandTable = {
  hset: writes(-4, set),
  hmset: writes(-4, (c) => {
    set(c);
    return ok;
  }),
  hsetnx: writes(4, (c) => (fields(c)?.has(c.args[1]!) ? 0 : set(c))),
  hget: command(3, (c) => fields(c)?.get(c.args[1]!) ?? null),
  hmget: command(-3, (c) => {
    const map = fields(c);
    return c.args.slice(1).map((name) => map?.get(name) ?? null);
  }),
  hgetall: command(2, (c) => new Pairs([...(fields(c) ?? [])].flat())),
  hdel: writes(-3, (c) => {
    const map = fields(c);
    const gone = c.args.slice(1).filter((name) => map?.delete(name)).length;
    if (gone) c.db.changed(c.args[0]!);
    return gone;
  }),
  hexists: command(3, (c) => (fields(c)?.has(c.args[1]!) ? 1 : 0)),
  hlen: command(2, (c) => fields(c)?.size ?? 0),
  hkeys: command(2, (c) => [...(fields(c)?.keys() ?? [])]),
  hvals: command(2, (c) => [...(fields(c)?.values() ?? [])]),
  hstrlen: command(3, (c) => fields(c)?.get(c.args[1]!)?.length ?? 0),
  hincrby: writes(4, (c): Reply => {
    const by = integer(c.args[2]);
    return Number(increase(c, (before) => String(hashInteger(before) + by)));
  }),
  hincrbyfloat: writes(4, (c): Reply => {
    const by = float(c.args[2]);
    return increase(c, (before) => floatText(Number((float(before) + by).toPrecision(15))));
  }),
  hscan: command(-3, (c): Reply => {
    const [cursor, found] = scanned(c.args.slice(1), [...(fields(c) ?? [])], ([name], match) => match(name));
    return [cursor, found.flat()];
  }),
};
