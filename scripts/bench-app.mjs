#!/usr/bin/env node
// The page under load, in Debian's Chromium, against dist/app; writes bench/app.json.
//   first input     script bytes and time until one can type; beside a rival's built site when RIVAL=DIR names one
//   a large build   frames and long tasks while 100 layers with 10,000 files are built and drawn
//   many images     frames while 200 images of 2,000 layers are looked at
//   archives        image archives of 500 MB to 5 GB opened to their layer tree (they need 2 GB of room on disk; making
//                   the one with packed layers takes minutes)
// ONLY=archives,manyImages measures these alone and leaves the other figures as they are.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { archiveFigures } from './bench-archive.mjs';
import { launchChromium, serveApp } from './browser.mjs';
import { median, ourPrompt, p95, pageFigures, round } from './page-figures.mjs';

const root = new URL('..', import.meta.url).pathname;
const app = process.env.DRYDOCK_APP ?? join(root, 'dist/app');
if (!existsSync(join(app, 'index.html'))) throw new Error(`${app} holds no built app: npm run build`);
const rounds = Number(process.env.ROUNDS ?? 7);

/** learnGitBranching is ready when its command line has the focus; any other rival when an input has. */
const rivalReady = () =>
  /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '') ? performance.now() : undefined;

/** Frame times and long tasks while `work` runs in the page. */
async function frames(page, work) {
  await page.evaluate(() => {
    const seen = { frames: [], tasks: [] };
    globalThis.seen = seen;
    new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
    let last = performance.now();
    const frame = (now) => {
      seen.frames.push(now - last);
      last = now;
      seen.on = requestAnimationFrame(frame);
    };
    seen.on = requestAnimationFrame(frame);
  });
  const start = Date.now();
  await work();
  const { frames: all, tasks } = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.seen.on);
    return globalThis.seen;
  });
  return {
    seconds: round((Date.now() - start) / 1000),
    frames: all.length,
    frameMs: { median: round(median(all)), p95: round(p95(all)), longest: round(Math.max(...all)) },
    tasksOver50Ms: tasks.map(Math.round),
  };
}

async function opened(browser, site) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await page.goto(site.address);
  await page.waitForFunction(ourPrompt);
  return page;
}

/** Types a line and waits until the terminal shows `DONE n`. */
let lines = 0;
async function type(page, line) {
  const mark = `done-${++lines}`;
  await page.evaluate((text) => globalThis.drydock.type(text), `${line}; echo "${mark.replace('-', '""-')}"`);
  await page.waitForFunction((text) => globalThis.drydock.screen().includes(text), mark, { timeout: 600_000 });
}

async function largeBuild(browser, site) {
  const page = await opened(browser, site);
  await type(page, 'docker pull -q busybox');
  await type(
    page,
    '(echo FROM busybox; for i in $(seq 100); do echo "RUN mkdir /d$i && cd /d$i && seq 100 | xargs touch"; done) > Dockerfile',
  );
  return frames(page, () => type(page, 'docker build -q -t large .'));
}

async function manyImages(browser, site) {
  const page = await opened(browser, site);
  await type(page, 'docker pull -q busybox');
  const build = '(echo FROM busybox; for k in 1 2 3 4 5 6 7 8 9 10; do echo "RUN echo $i-$k > /f$k"; done)';
  await type(page, `for i in $(seq 200); do ${build} | docker build -q -t many:$i - > /dev/null; done`);
  const { images, layers } = await page.evaluate(() => globalThis.drydock.engine.inspect());
  const scroller = page.locator('.scroller');
  const looked = await frames(page, async () => {
    for (let step = 0; step < 40; step++) {
      await scroller.evaluate((element) => element.scrollBy(400, -100));
      await page.waitForTimeout(50);
    }
    await page.locator('.slab').nth(5).click();
    await type(page, 'docker tag many:1 many:again');
  });
  return { images: images.length, layers: layers.length, ...looked };
}

const file = join(root, 'bench/app.json');
const only = process.env.ONLY?.split(',');
const wanted = (name) => !only || only.includes(name);
const result = only && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
if (wanted('ours')) result.ours = await pageFigures(app, rounds);
if (process.env.RIVAL && wanted('rival')) result.rival = await pageFigures(process.env.RIVAL, rounds, rivalReady);
const site = await serveApp(app);
const browser = await launchChromium();
if (wanted('largeBuild')) result.largeBuild = await largeBuild(browser, site);
if (wanted('manyImages')) result.manyImages = await manyImages(browser, site);
if (wanted('archives')) result.archives = await archiveFigures(browser, site.address);
await browser.close();
await site.close();
console.log(JSON.stringify(result, null, 2));
writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
