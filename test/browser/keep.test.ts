/** Work that is kept: there again after a reload, and not fought over by two tabs. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppPage, Site } from './app-page.ts';

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

  it('belongs to the first of two tabs; the second says so, and takes over without losing anything', async () => {
    const app = await site.page();
    await open(app, '?keep=two');
    await app.command('echo first > note');
    const card = (one: AppPage, title: RegExp) => one.page.locator('.card h2', { hasText: title }).waitFor();
    const log = (one: AppPage): Promise<string[]> =>
      one.page.evaluate(
        (key) => JSON.parse(localStorage.getItem(key)!).commands.map(({ line }: { line: string }) => line),
        'drydock.hand-in.what-a-layer-is',
      );
    await card(app, /Bring in a base image/);
    const second = await app.page.context().newPage();
    await second.goto(app.page.url());
    const other = new AppPage(second);
    await other.prompt();
    await second.getByText('open in another tab').waitFor();
    expect(await keeping(other)).toBe('other-tab');
    expect(await keeping(app)).toBe('kept');
    // The lesson goes on in the first one; what is done in the second, on a host of its own, does not count.
    await second.getByRole('button', { name: 'Start on a fresh host' }).waitFor();
    await app.command('docker pull -q ubuntu');
    await card(app, /Write on top of it/);
    await other.command('docker pull -q alpine');
    // What was not written when it is asked for is written first.
    await app.command('echo last > note');
    await second.getByRole('button', { name: 'Go on here' }).click();
    await expect.poll(() => other.file('/root/note'), { timeout: 20_000 }).toBe('last\n');
    await expect.poll(() => keeping(app)).toBe('other-tab');
    await app.page.getByText('open in another tab').waitFor();
    await card(other, /Write on top of it/);
    await other.command('echo mine > note');
    await kept(other);
    const typed = ['echo first > note', 'docker pull -q ubuntu', 'echo last > note', 'echo mine > note'];
    expect(await log(other)).toEqual(typed);
    // Undone: no longer on the way.
    await second.evaluate(() => globalThis.drydock.engine.undo());
    await expect.poll(() => log(other)).toEqual(typed.slice(0, 3));
    await other.prompt();
    await other.command('echo mine > note');
    await kept(other);
    await app.command('echo lost > note');
    expect(await log(other)).toEqual(typed);
    await second.reload();
    await other.prompt();
    expect(await other.file('/root/note')).toBe('mine\n');
    await card(other, /Write on top of it/);
    expect(await log(other)).toEqual(typed);
    expect([...app.problems, ...other.problems]).toEqual([]);
    await app.close();
  }, 90_000);

  it('belongs to the page that comes right after another one was left, and so does what was typed there last', async () => {
    const app = await site.page();
    await open(app, '?keep=again');
    await app.page.locator('.card h2', { hasText: /Bring in a base image/ }).waitFor();
    await app.command('echo mine > note');
    await kept(app);
    for (const [at, line] of ['cat note', 'wc note', 'ls -l'].entries()) {
      await app.command(line);
      if (at === 1) await app.page.goto(app.page.url());
      else await app.page.reload();
      await app.prompt();
      expect(await keeping(app)).toBe('kept');
      expect(await app.file('/root/note')).toBe('mine\n');
    }
    await app.page.locator('.card h2', { hasText: /Bring in a base image/ }).waitFor();
    const log = await app.page.evaluate(() => localStorage.getItem('drydock.hand-in.what-a-layer-is')!);
    const { commands } = JSON.parse(log) as { commands: { line: string; status?: number }[] };
    expect(commands.map(({ line, status }) => [line, status])).toEqual(
      ['echo mine > note', 'cat note', 'wc note', 'ls -l'].map((line) => [line, 0]),
    );
    expect(app.problems).toEqual([]);
    await app.close();
  }, 90_000);

  it('says so when the browser has no more room, and offers the file', async () => {
    const app = await site.page();
    await open(app, '?keep=full');
    const { origin } = new URL(app.page.url());
    const devtools = await app.page.context().newCDPSession(app.page);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 400_000 });
    await app.command('head -c 9000000 /dev/urandom > big');
    await app.page.getByText('no more room').waitFor({ timeout: 20_000 });
    expect(await keeping(app)).toBe('full');
    const saving = app.page.waitForEvent('download');
    await app.page.getByRole('button', { name: 'Save the workspace as a file' }).click();
    expect((await saving).suggestedFilename()).toMatch(/\.drydock$/);
    expect(await app.command('wc -c big')).toContain('9000000 big');
    await app.close();
  }, 90_000);
});

describe('a browser that keeps nothing', () => {
  const denied = "throw new DOMException('The operation is insecure.', 'SecurityError')";
  const stores: Record<string, string> = {
    'has no store': "Object.defineProperty(self, 'indexedDB', { value: undefined });",
    'refuses it': `indexedDB.constructor.prototype.open = () => { ${denied} };`,
    'fails to open it':
      "indexedDB.constructor.prototype.open = () => { const r = new EventTarget(); setTimeout(() => { r.error = new DOMException('A mutation operation was attempted on a database that did not allow mutations.', 'InvalidStateError'); const e = new Event('error'); r.onerror?.(e); r.dispatchEvent(e); }); return r; };",
    'has no room at all': "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); };",
  };

  it.each(Object.entries(stores))(
    '%s: all works, it is said, and the file is offered',
    async (name, breakIt) => {
      const app = await site.page({ serviceWorkers: 'block' });
      const { page } = app;
      await page.addInitScript(`Object.defineProperty(window, 'localStorage', { get() { ${denied} } }); ${breakIt}`);
      await page.route('**/assets/worker-*.js', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `${breakIt}\n${await response.text()}` });
      });
      await open(app, '?');
      await app.command('docker run -d --name box alpine sleep 1d; echo mine > note');
      await page.getByText(name === 'has no room at all' ? 'no more room' : 'keeps nothing').waitFor();
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save the workspace as a file' }).click();
      expect((await saving).suggestedFilename()).toMatch(/\.drydock$/);
      await app.command('docker rm -f box; rm note');
      await page.keyboard.press('Alt+z');
      await expect.poll(() => app.file('/root/note')).toBe('mine\n');
      expect(app.problems).toEqual([]);
      await app.close();
    },
    60_000,
  );
});

