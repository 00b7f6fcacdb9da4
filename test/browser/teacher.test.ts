/**
 * The teacher's path, by keyboard alone: a demonstration is presented, with its notes in a second window. In both
 * languages, dark and light, at a desk, in a hall and on a phone. The pictures stay in artifacts/teacher-*.png.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { AppPage, Site } from './app-page.ts';
import { dress, type Look, lookedAt } from './looks.ts';

type Dress = Omit<Look, 'language'>;
const desk: Dress = { theme: 'dark', size: 'wide' };
/** Every size and both themes, each theme at the sizes where it is most likely to fail. */
const dresses: Dress[] = [
  desk,
  { theme: 'light', size: 'wide' },
  { theme: 'dark', size: 'hall' },
  { theme: 'light', size: 'phone' },
];

describeWith({ programs: ['chromium'] }, 'the teacher', () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site?.close());

  /** What is wrong with a page in every dress. */
  async function lookAround(app: AppPage, name: string, language: Look['language']): Promise<string[]> {
    const wrong: string[] = [];
    for (const one of dresses) {
      await dress(app, one);
      wrong.push(...(await lookedAt(app, `teacher-${name}`, { language, ...one }, one.size !== 'hall')));
    }
    await dress(app, desk);
    return wrong;
  }

  const openMenu = async (app: AppPage, what: RegExp) => {
    await app.focus();
    await app.page.keyboard.press('F6');
    await app.tabTo(/^(Menu|菜单)$/);
    await app.page.keyboard.press('Enter');
    await app.tabTo(what);
    await app.page.keyboard.press('Enter');
  };

  const says = async (app: AppPage, text: RegExp, timeout = 20_000) => {
    const statuses = app.page.getByRole('status');
    await statuses
      .filter({ hasText: text })
      .first()
      .waitFor({ timeout })
      .catch(async () => {
        throw new Error(`nothing says ${text} but ${await statuses.allInnerTexts()}; ${await app.screen()}`);
      });
  };

  /** The clicker's key through one command of the demonstration, to what its hint then says. */
  async function presses(app: AppPage, keys: string[], then: RegExp, on: Page = app.page): Promise<void> {
    for (const [index, key] of keys.entries()) {
      await on.keyboard.press(key);
      await says(app, index === keys.length - 1 ? then : /run it|运行/);
    }
  }

  it('presents: one key types, runs and goes on; the spotlight and the notes follow', async () => {
    const app = await site.page();
    const { page } = app;
    await openMenu(app, /^Present a demonstration$/);
    await page.getByRole('dialog').getByText('One directory out of many').waitFor();
    const wrong = await lookAround(app, 'demos', 'en');
    await app.tabTo(/^One directory out of many/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A container is one more layer' }).waitFor();
    expect(new URL(page.url()).searchParams.get('present')).toBe('union-filesystem');
    await says(app, /type the command/);

    // The notes' window is opened by its button, and has the clicker's keys, too.
    await page.keyboard.press('F6');
    await app.tabTo(/^Notes$/);
    const [notes] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('Enter')]);
    await notes.getByText('how much disk does a second container take?').waitFor();
    expect(await notes.locator('code').textContent()).toBe('docker run -d --name reader books tail -f /dev/null');
    expect(await page.getByText('how much disk').count()).toBe(0);

    await presses(app, ['PageDown'], /run it/, notes);
    await app.shows(/# docker run -d --name reader books tail -f \/dev\/null$/);
    await presses(app, ['Space'], /the next step/, notes);
    await app.drawn('.slab', 4);
    expect((await app.inspect()).containers.map(({ name, status }) => `${name} ${status}`)).toEqual(['reader running']);
    await spotOn(app, '.stage');
    wrong.push(...(await lookAround(app, 'present-stage', 'en')));

    await notes.keyboard.press('Space');
    await notes.getByRole('heading', { name: 'Reading falls through' }).waitFor();
    await page.getByRole('heading', { name: 'Reading falls through' }).waitFor();
    await page.bringToFront();
    await app.focus();
    await presses(app, ['Space', 'ArrowRight'], /the next step/);
    await app.shows(/I took it for the frost/);
    await page.keyboard.press('Space');
    await page.getByRole('heading', { name: 'Writing copies up' }).waitFor();
    await presses(app, ['PageDown', 'PageDown'], /type the command/);
    await presses(app, ['PageDown', 'PageDown'], /the next step/);
    await spotOn(app, '.drawn [data-mark]', /upperdir/);
    wrong.push(...(await lookAround(app, 'present-mark', 'en')));
    await notes.getByText('that is why databases belong on volumes').waitFor();
    wrong.push(...(await lookAround(new AppPage(notes), 'notes', 'en')));

    // Back, to where the step began; by hand; and out.
    await page.bringToFront();
    await page.keyboard.press('PageUp');
    await says(app, /type the command/);
    expect(await app.changes((await app.inspect()).containers[0]!.id)).toEqual([]);
    await app.command('docker exec reader ls /books');
    await says(app, /Yours by hand/);
    await page.keyboard.press('PageDown');
    await says(app, /run it/);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Writing copies up' }).waitFor({ state: 'detached' });
    await expect.poll(() => notes.isClosed()).toBe(true);
    expect(new URL(page.url()).searchParams.has('present')).toBe(false);
    expect((await app.inspect()).containers).toHaveLength(1);
    expect(wrong).toEqual([]);
    expect(app.problems).toEqual([]);
    await app.close();
  });

  /** The spotlight frames a part from within, or the smallest thing of the view that says so from without. */
  async function spotOn({ page }: AppPage, selector: string, label?: RegExp): Promise<void> {
    const boxes = () =>
      page.evaluate(
        ([where, source]) => {
          const box = (one: Element) => one.getBoundingClientRect();
          const fitting = [...document.querySelectorAll(where!)].filter((one) =>
            new RegExp(source ?? '').test(one.getAttribute('aria-label') ?? one.textContent ?? ''),
          );
          const smallest = fitting.sort((a, b) => box(a).width * box(a).height - box(b).width * box(b).height)[0];
          const spot = document.querySelector('.spot');
          if (!spot || !smallest) return 'no spotlight';
          const [lit, own] = [box(spot), box(smallest)];
          const off = [own.left - lit.left, own.top - lit.top, lit.right - own.right, lit.bottom - own.bottom];
          const fits = (by: number) => (source ? by >= -1 && by <= 8 : by >= -3 && by <= 0);
          return off.every(fits) ? '' : `off by ${off.join(', ')}`;
        },
        [selector, label?.source],
      );
    await expect.poll(boxes).toBe('');
  }
});
