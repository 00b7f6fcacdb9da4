import { digestOfBytes } from '../content/index.ts';
import { type Digest, utf8 } from '../spec/index.ts';

/** image-spec config.md#layer-chainid: the base layer's is its diffID. `parent` '' for none. */
export const chainId = (parent: string, diffId: string): Digest =>
  parent ? digestOfBytes(utf8(`${parent} ${diffId}`)) : (diffId as Digest);

/** The chainID at each layer, from the base up. */
export function chainIds(diffIds: readonly string[]): Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) chain.push(chainId(chain.at(-1) ?? '', diffId));
  return chain;
}
