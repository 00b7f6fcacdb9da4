/** The stage as it is looked at: in both languages, dark and light, wide and on a phone. */
import type { AppPage } from './app-page.ts';
import { dress, type Look, lookedAt } from './looks.ts';

export const viewNames = [
  'layers',
  'images',
  'union',
  'build',
  'processes',
  'network',
  'registry',
  'engine',
  'web',
] as const;
export type ViewName = (typeof viewNames)[number] | 'archive';

export const looks: Look[] = (['wide', 'phone'] as const).flatMap((size) =>
  (['dark', 'light'] as const).flatMap((theme) =>
    (['en', 'zh'] as const).map((language) => ({ language, theme, size })),
  ),
);
/** In a hall pictures are drawn larger. */
const hall: Look = { language: 'zh', theme: 'dark', size: 'hall' };
/** Colours differ by theme, places by size and language: axe sees each once. */
const axeLooks = ['en dark wide', 'zh light phone', 'zh dark hall', 'en light phone'];

export class Stage {
  constructor(readonly app: AppPage) {}

  /** Sets how the page is looked at; the world in it stays. */
  async look({ language, theme, size }: Look): Promise<void> {
    const { page } = this.app;
    await dress(this.app, { theme, size });
    if ((await page.evaluate(() => document.documentElement.lang)).startsWith(language)) return;
    await page.locator('.panels button').nth(1).click();
    await page.getByRole('radio', { name: language === 'en' ? 'English' : '简体中文' }).click();
    await page.keyboard.press('Escape');
  }

  async open(view: ViewName): Promise<void> {
    await this.app.page.locator('nav select').evaluate((select, name) => {
      (select as HTMLSelectElement).value = name;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }, view);
    await this.app.page.locator('.drawn > *').first().waitFor();
  }

  /** All looks at what is on the stage: pictures, and what is wrong with any. */
  async lookAround(name: string, some: Look[] = [...looks, hall]): Promise<string[]> {
    const wrong: string[] = [];
    for (const one of some) {
      await this.look(one);
      const axe = axeLooks.includes(`${one.language} ${one.theme} ${one.size}`);
      wrong.push(...(await lookedAt(this.app, `views-${name}`, one, axe)));
    }
    return wrong;
  }

  /** F6 until the focus is at what fits. */
  async goTo(selector: string): Promise<void> {
    const { page } = this.app;
    await this.app.focus();
    for (let part = 0; part < 7; part++) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      await page.keyboard.press('F6');
    }
    throw new Error(`F6 never led to ${selector}`);
  }

  focused = (): Promise<string | null | undefined> =>
    this.app.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id);
}
