// Asks real BusyBoxes for their applets' usage texts and writes src/sim/userland/busybox/usages.json. The first binary is
// what the busybox image holds (1.37.0, `make defconfig`), the second Alpine's (1.36.1 with Alpine's configuration); of
// the second only what differs is written. Usage: node scripts/record-busybox-usages.mjs BUSYBOX ALPINE_BUSYBOX
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const ask = (binary, args) => spawnSync(binary, args, { encoding: 'utf8' });
/** The applet answers --help as one of its operands, or has no text. */
const textless = new Set(['[', '[[', 'test', 'busybox', 'true', 'false', 'ash', 'sh', 'hush', 'echo', 'printf']);

function usagesOf(binary) {
  const texts = {};
  for (const applet of ask(binary, ['--list']).stdout.trim().split('\n')) {
    const { stdout, stderr } = ask(binary, textless.has(applet) ? ['--help', applet] : [applet, '--help']);
    const text = (stderr || stdout).split('\n\nUsage: ')[1];
    if (text && applet !== 'busybox') texts[applet] = text.replace(/\n$/, '');
  }
  return texts;
}

const [image, alpine] = process.argv.slice(2);
const texts = usagesOf(image);
const own = Object.entries(usagesOf(alpine)).filter(([applet, text]) => texts[applet] !== text);
const value = { usages: texts, alpineUsages: Object.fromEntries(own) };
writeFileSync(
  new URL('../src/sim/userland/busybox/usages.json', import.meta.url),
  `${JSON.stringify(value, null, 2)}\n`,
);
