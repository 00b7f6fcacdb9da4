import type { MachineOptions } from '../machine/index.ts';
import { nodeAssets } from './node-assets.ts';

/** What a machine needs of Node. */
export const nodeWorld: Pick<MachineOptions, 'breathe' | 'realTimer' | 'assets'> = {
  assets: nodeAssets,
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  realTimer(ms, fire) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};

/** Node's stream as the output of a program: waits while the reader is slow. */
export const writeTo =
  (stream: NodeJS.WritableStream) =>
  (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve())));
