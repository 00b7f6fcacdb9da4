/**
 * Every view of the stage, empty and full, in both languages, dark and light, wide and on a phone: its texts are whole,
 * axe finds nothing, the keyboard reaches what can be chosen. The pictures stay in artifacts/views-*.png.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeArchive } from '../../scripts/archive-sample.mjs';
import { describeWith } from '../needs.ts';
import { AppPage, Site } from './app-page.ts';
import { looks, Stage, type ViewName, viewNames } from './stage.ts';

/** Commands, and the view that they are made for, with what is chosen in it. */
interface Scene {
  name: string;
  view: ViewName;
  commands: string[];
  /** Text that the picture must hold, in any language. */
  shows: RegExp;
  prepare?: (app: AppPage) => Promise<void>;
  /** What the arrow keys and Enter choose. */
  stop?: string;
}

const dockerfile = [
  'FROM alpine AS tools',
  'RUN apk add --no-cache curl',
  '',
  'FROM alpine',
  'WORKDIR /srv',
  'COPY . .',
  'RUN apk add --no-cache curl',
  'COPY --from=tools /usr/bin/curl /usr/local/bin/curl',
  'CMD httpd -f -p 80',
];

const folder = mkdtempSync(join(tmpdir(), 'drydock-views-'));
const archiveFile = join(folder, 'sample.tar');

const scenes: Scene[] = [
  {
    name: 'build',
    view: 'build',
    commands: [
      'mkdir app; cd app',
      `printf '${dockerfile.join('\\n')}\\n' > Dockerfile; echo '<h1>hello</h1>' > index.html`,
      'docker build -q -t team/site:1 .',
      "echo '<h1>again</h1>' > index.html; docker build -t team/site:2 .",
    ],
    shows: /index\.html/,
    stop: '.stop',
  },
  {
    name: 'images',
    view: 'images',
    commands: [],
    shows: /team\/site:2/,
    stop: '.stop',
  },
  {
    name: 'registry',
    view: 'registry',
    commands: [
      'docker run -d --name hub -p 5000:5000 registry:2',
      'docker tag team/site:1 localhost:5000/team/site:1; docker push -q localhost:5000/team/site:1',
      'docker tag team/site:1 localhost:5000/other/app:1; docker push localhost:5000/other/app:1',
    ],
    shows: /other\/app/,
    stop: '.stop',
  },
  {
    name: 'engine',
    view: 'engine',
    commands: ['docker network create shop', 'docker run -d --name web --network shop -p 8080:80 team/site:2'],
    shows: /containers\/create/,
    stop: '.stop',
  },
  {
    name: 'network',
    view: 'network',
    commands: [
      'docker run -d --name db --network shop --memory 64m alpine sleep 1000000',
      'docker exec db wget -qO- http://web:81/',
    ],
    shows: /172\.18\.0\.2/,
    stop: '.stop',
  },
  {
    name: 'processes',
    view: 'processes',
    commands: [
      'docker run -d --name beside --pid container:db --network container:db alpine sleep 1000000',
      'docker run --name hungry -m 32m alpine tail /dev/zero',
    ],
    shows: /beside/,
    stop: '.stop',
  },
  {
    name: 'union',
    view: 'union',
    commands: ["docker exec web sh -c 'rm /etc/motd; echo x >> /etc/profile; echo new > /srv/new'"],
    shows: /profile/,
    prepare: async ({ page }) => {
      await page.locator('.drawn select').selectOption('web');
      await page.locator('.drawn .path input').fill('/etc/profile');
      await page.keyboard.press('Enter');
    },
    stop: '.stop',
  },
  {
    name: 'layers',
    view: 'layers',
    commands: [],
    shows: /hungry/,
    stop: '.slab',
  },
  {
    name: 'web',
    view: 'web',
    commands: [],
    shows: /8080/,
    prepare: async ({ page }) => {
      await page.locator('.ports button', { hasText: '8080' }).click();
      await page.frameLocator('iframe').getByText('again').waitFor();
    },
  },
  {
    name: 'archive',
    view: 'archive',
    commands: [],
    shows: /part-1/,
    prepare: async ({ page }) => {
      await page.getByRole('button', { name: 'Menu', exact: true }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Look into an image archive/ })
        .click();
      await page.locator('.stage input[type=file]').setInputFiles(archiveFile);
      await page.locator('.scene .stop').first().waitFor();
      await page.locator('.scene .stop').first().click();
      await page.locator('.files').getByRole('searchbox').fill('part-1/');
    },
    stop: '.stop',
  },
];

