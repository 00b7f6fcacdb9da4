/**
 * The append-only file as Redis 7 keeps it: a directory with a manifest, a base (a dump) and what was done since, as the
 * commands that did it.
 *
 * Differs from Redis: the base is what there was when the file was begun; it is never rewritten.
 */
import { BytesContent } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { exists, makeDirectories, readContent, readText, writeContent, writeText } from '../../packages/sys-files.ts';
import type { Call } from './command.ts';
import { encode, Members, type Reply, RespReader, toBytes } from './resp.ts';
import type { RedisServer } from './server.ts';
import { Session } from './session.ts';

export class AppendOnlyFile {
  private readonly directory: string;
  private readonly base: string;
  private readonly increment: string;
  private fd: number | undefined;
  /** The database that the last command of the file was for. */
  private database = -1;

  constructor(
    private readonly sys: Sys,
    private readonly server: RedisServer,
  ) {
    const name = server.config.get('appendfilename')!;
    this.directory = `${server.config.get('dir')!.replace(/\/$/, '')}/${server.config.get('appenddirname')}`;
    this.base = `${name}.1.base.rdb`;
    this.increment = `${name}.1.incr.aof`;
  }

  private path = (name: string): string => `${this.directory}/${name}`;
  private get manifest(): string {
    return this.path(`${this.server.config.get('appendfilename')}.manifest`);
  }

  /** Reads what there is, or begins a new one. */
  async open(dump: () => Uint8Array, load: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const { sys, server } = this;
    if (exists(sys, this.manifest)) await this.replay(load);
    else {
      makeDirectories(sys, this.directory);
      await server.log(`Creating AOF base file ${this.base} on server start`);
      writeContent(sys, this.path(this.base), new BytesContent(dump()));
      await server.log(`Creating AOF incr file ${this.increment} on server start`);
      writeText(sys, this.path(this.increment), '');
      writeText(sys, this.manifest, `file ${this.base} seq 1 type b\nfile ${this.increment} seq 1 type i\n`);
    }
    this.fd = sys.openSync(this.path(this.increment), { access: 'write', append: true });
  }

  private async replay(load: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const { sys, server } = this;
    const files = [...(readText(sys, this.manifest) ?? '').matchAll(/^file (\S+) seq \d+ type ([bi])/gm)];
    for (const [, name = '', type] of files) {
      const content = readContent(sys, this.path(name));
      const bytes = content ? content.read(0, content.size) : new Uint8Array();
      if (type === 'b') {
        await server.log('Reading RDB base file on AOF loading...');
        await load(bytes);
      } else await this.perform(bytes);
      await server.log(`DB loaded from ${type === 'b' ? 'base' : 'incr'} file ${name}: 0.000 seconds`);
    }
    await server.log('DB loaded from append only file: 0.000 seconds');
    await server.log(`Opening AOF incr file ${this.increment} on server start`);
  }

  private async perform(bytes: Uint8Array): Promise<void> {
    const reader = new RespReader();
    reader.feed(bytes);
    const session = new Session(this.server, 0, '', async () => {});
    session.authenticated = true;
    for (let words = reader.command(); words; words = reader.command()) await session.execute(words);
  }

  /** After a command that changed data. While it is replayed, it is there already. */
  async append(call: Call, reply: Reply): Promise<void> {
    const { session } = call;
    if (this.fd === undefined) return;
    let text = '';
    if (session.database !== this.database) text += encode(['SELECT', String(session.database)]);
    this.database = session.database;
    for (const words of lasting(call, reply)) text += encode(words);
    await this.sys.write(this.fd, toBytes(text));
  }
}

/**
 * The same change for whoever does it later: a deadline is a moment, not a number of seconds from now, and what chance
 * chose is named.
 */
function lasting({ name, args, db }: Call, reply: Reply): string[][] {
  const [key = ''] = args;
  const deadline = db.deadline(key);
  if (/^p?expire(at)?$/.test(name)) {
    if (deadline !== undefined) return [['PEXPIREAT', key, String(deadline)]];
    return db.get(key) ? [] : [['DEL', key]];
  }
  if (name === 'spop') {
    const gone = reply instanceof Members ? reply.items.map(String) : typeof reply === 'string' ? [reply] : [];
    return gone.length === 0 ? [] : [['SREM', key, ...gone]];
  }
  if (/^(set|setex|psetex)$/.test(name)) {
    if (!db.get(key)) return [];
    const value = db.typed(key, 'string')?.text ?? '';
    return [['SET', key, value, ...(deadline === undefined ? [] : ['PXAT', String(deadline)])]];
  }
  return [[name, ...args]];
}
