/** The interactive shell on a pty. */
import { expect, test } from 'vitest';
import { completionProviders } from '../../src/sim/userland/shell/index.ts';
import { type ShellName, shellMachine, shells } from './machine.ts';

const session = async (shell: ShellName, typed: string): Promise<string> => {
  const { kernel } = shellMachine();
  const pty = kernel.openPty({ columns: 80, rows: 24 });
  const env = { PATH: '/bin', HOME: '/root', TERM: 'xterm', PS1: '$ ' };
  const handle = await kernel.start(shells[shell], { argv: [shell], env, cwd: '/work', stdio: { pty } });
  let text = '';
  const reading = (async () => {
    for (let b = await pty.read(); b && b.length > 0; b = await pty.read()) text += new TextDecoder().decode(b);
  })();
  await pty.write(new TextEncoder().encode(typed));
  await handle.wait();
  await kernel.shutdown();
  await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 50))]);
  return text;
};

test('a line is edited and run', async () => {
  expect(await session('bash', 'ecXo\x1b[D\x1b[D\x1b[3~h\x05 hi there\rexit\r')).toContain('hi there\r\n');
});

test('Tab asks the provider', async () => {
  completionProviders.set('fruit', async () => ['apple', 'banana']);
  expect(await session('ash', 'fruit() { echo got $1; }\rfruit ap\t\rexit\r')).toContain('got apple\r\n');
});

test('the cursor key recalls history', async () => {
  const text = await session('bash', 'echo one\r\x1b[A\rexit\r');
  expect(text.split('\rone\r\n').length).toBe(3);
});

test('what is typed at the end of a line is added to the screen, nothing is drawn again', async () => {
  const text = await session('ash', 'echo a\rexit\r');
  expect(text).toContain('echo a\r\na\r\n');
  expect(text).not.toContain('\x1b[J');
});
