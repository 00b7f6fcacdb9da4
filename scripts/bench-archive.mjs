// Image archives opened to their layer tree: MB/s, and how much memory it takes, in Chromium and by `drydock`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArchive } from './archive-sample.mjs';
import { round } from './page-figures.mjs';

const root = new URL('..', import.meta.url).pathname;
const MB = 1e6;
const archives = [
  ['500 MB', 500 * MB, 'plain'],
  ['1 GB', 1000 * MB, 'plain'],
  // Layers of real files, that pack to about 1 GB.
  ['1 GB gzip', 2650 * MB, 'usr'],
  ['5 GB sparse', 5000 * MB, 'sparse'],
];

/** What a process holds of its own: the program's own file, which all of Chromium's share, is left out. */
function memoryOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kB = (key) => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(text)?.[1] ?? 0);
    return (kB('RssAnon') + kB('RssShmem')) * 1024;
  } catch {
    return 0;
  }
}

/** Seconds of processor time that Chromium has used so far: what a busy machine does not change. */
function processorSeconds() {
  const ticks = readdirSync('/proc').map((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('chrom')) return 0;
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return 0;
    }
  });
  return ticks.reduce((a, b) => a + b, 0) / 100;
}

/** Processes that hold pages and their workers. */
function renderers() {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return all.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer');
    } catch {
      return false;
    }
  });
}

async function inPage(browser, address, file, size) {
  const before = new Set(renderers());
  const page = await (
    await browser.newContext({ viewport: { width: 1280, height: 720 }, serviceWorkers: 'block' })
  ).newPage();
  await page.goto(`${address}?view=archive&keep=`);
  await page.waitForFunction(() => /[#$] ?$/.test(globalThis.drydock?.screen() ?? ''));
  const mine = renderers().filter((pid) => !before.has(pid));
  const sum = () => mine.map((pid) => memoryOf(pid)).reduce((a, b) => a + b, 0);
  const idle = sum();
  let peak = idle;
  const timer = setInterval(() => (peak = Math.max(peak, sum())), 20);
  const used = processorSeconds();
  const start = performance.now();
  await page.locator('.stage input[type=file]').first().setInputFiles(file);
  await page.locator('.scene .stop').nth(2).waitFor({ timeout: 120_000 });
  const seconds = (performance.now() - start) / 1000;
  const processor = processorSeconds() - used;
  clearInterval(timer);
  await page.context().close();
  return {
    MBperSecond: round(size / MB / seconds),
    seconds: round(seconds),
    processorSeconds: round(processor),
    peakMB: round(peak / MB),
    grewMB: round((peak - idle) / MB),
  };
}

async function byProgram(file, size) {
  const start = performance.now();
  const child = spawn(process.execPath, [join(root, 'bin/drydock.js'), 'image', 'inspect-archive', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, memoryOf(child.pid))), 20);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`drydock image inspect-archive: exit ${code}`);
  const seconds = (performance.now() - start) / 1000;
  return { MBperSecond: round(size / MB / seconds), seconds: round(seconds), peakMB: round(peak / MB) };
}

export async function archiveFigures(browser, address) {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-archives-'));
  const figures = {};
  try {
    for (const [name, bytes, form] of archives) {
      const file = join(folder, `${form}.tar`);
      const { size, plain } = await writeArchive(file, bytes, form);
      figures[name] = {
        bytes: size,
        ...(plain && { layerBytes: plain, ratio: round(plain / size) }),
        page: await inPage(browser, address, file, size),
        program: await byProgram(file, size),
      };
      rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return figures;
}
