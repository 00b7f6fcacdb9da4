/**
 * Every view of the stage, empty and full, in both languages, dark and light, wide and on a phone: its texts are whole,
 * axe finds nothing, the keyboard reaches what can be chosen. The pictures stay in artifacts/views-*.png.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../needs.ts';
import { type AppPage, Site } from './app-page.ts';
import { dress, type Look, lookedAt } from './looks.ts';

const viewNames = ['layers', 'images', 'union', 'build', 'processes', 'network', 'registry', 'engine', 'web'] as const;
type ViewName = (typeof viewNames)[number];

const looks: Look[] = (['wide', 'phone'] as const).flatMap((size) =>
  (['dark', 'light'] as const).flatMap((theme) =>
    (['en', 'zh'] as const).map((language) => ({ language, theme, size })),
  ),
);
/** Colours differ by theme, places by size and language: axe sees each once. */
const axeLooks = ['en dark wide', 'zh light phone', 'zh dark wide', 'en light phone'];

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
];

describeWith({ programs: ['chromium'] }, 'the views', () => {
  let site: Site;
  let app: AppPage;
  beforeAll(async () => {
    site = await Site.open();
    app = await site.page();
  });
  afterAll(() => site?.close());

  /** Sets how the page is looked at; the world in it stays. */
  async function look({ language, theme, size }: Look): Promise<void> {
    const { page } = app;
    await dress(app, { theme, size });
    if ((await page.evaluate(() => document.documentElement.lang)).startsWith(language)) return;
    await page.locator('.panels button').nth(1).click();
    await page.getByRole('radio', { name: language === 'en' ? 'English' : '简体中文' }).click();
    await page.keyboard.press('Escape');
  }

  const open = async (view: ViewName) => {
    await app.page.locator('nav select').evaluate((select, name) => {
      (select as HTMLSelectElement).value = name;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }, view);
    await app.page.locator('.drawn > *').first().waitFor();
  };

  /** All looks at what is on the stage: pictures, and what is wrong with any. */
  async function lookAround(name: string, some: Look[]): Promise<string[]> {
    const wrong: string[] = [];
    for (const one of some) {
      await look(one);
      const axe = axeLooks.includes(`${one.language} ${one.theme} ${one.size}`);
      wrong.push(...(await lookedAt(app, `views-${name}`, one, axe)));
    }
    return wrong;
  }

  it('teach before anything has happened', async () => {
    const wrong: string[] = [];
    for (const view of viewNames) {
      await open(view);
      await app.page
        .locator('.drawn :is(.empty, .start)')
        .first()
        .getByRole('button')
        .first()
        .waitFor({ timeout: 5000 })
        .catch(() => wrong.push(`${view}: offers nothing to try`));
      wrong.push(...(await lookAround(`empty-${view}`, [looks[0]!, looks[7]!])));
    }
    await look(looks[0]!);
    expect(wrong).toEqual([]);
  });

  for (const { name, view, commands, shows, prepare, stop } of scenes) {
    it(`${name}: explains itself in every look`, async () => {
      await look(looks[0]!);
      for (const command of commands) await app.command(command);
      await open(view);
      await prepare?.(app);
      await expect.poll(() => app.page.locator('.drawn').textContent(), { timeout: 10_000 }).toMatch(shows);
      expect(await lookAround(name, looks)).toEqual([]);
      if (stop) {
        await look(looks[0]!);
        await walks(stop);
      }
      expect(app.problems).toEqual([]);
    });
  }

  /** By keys alone: F6 to the picture, an arrow to another part, Enter chooses it, as the address says; Enter lets go. */
  async function walks(stop: string): Promise<void> {
    const { page } = app;
    await app.focus();
    for (let part = 0; part < 5; part++) {
      await page.keyboard.press('F6');
      if (await page.evaluate((selector) => document.activeElement?.matches(`.stage ${selector}`), stop)) break;
    }
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id);
    const first = await focused();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowUp']) {
      await page.keyboard.press(key);
      if ((await focused()) !== first) break;
    }
    expect(await focused()).not.toBe(first);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('pick')).not.toBeNull();
    await page.keyboard.press('Enter');
  }
});
