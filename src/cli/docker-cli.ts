import { ApiClient } from '../api/index.ts';
import { BytesContent, type Content, contentText, fromUtf8, utf8 } from '../spec/index.ts';
import { StatusError } from './command/command.ts';
import { ConfigFile } from './config-file.ts';
import type { CliHost } from './host.ts';

/** What a running command has at hand: the host, the daemon, the user's configuration. */
export class DockerCli {
  readonly config: ConfigFile;
  private connected?: ApiClient;

  constructor(
    readonly host: CliHost,
    /** Of `-H`, `--context`, `--config`, `--debug`, `--tls` and `--tlsverify`. */
    readonly global: {
      hosts: string[];
      context?: string;
      configDir: string;
      debug: boolean;
      tls?: boolean;
      tlsCa?: string;
    },
  ) {
    this.config = ConfigFile.load(host, global.configDir);
  }

  out(text: string): Promise<void> {
    return text ? this.host.stdout.write(utf8(text)) : Promise.resolve();
  }
  err(text: string): Promise<void> {
    return text ? this.host.stderr.write(utf8(text)) : Promise.resolve();
  }
  println(text: string): Promise<void> {
    return this.out(`${text}\n`);
  }

  get contextName(): string {
    const { context, hosts } = this.global;
    const { env } = this.host;
    if (context) return context;
    if (hosts.length > 0 || env.DOCKER_HOST) return 'default';
    return env.DOCKER_CONTEXT || this.config.currentContext || 'default';
  }

  /** The daemon's address as the user gave it, made whole: `tcp://127.0.0.1:2375`. */
  get endpoint(): string {
    if (this.contextName !== 'default') return this.config.contextEndpoint(this.contextName);
    return parseHost(this.global.hosts[0] ?? this.host.env.DOCKER_HOST ?? '');
  }

  get client(): ApiClient {
    this.connected ??= new ApiClient(
      this.host.connect(this.endpoint),
      this.endpoint,
      this.host.env.DOCKER_API_VERSION || undefined,
      this.config.httpHeaders,
    );
    return this.connected;
  }

  /** Reads one line of stdin, without its end; null at the end of input. */
  async readLine(): Promise<string | null> {
    const bytes: number[] = [];
    for (;;) {
      if (this.pending.length === 0) {
        const more = await this.host.stdin.read();
        if (!more) return bytes.length ? fromUtf8(Uint8Array.from(bytes)) : null;
        this.pending = more;
      }
      const at = this.pending.indexOf(10);
      bytes.push(...(at < 0 ? this.pending : this.pending.subarray(0, at)));
      this.pending = at < 0 ? new Uint8Array(0) : this.pending.subarray(at + 1);
      if (at >= 0) return fromUtf8(Uint8Array.from(bytes)).replace(/\r$/, '');
    }
  }
  /** A line in answer to a prompt. A signal that ends the program ends the prompt's line first. */
  async answer(): Promise<string | null> {
    let status = 0;
    const release = this.host.onSignal((signal) => {
      if (signal !== 'SIGINT' && signal !== 'SIGTERM') return;
      status = signal === 'SIGTERM' ? 143 : 130;
      this.host.stdin.cancel();
    });
    try {
      const line = await this.readLine();
      if (status === 0) return line;
    } finally {
      release();
    }
    await this.out('\n');
    throw new StatusError(status);
  }
  private pending = new Uint8Array(0) as Uint8Array;

  /** All of stdin. */
  async *input(): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.host.stdin.read(); bytes; bytes = await this.host.stdin.read()) yield bytes;
  }

  readText(path: string): string {
    return contentText(this.content(path));
  }
  content(path: string): Content {
    return this.piped.get(path) ?? this.host.files.content(path);
  }
  private readonly piped = new Map<string, Content>();

  /** Takes in what comes by pipes (`--env-file <(…)`) among these paths; from then on they read as files do. */
  async takePipes(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      if (this.piped.has(path) || !['fifo', 'char'].includes(this.host.files.stat(path)?.type ?? '')) continue;
      this.piped.set(path, new BytesContent(await this.host.files.drain(path)));
    }
  }

  /** Asks `question [y/N]`; false unless the answer begins with yes. */
  async confirm(question: string): Promise<boolean> {
    await this.out(question === '' ? 'Are you sure you want to proceed? [y/N] ' : `${question} [y/N] `);
    const answer = await this.answer();
    return answer?.trim().toLowerCase() === 'y';
  }
}

const unresolved = (reason: string): StatusError =>
  new StatusError(1, `Failed to initialize: unable to resolve docker endpoint: ${reason}`);

/** `docker -H` forms (opts.ParseHost). */
export function parseHost(text: string): string {
  const host = text.trim();
  if (host === '') return 'unix:///var/run/docker.sock';
  const at = host.indexOf('://');
  const scheme = at < 0 ? 'tcp' : host.slice(0, at);
  const rest = at < 0 ? host : host.slice(at + 3);
  if (scheme === 'unix') return `unix://${rest || '/var/run/docker.sock'}`;
  if (scheme === 'npipe') throw new StatusError(1, 'Failed to initialize: protocol not available');
  if (scheme === 'fd' && rest === '')
    throw new StatusError(1, `Failed to initialize: unable to parse docker host \`${host}\``);
  if (scheme === 'ssh') throw new StatusError(1, 'drydock: -H ssh:// is not simulated');
  if (scheme !== 'tcp') throw unresolved(`invalid bind address format: ${host}`);
  const [name, port] = rest.split('/')[0]!.split(':');
  if (port && !/^\d+$/.test(port)) throw unresolved(`parse "tcp://${rest}": invalid port ":${port}" after host`);
  return `tcp://${name || 'localhost'}:${port || '2375'}${/\/.*/.exec(rest)?.[0] ?? ''}`;
}

/** Runs `each` for every name, in order; prints errors at the end as docker does, and fails when there was one. */
export async function forEach(names: readonly string[], each: (name: string) => Promise<void>): Promise<void> {
  const errors: string[] = [];
  for (const name of names) {
    try {
      await each(name);
    } catch (error) {
      errors.push((error as Error).message);
    }
  }
  if (errors.length) throw new StatusError(1, errors.join('\n'));
}