describeWith({ programs: ['chromium'] }, 'the views', () => {
  let site: Site;
  let app: AppPage;
  let stage: Stage;
  /** Addresses of views in which something is chosen. */
  const links = new Map<string, string>();
  beforeAll(async () => {
    await writeArchive(archiveFile, 3_000_000, 'plain');
    site = await Site.open();
    app = await site.page();
    stage = new Stage(app);
  });
  afterAll(async () => {
    await site?.close();
    rmSync(folder, { recursive: true });
  });

  it('teach before anything has happened', async () => {
    const wrong: string[] = [];
    for (const view of viewNames) {
      await stage.open(view);
      await app.page
        .locator('.drawn :is(.empty, .start)')
        .first()
        .getByRole('button')
        .first()
        .waitFor({ timeout: 5000 })
        .catch(() => wrong.push(`${view}: offers nothing to try`));
      wrong.push(
        ...(await stage.lookAround(`empty-${view}`, [looks[0]!, looks[7]!])).map((problem) => `${view}: ${problem}`),
      );
    }
    await stage.look(looks[0]!);
    expect(wrong).toEqual([]);
  });

  it('images: one alone is not compared with itself; a second one is offered', async () => {
    const { page } = app;
    await app.command('docker pull -q alpine');
    await stage.open('images');
    await page.locator('.files', { hasText: 'alpine is the only image here' }).waitFor();
    expect(await page.locator('.drawn select').count()).toBe(0);
    expect(await stage.lookAround('images-one', [looks[0]!, looks[7]!])).toEqual([]);
    await stage.look(looks[0]!);
    await page.locator('.files .try').click();
    await page.locator('.drawn select').first().waitFor();
    await page.locator('.files', { hasText: '/note' }).waitFor();
    await app.command('docker rmi mine alpine');
  });

  for (const { name, view, commands, shows, prepare, stop } of scenes) {
    it(`${name}: explains itself in every look`, async () => {
      await stage.look(looks[0]!);
      for (const command of commands) await app.command(command);
      if (view !== 'archive') await stage.open(view);
      await prepare?.(app);
      await expect.poll(() => app.page.locator('.drawn').textContent(), { timeout: 10_000 }).toMatch(shows);
      expect(await stage.lookAround(name)).toEqual([]);
      await stage.look(looks[0]!);
      if (stop) await walks(stop);
      if (view !== 'web') await isHandedOut(view);
      expect(app.problems).toEqual([]);
    });
  }

  it('says that a picture goes on beside, and leads there by keys; the legend is one row on a phone', async () => {
    const { page } = app;
    await app.command('for i in 1 2 3 4 5 6; do docker create --name box$i alpine; done');
    await stage.open('layers');
    const scroller = page.locator('.drawn .scroller');
    const at = () => scroller.evaluate((one) => one.scrollLeft);
    await scroller.evaluate((one) => one.scrollTo({ left: 0, behavior: 'instant' }));
    await page.locator('.sideways button', { hasText: /^[1-9]\d* more →$/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(at).toBeGreaterThan(100);
    await page.locator('.sideways button', { hasText: /^← [1-9]\d* more$/ }).waitFor();
    await page.locator('.sideways').getByRole('button', { name: 'Fit the width' }).click();
    await expect.poll(() => scroller.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThan(3);
    await page.locator('.sideways').getByRole('button', { name: 'As large as before' }).click();
    await stage.look({ language: 'en', theme: 'dark', size: 'phone' });
    const height = async () => (await page.locator('.legend-row').boundingBox())!.height;
    expect(await height()).toBeLessThan(26);
    await page.getByRole('button', { name: 'Legend' }).click();
    expect(await height()).toBeGreaterThan(30);
    await page.locator('.legend li', { hasText: 'whiteout' }).waitFor();
    await stage.look(looks[0]!);
  });

  it('a link opens each view, with what was chosen in it as long as that is there', async () => {
    await stage.open('processes');
    await app.page.locator('.scene .stop', { hasText: /^\/sbin\/init/ }).click();
    await app.page.getByRole('button', { name: 'Copy link to this view' }).click();
    links.set('processes', await app.page.evaluate(() => navigator.clipboard.readText()));
    expect([...links.keys()].sort()).toEqual([...viewNames].filter((view) => view !== 'web').sort());
    // What was kept of this visit is brought back, and what its last commands did.
    const page = await app.page.context().newPage();
    await app.page.close();
    const other = new AppPage(page);
    const keeping = () => page.evaluate(async () => (await globalThis.drydock.engine.keeping()).state);
    for (const [view, link] of links) {
      expect(link).toContain(`view=${view}&pick=`);
      await page.goto(link);
      await other.prompt();
      // The page before this one has only just been left.
      expect(await keeping(), link).not.toBe('off');
      await page.locator(`nav [aria-current]`, { hasText: new RegExp(`^${view}$`, 'i') }).waitFor();
      const chosen = page.locator('.drawn :is(.stop, .slab)[aria-pressed="true"]');
      if (view === 'union')
        await expect.poll(() => page.locator('.drawn .path input').inputValue()).toBe('/etc/profile');
      else
        await chosen.waitFor({ timeout: 10_000 }).catch(async () => {
          const shown = await page.locator('.drawn').textContent();
          expect.fail(`nothing is chosen at ${link}; it shows ${shown}`);
        });
    }
    expect(other.problems).toEqual([]);
    await page.close();
  });

  /** By keys alone: F6 to the picture, an arrow to another part, Enter chooses it, as the address says; Enter lets go. */
  async function walks(stop: string): Promise<void> {
    const { page } = app;
    await stage.goTo(`.stage ${stop}`);
    const first = await stage.focused();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowUp']) {
      await page.keyboard.press(key);
      if ((await stage.focused()) !== first) break;
    }
    expect(await stage.focused()).not.toBe(first);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('pick')).not.toBeNull();
    const view = new URL(page.url()).searchParams.get('view')!;
    if (view !== 'archive') links.set(view, page.url());
    await page.keyboard.press('Enter');
  }

  /** Legend, text twin, export as SVG and PNG, full screen: of the picture that is on the stage. */
  async function isHandedOut(view: ViewName): Promise<void> {
    const { page } = app;
    const frame = page.locator('.drawn .view');
    expect(await frame.locator('.legend li').count()).toBeGreaterThan(1);
    const drawn = await page.evaluate(() =>
      [...document.querySelectorAll('.drawn svg.scene text, .drawn .slab > [aria-hidden]')].map(
        (one) => one.textContent!,
      ),
    );
    expect(drawn.length).toBeGreaterThan(3);
    const saved = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        frame.getByRole('button', { name }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const svg = await saved('Save as SVG');
    expect(svg.name).toBe(`drydock-${view}.svg`);
    const told = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      const { width, height } = parsed.documentElement.attributes as unknown as Record<string, Attr>;
      return {
        error: parsed.querySelector('parsererror')?.textContent,
        texts: [...parsed.querySelectorAll('text')].map((one) => one.textContent!),
        size: [Number(width?.value), Number(height?.value)],
      };
    }, svg.bytes.toString());
    expect(told.error).toBeUndefined();
    for (const text of drawn) expect(told.texts).toContain(text);
    const png = await saved('Save as PNG');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual(
      told.size.map((one) => Math.round(one) * 2),
    );
    await frame.getByRole('button', { name: 'As text' }).click();
    expect(await frame.locator('.text li').count()).toBeGreaterThan(2);
    await frame.getByRole('button', { name: 'As text' }).click();
    await frame.getByRole('button', { name: 'Full screen' }).click();
    await frame.getByRole('button', { name: 'Leave full screen' }).click();
    await frame.getByRole('button', { name: 'Full screen' }).waitFor();
  }
});
