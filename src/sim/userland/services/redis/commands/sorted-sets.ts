/** Sorted sets: ZADD, ZRANGE, ZRANK. */
import { type Call, type CommandTable, command, float, integer, range, syntaxError, writes } from '../command.ts';
import { ranked } from '../database.ts';
import { Double, Failure, type Reply, Rows } from '../resp.ts';

const scores = ({ db, args }: Call): Map<string, number> | undefined => db.typed(args[0]!, 'zset')?.scores;

function own(call: Call): Map<string, number> {
  const found = scores(call);
  if (found) return found;
  const made = new Map<string, number>();
  call.db.set(call.args[0]!, { type: 'zset', scores: made });
  return made;
}

/** ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member ... */
function add(call: Call): Reply {
  const rest = call.args.slice(1);
  const options = new Set<string>();
  while (/^(nx|xx|gt|lt|ch|incr)$/i.test(rest[0] ?? '')) options.add(rest.shift()!.toLowerCase());
  if (rest.length === 0 || rest.length % 2) throw syntaxError();
  if (options.has('nx') && options.has('xx')) {
    throw new Failure('ERR XX and NX options at the same time are not compatible');
  }
  const pairs = Array.from({ length: rest.length / 2 }, (_, i) => [rest[2 * i + 1]!, float(rest[2 * i])] as const);
  const map = own(call);
  let added = 0;
  let changed = 0;
  let result: number | undefined;
  for (const [member, given] of pairs) {
    const before = map.get(member);
    if (before === undefined ? options.has('xx') : options.has('nx')) continue;
    const score = options.has('incr') ? (before ?? 0) + given : given;
    if (before !== undefined && ((options.has('gt') && score <= before) || (options.has('lt') && score >= before)))
      continue;
    map.set(member, score);
    result = score;
    if (before === undefined) added++;
    else if (before !== score) changed++;
  }
  call.db.changed(call.args[0]!);
  if (options.has('incr')) return result === undefined ? null : new Double(result);
  return options.has('ch') ? added + changed : added;
}

type Test = (score: number) => boolean;

/** `5`, `(5`, `-inf`: a bound of scores. */
function bound(text: string | undefined, lower: boolean): Test {
  const open = text?.startsWith('(') ?? false;
  let limit: number;
  try {
    limit = float(open ? text!.slice(1) : text);
  } catch {
    throw new Failure('ERR min or max is not a float');
  }
  return (score) => (score === limit ? !open : lower ? score > limit : score < limit);
}

const between = (call: Call, min: string | undefined, max: string | undefined): [string, number][] => {
  const [above, below] = [bound(min, true), bound(max, false)];
  return ranked(scores(call) ?? new Map()).filter(([, score]) => above(score) && below(score));
};

const shown = (rows: readonly [string, number][], withScores: boolean): Reply =>
  withScores ? new Rows(rows.map(([member, score]) => [member, new Double(score)])) : rows.map(([member]) => member);

/** ZRANGE key start stop [BYSCORE] [REV] [LIMIT offset count] [WITHSCORES]; also its older forms. */
function list(preset: { reverse?: boolean; byScore?: boolean }): (call: Call) => Reply {
  return (call) => {
    let { reverse = false, byScore = false } = preset;
    let withScores = false;
    let limit: [number, number] | undefined;
    const options = call.args.slice(3);
    while (options.length > 0) {
      const option = options.shift()!.toLowerCase();
      if (option === 'withscores') withScores = true;
      else if (option === 'rev') reverse = true;
      else if (option === 'byscore') byScore = true;
      else if (option === 'limit' && options.length >= 2) limit = [integer(options.shift()), integer(options.shift())];
      else if (option === 'bylex') throw new Failure('ERR drydock: BYLEX is not simulated');
      else throw syntaxError();
    }
    const [, first, second] = call.args;
    if (byScore) {
      const rows = reverse ? between(call, second, first).reverse() : between(call, first, second);
      const [offset, count] = limit ?? [0, -1];
      return shown(count < 0 ? rows.slice(offset) : rows.slice(offset, offset + count), withScores);
    }
    if (limit) {
      throw new Failure('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
    }
    const rows = ranked(scores(call) ?? new Map());
    if (reverse) rows.reverse();
    return shown(rows.slice(...range(rows.length, integer(first), integer(second))), withScores);
  };
}

function rank(reverse: boolean): (call: Call) => Reply {
  return (call) => {
    const rows = ranked(scores(call) ?? new Map());
    if (reverse) rows.reverse();
    const at = rows.findIndex(([member]) => member === call.args[1]);
    return at < 0 ? null : at;
  };
}

function remove(call: Call, gone: readonly string[]): number {
  const map = scores(call);
  const count = gone.filter((member) => map?.delete(member)).length;
  if (count) call.db.changed(call.args[0]!);
  return count;
}

function pop(highest: boolean): (call: Call) => Reply {
  return (call) => {
    const rows = ranked(scores(call) ?? new Map());
    if (highest) rows.reverse();
    const taken = rows.slice(0, call.args[1] === undefined ? 1 : integer(call.args[1]));
    remove(
      call,
      taken.map(([member]) => member),
    );
    // Without a count there is one, and no rows.
    if (call.args[1] === undefined) return taken.flatMap(([member, score]) => [member, new Double(score)]);
    return shown(taken, true);
  };
}

export const sortedSets: CommandTable = {
  zadd: writes(-4, add),
  zincrby: writes(4, (c) => {
    const by = float(c.args[1]);
    const score = (scores(c)?.get(c.args[2]!) ?? 0) + by;
    own(c).set(c.args[2]!, score);
    c.db.changed(c.args[0]!);
    return new Double(score);
  }),
  zscore: command(3, (c) => {
    const score = scores(c)?.get(c.args[1]!);
    return score === undefined ? null : new Double(score);
  }),
  zcard: command(2, (c) => scores(c)?.size ?? 0),
  zcount: command(4, (c) => between(c, c.args[1], c.args[2]).length),
  zrank: command(3, rank(false)),
  zrevrank: command(3, rank(true)),
  zrange: command(-4, list({})),
  zrevrange: command(-4, list({ reverse: true })),
  zrangebyscore: command(-4, list({ byScore: true })),
  zrevrangebyscore: command(-4, list({ byScore: true, reverse: true })),
  zrem: writes(-3, (c) => remove(c, c.args.slice(1))),
  zremrangebyscore: writes(4, (c) =>
    remove(
      c,
      between(c, c.args[1], c.args[2]).map(([member]) => member),
    ),
  ),
  zremrangebyrank: writes(4, (c) => {
    const rows = ranked(scores(c) ?? new Map());
    return remove(
      c,
      rows.slice(...range(rows.length, integer(c.args[1]), integer(c.args[2]))).map(([one]) => one),
    );
  }),
  zpopmin: writes(-2, pop(false)),
  zpopmax: writes(-2, pop(true)),
};
