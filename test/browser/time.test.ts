/**
 * The timeline and what just happened, by keys alone: every view shows the moment that is looked at; undo, redo, a
 * branch, the walk through a command; sentences and their terms in both languages.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { type AppPage, Site } from './app-page.ts';
import { looks, Stage, type ViewName } from './stage.ts';

const typed = [
  "printf 'FROM alpine\\nCOPY page /srv/page\\n' > Dockerfile; echo one > page",
  'docker build -q -t site:1 .',
  'echo two > page; docker build -q -t site:2 .',
  'docker run -d --name web site:2 sleep 1000000',
  "docker exec web sh -c 'rm /etc/motd; echo x >> /etc/profile'",
];

/** What each view shows after `docker build -q -t site:1 .`, and what it shows only later. */
const then: { view: ViewName; shows: RegExp; not: RegExp }[] = [
  { view: 'layers', shows: /site:1/, not: /site:2|web/ },
  { view: 'images', shows: /site:1/, not: /site:2/ },
  { view: 'union', shows: /docker run/, not: /upperdir: the writable/ },
  { view: 'build', shows: /COPY page/, not: /page changed/ },
  { view: 'processes', shows: /\/sbin\/init/, not: /sleep 1000000/ },
  { view: 'network', shows: /docker0|docker run/, not: /172\.17\.0\.2/ },
  { view: 'registry', shows: /site:1/, not: /site:2/ },
  { view: 'engine', shows: /POST \/build/, not: /containers\/create/ },
];

