/** redis.conf and the options of the command line, which are its directives with two dashes. */
import { splitWords } from './resp.ts';

/** A directive that is not taken; the line as it stands and its number. */
export class ConfigProblem extends Error {
  constructor(
    readonly line: number,
    readonly text: string,
    reason: string,
  ) {
    super(reason);
  }
}

/** Known directives and their defaults. */
const defaults: Readonly<Record<string, string>> = {
  bind: '* -::*',
  port: '6379',
  'protected-mode': 'no',
  timeout: '0',
  'tcp-backlog': '511',
  'tcp-keepalive': '300',
  daemonize: 'no',
  supervised: 'no',
  pidfile: '',
  loglevel: 'notice',
  logfile: '',
  'syslog-enabled': 'no',
  databases: '16',
  'always-show-logo': 'no',
  save: '3600 1 300 100 60 10000',
  'stop-writes-on-bgsave-error': 'yes',
  rdbcompression: 'yes',
  rdbchecksum: 'yes',
  dbfilename: 'dump.rdb',
  dir: '.',
  requirepass: '',
  maxclients: '10000',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  appendonly: 'no',
  appendfilename: 'appendonly.aof',
  appenddirname: 'appendonlydir',
  appendfsync: 'everysec',
  'lazyfree-lazy-eviction': 'no',
  'lua-time-limit': '5000',
  'slowlog-log-slower-than': '10000',
  'slowlog-max-len': '128',
  hz: '10',
  'io-threads': '1',
};

/** Directives of which only these values are simulated. */
const values: Readonly<Record<string, RegExp>> = {
  appendonly: /^(yes|no)$/,
  maxmemory: /^0$/,
  'syslog-enabled': /^no$/,
};
const refused =
  /^(replicaof|slaveof|cluster-enabled|loadmodule|user|aclfile|tls-.*|unixsocket|include|rename-command)$/;

export class RedisConfig {
  readonly values = new Map<string, string>(Object.entries(defaults));
  private saveGiven = false;

  /** Throws {@link ConfigProblem}. */
  read(text: string): void {
    for (const [index, raw] of text.split('\n').entries()) {
      const line = raw.trim();
      if (line === '' || line.startsWith('#')) continue;
      const words = splitWords(line);
      if (!words) throw new ConfigProblem(index + 1, line, 'Unbalanced quotes in configuration line');
      this.set(words, index + 1, line);
    }
  }

  private set(words: readonly string[], line: number, text: string): void {
    const name = words[0]!.toLowerCase();
    const value = words.slice(1).join(' ');
    if (refused.test(name) || (values[name] && !values[name].test(value))) {
      throw new ConfigProblem(line, text, `drydock: redis-server: directive "${name} ${value}" is not simulated`);
    }
    if (!this.values.has(name) || words.length < 2) {
      throw new ConfigProblem(line, text, 'Bad directive or wrong number of arguments');
    }
    if (name !== 'save') this.values.set(name, value);
    else {
      this.values.set('save', this.saveGiven ? `${this.values.get('save')} ${value}`.trim() : value);
      this.saveGiven = value !== '';
    }
  }
}
