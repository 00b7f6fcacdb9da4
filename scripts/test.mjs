#!/usr/bin/env node
// All tests: installs what they need, builds, runs the unit suites, then those against real programs and the browser.
// Ends with what failed, by name, and "N passed, N failed, N skipped"; a suite whose tool is missing is skipped by name,
// never passed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { install } from './tools.mjs';

const root = new URL('..', import.meta.url).pathname;
const work = mkdtempSync(join(tmpdir(), 'drydock-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
/** What failed and why, told again at the end: the place in the log is far above. */
const failures = [];

const node = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

/** Runs one vitest configuration and adds its counts; a run that breaks before it reports counts as a failure. */
function vitest(config) {
  const report = join(work, `${config}.json`);
  const status = node(
    'node_modules/vitest/vitest.mjs',
    'run',
    '-c',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  );
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += result.numPassedTests;
    totals.failed += result.numFailedTests;
    totals.skipped += result.numPendingTests + (result.numTodoTests ?? 0);
    const broken = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
    totals.failed += broken.length;
    for (const file of broken) failures.push(`${relative(root, file.name)}: ${file.message}`);
    for (const { name, assertionResults } of result.testResults) {
      for (const { status, fullName, failureMessages } of assertionResults) {
        if (status === 'failed') failures.push(`${relative(root, name)} > ${fullName}\n${failureMessages.join('\n')}`);
      }
    }
    if (status !== 0 && result.numFailedTests === 0 && broken.length === 0) totals.failed += 1;
  } catch {
    totals.failed += 1;
  }
}

try {
  install();
  if (node('scripts/build.mjs') !== 0) throw new Error('the build failed');
  vitest('vitest.config.ts');
  vitest('vitest.real.config.ts');
} catch (error) {
  console.error(error.message);
  totals.failed += 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.log(`\nFAILED ${failure}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
