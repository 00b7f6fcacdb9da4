/** node(1). */
import type { Assets } from '../../../port/index.ts';
import { fromUtf8, isErrno } from '../../../spec/index.ts';
import type { Program } from '../../kernel/program.ts';
import type { Sys } from '../../kernel/sys.ts';
import { nodeCalls } from './calls/index.ts';
import { type Engine, startEngine, type Value } from './engine.ts';
import { EventLoop } from './event-loop.ts';
import { guestCode } from './guest-code.ts';
import { moduleLoader } from './module-loader.ts';
import { type Invocation, readInvocation } from './options.ts';
import { nodeVersion } from './version.ts';

export const nodeProgram =
  (assets: Assets | undefined, hold: () => () => void = () => () => {}): Program =>
  async (sys) => {
    const invocation = readInvocation(sys);
    if ('say' in invocation) {
      await sys.write(invocation.code === 0 ? 1 : 2, invocation.say);
      return invocation.code;
    }
    const release = hold();
    const engine = await load(sys, assets).finally(release);
    if (!engine) return 126;
    try {
      return await runNode(sys, engine, await withInput(sys, invocation));
    } finally {
      engine.dispose();
    }
  };

async function load(sys: Sys, assets: Assets | undefined): Promise<Engine | undefined> {
  try {
    if (!assets) throw new Error('this host was started without its assets');
    return await startEngine(assets);
  } catch (error) {
    if (isErrno(error)) throw error;
    await sys.write(2, `drydock: node: its engine could not be loaded: ${(error as Error).message}\n`);
    return undefined;
  }
}

/** Without a script, and with something else than a terminal to read from, the program is standard input. */
async function withInput(sys: Sys, invocation: Invocation): Promise<Invocation> {
  const { mode } = invocation;
  if (mode !== 'stdin' && (mode !== 'repl' || sys.isatty(0))) return invocation;
  const parts: Uint8Array[] = [];
  for (let bytes = await sys.read(0); bytes.length > 0; bytes = await sys.read(0)) parts.push(bytes);
  return { ...invocation, mode: 'stdin', code: parts.map((part) => fromUtf8(part)).join('') };
}

async function runNode(sys: Sys, engine: Engine, invocation: Invocation): Promise<number> {
  const { context } = engine;
  const loop = new EventLoop(sys, engine);
  loop.install(nodeCalls(loop, engine));
  const start = { ...invocation, argv0: sys.argv[0] ?? 'node', version: nodeVersion(sys) };
  const boot = context.unwrapResult(context.evalCode(guestCode.boot!, 'node:internal/boot'));
  const result = context.callFunction(boot, context.undefined, [loop.border.in(start as unknown as Value)]);
  const guest = context.unwrapResult(result);
  moduleLoader(loop, engine, guest);
  return loop.run(guest);
}
