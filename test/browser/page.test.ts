/** The page itself: the picture follows, everything by keyboard, both languages and themes, small screens. */
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { type AppPage, Site } from './app-page.ts';
import { violations } from './looks.ts';

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Slabs, pills and chips must lie within their slab, slabs must not overlap. */
const layoutProblems = ({ page }: AppPage): Promise<string[]> =>
  page.evaluate(() => {
    const box = (element: Element) => element.getBoundingClientRect();
    const slabs = [...document.querySelectorAll('.slab')];
    const outside = slabs.flatMap((slab) =>
      [...slab.children]
        .filter((child) => child.textContent)
        .filter((child) => box(child).right > box(slab).right + 1 || box(child).bottom > box(slab).bottom + 1)
        .map((child) => `leaves its slab: ${child.textContent}`),
    );
    const overlap = slabs.flatMap((a, i) =>
      slabs
        .slice(i + 1)
        .filter((b) => box(a).left < box(b).right - 1 && box(b).left < box(a).right - 1)
        .filter((b) => box(a).top < box(b).bottom - 1 && box(b).top < box(a).bottom - 1)
        .map((b) => `${a.textContent} overlaps ${b.textContent}`),
    );
    return [...outside, ...overlap];
  });

/** An image, one committed on it, a running and a stopped container, a whiteout. */
async function fill(app: AppPage): Promise<void> {
  await app.command('docker pull alpine');
  await app.command('docker run -d --name web -p 8080:80 alpine sleep 10000');
  await app.command(`docker exec web sh -c 'echo hi > /srv/hello; echo x >> /etc/profile; rm /etc/motd'`);
  await app.command('docker commit web team/site');
  await app.command('docker run --name old team/site rm /srv/hello');
  await app.drawn('.slab', 5);
}

