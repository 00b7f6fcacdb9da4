/** One client of the server: its database, its transaction, its subscriptions. */
import type { Call, RedisCommand } from './command.ts';
import { commandTable, notSimulated } from './commands/index.ts';
import { globTest } from './database.ts';
import { Failure, nilArray, ok, type Protocol, Push, type Reply, Simple } from './resp.ts';
import type { RedisServer } from './server.ts';

const allowedWhenSubscribed = /^(p?(un)?subscribe|ping|quit|reset)$/;

export class Session {
  database = 0;
  authenticated: boolean;
  name = '';
  /** Of its replies. */
  protocol: Protocol = 2;
  /** Commands since MULTI. */
  queue: string[][] | undefined;
  private queueFailed = false;
  readonly watched = new Map<string, number>();
  readonly channels = new Set<string>();
  readonly patterns = new Set<string>();
  closing = false;

  constructor(
    readonly server: RedisServer,
    readonly id: number,
    readonly address: string,
    /** Sends a reply that no command of this client asked for. */
    readonly push: (reply: Reply) => Promise<void>,
  ) {
    this.authenticated = server.password === '';
  }

  get subscriptions(): number {
    return this.channels.size + this.patterns.size;
  }

  /** Never throws: a failure is a reply. */
  async execute(words: readonly string[]): Promise<Reply> {
    try {
      return await this.dispatch(words);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (this.queue) this.queueFailed = true;
      return error;
    }
  }

  private async dispatch(words: readonly string[]): Promise<Reply> {
    const name = words[0]!.toLowerCase();
    const found = commandTable.get(name);
    if (!found) throw unknown(words);
    if (found.arity > 0 ? words.length !== found.arity : words.length < -found.arity) {
      throw new Failure(`ERR wrong number of arguments for '${name}' command`);
    }
    if (!this.authenticated && !/^(auth|hello|quit|reset)$/.test(name)) {
      throw new Failure('NOAUTH Authentication required.');
    }
    if (this.protocol === 2 && this.subscriptions > 0 && !allowedWhenSubscribed.test(name)) {
      throw new Failure(
        `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      );
    }
    if (this.queue && !/^(multi|exec|discard|watch|quit|reset)$/.test(name)) {
      this.queue.push([...words]);
      return new Simple('QUEUED');
    }
    return this.run(found, name, words.slice(1));
  }

  private async run(found: RedisCommand, name: string, args: readonly string[]): Promise<Reply> {
    const call: Call = { name, args, session: this, db: this.server.databases[this.database]! };
    this.server.commandsProcessed++;
    const reply = await found.run(call);
    if (found.write) await this.server.written(call, reply);
    return reply;
  }

  multi(): Reply {
    if (this.queue) throw new Failure('ERR MULTI calls can not be nested');
    this.queue = [];
    this.queueFailed = false;
    return ok;
  }

  discard(): Reply {
    if (!this.queue) throw new Failure('ERR DISCARD without MULTI');
    this.queue = undefined;
    this.watched.clear();
    return ok;
  }

  async exec(): Promise<Reply> {
    const { queue } = this;
    if (!queue) throw new Failure('ERR EXEC without MULTI');
    const moved = [...this.watched].some(([key, changes]) => this.changesOf(key) !== changes);
    const failed = this.queueFailed;
    this.discard();
    if (failed) throw new Failure('EXECABORT Transaction discarded because of previous errors.');
    if (moved) return nilArray;
    const replies: Reply[] = [];
    for (const words of queue) replies.push(await this.execute(words));
    return replies;
  }

  watch(keys: readonly string[]): Reply {
    if (this.queue) throw new Failure('ERR WATCH inside MULTI is not allowed');
    for (const key of keys) this.watched.set(`${this.database} ${key}`, this.changesOf(`${this.database} ${key}`));
    return ok;
  }
  private changesOf(watched: string): number {
    const space = watched.indexOf(' ');
    return this.server.databases[Number(watched.slice(0, space))]!.changesOf(watched.slice(space + 1));
  }

  /** One reply for each name, as (un)subscribing gives. The last is returned, those before are pushed. */
  async subscribe(kind: string, names: readonly string[]): Promise<Reply> {
    const set = kind.startsWith('p') ? this.patterns : this.channels;
    const adds = !kind.includes('un');
    const all = names.length > 0 ? names : [...set];
    const replies = all.map((name): Reply => {
      if (adds) set.add(name);
      else set.delete(name);
      return new Push([kind, name, this.subscriptions]);
    });
    for (const reply of replies.slice(0, -1)) await this.push(reply);
    return replies.at(-1) ?? new Push([kind, null, this.subscriptions]);
  }

  /** How many messages went to this client. */
  async deliver(channel: string, message: string): Promise<number> {
    let count = 0;
    if (this.channels.has(channel)) {
      await this.push(new Push(['message', channel, message]));
      count++;
    }
    for (const pattern of this.patterns) {
      if (!globTest(pattern)(channel)) continue;
      await this.push(new Push(['pmessage', pattern, channel, message]));
      count++;
    }
    return count;
  }
}

function unknown(words: readonly string[]): Failure {
  const [name = '', ...args] = words;
  if (notSimulated.has(name.toLowerCase())) return new Failure(`ERR drydock: ${name.toUpperCase()} is not simulated`);
  const shown = args.map((arg) => `'${arg.slice(0, 128)}' `).join('');
  return new Failure(`ERR unknown command '${name}', with args beginning with: ${shown}`);
}
