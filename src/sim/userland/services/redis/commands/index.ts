/** All commands by name. */
import type { RedisCommand } from '../command.ts';
import { connection } from './connection.ts';
import { hashes } from './hashes.ts';
import { keys } from './keys.ts';
import { lists } from './lists.ts';
import { serverCommands } from './server.ts';
import { sets } from './sets.ts';
import { sortedSets } from './sorted-sets.ts';
import { strings } from './strings.ts';

export const commandTable: ReadonlyMap<string, RedisCommand> = new Map(
  [strings, keys, lists, hashes, sets, sortedSets, connection, serverCommands].flatMap((one) => Object.entries(one)),
);

/** What a real server has besides. */
export const notSimulated: ReadonlySet<string> = new Set(
  `blpop brpop blmove brpoplpush blmpop bzpopmin bzpopmax bzmpop bitcount bitop bitpos bitfield setbit getbit getex lcs
  geoadd geodist geohash geopos geosearch pfadd pfcount pfmerge xadd xrange xread xlen xgroup xack xdel xinfo eval evalsha
  script function fcall replicaof slaveof psync replconf wait cluster monitor debug dump restore migrate move object memory
  latency slowlog acl module swapdb sort sintercard zunion zinter zdiff zunionstore zinterstore zlexcount zrangebylex
  zscan zmscore zrandmember zrangestore hrandfield lmpop zmpop bgrewriteaof failover role readonly readwrite ssubscribe
  spublish substr zremrangebylex`.split(/\s+/),
);
