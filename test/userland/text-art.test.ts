/** figlet and cowsay against what the real ones (2.2.5 and 3.03 of Debian 12) printed. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { LazyProgram } from '../../src/sim/kernel/program.ts';
import { programs } from '../../src/sim/userland/index.ts';
import { run, testMachine } from '../kernel/boot-kernel.ts';

interface Recorded {
  program: string;
  args: string[];
  stdin: string;
  stdout: string;
  stderr: string;
  code: number;
}

const recorded = JSON.parse(readFileSync(new URL('./recorded/text-art.json', import.meta.url), 'utf8')) as Recorded[];
const { kernel } = testMachine();

it.each(recorded)('$program $args', async ({ program, args, stdin, ...printed }) => {
  const lazy = programs().get(program === 'figlet' ? 'figlet' : 'cowsay') as LazyProgram;
  const { stdout, stderr, code } = await run(kernel, await lazy.load(), { argv: [program, ...args], stdin });
  expect({ stdout, stderr, code }).toEqual(printed);
});
