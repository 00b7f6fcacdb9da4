#!/usr/bin/env node
// Measures and writes bench/latest.json: the vitest benches of test/bench, then the page in Chromium.
// `bench.mjs page` measures the page only (against what is built in dist/app), `bench.mjs tree turns` those benches
// only; the other figures stay.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { launchChromium, serveApp } from './browser.mjs';
import { pageFigures, round } from './page-figures.mjs';
import { has } from './tools.mjs';

const root = new URL('..', import.meta.url).pathname;
const app = process.env.DRYDOCK_APP ?? join(root, 'dist/app');
const chosen = process.argv.slice(2);
const pageOnly = chosen[0] === 'page';
const benchesOnly = chosen.length > 0 && !pageOnly;
const limit = 350 * 1024;

/** Name of group and bench -> median, ms. */
function benches(filters) {
  const work = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
  const report = join(work, 'bench.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  spawnSync(process.execPath, [vitest, 'bench', '--run', `--outputJson=${report}`, ...filters], {
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
async function firstInput() {
  const { openToInputMs, scriptGzipBytes, scripts } = await pageFigures(app, 7);
  return {
    openToPromptMs: openToInputMs,
    scriptBeforePromptGzipBytes: scriptGzipBytes,
    withinLimit: scriptGzipBytes <= limit,
    scripts,
  };
}

/** What is better read as a rate than as a time. */
function rates(medianMs) {
  const perSecond = (amount, group, name) => {
    const ms = medianMs[group]?.[name];
    return ms ? Math.round((amount / ms) * 1000) : undefined;
  };
  const kernel = 'kernel.bench.ts > kernel';
  const programs = 'programs.bench.ts > programs';
  return {
    forksPerSecond: perSecond(1000, kernel, '1,000 forks, waited for'),
    forkExecsPerSecond: perSecond(1000, kernel, '1,000 fork + exec, waited for'),
    shellCommandsPerSecond: perSecond(1000, programs, 'bash: 1,000 times /bin/true'),
    pipeMBPerSecond: perSecond(64 * 1.048576, programs, '64 MiB from program to program'),
  };
}

const skipped = { skipped: 'no chromium' };
const medianMs = pageOnly
  ? previous.medianMs
  : {
      ...(benchesOnly && previous.medianMs),
      ...benches(benchesOnly ? chosen.map((name) => `test/bench/${name}`) : ['test/bench']),
    };
const result = {
  machine: {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
  },
  page: benchesOnly ? previous.page : has('chromium') ? await firstInput() : skipped,
  memory: benchesOnly ? previous.memory : has('chromium') ? await memoryFigures() : skipped,
  rates: rates(medianMs),
  medianMs,
};
console.log(JSON.stringify(pageOnly ? { page: result.page, memory: result.memory } : result, null, 2));
mkdirSync(join(root, 'bench'), { recursive: true });
writeFileSync(join(root, 'bench/latest.json'), `${JSON.stringify(result, null, 2)}\n`);
