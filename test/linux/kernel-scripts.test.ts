/**
 * Scripts of mounts, namespaces and processes: the simulated kernel against the machine's. Needs root, unshare, busybox.
 * With RECORD=1 the real answers are kept for test/kernel/scripts.test.ts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  answerOf,
  recordingFile,
  type ScriptAnswer,
  type ScriptCase,
  type ScriptRecording,
  scriptCases,
  scriptEnvironment,
  workDirectory,
} from '../kernel/script-cases.ts';

/** Where the machine has its cgroup v2 tree, be it beside a v1 one. */
const cgroup2 = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((path) => existsSync(`${path}/cgroup.controllers`));

function reasonToSkip(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  if (!cgroup2) return 'no cgroup v2';
  if (!existsSync('/bin/busybox')) return 'no /bin/busybox';
  const probe = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'probe', '/mnt']);
  return probe.status === 0 ? undefined : 'unshare or mount are not possible';
}

function askKernel({ script }: ScriptCase): ScriptAnswer {
  const enter = `mkdir -p ${workDirectory} && mount -t tmpfs k ${workDirectory} && cd ${workDirectory} && exec sh -c "$1"`;
  const run = spawnSync('unshare', ['-m', '--propagation', 'private', 'sh', '-c', enter, 'sh', script], {
    env: { ...scriptEnvironment, CG: cgroup2 },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
  });
  return answerOf(run.stdout, run.status ?? -1);
}

const reason = reasonToSkip();
const recorded: ScriptRecording = existsSync(recordingFile)
  ? JSON.parse(readFileSync(recordingFile, 'utf8'))
  : { kernel: '', cases: {} };

describe.skipIf(reason !== undefined)(`scripts on the real kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  if (process.env.RECORD && reason === undefined) {
    recorded.kernel = release().split('-')[0]!;
    recorded.cases = Object.fromEntries(scriptCases.map((each) => [each.name, askKernel(each)]));
    writeFileSync(recordingFile, `${JSON.stringify(recorded, null, 1)}\n`);
  }
  for (const each of scriptCases) it(each.name, () => expect(askKernel(each)).toEqual(recorded.cases[each.name]));
});
