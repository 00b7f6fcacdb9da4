#!/usr/bin/env node
// Measures and writes bench/latest.json: the vitest benches of test/bench, then the page in Chromium.
// `bench.mjs page` measures the page only (against what is built in dist/app).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launchChromium, serveApp } from './browser.mjs';
import { has } from './tools.mjs';

const root = new URL('..', import.meta.url).pathname;
const app = process.env.DRYDOCK_APP ?? join(root, 'dist/app');
const pageOnly = process.argv[2] === 'page';
const limit = 350 * 1024;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const round = (n) => Number(n.toPrecision(4));

/** Name of group and bench -> median, ms. */
function benches() {
  const work = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
  const report = join(work, 'bench.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  spawnSync(process.execPath, [vitest, 'bench', '--run', `--outputJson=${report}`, 'test/bench'], {
    cwd: root,
    stdio: 'inherit',
  });
  try {
    const { files } = JSON.parse(readFileSync(report, 'utf8'));
    const groups = files.flatMap((file) => file.groups);
    return Object.fromEntries(
      groups.map(({ fullName, benchmarks }) => [
        fullName.replace(/^test\/bench\//, ''),
        Object.fromEntries(benchmarks.map(({ name, median: ms }) => [name, round(ms)])),
      ]),
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * From navigation to a prompt that takes input, in a fresh profile each time; and every byte of script that was asked
 * for until then, by page and worker, as gzip.
 */
async function pageFigures(rounds) {
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
    await page.waitForFunction(() => performance.getEntriesByName('drydock:prompt').length > 0);
    const { after, at } = await page.evaluate(() => {
      const { startTime } = performance.getEntriesByName('drydock:prompt')[0];
      return { after: startTime, at: performance.timeOrigin + startTime };
    });
    times.push(after);
    scripts = [...asked].filter(([path, when]) => path.endsWith('.js') && when <= at).map(([path]) => path);
    await context.close();
  }
  await browser.close();
  await site.close();
  const sizes = scripts.map((path) => [path.slice(1), gzipSync(readFileSync(join(app, path)), { level: 9 }).length]);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  return {
    openToPromptMs: round(median(times)),
    scriptBeforePromptGzipBytes: total,
    withinLimit: total <= limit,
    scripts: Object.fromEntries(sizes.sort((a, b) => b[1] - a[1])),
  };
}

/** A worker of the page, spoken to over the DevTools protocol. */
async function workerSession(session) {
  const answers = new Map();
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    answers.get(id)?.(result);
  });
  const attached = new Promise((resolve) =>
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') resolve(sessionId);
    }),
  );
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  let last = 0;
  return (method) =>
    new Promise((resolve) => {
      const id = ++last;
      answers.set(id, resolve);
      void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    });
}

/** What page and worker hold, collected, in MB: before anything was typed, and with twenty idle containers. */
async function memoryFigures() {
  const site = await serveApp(app);
  const browser = await launchChromium();
  const page = await (await browser.newContext()).newPage();
  await page.goto(site.address, { waitUntil: 'commit' });
  await page.waitForFunction(() => performance.getEntriesByName('drydock:prompt').length > 0);
  const session = await page.context().newCDPSession(page);
  const worker = await workerSession(session);
  const held = async () => {
    let bytes = 0;
    for (const ask of [(method) => session.send(method), worker]) {
      await ask('HeapProfiler.enable');
      await ask('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await ask('Runtime.getHeapUsage');
      bytes += usedSize + backingStorageSize;
    }
    return round(bytes / 1e6);
  };
  const empty = await held();
  const images =
    'for i in nginx redis alpine busybox; do docker pull -q $i; for n in 1 2 3 4 5; do docker run -dt $i; done; done';
  await page.evaluate((line) => globalThis.drydock.type(`${line}; echo running: $(docker ps -q | wc -l)\r`), images);
  await page.waitForFunction(() => /^running: 20/m.test(globalThis.drydock.screen()), undefined, { timeout: 120_000 });
  const running = await held();
  await browser.close();
  await site.close();
  return {
    emptyMB: empty,
    twentyContainersMB: running,
    aboveMB: round(running - empty),
    withinLimit: running - empty <= 60,
  };
}

const previous = (() => {
  try {
    return JSON.parse(readFileSync(join(root, 'bench/latest.json'), 'utf8'));
  } catch {
    return {};
  }
})();
const page = has('chromium') ? await pageFigures(7) : { skipped: 'no chromium' };
const result = {
  machine: {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
  },
  page,
  memory: has('chromium') ? await memoryFigures() : { skipped: 'no chromium' },
  medianMs: pageOnly ? previous.medianMs : benches(),
};
console.log(JSON.stringify(pageOnly ? { page, memory: result.memory } : result, null, 2));
mkdirSync(join(root, 'bench'), { recursive: true });
writeFileSync(join(root, 'bench/latest.json'), `${JSON.stringify(result, null, 2)}\n`);
