/** The scripts of test/kernel/scripts against what the real kernel answered (test/linux/kernel-scripts.test.ts). */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { recordingFile, type ScriptRecording, scriptCases } from './script-cases.ts';
import { runScript } from './script-run.ts';

const recorded: ScriptRecording = JSON.parse(readFileSync(recordingFile, 'utf8'));

for (const each of scriptCases)
  it(each.name, async () => expect(await runScript(each)).toEqual(recorded.cases[each.name]));
