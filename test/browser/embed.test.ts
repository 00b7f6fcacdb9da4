/**
 * One view in somebody else's page: a course page of another site holds it in an iframe. It shows the state of the share
 * link, talks to nobody but its own server, keeps nothing, and leaves the embedder its keyboard and its focus.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { artifacts, Site } from './app-page.ts';
import { textProblems, violations } from './looks.ts';

/** As a browser does that lets no third party store anything. */
const nothingStored = `
  const deny = { get() { throw new DOMException('The operation is insecure.', 'SecurityError'); } };
  if (self !== top) for (const store of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
    Object.defineProperty(self, store, deny);
`;

describeWith({ programs: ['chromium'] }, 'embedded in a page of another site', () => {
  let site: Site;
  let course: Server;
  /** Of the course page: `localhost`, where the app is `127.0.0.1`. */
  let address: string;
  let share: string;
  let query = '';

  beforeAll(async () => {
    site = await Site.open();
    course = createServer((request, response) => {
      if (request.url !== '/') return void response.writeHead(204).end();
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html><html lang="en"><title>Course</title><style>body { margin: 0; font: 16px sans-serif }</style>
        <main><h1>Week 3</h1><button id="before" autofocus>Before</button>
        <iframe title="Layers" src="${site.address}?${query}" style="width: 100%; height: 560px; border: 0"></iframe>
        <button id="after">After</button></main>`);
    });
    await new Promise<void>((resolve) => course.listen(0, 'localhost', resolve));
    address = `http://localhost:${(course.address() as AddressInfo).port}/`;
    const app = await site.page();
    await app.command('docker run -d --name web alpine sleep 1d');
    share = await app.page.evaluate(async () => {
      const link = await globalThis.drydock.engine.shareLink();
      return 'fragment' in link ? link.fragment : '';
    });
    await app.close();
  });
  afterAll(async () => {
    await site?.close();
    course?.close();
  });

  /** The course page, its frame, whom anything was asked of, and what went wrong. */
  async function open(
    asked: string,
    script = '',
  ): Promise<{ page: Page; frame: Frame; hosts: Set<string>; problems: string[] }> {
    query = asked;
    const page = await site.outside();
    const hosts = new Set<string>();
    const problems: string[] = [];
    page.context().on('request', (request) => hosts.add(new URL(request.url()).origin));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    if (script) await page.addInitScript(script);
    await page.goto(address);
    await page.locator('#before').focus();
    return { page, frame: page.frames()[1]!, hosts, problems };
  }

  const focus = (page: Page): Promise<string> =>
    page.evaluate(() => document.activeElement?.id || document.activeElement!.tagName);

  /** Tab leads from what is before the frame through it to what is after it. */
  async function passesThrough(page: Page): Promise<void> {
    await page.locator('#before').focus();
    const passed = [];
    while (passed.length < 60 && passed.at(-1) !== 'after') {
      await page.keyboard.press('Tab');
      // The frame is another process: on its way there the focus is nobody's for a moment.
      await expect.poll(() => focus(page)).not.toBe('BODY');
      passed.push(await focus(page));
    }
    expect([...new Set(passed)]).toEqual(['IFRAME', 'after']);
  }

  for (const [how, script] of [
    ['with a store of its own', ''],
    ['where it may store nothing', nothingStored],
  ] as const)
    it(`shows the state of the link, ${how}`, async () => {
      const { page, frame, hosts, problems } = await open(`embed=layers&share=${share}`, script);
      await frame.locator('.slab', { hasText: 'web' }).first().waitFor();
      await expect.poll(() => frame.locator('.slab').count()).toBe(3);
      expect(await frame.locator('header, .bottom, .terminal, dialog[open]').count()).toBe(0);
      expect(await focus(page)).toBe('before');
      expect([...hosts].sort()).toEqual([site.address, address].map((one) => new URL(one).origin).sort());
      expect(await page.context().cookies()).toEqual([]);
      await page.screenshot({ path: `${artifacts}embed-${script ? 'nothing-stored' : 'stored'}.png` });
      await passesThrough(page);
      expect(await textProblems({ page: frame })).toEqual([]);
      expect(await violations({ page: frame })).toEqual([]);
      expect(problems).toEqual([]);
      await page.context().close();
    });

  it('with a terminal: it takes the focus only when it is asked to, and F6 and Tab lead out of it', async () => {
    const { page, frame, problems } = await open(`embed=layers&terminal&share=${share}`);
    await expect.poll(() => frame.locator('.slab').count(), { timeout: 30_000 }).toBe(3);
    expect(await focus(page)).toBe('before');
    await page.keyboard.press('Tab');
    await frame.locator('.xterm-helper-textarea').focus();
    await page.keyboard.type('docker rm -f web\n');
    await expect.poll(() => frame.locator('.slab').count()).toBe(2);
    await page.keyboard.press('F6');
    expect(await frame.evaluate(() => !!document.activeElement?.closest('.stage'))).toBe(true);
    for (let tabs = 0; tabs < 40 && (await focus(page)) === 'IFRAME'; tabs++) await page.keyboard.press('Tab');
    expect(await focus(page)).toBe('after');
    await page.screenshot({ path: `${artifacts}embed-terminal.png` });
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
