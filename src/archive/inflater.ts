/** The compiled part of inflating, with its memory: see inflate-wasm/index.ts. */
import { fromBase64 } from '../spec/index.ts';
import { inflateCode } from './inflate-code.ts';

/** What `run` answers. */
export const inflateState = { wantsInput: 0, outputFull: 1, ended: 2, corrupt: -1, cutShort: -2 } as const;

export interface Inflater {
  readonly memory: WebAssembly.Memory;
  clear(): void;
  begin(): void;
  room(): number;
  roomSize(): number;
  added(size: number): void;
  unusedAt(): number;
  unusedSize(): number;
  use(size: number): void;
  outputFrom(): number;
  outputTo(): number;
  checksum(): number;
  run(final: boolean): number;
}

let compiled: Promise<WebAssembly.Module> | undefined;
/** Given back: the next stream takes one of these. */
const idle: Inflater[] = [];

/** For one stream at a time; `returnInflater` when it is through. */
export async function borrowInflater(): Promise<Inflater> {
  compiled ??= WebAssembly.compile(fromBase64(inflateCode));
  const { exports } = idle.length > 0 ? { exports: idle.pop() } : await WebAssembly.instantiate(await compiled);
  const inflater = exports as unknown as Inflater;
  inflater.clear();
  return inflater;
}

export const returnInflater = (inflater: Inflater): void => void idle.push(inflater);
