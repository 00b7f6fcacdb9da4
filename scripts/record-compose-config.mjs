/**
 * Records what a real docker-compose says to the cases of test/compose/cases.mjs, for test/compose/config.test.ts:
 * node scripts/record-compose-config.mjs /usr/libexec/docker/cli-plugins/docker-compose
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import cases from '../test/compose/cases.mjs';

const [binary, only] = process.argv.slice(2);
if (!binary) throw new Error('usage: record-compose-config.mjs DOCKER-COMPOSE');
const root = mkdtempSync(join(tmpdir(), 'record-compose-'));

function record({ files, args, env = {}, stdin = '', cwd = '' }) {
  const top = mkdtempSync(join(root, 'case-'));
  const shop = join(top, 'srv/shop');
  mkdirSync(join(shop, cwd), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(shop, path)), { recursive: true });
    writeFileSync(join(shop, path), text);
  }
  const { stdout, stderr, status } = spawnSync(binary, args, {
    cwd: join(shop, cwd),
    env: { PATH: '/usr/bin:/bin', HOME: `${top}/root`, ...env },
    input: stdin,
    encoding: 'utf8',
  });
  const plain = (text) => text.replaceAll(top, '');
  return { stdout: plain(stdout), stderr: plain(stderr).replace(/^time="[^"]*" /gm, ''), status };
}

const version = spawnSync(binary, ['version', '--short'], { encoding: 'utf8' }).stdout.trim();
const recorded = Object.fromEntries(
  cases.filter(({ name }) => !only || name.includes(only)).map((one) => [one.name, record(one)]),
);
rmSync(root, { recursive: true });
if (only) console.log(JSON.stringify(recorded, null, 1));
else {
  mkdirSync('test/compose/recorded', { recursive: true });
  writeFileSync('test/compose/recorded/config.json', `${JSON.stringify({ version, recorded })}\n`);
}
