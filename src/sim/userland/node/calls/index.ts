/** Everything that JavaScript may ask of the system. */
import type { Engine } from '../engine.ts';
import type { Calls, EventLoop } from '../event-loop.ts';
import { codeCalls } from './code.ts';
import { fileCalls } from './files.ts';
import { networkCalls } from './network.ts';
import { processCalls } from './process.ts';
import { textCalls } from './text.ts';

export function nodeCalls(loop: EventLoop, engine: Engine): Calls {
  const parts = [processCalls(loop, engine), fileCalls(loop.sys), networkCalls(loop), textCalls(loop.sys), codeCalls];
  return {
    now: Object.assign({}, ...parts.map(({ now }) => now)),
    later: Object.assign({}, ...parts.map(({ later }) => later)),
  };
}
