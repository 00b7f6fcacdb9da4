/**
 * The scripts that run on both kernels: test/kernel/scripts/*.sh, by test/kernel/scripts.test.ts here and by
 * test/linux/kernel-scripts.test.ts on the machine's own kernel.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface ScriptCase {
  name: string;
  script: string;
}

export interface ScriptAnswer {
  /** stdout, one line an element. */
  lines: string[];
  status: number;
}

export interface ScriptRecording {
  /** Release of the kernel that answered. */
  kernel: string;
  cases: Record<string, ScriptAnswer>;
}

/** Where each script runs: a fresh tmpfs in a private mount namespace. */
export const workDirectory = '/tmp/k';

const folder = new URL('scripts/', import.meta.url);
export const recordingFile = new URL('../recorded/kernel-scripts.json', import.meta.url);

export const scriptEnvironment = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LC_ALL: 'C',
};

/** A line "#: NAME" begins a case; what stands before the first one belongs to each. */
function parse(file: string): ScriptCase[] {
  const [head = '', ...cases] = readFileSync(new URL(file, folder), 'utf8').split(/^#: /m);
  const prologue = head.replace(/^#.*\n/gm, '');
  return cases.map((text) => {
    const end = text.indexOf('\n');
    return { name: `${file.replace('.sh', '')}: ${text.slice(0, end)}`, script: prologue + text.slice(end + 1) };
  });
}

export const scriptCases: readonly ScriptCase[] = readdirSync(folder)
  .filter((file) => file.endsWith('.sh'))
  .sort()
  .flatMap(parse);

export const answerOf = (stdout: string, status: number): ScriptAnswer => ({
  lines: stdout.split('\n').slice(0, stdout.endsWith('\n') ? -1 : undefined),
  status,
});
