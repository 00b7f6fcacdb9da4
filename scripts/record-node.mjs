#!/usr/bin/env node
// record-node.mjs: runs the programs of test/userland/node-cases.mjs with the node that runs this (20), and writes what
// they printed to test/userland/recorded/node.json.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseInput, cleaned, nodeCases } from '../test/userland/node-cases.mjs';

const env = { PATH: process.env.PATH, HOME: '/root', TZ: 'UTC', LANG: 'C.UTF-8' };
const recorded = nodeCases.map((line) => {
  const cwd = mkdtempSync(join(tmpdir(), 'node-case-'));
  writeFileSync(join(cwd, 'case.js'), line);
  const { stdout, stderr, status } = spawnSync(process.execPath, ['case.js'], {
    cwd,
    env,
    input: caseInput,
    encoding: 'utf8',
  });
  rmSync(cwd, { recursive: true });
  return { line, node: { stdout: cleaned(stdout, cwd), stderr: cleaned(stderr, cwd), code: status } };
});
writeFileSync(
  new URL('../test/userland/recorded/node.json', import.meta.url),
  `${JSON.stringify(recorded, null, 1)}\n`,
);
console.log(`${recorded.length} cases`);