describe('work that is handed out', () => {
  const menu = async ({ page }: AppPage, item: string | RegExp) => {
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: item }).click();
  };
  const download = async (app: AppPage, item: string | RegExp): Promise<string> => {
    const saving = app.page.waitForEvent('download');
    await menu(app, item);
    return (await saving).path();
  };
  const choose = async ({ page }: AppPage, file: string) => {
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.locator('.panel input[type=file]:not([webkitdirectory])').setInputFiles(file);
  };

  it('as one file, that brings everything back in another browser', async () => {
    const app = await site.page();
    await app.command('docker run -d --name box alpine sleep 1d; echo mine > note');
    const file = await download(app, 'Save the workspace as a file');
    const other = await site.page();
    await choose(other, file);
    await expect.poll(() => other.file('/root/note'), { timeout: 30_000 }).toBe('mine\n');
    await expect
      .poll(async () => (await other.inspect()).containers.map(({ name, status }) => [name, status]), {
        timeout: 20_000, // a container that is brought back is started again
      })
      .toEqual([['box', 'running']]);
    await choose(other, new URL(import.meta.url).pathname);
    await expect.poll(() => other.file('/root/keep.test.ts'), { timeout: 20_000 }).toBeTruthy();
    expect([...app.problems, ...other.problems]).toEqual([]);
    await app.close();
    await other.close();
  }, 120_000);

  it('as a recording that plays, and as a cast', async () => {
    const app = await site.page();
    await menu(app, 'Record a session');
    await app.command('echo one > note');
    await app.command('echo two >> note');
    const file = await download(app, 'Stop and save the recording');
    const cast = readFileSync(await download(app, /asciinema/), 'utf8')
      .trim()
      .split('\n');
    expect(JSON.parse(cast[0]!)).toMatchObject({ version: 2 });
    expect(
      cast
        .slice(1)
        .map((line) => (JSON.parse(line) as [number, string, string])[2])
        .join(''),
    ).toContain('two >> note');
    const other = await site.page();
    await choose(other, file);
    await other.page.getByRole('button', { name: 'Play', exact: true }).click();
    await expect.poll(() => other.file('/root/note'), { timeout: 30_000 }).toBe('one\ntwo\n');
    expect([...app.problems, ...other.problems]).toEqual([]);
    await app.close();
    await other.close();
  }, 120_000);

  it('as the file, when it is too long for a link', async () => {
    const app = await site.page();
    let state = 7;
    const noise = (): string => {
      state = (state * 48271) % 2147483647;
      return state.toString(36);
    };
    for (const name of ['a', 'b', 'c', 'd']) {
      const line = `echo ${Array.from({ length: 400 }, noise).join(' ')} > ${name}`;
      await app.page.evaluate((text) => globalThis.drydock.type(text), line);
      await expect.poll(() => app.file(`/root/${name}`), { timeout: 30_000 }).toBeTruthy();
    }
    await menu(app, /Copy a link/);
    await app.page.getByText('too long for a link').waitFor();
    const saving = app.page.waitForEvent('download');
    await app.page.locator('.notices').getByRole('button', { name: 'Save the workspace as a file' }).click();
    expect((await saving).suggestedFilename()).toMatch(/\.drydock$/);
    await app.close();
  }, 180_000);
});
