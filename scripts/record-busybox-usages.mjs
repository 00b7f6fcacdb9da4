// Asks a real busybox (1.35) for the usage text of each applet that the simulated one has, and writes
// src/sim/userland/busybox/usages.ts. Usage: node scripts/record-busybox-usages.mjs APPLET...
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const applets = process.argv.slice(2).sort();
const entries = [];
for (const applet of applets) {
  const { stdout, stderr } = spawnSync('busybox', [applet, '--help'], { encoding: 'utf8' });
  const text = (stderr || stdout).split('\n\nUsage: ')[1];
  if (text) entries.push(`  ${JSON.stringify(applet)}: ${JSON.stringify(text.replace(/\n$/, ''))},`);
}
const head = `/**
 * Usage texts of BusyBox 1.35's applets, as \`busybox APPLET --help\` prints them after "Usage: ".
 * Recorded by scripts/record-busybox-usages.mjs.
 */
export const usages: Readonly<Record<string, string>> = {
`;
writeFileSync(new URL('../src/sim/userland/busybox/usages.ts', import.meta.url), `${head}${entries.join('\n')}\n};\n`);
