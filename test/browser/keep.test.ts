/** Work that is kept: there again after a reload, and not fought over by two tabs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppPage, Site } from './app-page.ts';

let site: Site;
beforeAll(async () => {
  site = await Site.open();
}, 60_000);
afterAll(() => site.close());

const keeping = (app: AppPage): Promise<string> =>
  app.page.evaluate(async () => {
    const state = await globalThis.drydock.engine.keeping();
    return state.state === 'off' ? state.reason : state.state;
  });

async function kept(app: AppPage): Promise<void> {
  await app.page.waitForTimeout(400);
  await expect.poll(() => keeping(app), { timeout: 20_000 }).toBe('kept');
}

async function open(app: AppPage, query: string): Promise<void> {
  const { origin } = new URL(app.page.url());
  await app.page.goto(`${origin}/${query}`);
  await app.prompt();
}

describe('work that is kept', () => {
  it('is there after a reload, containers run again, and undo works', async () => {
    const app = await site.page();
    await open(app, '?keep=test');
    await app.command('docker run -d --name box alpine sleep 1d; echo mine > note');
    await kept(app);
    await app.page.reload();
    await app.prompt();
    expect(await app.file('/root/note')).toBe('mine\n');
    await app.type('docker ps --format "{{.Names}} {{.State}}"');
    await app.shows(/box running/);
    await app.command('rm note; echo it is gone');
    expect(await app.file('/root/note')).toBeUndefined();
    await app.page.evaluate(() => globalThis.drydock.engine.undo());
    await app.prompt();
    expect(await app.file('/root/note')).toBe('mine\n');
    expect(app.problems).toEqual([]);
  }, 90_000);

  it('is kept without being asked, and starting afresh can be undone', async () => {
    const app = await site.page();
    await app.command('echo mine > note');
    await kept(app);
    await app.page.reload();
    await app.prompt();
    expect(await app.file('/root/note')).toBe('mine\n');
    await app.page.evaluate(() => globalThis.drydock.engine.startAfresh());
    await app.prompt();
    expect(await app.file('/root/note')).toBeUndefined();
    await app.page.keyboard.press('Alt+Z');
    await expect.poll(() => app.file('/root/note')).toBe('mine\n');
    expect(app.problems).toEqual([]);
  }, 60_000);

  it('belongs to the first of two tabs; the second says so and goes on', async () => {
    const app = await site.page();
    await open(app, '?keep=two');
    const other = await site.page();
    await open(other, '?keep=');
    expect(await keeping(other)).toBe('not-asked');
    const second = await app.page.context().newPage();
    await second.goto(app.page.url());
    await second.waitForFunction(() => globalThis.drydock?.screen().includes('#'));
    expect(await second.evaluate(async () => (await globalThis.drydock.engine.keeping()).state)).toBe('off');
    expect(await keeping(app)).toBe('kept');
  }, 60_000);
});
