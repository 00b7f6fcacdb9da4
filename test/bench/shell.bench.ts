/** How fast a loop of builtins runs: a thousand turns are to take well under 50 ms. */
import { bench } from 'vitest';
import { runShell } from '../shell/machine.ts';

bench('bash: a loop of 1,000 turns', async () => {
  await runShell('bash', 'i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done');
});

bench('bash: an empty script', async () => {
  await runShell('bash', ':');
});