describeWith({ programs: ['chromium'] }, 'time', () => {
  let site: Site;
  let app: AppPage;
  let stage: Stage;
  beforeAll(async () => {
    site = await Site.open();
    app = await site.page({ reducedMotion: 'reduce' });
    stage = new Stage(app);
    for (const line of typed) await app.command(line);
  }, 120_000);
  afterAll(() => site?.close());

  const moment = () => app.page.locator('.moment[aria-current]').getAttribute('aria-label');
  const timeline = () => app.page.evaluate(() => globalThis.drydock.engine.timeline());
  const shown = () => app.page.locator('.drawn').textContent();

  async function atMoment(line: string): Promise<void> {
    const { page } = app;
    await stage.goTo('.bottom button');
    await page.locator('.moment[tabindex="0"]').focus();
    await page.keyboard.press('Home');
    for (let tries = 0; tries < 20 && !(await stage.focused())?.includes(line); tries++)
      await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('.past').waitFor();
  }

  it('has one moment for each command that changed something', async () => {
    expect((await timeline()).moments.map(({ line }) => line)).toEqual(['', ...typed]);
    expect(await moment()).toContain(typed.at(-1));
  });

  it('scrubs back by keys: every view shows that moment, and says so', async () => {
    await atMoment('docker build -q -t site:1');
    for (const { view, shows, not } of then) {
      await stage.open(view);
      await expect.poll(shown, { message: view }).toMatch(shows);
      expect(await shown(), view).not.toMatch(not);
      expect(await app.page.locator('.past').textContent()).toContain('docker build -q -t site:1');
    }
    expect(await app.page.locator('.happened').textContent()).toContain('site:1');
    expect(await stage.lookAround('moment', [looks[0]!, looks[3]!, looks[5]!, looks[6]!])).toEqual([]);
    await stage.look(looks[0]!);
  });

  it('the union of a past moment is that of then', async () => {
    await atMoment('docker run -d --name web');
    await stage.open('union');
    await app.page.locator('.drawn .path input').fill('/etc/motd');
    await app.page.keyboard.press('Enter');
    await expect.poll(shown).toMatch(/file served by FROM alpine|here: file/);
    await app.page.locator('.moment[aria-current]').focus();
    await app.page.keyboard.press('Escape');
    await expect.poll(shown).toMatch(/whiteout/);
    expect(await app.page.locator('.past').count()).toBe(0);
  });

  it('undoes and redoes by keys; the prompt comes below what was printed', async () => {
    const { page } = app;
    const printed = (await app.screen()).trimEnd();
    await page.keyboard.press('Alt+z');
    await expect.poll(async () => (await app.inspect()).containers[0]?.hidden).toBe(0);
    await page.keyboard.press('Alt+Shift+Z');
    await expect.poll(async () => (await app.inspect()).containers[0]?.hidden).toBe(1);
    expect((await timeline()).current).toBe(typed.length);
    await expect.poll(async () => (await app.screen()).startsWith(printed)).toBe(true);
  });

  it('goes on from a past moment: a branch, and what was left is still there', async () => {
    const { page } = app;
    await atMoment('docker build -q -t site:1');
    await page.locator('.past').getByRole('button', { name: 'Go on from here' }).press('Enter');
    await expect.poll(async () => (await app.inspect()).containers.length).toBe(0);
    await app.command('docker tag site:1 site:branch');
    const { moments, current } = await timeline();
    expect(moments.find(({ id }) => id === current)).toMatchObject({
      line: 'docker tag site:1 site:branch',
      parent: 2,
    });
    expect(moments).toHaveLength(typed.length + 2);
    await app.drawn('.moment.side', 3);
    expect(await stage.lookAround('branch', [looks[0]!, looks[3]!])).toEqual([]);
    await stage.look(looks[0]!);
  });

  it('walks through a command step by step, in both languages', async () => {
    const { page } = app;
    const walk = page.locator('.walk[aria-label]');
    await page.locator('button.walk').press('Enter');
    await app.type('docker run --rm alpine touch /x');
    const said: string[] = [];
    for (let step = 0; step < 60; step++) {
      const over = async () => /[#$] ?$/.test((await app.screen()).trimEnd().split('\n').at(-1)!);
      await expect
        .poll(async () => (await walk.locator('.next').isEnabled()) || (await over()), { timeout: 10_000 })
        .toBe(true);
      if (await over()) break;
      said.push((await walk.locator('[role=status]').textContent()) ?? '');
      if (step === 2) expect(await stage.lookAround('walk', [looks[0]!, looks[1]!, looks[4]!, looks[7]!])).toEqual([]);
      if (step === 2) await stage.look(looks[0]!);
      await page.keyboard.press('Alt+n');
      await page.waitForTimeout(60);
    }
    const all = said.join('\n');
    expect(all).toMatch(/POST .*containers\/create/);
    expect(all).toMatch(/touch \/x/);
    expect(new Set(said).size).toBeGreaterThan(5);
    await page.locator('button.walk').press('Enter');
    await app.prompt();
  });

  it('tells what just happened in both languages; a term opens the glossary by keys', async () => {
    const { page } = app;
    const happened = page.locator('.happened');
    await app.command("docker run --name told alpine sh -c 'rm /etc/motd; echo x >> /etc/profile'");
    await stage.look(looks[0]!);
    await expect.poll(() => happened.textContent()).toMatch(/a thin writable layer for told on top of alpine/);
    expect(await happened.textContent()).toMatch(/\/etc\/motd is stored in a lower layer: deleting left a whiteout/);
    await stage.goTo('.stage :is(.slab, .stop, button)');
    const term = happened.locator('.term', { hasText: 'whiteout' });
    await term.focus();
    await page.keyboard.press('Enter');
    expect(await term.getAttribute('aria-expanded')).toBe('true');
    const entry = happened.locator('.entry');
    expect(await entry.textContent()).toContain('Defined in');
    expect(await stage.lookAround('happened', [looks[0]!, looks[3]!])).toEqual([]);
    await stage.look(looks[1]!);
    await expect.poll(() => happened.textContent()).toMatch(/told/);
    expect(await happened.textContent()).toMatch(/薄薄的可写层/);
    expect(await entry.locator('strong').textContent()).toMatch(/\p{Script=Han}|whiteout/u);
    await stage.look(looks[0]!);
    await stage.open('layers');
    await entry.getByRole('button').first().press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('view')).toBe('union');
    await stage.look(looks[4]!);
    expect(await happened.locator('ol').count()).toBe(0);
    expect(app.problems).toEqual([]);
  });
});
