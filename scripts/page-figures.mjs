// What a page costs until it can be typed at, measured in Debian's Chromium: for the benches.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launchChromium, serveApp } from './browser.mjs';

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
export const p95 = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)];
export const round = (n) => Number(n.toPrecision(4));

/** Our own mark: the first prompt is drawn and takes input. */
export const ourPrompt = () => performance.getEntriesByName('drydock:prompt')[0]?.startTime;

/**
 * From navigation to usable input, in a fresh profile each time; and every byte of script that was asked for until then,
 * by page and worker, as gzip. `ready` runs in the page: the time of usable input, undefined before that.
 */
export async function pageFigures(app, rounds, ready = ourPrompt) {
  const site = await serveApp(app);
  const browser = await launchChromium();
  const times = [];
  let scripts = [];
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked = new Map();
    context.on('request', (request) => asked.set(new URL(request.url()).pathname, Date.now()));
    await page.goto(site.address, { waitUntil: 'commit' });
    const found = await page.waitForFunction(ready, undefined, { polling: 'raf' });
    const after = await found.jsonValue();
    const at = (await page.evaluate(() => performance.timeOrigin)) + after;
    times.push(after);
    scripts = [...asked].filter(([path, when]) => path.endsWith('.js') && when <= at).map(([path]) => path);
    await context.close();
  }
  await browser.close();
  await site.close();
  const sizes = scripts.map((path) => {
    const bytes = readFileSync(join(app, path));
    return { path: path.slice(1), raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
  });
  const sum = (key) => sizes.reduce((total, one) => total + one[key], 0);
  return {
    openToInputMs: round(median(times)),
    scriptRawBytes: sum('raw'),
    scriptGzipBytes: sum('gzip'),
    scripts: Object.fromEntries(sizes.sort((a, b) => b.gzip - a.gzip).map(({ path, gzip }) => [path, gzip])),
  };
}
