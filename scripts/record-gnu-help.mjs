// Asks the real commands of Debian 12 for their --help and --version and writes src/sim/userland/gnu-help.json: what the
// simulated ones of the same versions print. Run where they are installed: node scripts/record-gnu-help.mjs
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** They would do something else with the option, or answer for another program. */
const skipped = new Set(['[', 'echo', 'test', 'reset', 'clear', 'script', 'pivot_root', 'switch_root', 'jq', 'less']);
const env = { PATH: '/usr/bin:/usr/sbin:/bin:/sbin', LC_ALL: 'C', HOME: '/root', COLUMNS: '80' };
const texts = {};
const source = readFileSync(new URL('../src/sim/userland/command-names.ts', import.meta.url), 'utf8');
const names = [...source.matchAll(/^[a-z-]+: (.*)$/gm)].flatMap(([, list]) => list.replaceAll('*', '').split(' '));
for (const name of names) {
  if (skipped.has(name)) continue;
  const ask = (option) => spawnSync(name, [option], { env, encoding: 'utf8', timeout: 3000, input: '' });
  const [help, version] = [ask('--help'), ask('--version')];
  // mawk and psmisc name their options otherwise, or print to standard error.
  if (name === 'awk') Object.assign(help, spawnSync('mawk', ['-W', 'help'], { encoding: 'utf8' }));
  const entry = {};
  const text = help.stdout || help.stderr || '';
  if (text.length > 40 && !text.includes('unrecognized option')) entry.help = text;
  if (version.status === 0 && version.stdout) entry.version = version.stdout;
  if (entry.help || entry.version) texts[name] = entry;
}
writeFileSync(new URL('../src/sim/userland/gnu-help.json', import.meta.url), `${JSON.stringify(texts, null, 1)}\n`);