describeWith({ programs: ['chromium'] }, 'the page', () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  it('opens with a prompt, an empty dock that teaches, and the terminal in focus', async () => {
    const app = await site.page();
    await app.drawn('.slab', 1);
    await app.shot('page-empty-dark');
    expect(await app.page.evaluate(() => document.activeElement?.className)).toContain('xterm-helper-textarea');
    await app.page.locator('.empty .base button').click();
    await app.drawn('.slab.base', 1);
    expect((await app.inspect()).images.map((image) => image.references)).toEqual([['ubuntu:latest']]);
    await app.page.locator('.goals li.reached').first().waitFor();
    expect(app.problems).toEqual([]);
    await app.close();
  });

  it('draws what stands on what, and lists what a layer holds', async () => {
    const app = await site.page();
    await fill(app);
    await app.shot('page-stack-dark');
    expect(await layoutProblems(app)).toEqual([]);
    expect(await app.page.locator('.slab.writable.running').count()).toBe(1);
    expect(await app.page.locator('.slab.writable:not(.running)').count()).toBe(1);
    await app.page.locator('.slab.layer').click();
    const panel = app.page.locator('aside');
    await panel.getByText('/srv/hello').waitFor();
    expect(await panel.locator('li.added').allInnerTexts()).toEqual([expect.stringContaining('/srv/hello')]);
    expect(await panel.locator('li.changed').allInnerTexts()).toEqual([expect.stringContaining('/etc/profile')]);
    expect(await panel.locator('li.deleted').allInnerTexts()).toEqual([expect.stringContaining('/etc/motd')]);
    await panel.getByRole('button', { name: /srv\/hello/ }).click();
    expect(await panel.locator('pre').innerText()).toBe('hi\n');
    await app.shot('page-details-dark');
    expect(await violations(app)).toEqual([]);
    await app.page.getByRole('button', { name: 'As text' }).click();
    await app.page.locator('.text').getByRole('button', { name: /old/ }).waitFor();
    await app.shot('page-text-dark');
    expect(await violations(app)).toEqual([]);
    expect(app.problems).toEqual([]);
    await app.close();
  });

  it('works by keyboard alone', async () => {
    const app = await site.page();
    const { keyboard } = app.page;
    const focused = () => app.page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName);
    await fill(app);
    await keyboard.press('F6'); // out of the terminal, over the header, to the stage
    await keyboard.press('F6');
    expect(await focused()).toBe('slab-kernel');
    await keyboard.press('ArrowUp');
    const base = await focused();
    await keyboard.press('ArrowUp');
    const above = await focused();
    expect(above).not.toBe(base);
    await keyboard.press('ArrowDown');
    expect(await focused()).toBe(base);
    await keyboard.press('Enter');
    await app.page.locator('aside').waitFor();
    await keyboard.press('Escape');
    await app.page.locator('aside').waitFor({ state: 'detached' });
    expect(await focused()).toBe(base);
    await keyboard.press('Shift+F6');
    await keyboard.press('Shift+F6');
    expect(await focused()).toBe('TEXTAREA');
    await app.close();
  });

  it('edits a host file with nano, and keeps several terminals on one host', async () => {
    const app = await site.page();
    await app.type('nano notes.txt');
    await app.page.waitForSelector('dialog[open] .cm-content');
    await app.page.keyboard.type('written in the overlay');
    await app.shot('page-nano-dark');
    expect(await violations(app)).toEqual([]);
    await app.page.keyboard.press('Control+x');
    await app.page.waitForSelector('dialog', { state: 'detached' });
    expect(await app.file('/root/notes.txt')).toBe('written in the overlay\n');
    await app.page.getByRole('button', { name: 'New terminal' }).click();
    await app.prompt();
    expect(await app.command('cat notes.txt')).toContain('written in the overlay');
    await app.shot('page-terminals-dark');
    await app.close();
  });

  it('runs several pasted lines one after the other, and copies a selection', async () => {
    const app = await site.page();
    await app.page.evaluate(() => navigator.clipboard.writeText('echo one\necho two > two.txt\n'));
    await app.focus();
    await app.page.keyboard.press('Control+Shift+V');
    await app.page.keyboard.press('Enter');
    await app.shows(/\none\n/);
    await app.page.waitForFunction(() => globalThis.drydock.engine.readFile('/root/two.txt'));
    expect(await app.file('/root/two.txt')).toBe('two\n');
    const line = await app.page.locator('.xterm-rows > div').filter({ hasText: /^one/ }).boundingBox();
    await app.page.mouse.dblclick(line!.x + 8, line!.y + 8);
    await app.page.keyboard.press('Control+Shift+C');
    expect(await app.page.evaluate(() => navigator.clipboard.readText())).toBe('one');
    await app.close();
  });

  for (const [name, options, language] of [
    ['light-en', { colorScheme: 'light' }, 'en'],
    ['dark-zh', { locale: 'zh-CN' }, 'zh-CN'],
    ['phone-dark-en', phone, 'en'],
    ['phone-light-zh', { ...phone, colorScheme: 'light', locale: 'zh-CN' }, 'zh-CN'],
  ] as [string, BrowserContextOptions, string][]) {
    it(`is whole and readable: ${name}`, async () => {
      const app = await site.page(options);
      expect(await app.page.evaluate(() => document.documentElement.lang)).toBe(language);
      await app.shot(`page-empty-${name}`);
      await fill(app);
      await app.shot(`page-stack-${name}`);
      expect(await layoutProblems(app)).toEqual([]);
      expect(await violations(app)).toEqual([]);
      const wider = await app.page.evaluate(() =>
        [...document.querySelectorAll('header *, main')].some(
          (part) => part.getBoundingClientRect().right > innerWidth,
        ),
      );
      expect(wider).toBe(false);
      await app.page.locator('.slab.layer').click();
      await app.page.locator('aside').getByText('/srv/hello').waitFor();
      await app.shot(`page-details-${name}`);
      await app.close();
    });
  }
});
