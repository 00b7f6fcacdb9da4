/**
 * The simulated overlay against the kernel's, case by case. Needs root, python3, unshare, mount.
 * With RECORD=1 the kernel's answers are kept for test/vfs/overlay.test.ts.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { describe, expect, it } from 'vitest';
import { overlayCases } from '../vfs/overlay-cases.ts';
import { type OverlayAnswer, runCase } from '../vfs/overlay-run.ts';

const oracle = new URL('overlay-oracle.py', import.meta.url).pathname;
const recording = new URL('../recorded/overlay.json', import.meta.url).pathname;

function reasonToSkip(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  const probe = spawnSync('unshare', ['-m', 'python3', '-c', 'import os'], { encoding: 'utf8' });
  return probe.status === 0 ? undefined : 'unshare or python3 is missing';
}

function askKernel(): OverlayAnswer[] {
  const run = spawnSync('unshare', ['-m', 'python3', oracle], {
    input: JSON.stringify(overlayCases),
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  const answers = JSON.parse(run.stdout) as OverlayAnswer[];
  if (process.env.RECORD) record(answers);
  return answers;
}

function record(answers: OverlayAnswer[]): void {
  const cases = Object.fromEntries(overlayCases.map(({ name }, index) => [name, answers[index]]));
  writeFileSync(recording, `${JSON.stringify({ kernel: release().split('-')[0], cases }, null, 1)}\n`);
}

const reason = reasonToSkip();

describe.skipIf(reason !== undefined)(`overlay: simulated = real${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const real = reason === undefined ? askKernel() : [];
  overlayCases.forEach((case_, index) => {
    it(case_.name, () => expect(runCase(case_)).toEqual(real[index]));
  });
});
