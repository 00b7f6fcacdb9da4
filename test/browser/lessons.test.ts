/** A student's path: choose a lesson, do it, see the goals tick, come back to what was done. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { Site } from './app-page.ts';
import { violations } from './looks.ts';

describeWith({ programs: ['chromium'] }, 'lessons', () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  it('are chosen, done, and not forgotten; the terminal keeps its size', async () => {
    const app = await site.page();
    const { page } = app;
    const card = page.locator('.card');
    await card.locator('.chooser').click();
    await page.locator('dialog input[type=search]').fill('layer is');
    expect(await violations(app)).toEqual([]);
    await app.shot('lessons-chooser-dark');
    await page
      .getByRole('button', { name: /What a layer is/ })
      .last()
      .click();
    const height = async () => (await card.boundingBox())!.height;
    const before = await height();
    await app.command('docker pull ubuntu');
    await page.getByText('Step 2 of 4').waitFor();
    expect(await height()).toBe(before);
    const ask = card.locator('.ask');
    while ((await ask.count()) > 0) await ask.click();
    await card.locator('.solution .command').click();
    await page.getByText('Step 3 of 4').waitFor({ timeout: 60_000 });
    await app.prompt();
    await app.command('docker commit web ksfzhaohui/apache2');
    await page.getByText('Step 4 of 4').waitFor();
    await app.command('docker run --name bare ksfzhaohui/apache2 rm /etc/apache2/ports.conf');
    await card.locator('.done').waitFor();
    expect(await height()).toBe(before);
    await app.shot('lessons-done-dark');
    expect(await violations(app)).toEqual([]);
    await page.reload();
    await app.prompt();
    await card.locator('.done').waitFor();
    expect(await card.locator('.goals li.reached').count()).toBe(1);
    await card.getByRole('button', { name: 'Start again' }).click();
    await page.getByText('Step 1 of 4').waitFor();
    expect(await card.locator('.goals li.reached').count()).toBe(0);
    expect(app.problems).toEqual([]);
    await app.close();
  });

  it('are worked by keyboard: chooser, height, width of the terminal, which is kept', async () => {
    const app = await site.page({ colorScheme: 'light', locale: 'zh-CN' });
    const { page } = app;
    await page.locator('.card .chooser').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await app.shot('lessons-chooser-light-zh');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('chooser');
    const height = async () => (await page.locator('.card').boundingBox())!.height;
    const before = await height();
    await page.locator('.card [role=separator]').focus();
    await page.keyboard.press('ArrowDown');
    expect(await height()).toBe(before + 16);
    const width = async () => (await page.locator('.left').boundingBox())!.width;
    const narrow = await width();
    await page.getByRole('separator', { name: '终端的宽度' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await width()).toBe(narrow + 16);
    await page.reload();
    await app.prompt();
    expect(await width()).toBe(narrow + 16);
    expect(app.problems).toEqual([]);
    await app.close();
  });
});
