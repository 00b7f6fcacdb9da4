/** What is behind the host's eth0: names, and HTTP servers at addresses. */
import type { Handler } from '../../spec/index.ts';
import type { KernelCore } from '../kernel/kernel-core.ts';
import { makeAnswer, parseQuestion, typeA } from './dns.ts';
import { httpListener } from './serve-http.ts';
import type { Listener } from './stream-socket.ts';

export class Internet {
  /** Host name -> IPv4 address. */
  readonly hosts = new Map<string, string>();
  private readonly servers = new Map<string, Listener>();

  constructor(readonly kernel: KernelCore) {}

  listen(address: string, port: number, handler: Handler): () => void {
    const key = `${address}:${port}`;
    this.servers.set(key, httpListener(handler));
    return () => void this.servers.delete(key);
  }

  listener(address: string, port: number): Listener | undefined {
    return this.servers.get(`${address}:${port}`);
  }

  /** Whether a machine answers at this address at all. */
  knows(address: string): boolean {
    for (const known of this.hosts.values()) if (known === address) return true;
    return [...this.servers.keys()].some((key) => key.startsWith(`${address}:`));
  }

  /** What a public resolver answers. */
  resolve(query: Uint8Array): Uint8Array {
    const question = parseQuestion(query);
    const address = this.hosts.get(question.name.toLowerCase());
    if (address === undefined) return makeAnswer(question, [], 'nxdomain');
    return makeAnswer(question, question.type === typeA ? [address] : []);
  }
}
