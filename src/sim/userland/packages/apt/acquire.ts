/** Get:, Hit:, Ign:, Err: lines and the sum at the end, as apt's acquire system prints them. */

import type { Content } from '../../../../spec/index.ts';
import { resolveHost } from '../../../net/resolve.ts';
import { FetchError, type Fetched, httpGet } from '../http-get.ts';
import { type AptTerminal, shortSize, shortTime } from './terminal.ts';

export interface Failure {
  url: string;
  message: string;
}

export type Acquired =
  | { kind: 'got'; content: Content; lastModified: string | undefined }
  | { kind: 'hit' }
  | { kind: 'failed'; failure: Failure };

/** Acquire::Retries: names that do not resolve are asked for again. */
const retries = 3;

export class Acquire {
  readonly failures: Failure[] = [];
  private next = 1;
  private bytes = 0;
  private readonly started: number;

  constructor(private readonly terminal: AptTerminal) {
    this.started = terminal.sys.monotonic();
  }

  /** `size`: what to show instead of the length of what came. */
  async get(
    url: string,
    shown: string,
    options: { modifiedSince?: string; size?: number; optional?: boolean } = {},
  ): Promise<Acquired> {
    const number = this.next++;
    const { sys } = this.terminal;
    const headers: [string, string][] = [['User-Agent', 'Debian APT-HTTP/1.3 (2.7.14)']];
    if (options.modifiedSince) headers.push(['If-Modified-Since', options.modifiedSince]);
    for (let attempt = 0; ; attempt++) {
      try {
        const fetched = await httpGet(sys, url, headers);
        return await this.finish(number, url, shown, fetched, options);
      } catch (error) {
        if (!(error instanceof FetchError)) throw error;
        if (attempt < retries) {
          await this.terminal.say(`Ign:${number} ${shown}\n`);
          await sys.sleep(1000 * 2 ** attempt);
        } else return this.fail(number, url, shown, describe(error));
      }
    }
  }

  private async finish(
    number: number,
    url: string,
    shown: string,
    fetched: Fetched,
    options: { size?: number; optional?: boolean },
  ): Promise<Acquired> {
    if (fetched.status === 304) {
      await this.terminal.say(`Hit:${number} ${shown}\n`);
      return { kind: 'hit' };
    }
    if (fetched.status !== 200) {
      const { host } = new URL(url);
      const address = await ipOf(this.terminal, url);
      return this.fail(number, url, shown, `${fetched.status}  Not Found [IP: ${address} ${portOf(host)}]`);
    }
    const size = options.size ?? fetched.body.size;
    this.bytes += size;
    await this.terminal.say(`Get:${number} ${shown} [${shortSize(size)}B]\n`);
    return { kind: 'got', content: fetched.body, lastModified: fetched.lastModified };
  }

  private async fail(number: number, url: string, shown: string, message: string): Promise<Acquired> {
    await this.terminal.say(`Err:${number} ${shown}\n  ${message}\n`);
    const failure = { url, message };
    this.failures.push(failure);
    return { kind: 'failed', failure };
  }

  /** "Fetched 28.2 MB in 5s (5374 kB/s)"; nothing when nothing came. */
  async summary(): Promise<void> {
    if (this.bytes === 0) return;
    const seconds = Math.max(1, Math.round((this.terminal.sys.monotonic() - this.started) / 1000));
    const speed = shortSize(this.bytes / seconds);
    await this.terminal.say(`Fetched ${shortSize(this.bytes)}B in ${shortTime(seconds)} (${speed}B/s)\n`);
  }
}

const portOf = (host: string): string => /:(\d+)$/.exec(host)?.[1] ?? '80';

async function ipOf({ sys }: AptTerminal, url: string): Promise<string> {
  return (await resolveHost(sys, new URL(url).hostname))[0]!;
}

function describe({ failure }: FetchError): string {
  if (failure.kind === 'resolve') {
    return failure.temporary ? `Temporary failure resolving '${failure.host}'` : `Could not resolve '${failure.host}'`;
  }
  const { host, port, address, reason, code } = failure;
  const number = { ECONNREFUSED: 111, ENETUNREACH: 101, EHOSTUNREACH: 113, ETIMEDOUT: 110 }[code];
  return `Could not connect to ${host}:${port} (${address}). - connect (${number ?? code}: ${reason})`;
}
