/** The resolver at 127.0.0.11 in a container on a user-defined network. */
import { makeAnswer, parseQuestion, typeA, typePtr } from '../net/dns.ts';

export interface SandboxName {
  name: string;
  address: string;
  network: string;
}

export class SandboxResolver {
  constructor(
    private readonly names: () => SandboxName[],
    private readonly forward: (query: Uint8Array) => Uint8Array,
  ) {}

  answer(query: Uint8Array): Uint8Array {
    const question = parseQuestion(query);
    const wanted = question.name.toLowerCase();
    if (question.type === typePtr) {
      const address = wanted.replace('.in-addr.arpa', '').split('.').reverse().join('.');
      const found = this.names().find((entry) => entry.address === address);
      return makeAnswer(question, found ? [found.name] : [], found ? 'ok' : 'nxdomain');
    }
    const addresses = this.names()
      .filter((entry) => entry.name.toLowerCase() === wanted)
      .map((entry) => entry.address);
    if (addresses.length === 0) return this.forward(query);
    return makeAnswer(question, question.type === typeA ? [...new Set(addresses)] : []);
  }
}
