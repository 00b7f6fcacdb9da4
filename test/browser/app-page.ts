import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { launchChromium, serveApp } from '../../scripts/browser.mjs';
import type { WorkerApi } from '../../src/app/protocol.ts';
import type { Inspection } from '../../src/trace/index.ts';

const root = new URL('../..', import.meta.url).pathname;
/** dist/app, or what DRYDOCK_APP names. */
export const builtApp = process.env.DRYDOCK_APP ?? `${root}dist/app`;
/** Where pictures are kept. */
export const artifacts = `${root}artifacts/`;

declare global {
  // What the page offers to its own console (src/app/App.svelte).
  var drydock: { engine: WorkerApi; screen(): string; type(text: string): void };
}

/** One Chromium and one server for a file of tests. */
export class Site {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Awaited<ReturnType<typeof serveApp>>,
  ) {}

  /** Serves the built page. */
  static async open(app = builtApp): Promise<Site> {
    mkdirSync(artifacts, { recursive: true });
    return new Site(await launchChromium(), await serveApp(app));
  }

  get address(): string {
    return this.server.address;
  }

  async page(options: BrowserContextOptions = {}, query = ''): Promise<AppPage> {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 720 },
      colorScheme: 'dark',
      locale: 'en-US',
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    const page = await context.newPage();
    const app = new AppPage(page);
    await page.goto(this.address + query);
    await app.prompt();
    return app;
  }

  /** A page of a browser that has seen nothing yet: for who holds the app in a frame. */
  outside = async (): Promise<Page> => (await this.browser.newContext({ locale: 'en-US' })).newPage();

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }
}

/** A page whose engine has started, as someone sits before it. */
export class AppPage {
  /** What went wrong in the page unseen: empty in a healthy one. */
  readonly problems: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && this.problems.push(message.text()));
  }

  screen = (): Promise<string> => this.page.evaluate(() => globalThis.drydock.screen());

  inspect = (): Promise<Inspection> => this.page.evaluate(() => globalThis.drydock.engine.inspect());

  file = (path: string): Promise<string | undefined> =>
    this.page.evaluate((p) => globalThis.drydock.engine.readFile(p), path);

  changes = (id: string) => this.page.evaluate((key) => globalThis.drydock.engine.layerChanges(key), id);

  /** Waits for a screen that fits. */
  async shows(pattern: RegExp, timeout = 60_000): Promise<void> {
    try {
      await this.page.waitForFunction(
        ([source, flags]) => new RegExp(source!, flags).test(globalThis.drydock?.screen() ?? ''),
        [pattern.source, pattern.flags] as const,
        { timeout },
      );
    } catch {
      throw new Error(`the terminal never showed ${pattern}; it shows:\n${await this.screen()}`);
    }
  }

  prompt = (): Promise<void> => this.shows(/[#$] ?$/);

  /** Puts the focus into the terminal that is in front. */
  focus = (): Promise<void> => this.page.locator('.pane:not([hidden]) .xterm-helper-textarea').focus();

  /** Types one line and Enter. */
  async type(line: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(`${line}\n`);
  }

  /** Types a command, waits for the next prompt and answers what it printed (lines as wide as the screen). */
  async command(line: string, timeout = 60_000): Promise<string> {
    const before = (await this.screen()).length;
    await this.type(line);
    await this.page
      .waitForFunction(
        ([from, typed]) => {
          const rest = globalThis.drydock.screen().slice(from as number);
          return rest.replaceAll('\n', '').length >= (typed as number) && /\n[^\n]*[#$] ?$/.test(rest);
        },
        [before, line.length],
        { timeout },
      )
      .catch(async () => {
        throw new Error(`no prompt after ${line}; the terminal shows:\n${await this.screen()}`);
      });
    return (await this.screen()).slice(before);
  }

  /** Resolves when the picture follows: the page has drawn what the engine holds now. */
  async drawn(selector: string, count: number): Promise<void> {
    await this.page.waitForFunction(
      ([what, many]) => document.querySelectorAll(what as string).length === many,
      [selector, count],
      { timeout: 10_000 },
    );
  }

  private devtools: Promise<CDPSession> | undefined;

  /** Whether the page is touched, as a phone is, or pointed at. */
  touch = async (enabled: boolean): Promise<void> => {
    this.devtools ??= this.page.context().newCDPSession(this.page);
    await (await this.devtools).send('Emulation.setTouchEmulationEnabled', { enabled });
  };

  /** What the focus is on, by its name. */
  focused = (): Promise<string> =>
    this.page.evaluate(() => {
      const at = document.activeElement as HTMLInputElement | null;
      if (at === document.body) return '';
      const named = at?.getAttribute('aria-label') ?? at?.labels?.[0]?.innerText ?? at?.innerText ?? '';
      return named.replaceAll(/\s+/g, ' ').trim();
    });

  /** Goes by Tab (or another key) to what has such a name, if it is not there. */
  async tabTo(name: RegExp, key = 'Tab'): Promise<void> {
    const passed: string[] = [];
    while (passed.length < 80) {
      const at = await this.focused();
      if (name.test(at)) return;
      passed.push(at);
      await this.page.keyboard.press(key);
    }
    throw new Error(`${key} does not lead to ${name}; it leads to: ${[...new Set(passed)].join(' | ')}`);
  }

  async shot(name: string): Promise<void> {
    await this.page.waitForTimeout(450); // slabs have landed
    await this.page.screenshot({ path: `${artifacts}${name}.png` });
  }

  close = (): Promise<void> => this.page.context().close();
}
