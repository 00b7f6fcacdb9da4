/** npm asks the registry about what it installs: counts and reports come from the tree and the advisories. */
import { expect, it } from 'vitest';
import { createMachine } from '../../src/machine/index.ts';
import { nodeWorld } from '../node-world.ts';

it('an old express is vulnerable through what it needs, too; a new one is not', { timeout: 60_000 }, async () => {
  const machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  let text = '';
  const into = (bytes: Uint8Array) => {
    text += new TextDecoder().decode(bytes);
  };
  const lines = [
    'mkdir /a; cd /a; npm audit; npm init -y >/dev/null; npm install express; npm audit; echo "new $?"',
    'npm install express@4.17.1; npm audit; echo "old $?"; npm audit fix',
  ];
  const run = ['docker', 'run', '--rm', 'node:20-alpine', 'sh', '-c', lines.join('; ')];
  await machine.execute(run, { stdout: into, stderr: into }, { executable: '/usr/bin/docker' });
  const [before = '', after = ''] = text.split('new 0\n');
  expect(before).toContain('npm error code ENOLOCK');
  expect(before).toContain('found 0 vulnerabilities\n');
  expect(after).toMatch(/\n\d+ vulnerabilities \(\d+ low, .*\d+ high\)\n/);
  expect(after).toContain('Run `npm audit` for details.\n');
  expect(after).toMatch(/^qs {2}.*\nSeverity: high\n/m);
  expect(after).toContain('Depends on vulnerable versions of qs\n');
  expect(after).toMatch(/Will install express@5\S+, which is a breaking change\n/);
  expect(after).toContain('old 1\n');
  expect(after).toContain('drydock: npm audit fix is not simulated');
});
