import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commandNames } from '../../src/sim/userland/command-names.ts';
import { commands } from '../../src/sim/userland/commands.ts';

const file = new URL('../../src/sim/userland/command-names.ts', import.meta.url).pathname;

/** One line a suite, in the order of commands.ts. */
function listing(): string {
  const suites = new Map<string, string[]>();
  for (const { name, suite = '', applet } of commands) {
    suites.set(suite, [...(suites.get(suite) ?? []), `${name}${applet ? '*' : ''}`]);
  }
  return [...suites].map(([suite, names]) => `${suite}: ${names.join(' ')}`).join('\n');
}

it('the list of names is that of the commands', () => {
  if (process.env.UPDATE_NAMES) {
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/const listed = `[^`]*`/, `const listed = \`\n${listing()}\n\``));
    return;
  }
  const plain = (list: readonly { name: string; suite?: string; applet?: boolean }[]) =>
    list.map(({ name, suite = '', applet = false }) => `${suite}/${name}/${Boolean(applet)}`).sort();
  expect(plain(commandNames)).toEqual(plain(commands));
});
