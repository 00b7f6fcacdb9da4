/** Files of the visitor's computer: image archives looked into, images saved, folders brought in and mounted, lessons. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeArchive } from '../../scripts/archive-sample.mjs';
import { describeWith } from '../needs.ts';
import { type AppPage, Site } from './app-page.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const fixtures = new URL('../fixtures/import/', import.meta.url).pathname;

async function violations({ page }: AppPage): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
    const found = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 120)}`));
  });
}

describeWith({ programs: ['chromium'] }, 'files of the visitor’s computer', () => {
  let site: Site;
  const folder = mkdtempSync(join(tmpdir(), 'drydock-files-'));
  beforeAll(async () => {
    site = await Site.open();
  }, 60_000);
  afterAll(async () => {
    await site?.close();
    rmSync(folder, { recursive: true });
  });

  async function menu({ page }: AppPage, item: string | RegExp, name = 'Menu'): Promise<void> {
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: item }).click();
  }

  it.each([
    ['plain', { colorScheme: 'dark', locale: 'en-US' }],
    ['gzip', { colorScheme: 'light', locale: 'zh-CN', viewport: { width: 390, height: 844 } }],
  ] as const)(
    'an image archive is looked into without being loaded (%s)',
    async (form, options) => {
      const path = join(folder, `${form}.tar`);
      await writeArchive(path, 12_000_000, form);
      const app = await site.page(options);
      const { page } = app;
      await page.goto(`${page.url()}?view=archive`);
      await app.prompt();
      expect(await violations(app)).toEqual([]);
      await page.locator('.stage input[type=file]').setInputFiles(path);
      await app.drawn('.scene .stop', 3);
      await page.locator('.scene .stop').first().click();
      await page.locator('.files').getByRole('searchbox').fill('part-1/');
      await page.locator('.files li').first().waitFor();
      expect(await page.locator('.files .sign.deleted').count()).toBe(1);
      await app.shot(`archive-${form}`);
      expect(await violations(app)).toEqual([]);
      expect((await app.inspect()).images).toEqual([]);
      expect(app.problems).toEqual([]);
      await app.close();
    },
    120_000,
  );

  it('what is no image archive says why, and the file that is saved loads again', async () => {
    const app = await site.page();
    const { page } = app;
    await app.command('docker pull alpine');
    // Without the picker it is a download.
    await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }));
    await page.locator('.slab').filter({ hasText: 'alpine' }).first().click();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /alpine.*Save as a file/ }).click();
    const saved = join(folder, 'alpine.tar');
    await (await saving).saveAs(saved);
    const bytes = readFileSync(saved);
    expect(bytes.subarray(257, 262).toString()).toBe('ustar');
    await app.command('docker rmi alpine');
    await menu(app, /Look into an image archive/);
    await page.locator('.stage input[type=file]').setInputFiles(saved);
    await app.drawn('.scene .stop', 1);
    await page.getByRole('button', { name: 'Load into the engine' }).click();
    await app.shows(/Loaded image: alpine:latest/, 120_000);
    await page
      .locator('.stage input[type=file]')
      .setInputFiles({ name: 'x.tar', mimeType: '', buffer: Buffer.alloc(3000, 'x') });
    await page.getByRole('alert').filter({ hasText: 'invalid tar header' }).waitFor();
    expect(app.problems).toEqual([]);
    await app.close();
  }, 180_000);

  it('a file that is dropped lands in the home directory; a folder is copied, with what was left out', async () => {
    const app = await site.page();
    const { page } = app;
    await page.locator('.notices').waitFor({ state: 'attached' });
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['print(1)\n'], 'app.py'));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => app.file('/root/app.py')).toBe('print(1)\n');
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.locator('input[webkitdirectory]').setInputFiles(join(fixtures, 'tutorial'));
    await page.getByRole('button', { name: /^Copy \d+ files?/ }).waitFor();
    await app.shot('folder-offer');
    expect(await violations(app)).toEqual([]);
    await page.getByRole('button', { name: /^Copy \d+ files?/ }).click();
    await page.getByText(/in \/root\/tutorial/).waitFor();
    expect((await app.command('ls /root/tutorial')).length).toBeGreaterThan(3);
    expect(app.problems).toEqual([]);
    await app.close();
  }, 120_000);

  it('a folder is mounted: read, built from, written to, and there again after a reload', async () => {
    const app = await site.page();
    const { page } = app;
    const pick = () => {
      const folder = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('proj', { create: true });
      Object.assign(window, { showDirectoryPicker: folder });
    };
    const real = (path: string) =>
      page.evaluate(async (name) => {
        const top = await (await navigator.storage.getDirectory()).getDirectoryHandle('proj');
        const file = await top.getFileHandle(name).catch(() => undefined);
        return file && (await (await file.getFile()).text());
      }, path);
    await page.addInitScript(pick);
    await page.reload();
    await app.prompt();
    await page.evaluate(async () => {
      const top = await (await navigator.storage.getDirectory()).getDirectoryHandle('proj', { create: true });
      const stream = await (await top.getFileHandle('Dockerfile', { create: true })).createWritable();
      await stream.write('FROM busybox\nCOPY . /all\n');
      await stream.close();
    });
    await menu(app, /Mount a folder/);
    await page.getByText('is mounted at /root/proj').waitFor();
    await app.command(
      'docker build -q -t x proj && docker run --rm -v /root/proj:/w x sh -c "ls /all > /w/list"',
      120_000,
    );
    await expect.poll(() => real('list'), { timeout: 20_000 }).toBe('Dockerfile\n');
    await app.command('rm proj/list');
    await expect.poll(() => real('list'), { timeout: 20_000 }).toBe(undefined);
    await page.reload();
    await app.prompt();
    await page.getByText('is mounted at /root/proj').waitFor();
    expect(await app.command('cat proj/Dockerfile')).toContain('COPY . /all');
    await menu(app, /Unmount/);
    await expect.poll(() => app.file('/root/proj/Dockerfile')).toBe(undefined);
    expect(app.problems).toEqual([]);
    await app.close();
  }, 180_000);

  it('another maker’s lesson opens here, and says what was not carried over', async () => {
    const app = await site.page();
    const { page } = app;
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.locator('input[webkitdirectory]').setInputFiles(join(fixtures, 'killercoda'));
    await page.getByRole('button', { name: 'Open it as a lesson' }).click();
    await page.getByText('assets of host02: there is one host').waitFor();
    await app.shot('lesson-imported');
    expect(await violations(app)).toEqual([]);
    await page.getByRole('button', { name: 'Open the lesson' }).click();
    await page.locator('.card').getByText('A box on the shelf').waitFor();
    await page.reload();
    await app.prompt();
    await page.locator('.card').getByText('A box on the shelf').waitFor();
    // Its scripts start by themselves, once each; a link to a port opens the Browser view.
    await page.locator('.card').getByRole('button', { name: 'Start on a fresh host' }).click();
    await expect.poll(() => app.file('/root/ready')).toBe('ready\n');
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByRole('button', { name: /^docker run -d --name shelf/ }).click();
    await page.getByRole('link', { name: 'the site' }).click();
    await expect(page.getByRole('textbox', { name: 'Address' }).inputValue()).resolves.toBe('http://localhost:80/');
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await expect.poll(() => app.file('/root/second')).toBe('second\n');
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await app.type('history | grep -c o[p]t/scenario/step2');
    await app.shows(/^1$/m);
    expect(app.problems).toEqual([]);
    await app.close();
  }, 120_000);

  it('a lesson of several terminals types each line where it belongs', async () => {
    const app = await site.page();
    const { page } = app;
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.locator('input[webkitdirectory]').setInputFiles(join(fixtures, 'labspace'));
    await page.getByRole('button', { name: 'Open it as a lesson' }).click();
    await page.getByRole('button', { name: 'Open the lesson' }).click();
    await page.locator('.card').getByRole('button', { name: 'Start on a fresh host' }).click();
    for (const part of ['cat > Dockerfile', 'docker build']) {
      await page.locator('.card').getByRole('button', { name: part }).click();
      await app.prompt();
    }
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page
      .locator('.card')
      .getByRole('button', { name: /docker events/ })
      .click();
    await page.getByRole('tab', { name: 'events', selected: true }).waitFor();
    await page
      .locator('.card')
      .getByRole('button', { name: /docker rmi/ })
      .click();
    await page.getByRole('tab', { name: 'Terminal 1', selected: true }).waitFor();
    await app.shows(/Untagged: pack\/app/);
    await app.shot('lesson-terminals');
    expect(await violations(app)).toEqual([]);
    await page
      .locator('.card')
      .getByRole('button', { name: /docker events/ })
      .click();
    await app.shows(/image (?:untag|delete)/);
    expect(app.problems).toEqual([]);
    await app.close();
  }, 120_000);
});
