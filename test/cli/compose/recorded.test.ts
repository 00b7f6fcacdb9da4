/**
 * `docker compose` against recordings of the real one (2.26.1) on a real dockerd, made by scripts/record-compose.mjs.
 * What differs on purpose, because we are 2.36.2 or for the reason told, is in {@link differs}.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { createMachine, type Machine } from '../../../src/machine/index.ts';
import { textContent } from '../../../src/spec/index.ts';
import { nodeWorld } from '../../node-world.ts';
import { normal } from './normal.mjs';
import { scenarios } from './scenarios.mjs';

interface Outcome {
  step: string;
  stdout: string;
  stderr: string;
  status: number;
}

const differs: Record<string, string> = {};

let machine: Machine;
const home = '/root/app';

async function bash(line: string): Promise<Omit<Outcome, 'step'>> {
  const told = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr') => (bytes: Uint8Array) => {
    told[name] += new TextDecoder().decode(bytes);
  };
  const { code: status = -1 } = await machine.execute(['/bin/bash', '-c', line], {
    stdout: into('stdout'),
    stderr: into('stderr'),
  });
  return { ...told, status };
}

beforeAll(async () => {
  machine = await createMachine({ ...nodeWorld, pace: 'skip' });
  await bash('docker pull -q busybox');
}, 60_000);

const directory = new URL('./recorded/', import.meta.url);
for (const file of readdirSync(directory)) {
  const name = file.replace('.json', '');
  it(name, async () => {
    const recorded = JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as Outcome[];
    const { files } = scenarios.find((scenario) => scenario.name === name)!;
    await bash(`rm -rf ${home}; mkdir -p ${home}`);
    for (const [path, text] of Object.entries(files)) {
      const parent = `${home}/${path}`.replace(/\/[^/]*$/, '');
      await bash(`mkdir -p ${parent}`);
      machine.writeFile(`${home}/${path}`, textContent(text));
    }
    const ours: Outcome[] = [];
    for (const { step } of recorded) ours.push({ step, ...(await bash(`cd ${home} && ${step}`)) });
    if (process.env.SHOW) show(ours, recorded);
    const shown = (all: Outcome[]) =>
      all
        .filter(({ step }) => !(step in differs))
        .map((one) => ({ ...one, stdout: normal(one.stdout), stderr: normal(one.stderr) }));
    expect(shown(ours)).toEqual(shown(recorded));
  });
}

/** `SHOW=1`: what differs, step by step. */
function show(ours: Outcome[], recorded: Outcome[]): void {
  ours.forEach((mine, index) => {
    for (const key of ['status', 'stdout', 'stderr'] as const)
      if (normal(`${mine[key]}`) !== normal(`${recorded[index]![key]}`))
        console.log(`${mine.step}\n  ${key}\n--- real\n${normal(`${recorded[index]![key]}`)}\n+++ ours\n${normal(`${mine[key]}`)}`);
  });
}
