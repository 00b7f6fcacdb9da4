/** One HTTP connection of a client program: connect, a request, its response, with what went wrong told apart. */
import { Errno, isErrno } from '../../../spec/index.ts';
import type { SocketAddress, Sys } from '../../kernel/sys.ts';
import { formatHead, type Head, HttpReader } from '../../net/http.ts';
import { ResolveError, resolveHost } from '../../net/resolve.ts';
import type { Url } from './url.ts';

export type FailureKind = 'resolve' | 'connect' | 'timeout' | 'tls' | 'empty' | 'reset' | 'cut' | 'bad';

export class TransferError extends Error {
  constructor(
    readonly kind: FailureKind,
    override readonly cause: Error,
    /** Milliseconds since the start. */
    readonly elapsedMs: number,
  ) {
    super(cause.message);
  }
}

export interface TransferOptions {
  connectTimeoutMs?: number;
  /** On the monotonic clock. */
  deadline?: number;
  unixSocket?: string;
  /** Called with the address before connecting. */
  trying?(address: string, port: number): void;
}

/**
 * Differs from Linux: TLS is not spoken. The simulated internet answers plain HTTP on port 443; whoever is on a private
 * address answers a client hello with what is no TLS, as a plain server would.
 */
export const isPrivate = (address: string): boolean => /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(address);

const patienceMs = 133_000;

export class Transfer {
  private readonly reader: HttpReader;
  private open = true;

  private constructor(
    private readonly sys: Sys,
    readonly fd: number,
    readonly address: string,
    private readonly startedAt: number,
    private readonly deadline: number | undefined,
  ) {
    this.reader = new HttpReader({ read: () => this.read() });
  }

  static async connect(sys: Sys, url: Url, options: TransferOptions = {}): Promise<Transfer> {
    const started = sys.monotonic();
    const failure = (kind: FailureKind, cause: Error) => new TransferError(kind, cause, sys.monotonic() - started);
    if (options.unixSocket !== undefined) {
      const path = options.unixSocket;
      return Transfer.dial(sys, { family: 'unix', path }, path, started, options, failure);
    }
    let addresses: string[];
    try {
      addresses = await resolveHost(sys, url.host);
    } catch (error) {
      if (error instanceof ResolveError) throw failure('resolve', error);
      throw error;
    }
    const address = addresses[0]!;
    options.trying?.(address, url.port);
    const transfer = await Transfer.dial(
      sys,
      { family: 'inet', address, port: url.port },
      address,
      started,
      options,
      failure,
    );
    if (url.scheme === 'https' && isPrivate(address)) {
      transfer.close();
      throw failure('tls', new Error('wrong version number'));
    }
    return transfer;
  }

  private static async dial(
    sys: Sys,
    to: SocketAddress,
    name: string,
    started: number,
    options: TransferOptions,
    failure: (kind: FailureKind, cause: Error) => TransferError,
  ): Promise<Transfer> {
    const fd = sys.socket(to.family, 'stream');
    const left = options.deadline === undefined ? patienceMs : options.deadline - sys.monotonic();
    try {
      await sys.connect(fd, to, Math.max(1, Math.min(left, options.connectTimeoutMs ?? patienceMs)));
    } catch (error) {
      sys.close(fd);
      if (isErrno(error, 'ETIMEDOUT')) throw failure('timeout', error);
      if (isErrno(error)) throw failure('connect', error);
      throw error;
    }
    return new Transfer(sys, fd, name, started, options.deadline);
  }

  get elapsedMs(): number {
    return this.sys.monotonic() - this.startedAt;
  }

  private async read(): Promise<Uint8Array | null> {
    if (this.deadline !== undefined) {
      const left = this.deadline - this.sys.monotonic();
      const ready = left > 0 ? await this.sys.poll([{ fd: this.fd, read: true }], left) : [];
      if (ready.length === 0) throw new Errno('ETIMEDOUT');
    }
    const bytes = await this.sys.read(this.fd);
    return bytes.length ? bytes : null;
  }

  async send(start: string, headers: readonly [string, string][], body?: Uint8Array): Promise<void> {
    await this.guard(async () => {
      await this.sys.write(this.fd, formatHead(start, headers));
      if (body?.length) await this.sys.write(this.fd, body);
    });
  }

  /** The head of the response; informational ones are passed over. */
  async head(): Promise<Head> {
    return this.guard(async () => {
      for (;;) {
        const head = await this.reader.head();
        if (!head) throw new TransferError('empty', new Error('Empty reply from server'), this.elapsedMs);
        if (!head.start[0].startsWith('HTTP/')) throw new TransferError('bad', new Error('no HTTP'), this.elapsedMs);
        if (!/^1\d\d$/.test(head.start[1])) return head;
      }
    });
  }

  async *body(head: Head, method: string): AsyncGenerator<Uint8Array> {
    if (method === 'HEAD' || head.start[1] === '204' || head.start[1] === '304') return;
    const until = !head.headers.some(([name]) => name.toLowerCase() === 'content-length');
    const pieces = this.reader.body(head.headers, until);
    for (;;) {
      const next = await this.guard(() => pieces.next());
      if (next.done) return;
      yield next.value;
    }
  }

  private async guard<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (isErrno(error, 'ETIMEDOUT')) throw new TransferError('timeout', error, this.elapsedMs);
      if (isErrno(error, 'ECONNRESET') || isErrno(error, 'EPIPE'))
        throw new TransferError('reset', error, this.elapsedMs);
      if (error instanceof Error && error.message === 'unexpected EOF')
        throw new TransferError('cut', error, this.elapsedMs);
      throw error;
    }
  }

  close(): void {
    if (this.open) this.sys.close(this.fd);
    this.open = false;
  }
}

export const headerOf = (head: Head, name: string): string | undefined =>
  head.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
