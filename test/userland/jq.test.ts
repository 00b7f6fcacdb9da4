/** jq against what the real one (1.6) printed, where 1.7 prints the same. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { LazyProgram } from '../../src/sim/kernel/program.ts';
import { programs } from '../../src/sim/userland/index.ts';
import { run, testMachine } from '../kernel/boot-kernel.ts';

interface Recorded {
  args: string[];
  stdin: string;
  stdout: string;
  stderr: string;
  code: number;
}

const recorded = JSON.parse(readFileSync(new URL('./recorded/jq.json', import.meta.url), 'utf8')) as Recorded[];

const { kernel } = testMachine();
const program = programs().get('jq/jq') as LazyProgram;
const jq = async (args: string[], stdin: string) => {
  const { stdout, stderr, code } = await run(kernel, await program.load(), {
    argv: ['jq', ...args],
    stdin,
  });
  return { stdout, stderr, code };
};

it('prints what the real one printed', async () => {
  expect(recorded.length).toBeGreaterThan(80);
  for (const { args, stdin, ...printed } of recorded)
    expect({ args, ...(await jq(args, stdin)) }).toEqual({ args, ...printed });
});

it.each([
  ['{"a":1,}', 'Expected another key-value pair at line 1, column 8'],
  ['[1 2]', 'Expected separator between values at line 1, column 5'],
  ['{a', 'Invalid numeric literal at EOF at line 1, column 2'],
  ['[1,', 'Unfinished JSON term at EOF at line 1, column 3'],
  ['{"a"}', 'Objects must consist of key:value pairs at line 1, column 5'],
])('says where %s is no JSON', async (text, why) => {
  expect(await jq(['.'], text)).toEqual({ stdout: '', stderr: `jq: parse error: ${why}\n`, code: 2 });
});

it('has what came with 1.7', async () => {
  expect(
    (await jq(['-c', 'pick(.a[1]), (" x "|trim), ([1,-2]|map(abs)), (if . == 1 then 2 end | type)'], '{"a":[1,2]}'))
      .stdout,
  ).toBe('{"a":[null,2]}\n"x"\n[1,2]\n"object"\n');
  expect(await jq(['.a['], '1')).toMatchObject({
    stderr:
      'jq: error: syntax error, unexpected end of file (Unix shell quoting issues?) at <top-level>, line 1:\n.a[\njq: 1 compile error\n',
    code: 3,
  });
});
