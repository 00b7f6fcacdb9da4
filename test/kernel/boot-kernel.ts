/** A small machine for tests of the kernel. */

import { VirtualClock } from '../../src/sim/clock.ts';
import { SeededEntropy } from '../../src/sim/entropy.ts';
import { bootKernel } from '../../src/sim/kernel/boot.ts';
import type { Program, ProgramTable } from '../../src/sim/kernel/program.ts';
import { MemTree } from '../../src/sim/vfs/memtree.ts';
import { fromUtf8, utf8 } from '../../src/spec/index.ts';
import { silent } from '../../src/trace/index.ts';

export const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export function testMachine(programs: ProgramTable = new Map()) {
  const clock = new VirtualClock({ start: { sec: 1_700_000_000, nsec: 0 }, pace: { kind: 'skip', breathe } });
  const root = new MemTree({ dev: 1, clock });
  const kernel = bootKernel({
    clock,
    entropy: new SeededEntropy('test'),
    tracer: silent,
    root,
    hostname: 'host',
    programs,
    breathe,
  });
  for (const name of ['etc', 'tmp', 'bin', 'home']) kernel.sys.mkdir(`/${name}`);
  return { kernel, clock, root };
}

/** Runs a program to its end and gives what it printed and how it ended. */
export async function run(
  kernel: ReturnType<typeof testMachine>['kernel'],
  program: Program | string,
  options: { argv?: string[]; stdin?: string; uid?: number } = {},
): Promise<{ stdout: string; stderr: string; code: number | undefined; signal: number | undefined }> {
  const out: string[] = [];
  const err: string[] = [];
  let input: Uint8Array | null = options.stdin === undefined ? null : utf8(options.stdin);
  const process = await kernel.start(program, {
    argv: options.argv ?? ['test'],
    env: { PATH: '/bin' },
    cwd: '/',
    uid: options.uid,
    stdio: {
      stdin: {
        async read() {
          const next = input;
          input = null;
          return next;
        },
      },
      stdout: (bytes) => void out.push(fromUtf8(bytes)),
      stderr: (bytes) => void err.push(fromUtf8(bytes)),
    },
  });
  const { code, signal } = await process.wait();
  return { stdout: out.join(''), stderr: err.join(''), code, signal };
}
