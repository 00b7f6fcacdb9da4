/** The server's state: databases, configuration, clients, the dump and the log. */
import { BytesContent, isErrno } from '../../../../spec/index.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { readContent, writeContent } from '../../packages/sys-files.ts';
import { AppendOnlyFile } from './aof.ts';
import type { Call } from './command.ts';
import { Database } from './database.ts';
import { RdbError, readRdb, writeRdb } from './rdb.ts';
import type { Reply } from './resp.ts';
import type { Session } from './session.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export class RedisServer {
  readonly databases: Database[];
  readonly sessions = new Set<Session>();
  /** Changes since the last dump. */
  dirty = 0;
  lastSave: number;
  readonly started: number;
  connections = 0;
  commandsProcessed = 0;
  stopped = false;
  private appendOnly: AppendOnlyFile | undefined;

  constructor(
    private readonly sys: Sys,
    readonly version: string,
    readonly config: Map<string, string>,
    readonly configFile: string,
    private readonly logFd: number,
  ) {
    const count = Number(config.get('databases'));
    this.databases = Array.from({ length: count }, () => new Database(this.now));
    this.started = this.lastSave = this.now();
  }

  now = (): number => {
    const { sec, nsec } = this.sys.now();
    return sec * 1000 + Math.floor(nsec / 1e6);
  };
  get pid(): number {
    return this.sys.pid;
  }
  get os(): string {
    const { sysname, release, machine } = this.sys.uname();
    return `${sysname} ${release} ${machine}`;
  }
  get password(): string {
    return this.config.get('requirepass') ?? '';
  }
  private get dump(): string {
    return `${this.config.get('dir')!.replace(/\/$/, '')}/${this.config.get('dbfilename')}`;
  }

  /** A number from 0 to below `count`. */
  chance(count: number): number {
    const [a = 0, b = 0, c = 0] = this.sys.random(3);
    return (a * 65536 + b * 256 + c) % count;
  }

  /** `1:M 01 Jul 2025 09:00:00.000 * text` */
  async log(text: string, level: 'notice' | 'warning' = 'notice', role: 'C' | 'M' = 'M'): Promise<void> {
    const date = new Date(this.now());
    const two = (value: number): string => String(value).padStart(2, '0');
    const day = `${two(date.getUTCDate())} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
    const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
    const ms = String(date.getUTCMilliseconds()).padStart(3, '0');
    const mark = level === 'warning' ? '#' : '*';
    await this.sys.write(this.logFd, `${this.sys.pid}:${role} ${day} ${clock}.${ms} ${mark} ${text}\n`);
  }

  /** False, and a line in the log, when the file cannot be written. */
  async save(): Promise<boolean> {
    const bytes = this.dumped();
    try {
      writeContent(this.sys, this.dump, new BytesContent(bytes));
    } catch (error) {
      if (!isErrno(error)) throw error;
      await this.log(
        `Failed opening the temp RDB file ${this.dump} (in server root dir ${this.config.get('dir')}) for saving: ${error.message}`,
        'warning',
      );
      return false;
    }
    this.dirty = 0;
    this.lastSave = this.now();
    await this.log('DB saved on disk');
    return true;
  }

  private dumped(): Uint8Array {
    return writeRdb(this.databases, this.version, Math.floor(this.now() / 1000));
  }

  /** Differs from Redis: the dump is written by the server itself, at once; no child is forked. */
  async backgroundSave(): Promise<void> {
    await this.log(`Background saving started by pid ${this.sys.pid}`);
    if (await this.save()) await this.log('Background saving terminated with success');
  }

  /** After a command that changes data. Differs from Redis: save points are looked at here, not by a timer. */
  async written(call: Call, reply: Reply): Promise<void> {
    this.dirty++;
    await this.appendOnly?.append(call, reply);
    const words = (this.config.get('save') ?? '').split(/\s+/).filter(Boolean).map(Number);
    const elapsed = (this.now() - this.lastSave) / 1000;
    for (let i = 0; i + 1 < words.length; i += 2) {
      if (elapsed < words[i]! || this.dirty < words[i + 1]!) continue;
      await this.log(`${words[i + 1]} changes in ${words[i]} seconds. Saving...`);
      return this.backgroundSave();
    }
  }

  /** Reads the append-only file if there shall be one, else the dump, if there is one. Throws {@link RdbError}. */
  async load(): Promise<void> {
    if (this.config.get('appendonly') === 'yes') {
      this.appendOnly = new AppendOnlyFile(this.sys, this);
      return this.appendOnly.open(
        () => this.dumped(),
        (bytes) => this.read(bytes),
      );
    }
    const content = readContent(this.sys, this.dump);
    if (!content) return;
    await this.read(content.read(0, content.size));
    await this.log('DB loaded from disk: 0.000 seconds');
  }

  private async read(bytes: Uint8Array): Promise<void> {
    const { databases, version, created } = readRdb(bytes, this.now);
    await this.log(`Loading RDB produced by version ${version}`);
    await this.log(`RDB age ${Math.max(0, Math.floor(this.now() / 1000) - created)} seconds`);
    await this.log('RDB memory usage when created 0.95 Mb');
    let expired = 0;
    let loaded = 0;
    for (const [index, db] of databases) {
      if (index >= this.databases.length)
        throw new RdbError(
          'FATAL: Data file was created with a Redis server configured to handle more than 16 databases. Exiting',
        );
      loaded += db.keys().length;
      expired += db.expired;
      this.databases[index] = db;
    }
    await this.log(`Done loading RDB, keys loaded: ${loaded}, keys expired: ${expired}.`);
  }

  async shutdown(mayStore: boolean, mustStore = false): Promise<void> {
    if (mustStore || (mayStore && (this.config.get('save') ?? '').trim() !== '')) {
      await this.log('Saving the final RDB snapshot before exiting.');
      await this.save();
    }
    await this.log('Redis is now ready to exit, bye bye...', 'warning');
    this.stopped = true;
  }
}
