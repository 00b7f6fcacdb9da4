/** Around the terminal: the timeline, the palette, error help, links, the phone's input line, offline. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { builtApp, Site } from './app-page.ts';
import { violations } from './looks.ts';

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describeWith({ programs: ['chromium'] }, 'around the terminal', () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  it('shows a past moment in the views, goes back, branches, undoes', async () => {
    const app = await site.page();
    const { page } = app;
    await app.command('docker pull alpine');
    await app.command('docker run -d --name web alpine sleep 1d');
    await app.drawn('.slab', 3);
    await page.locator('.moment').nth(1).click();
    await app.drawn('.slab', 2);
    await page.getByText('As it was after').waitFor();
    await app.shot('timeline-past-dark');
    expect(await violations(app)).toEqual([]);
    await page.getByRole('button', { name: 'Back to now' }).click();
    await app.drawn('.slab', 3);
    // By keyboard: the arrow keys walk, Enter looks.
    await page.locator('.moment[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await app.drawn('.slab', 2);
    await page.getByRole('button', { name: 'Go on from here' }).click();
    await app.prompt();
    await app.command('docker create --name other alpine');
    await app.drawn('.moment.side', 1);
    expect((await app.inspect()).containers.map(({ name }) => name)).toEqual(['other']);
    await page.keyboard.press('Alt+z');
    await expect.poll(async () => (await app.inspect()).containers).toEqual([]);
    expect(app.problems).toEqual([]);
    await app.close();
  }, 90_000);

  it('walks through a command event by event', async () => {
    const app = await site.page();
    await app.page.getByRole('button', { name: 'Walk me through it' }).click();
    await app.type('docker pull alpine');
    await app.page.getByText('Step 1', { exact: true }).waitFor();
    await app.shot('walk-dark');
    await app.page.keyboard.press('Alt+n');
    await app.page.getByText('Step 2', { exact: true }).waitFor();
    await app.page.getByRole('button', { name: 'Run on' }).click();
    await app.shows(/Status: Downloaded/);
    expect(app.problems).toEqual([]);
    await app.close();
  }, 60_000);

  it('inserts commands from the palette, and explains an error by what is there', async () => {
    const app = await site.page();
    const { page } = app;
    await app.command('docker run -d --name web alpine sleep 1d');
    await app.focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('exec shell');
    await app.shot('palette-dark');
    expect(await violations(app)).toEqual([]);
    await page.keyboard.press('Enter');
    await app.shows(/docker exec -it web sh$/);
    await page.keyboard.press('Control+c');
    await app.command('docker stop wbe');
    await page.getByRole('button', { name: 'What does this error mean?' }).click();
    await page.getByText('Containers here: web').waitFor();
    await app.shot('error-help-dark');
    expect(await violations(app)).toEqual([]);
    await page.getByRole('button', { name: 'docker stop web' }).click();
    await app.shows(/docker stop web$/);
    expect(await page.locator('[role=log]').innerText()).toContain('No such container: wbe');
    expect(app.problems).toEqual([]);
    await app.close();
  }, 60_000);

  it('copies a link; who opens it is asked, and gets the same ids', async () => {
    const app = await site.page();
    const { page } = app;
    await app.command('docker run -d --name web alpine sleep 1d');
    await page.getByRole('button', { name: 'Menu' }).click();
    await app.shot('menu-dark');
    expect(await violations(app)).toEqual([]);
    await page.getByRole('button', { name: /Copy a link/ }).click();
    await page.getByText('Link copied').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const mine = (await app.inspect()).containers.map(({ id }) => id);
    const other = await site.page();
    await other.page.goto('about:blank');
    await other.page.goto(link);
    await other.prompt();
    await other.page.getByText('docker run -d --name web').waitFor();
    await other.shot('link-dark');
    expect(await violations(other)).toEqual([]);
    await other.page.getByRole('button', { name: /Run 1 command/ }).click();
    await expect
      .poll(async () => (await other.inspect()).containers.map(({ id }) => id), { timeout: 30_000 })
      .toEqual(mine);
    await app.close();
    await other.close();
  }, 90_000);

  it('has settings in one place that are kept', async () => {
    const app = await site.page({ locale: 'zh-CN', colorScheme: 'light' });
    await app.page.getByRole('button', { name: '设置' }).click();
    await app.shot('settings-light-zh');
    expect(await violations(app)).toEqual([]);
    await app.page.getByLabel('English').check();
    await app.page.getByLabel('Dark').check();
    await app.page.reload();
    await app.prompt();
    expect(
      await app.page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]),
    ).toEqual(['en', 'dark']);
    await app.close();
  }, 60_000);

  it('has an input line of its own on a phone', async () => {
    const app = await site.page({ ...phone, colorScheme: 'light', locale: 'zh-CN' });
    await app.page.getByLabel('命令行').fill('docker pull alpine');
    await app.page.getByRole('button', { name: '回车' }).tap();
    await app.shows(/Status: Downloaded/);
    await app.drawn('.slab', 2);
    await app.shot('phone-input-light-zh');
    expect(await violations(app)).toEqual([]);
    const small = await app.page.evaluate(() =>
      [
        ...document.querySelectorAll<HTMLElement>(
          '.left button, .left input, .bottom button, .bottom select, header button, header select',
        ),
      ]
        .filter((one) => one.checkVisibility() && !one.closest('.card') && one.getBoundingClientRect().height < 40)
        .map((one) => one.outerHTML.slice(0, 80)),
    );
    expect(small).toEqual([]);
    await app.close();
  }, 60_000);

  const allKept = async (page: Page): Promise<void> => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    const kept = () =>
      page.evaluate(async () => {
        const names = (await caches.keys()).filter((name) => name.startsWith('drydock-'));
        const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return all.flat().some(({ url }) => /\/wheels\/werkzeug-[^/]*\.whl$/.test(url));
      });
    await expect.poll(kept, { timeout: 60_000, interval: 500 }).toBe(true);
  };

  it('works offline after the first visit', async () => {
    const app = await site.page();
    await allKept(app.page);
    await app.page.context().setOffline(true);
    await app.page.reload();
    await app.prompt();
    await app.command('docker pull busybox');
    await app.shows(/Status: Downloaded/);
    // What was never opened while there was a network: views, lessons, Python, an editor.
    for (const view of await app.page.locator('nav button').all()) {
      await view.click();
      await app.page.locator('.stage > *').first().waitFor();
    }
    await app.command("docker run --rm python:3.12-alpine python -c 'print(6 * 7)'");
    await app.shows(/^42$/m);
    await app.command('docker run --rm node:22-alpine node -p 6*8');
    await app.shows(/^48$/m);
    expect(app.problems.filter((problem) => !/ERR_INTERNET_DISCONNECTED/.test(problem))).toEqual([]);
    await app.close();
  }, 180_000);

  it('a new version does not disturb the page that is open, and takes its place when asked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drydock-version-'));
    cpSync(builtApp, folder, { recursive: true });
    const own = await Site.open(folder);
    const app = await own.page();
    try {
      await allKept(app.page);
      await app.page.reload();
      await app.prompt();
      await app.command('echo mine > note');
      writeFileSync(
        `${folder}/index.html`,
        readFileSync(`${folder}/index.html`, 'utf8').replace('<title>Drydock', '<title>Drydock, next'),
      );
      writeFileSync(
        `${folder}/sw.js`,
        readFileSync(`${folder}/sw.js`, 'utf8').replace('"version":"', '"version":"next-'),
      );
      await app.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())!.update());
      await app.page.getByText('A new version of Drydock is ready.').waitFor();
      expect(await app.page.title()).toBe('Drydock');
      await app.page.locator('nav button').last().click();
      await app.command('docker pull busybox');
      await app.page.locator('.notices').getByRole('button', { name: 'Reload' }).click();
      await expect.poll(() => app.page.title(), { timeout: 20_000 }).toContain('next');
      await app.prompt();
      expect(await app.file('/root/note')).toBe('mine\n');
      expect(app.problems).toEqual([]);
    } finally {
      await app.close();
      await own.close();
      rmSync(folder, { recursive: true });
    }
  }, 120_000);

  it('shows one view, and nothing around it, in somebody else’s page', async () => {
    const app = await site.page();
    await app.command('docker pull alpine');
    const fragment = await app.page.evaluate(async () => {
      const link = await globalThis.drydock.engine.shareLink();
      return 'fragment' in link ? link.fragment : '';
    });
    await app.page.goto(`${new URL(app.page.url()).origin}/?embed=layers&share=${fragment}`);
    await app.drawn('.slab', 2);
    expect(await app.page.locator('header, .bottom, .terminal').count()).toBe(0);
    expect(await app.page.evaluate(() => document.cookie)).toBe('');
    await app.shot('embed-dark');
    await app.close();
  }, 60_000);
});
