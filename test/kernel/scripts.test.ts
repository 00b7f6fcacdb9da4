/** The scripts of test/kernel/scripts against what the real kernel answered (test/linux/kernel-scripts.test.ts). */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hostFiles } from '../../src/sim/userland/index.ts';
import { recordingFile, type ScriptRecording, scriptCases } from './script-cases.ts';
import { runScript } from './script-run.ts';

const recorded: ScriptRecording = JSON.parse(readFileSync(recordingFile, 'utf8'));

const present = new Set(hostFiles().map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
/** Programs that a script needs and the simulated host does not have. */
const missing = (script: string): string[] =>
  ['unshare', 'nsenter', 'pivot_root', 'sysctl', 'ip', 'flock', 'setpriv', 'mkfifo', 'stat'].filter(
    (name) => !present.has(name) && new RegExp(`(^|[\\s;('"\`])${name} `, 'm').test(script),
  );

for (const each of scriptCases) {
  const lacks = missing(each.script);
  if (lacks.length > 0) it.skip(`${each.name} (skipped: no ${lacks} here)`, () => {});
  else it(each.name, async () => expect(await runScript(each)).toEqual(recorded.cases[each.name]));
}
